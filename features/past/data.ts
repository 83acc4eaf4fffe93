import {
  anyNumber,
  type Binding,
  codesOf,
  conditionsOf,
  hasSdmxPeriod,
  parameters,
  rarest,
  readFileSize,
  seriesConditions,
} from '@/features/downloads/data'
import { type DownloadFilter, type FileSize, mostCounted } from '@/features/downloads/schema'
import { knownRevision } from '@/features/figures/data'
import { findWords } from '@/features/searches/data'
import type { FoundWord } from '@/features/searches/schema'
import type { Vintage } from '@/features/vintages/schema'
import type { Transaction } from '@/lib/db/client'

/** How much a file of the filter holds, now or in a past state. */
export async function readSize(
  database: Transaction,
  filter: DownloadFilter,
  vintage: Vintage | null,
  found?: readonly FoundWord[],
): Promise<FileSize> {
  if (!vintage) return readFileSize(database, filter, found)
  const words = found ?? (await findWords(database, filter.q?.[0] ?? ''))
  return (await findPast(database, { filter, vintage, found: words })).size
}

interface Wanted {
  filter: DownloadFilter
  vintage: Vintage
  /** In what the words of the search stand. */
  found: readonly FoundWord[]
  /** Figures that are counted. */
  most?: number
}

export interface PastFigures {
  size: FileSize
  /** All of them by number; null where they are more than are counted. */
  ids: number[] | null
}

/**
 * A way to all figures of a filter that were known then, or to some of them: the others are on the
 * other ways. `FROM ... WHERE ...` with each observation as `o`, its revision then as `r` and that
 * one's source as `s`.
 */
type Way = (wanted: Wanted, binding: Binding) => string

/**
 * The figures of a filter in a past state, as far as they are counted. Nobody has counted the figures of
 * each day beforehand, so each is asked for its revision then, on a way that meets few others.
 */
export async function findPast(database: Transaction, wanted: Wanted): Promise<PastFigures> {
  const most = wanted.most ?? mostCounted
  const ids = new Map<number, boolean>()
  for (const way of await waysOf(database, { ...wanted, most })) {
    const binding = parameters()
    const from = way(wanted, binding)
    const rows = await database.$queryRawUnsafe<{ id: number; isSdmx: boolean }[]>(
      `SELECT o.id, ${hasSdmxPeriod} AS "isSdmx" ${from} LIMIT ${binding.parameter(most + 1)}::int`,
      ...binding.values,
    )
    for (const { id, isSdmx } of rows) ids.set(id, isSdmx)
    if (ids.size > most) {
      return { size: { rows: most, sdmxRows: most, bytes: 0, isMore: true }, ids: null }
    }
  }
  const rows = ids.size
  const bytes = rows > 0 ? await usualBytes(database, rows) : 0
  const sdmxRows = [...ids.values()].filter(Boolean).length
  return { size: { rows, sdmxRows, bytes }, ids: [...ids.keys()] }
}

/** Lines of files are about as long as those of the whole record now. */
async function usualBytes(database: Transaction, rows: number): Promise<number> {
  const all = await readFileSize(database, {})
  return all.rows > 0 ? Math.round((all.bytes * rows) / all.rows) : 0
}

/** A page of more figures than are counted, by the end of their periods. */
export async function readPastPage(
  database: Transaction,
  wanted: Wanted,
  { descending, limit, offset }: { descending: boolean; limit: number; offset: number },
): Promise<number[]> {
  const binding = parameters()
  const way = descending ? 'DESC' : 'ASC'
  const order = (name: string) =>
    `${name}.period_start ${way} NULLS LAST, ${name}.indicator_code, ${name}.id`
  // All of these have an end: the index then has them in this order both ways.
  const ended = `o.period_end ${descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}`
  const some = `LIMIT ${binding.parameter(offset + limit)}::int`
  const columns = 'o.id, o.period_end, o.period_start, o.indicator_code'
  const rows = await database.$queryRawUnsafe<{ id: number }[]>(
    `SELECT p.id FROM (
      (SELECT ${columns} ${ofEnded(wanted, binding, `${ended}, ${order('o')}`)}
        ORDER BY ${ended}, ${order('o')} ${some})
      UNION ALL
      (SELECT ${columns} ${apart(wanted, binding)}
        ORDER BY o.period_end ${way} NULLS LAST, ${order('o')} ${some})
    ) p ORDER BY p.period_end ${way} NULLS LAST, ${order('p')}
    LIMIT ${binding.parameter(limit)}::int OFFSET ${binding.parameter(offset)}::int`,
    ...binding.values,
  )
  return rows.map(({ id }) => id)
}

/** Everything that a figure has to be, joined to a relation that has its observation as `o`. */
function known({ filter, vintage, found }: Wanted, binding: Binding, and: string[]): string {
  const then = {
    asOf: binding.parameter(vintage.asOf),
    commit: binding.parameter(vintage.commit),
  }
  const source = filter.publisher ? 'LEFT JOIN sources s ON s.id = r.source_id' : ''
  const conditions = [...conditionsOf(filter, binding.parameter, { found }), ...and]
  return `JOIN ${knownRevision(then)} r ON r.value IS NOT NULL ${source}
    WHERE ${['true', ...conditions].join(' AND ')}`
}

const day = ({ vintage }: Wanted, { parameter }: Binding) => `${parameter(vintage.asOf)}::date`

