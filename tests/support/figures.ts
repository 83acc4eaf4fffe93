import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Catalogue, CatalogueContent } from '@/features/catalogue/schema'
import { orderRevisions } from '@/features/figures/rules'
import type { Citation, Figure, PublicationInput, Revision } from '@/features/figures/schema'
import { checkFigures, fromPublished } from '@/features/imports/rules'
import { publishedColumns } from '@/features/imports/schema'
import { comparePeriods, parsePeriod } from '@/features/periods/rules'
import { readCsv } from '@/lib/csv'

const folder = resolve(import.meta.dirname, '../../prisma/content')
const content: CatalogueContent = JSON.parse(
  readFileSync(resolve(folder, 'catalogue.json'), 'utf8'),
)

/** The catalogue of the first content, as readers are given it. */
export const catalogue: Catalogue = {
  ...content,
  indicators: content.indicators.map((indicator) => ({
    ...indicator,
    method: indicator.method ?? 'published',
    numerator: indicator.numerator ?? null,
    numeratorSex: indicator.numeratorSex ?? null,
    denominator: indicator.denominator ?? null,
    cadence: indicator.cadence ?? null,
  })),
  programmes: content.programmes.map(({ parent = null, ...row }) => ({ ...row, parent })),
  areas: content.areas.map(({ endedOn = null, tile = null, ...row }) => ({
    ...row,
    parent: row.parent ?? null,
    endedOn,
    tile,
  })),
  academies: [
    {
      code: '_T',
      programme: '_Z',
      area: 'PK',
      city: '',
      host: '',
      openedOn: null,
      closedOn: null,
      mergedInto: null,
      version: 1,
      name: { en: 'All academies', ur: 'تمام اکیڈمیاں' },
    },
  ],
  caveats: content.caveats.map(({ indicator = null, programme = null, ...row }) => ({
    ...row,
    indicator,
    programme,
  })),
}

let figures = 0

type Changes = Partial<Omit<Figure, 'current'>> & {
  releasedOn?: string | null
  source?: Partial<Citation>
}

/** A figure as pages are given it; dates and frequency follow from its period. */
export function figure({ releasedOn = '2025-08-20', source, ...changes }: Changes = {}): Figure {
  figures += 1
  const parsed = parsePeriod(changes.period ?? '2024-A1')
  if (!parsed.ok) throw new Error(`${changes.period} is not a period.`)
  const said = { value: '3810', status: 'A', precision: 'exact' as const, ...changes }
  const current: Revision = {
    id: figures,
    kind: 'publication',
    value: said.value,
    status: said.status,
    precision: said.precision,
    releasedOn,
    knownOn: releasedOn ?? '2026-11-24',
    commit: 2,
    source: { publisher: 'Dawn', title: '', publishedLabel: releasedOn ?? '', url: '', ...source },
    note: '',
    reason: '',
    periodLabel: '',
  }
  return {
    id: figures,
    role: 'actual',
    indicator: 'ICT_EXPORTS',
    programme: '_Z',
    area: 'PK',
    academy: '_T',
    sex: '_T',
    kind: 'flow',
    unit: 'USD_MILLION',
    period: parsed.value.code,
    periodStart: parsed.value.start,
    periodEnd: parsed.value.end,
    frequency: parsed.value.frequency,
    publishersDiffer: false,
    startsBreak: false,
    ...said,
    current,
  }
}

const keyOf = ({ source, ...input }: PublicationInput) => {
  const { role, indicator, programme, area, sex, kind, unit, period } = input
  const parts = [role, indicator, programme, area, sex, kind, unit, period]
  return JSON.stringify(period === '_U' ? [...parts, source] : parts)
}

function readContent(): PublicationInput[] {
  const rows = readCsv(readFileSync(resolve(folder, 'figures.csv')), { required: publishedColumns })
  if (!rows.ok) throw new Error(rows.problem.code)
  const codesOf = (list: readonly { code: string }[]) => new Set(list.map(({ code }) => code))
  const codes = {
    indicators: codesOf(content.indicators),
    computed: new Map(),
    aliases: new Map(content.aliases.map((alias) => [alias.alias, alias])),
    programmes: codesOf(content.programmes),
    areas: codesOf(content.areas),
    academies: new Set(['_T']),
    units: codesOf(content.units),
    publishedUnits: new Map(content.units.map(({ published, code }) => [published, code])),
  }
  const today = '2026-11-24'
  const checked = checkFigures(fromPublished(rows.value, codes, today), codes, today)
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems[0]))
  return checked.figures
}

/** The first content as pages are given it: current figures, in the order of their periods. */
export function contentFigures(): Figure[] {
  const histories = new Map<string, Figure[]>()
  for (const input of readContent()) {
    const key = keyOf(input)
    const { source, releasedOn, note: _, reason: __, periodLabel: ___, ...rest } = input
    const one = figure({ ...rest, releasedOn, source })
    histories.set(key, [...(histories.get(key) ?? []), one])
  }
  return [...histories.values()]
    .flatMap((history) => {
      const current = orderRevisions(history.map(({ current }) => current)).at(-1)
      return history.filter((one) => one.current === current)
    })
    .sort(
      (a, b) =>
        (a.indicator < b.indicator ? -1 : a.indicator > b.indicator ? 1 : 0) ||
        comparePeriods(periodOf(a), periodOf(b)),
    )
}

function periodOf({ period }: Figure) {
  const parsed = parsePeriod(period)
  if (!parsed.ok) throw new Error(period)
  return parsed.value
}
