import { inLocale, type Locale, type LocalText, translator } from '@/lib/i18n'
import { formatDecimal, multiply } from '@/lib/number'
import { settingsOf } from '@/lib/reader-settings'
import type { Area, Catalogue, Indicator, Programme } from './schema'

/** The catalogue's names in one language. A code without a name stands for itself. */
export interface CatalogueNames {
  indicator(code: string): string
  definition(code: string): string
  programme(code: string): string
  area(code: string): string
  unit(code: string): string
  /** The unit that `number` writes in: `US$ million`, or `US dollars` for a reader who counts in lakh. */
  shownUnit(code: string): string
  /** A decimal of a unit as the reader counts: `3,810`, `381 crore`. */
  number(value: string, unit: string): string
  /** The same with its unit: `US$ 3,810 million`, `US$ 381 crore`. */
  withUnit(value: string, unit: string): string
}

export const currencies = ['USD', 'PKR'] as const
export type Currency = (typeof currencies)[number]

/** What a unit of money such as `USD_MILLION` counts: a currency, and how much of it is one. */
export function moneyOf(unit: string): { currency: Currency; each: string } | null {
  const currency = currencies.find((code) => unit === `${code}_MILLION`)
  return currency ? { currency, each: '1000000' } : null
}

export function catalogueNames(catalogue: Catalogue, locale: Locale): CatalogueNames {
  const names = <T extends { code: string }>(rows: readonly T[], text: (row: T) => LocalText) => {
    const byCode = new Map(rows.map((row) => [row.code, inLocale(text(row), locale)]))
    return (code: string) => byCode.get(code) ?? code
  }
  const pattern = names(catalogue.units, (unit) => unit.pattern)
  const unit = names(catalogue.units, ({ name }) => name)
  const t = translator(locale, 'numbers')
  // Millions are no step of lakh and crore: whoever counts in those is given the whole amount.
  const recounted = (code: string) => (settingsOf(locale).scale === 'lakh' ? moneyOf(code) : null)
  const number: CatalogueNames['number'] = (value, code) => {
    const money = recounted(code)
    return money
      ? formatDecimal(multiply(value, money.each), { locale, scale: 'lakh' })
      : formatDecimal(value, { locale })
  }
  return {
    indicator: names(catalogue.indicators, (indicator) => indicator.name),
    definition: names(catalogue.indicators, (indicator) => indicator.definition),
    programme: names(catalogue.programmes, (programme) => programme.name),
    area: names(catalogue.areas, (area) => area.name),
    unit,
    shownUnit: (code) => {
      const money = recounted(code)
      return money ? t(`money.${money.currency}.name`) : unit(code)
    },
    number,
    withUnit: (value, code) => {
      const money = recounted(code)
      const written = number(value, code)
      return money
        ? t(`money.${money.currency}.pattern`, { number: written })
        : pattern(code).replace('{value}', () => written)
    },
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

/** Rows of a tree, each after its parent, with how deep it stands. */
export function inTree<Row extends { code: string; parent: string | null }>(
  rows: readonly Row[],
  parent: string | null = null,
  depth = 0,
): { row: Row; depth: number }[] {
  return rows
    .filter((row) => row.parent === parent)
    .flatMap((row) => [{ row, depth }, ...inTree(rows, row.code, depth + 1)])
}

/** Programmes, each after its parent, with how deep it stands. */
export function programmesInTree({ programmes }: Catalogue) {
  return inTree(programmes).map(({ row, depth }) => ({ ...row, depth }))
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