/**
 * Back from the day through the periods that had ended, by an index. Where an order is wanted they are
 * put in it before their revisions are looked up: of one period there may be twenty thousand.
 */
const ofEnded = (wanted: Wanted, binding: Binding, order = ''): string => {
  const conditions = [
    'o.value IS NOT NULL',
    `o.period_end <= ${day(wanted, binding)}`,
    ...(order ? seriesConditions(wanted.filter, binding.parameter) : []),
  ]
  if (!order) return `FROM observations o ${known(wanted, binding, conditions)}`
  return `FROM (SELECT * FROM observations o WHERE ${conditions.join(' AND ')}
      ORDER BY ${order} OFFSET 0) o ${known(wanted, binding, [])}`
}

const ended: Way = (wanted, binding) => ofEnded(wanted, binding)

/** The others: told before their end, without an end, or withdrawn since. */
const apart: Way = (wanted, binding) =>
  `FROM figures_apart a JOIN observations o ON o.id = a.observation_id ${known(wanted, binding, [
    `(o.value IS NOT NULL AND o.period_end <= ${day(wanted, binding)}) IS NOT TRUE`,
  ])}`

const key = [
  ...['indicator_code', 'programme_code', 'area_code', 'academy_code'],
  ...['sex', 'role', 'kind', 'unit_code'],
]

/** SQL for the series of a filter, and of some codes. */
const seriesFrom = ({ filter }: Wanted, { parameter }: Binding, codes: FoundWord | null) => {
  const conditions = [
    'true',
    ...seriesConditions(filter, parameter),
    ...(filter.frequency
      ? [`o.rhythm = ANY(${parameter(filter.frequency.flatMap(rhythmsOf))}::text[])`]
      : []),
    ...(codes ? [`(${['false', ...codesOf(codes, parameter)].join(' OR ')})`] : []),
  ]
  return `FROM series o WHERE ${conditions.join(' AND ')}`
}

/** As `rhythm_of` in the database says it. */
const rhythmsOf = (frequency: string): string[] =>
  frequency === 'A'
    ? ['calendar', 'fiscal']
    : frequency === 'A1'
      ? ['fiscal']
      : frequency === 'Q' || frequency === 'M'
        ? [frequency]
        : ['dated']

/** All figures of few series. */
const ofSeries =
  (codes: FoundWord | null): Way =>
  (wanted, binding) => {
    const columns = key.map((column) => `o.${column}`).join(', ')
    const same = key.map((column) => `o.${column} = c.${column}`).join(' AND ')
    return `FROM (SELECT DISTINCT ${columns} ${seriesFrom(wanted, binding, codes)}) c
      JOIN observations o ON ${same} ${known(wanted, binding, [])}`
  }

/** The figures that have some revisions. */
const ofRevisions =
  (conditions: (parameter: Binding['parameter']) => string[]): Way =>
  (wanted, binding) =>
    `FROM revisions f JOIN observations o ON o.id = f.observation_id
    ${known(wanted, binding, [
      'r.id = f.id',
      `f.known_on <= ${day(wanted, binding)}`,
      `(${['false', ...conditions(binding.parameter)].join(' OR ')})`,
    ])}`

async function waysOf(
  database: Transaction,
  wanted: Wanted & { most: number },
): Promise<readonly Way[]> {
  const { filter, found } = wanted
  const word = rarest(found) ?? found[0]
  if (word) {
    // Where most sources have a word, the way back through time meets enough that have it.
    if (word.without) return throughTime(database, wanted, null)
    const told = ofRevisions((parameter) => [
      ...anyNumber('f.source_id', word.sources, parameter),
      ...anyNumber('f.id', word.notes, parameter),
    ])
    const isNamed = codesOf(word, () => '').length > 0
    return isNamed ? [...(await throughTime(database, wanted, word)), told] : [told]
  }
  const series = await throughTime(database, wanted, null)
  if (series.length === 1) return series
  if (filter.source) {
    const numbers = filter.source.map(Number)
    return [ofRevisions((parameter) => anyNumber('f.source_id', numbers, parameter))]
  }
  if (filter.publisher) {
    return [
      ofRevisions((parameter) => [
        `f.source_id = ANY(ARRAY(SELECT id FROM sources
          WHERE publisher = ANY(${parameter(filter.publisher)}::text[])))`,
      ]),
    ]
  }
  if (filter.status && !filter.status.includes('A')) {
    return [
      ofRevisions((parameter) => [
        `(f.status <> 'A' AND f.status = ANY(${parameter(filter.status)}::text[]))`,
      ]),
    ]
  }
  return series
}

/** Through the figures of the series of a filter, where they are few; else back from the day. */
async function throughTime(
  database: Transaction,
  wanted: Wanted & { most: number },
  codes: FoundWord | null,
): Promise<readonly Way[]> {
  const binding = parameters()
  const [row] = await database.$queryRawUnsafe<{ figures: number }[]>(
    `SELECT coalesce(sum(figures), 0)::float8 AS figures ${seriesFrom(wanted, binding, codes)}`,
    ...binding.values,
  )
  if ((row?.figures ?? 0) <= wanted.most) return [ofSeries(codes)]
  if (!codes) return [ended, apart]
  return [ended, apart].map(
    (way): Way =>
      (wanted, binding) =>
        `${way(wanted, binding)} AND (${codesOf(codes, binding.parameter).join(' OR ')})`,
  )
}
