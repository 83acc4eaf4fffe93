import { inLocale, type Locale, type LocalText } from '@/lib/i18n'
import type { Area, Catalogue, Indicator, Programme } from './schema'

/** The catalogue's names in one language. A code without a name stands for itself. */
export interface CatalogueNames {
  indicator(code: string): string
  definition(code: string): string
  programme(code: string): string
  area(code: string): string
  unit(code: string): string
  /** The value as written with its unit: `US$ 3,810 million`. */
  withUnit(value: string, unit: string): string
}

export function catalogueNames(catalogue: Catalogue, locale: Locale): CatalogueNames {
  const names = <T extends { code: string }>(rows: readonly T[], text: (row: T) => LocalText) => {
    const byCode = new Map(rows.map((row) => [row.code, inLocale(text(row), locale)]))
    return (code: string) => byCode.get(code) ?? code
  }
  const pattern = names(catalogue.units, (unit) => unit.pattern)
  return {
    indicator: names(catalogue.indicators, (indicator) => indicator.name),
    definition: names(catalogue.indicators, (indicator) => indicator.definition),
    programme: names(catalogue.programmes, (programme) => programme.name),
    area: names(catalogue.areas, (area) => area.name),
    unit: names(catalogue.units, (unit) => unit.name),
    withUnit: (value, unit) => pattern(unit).replace('{value}', () => value),
  }
}

export function findIndicator(catalogue: Catalogue, code: string): Indicator | undefined {
  return catalogue.indicators.find((indicator) => indicator.code === code)
}

/** `_Z` says that a figure is of no programme: it is none itself. */
export const isProgramme = ({ code }: Pick<Programme, 'code'>) => code !== '_Z'

export function findProgramme(catalogue: Catalogue, code: string): Programme | undefined {
  return catalogue.programmes.find((row) => row.code === code && isProgramme(row))
}

/** The code of a programme and of every one under it. */
export function programmesUnder(catalogue: Catalogue, code: string): string[] {
  const children = catalogue.programmes.filter(({ parent }) => parent === code)
  return [code, ...children.flatMap((child) => programmesUnder(catalogue, child.code))]
}

export function findArea(catalogue: Catalogue, code: string): Area | undefined {
  return catalogue.areas.find((row) => row.code === code)
}

/** A programme's fixed place in the chart palette, its parent's where it has none of its own. */
export function programmeColour(catalogue: Catalogue, code: string): number {
  const byCode = new Map<string, Programme>(catalogue.programmes.map((row) => [row.code, row]))
  let programme = byCode.get(code)
  while (programme && programme.colour === 0 && programme.parent) {
    programme = byCode.get(programme.parent)
  }
  return programme?.colour ?? 0
}
