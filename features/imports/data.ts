import type { Transaction } from '@/lib/db/client'
import { keptBy } from '@/lib/db/remembered'
import type { CodeLists } from './rules'

/** The codes known to the database. Publishers' words for units come from the content file. */
export async function readCodeLists(
  database: Transaction,
  publishedUnits: ReadonlyMap<string, string> = new Map(),
): Promise<CodeLists> {
  const select = { select: { code: true } } as const
  const [indicators, aliases, programmes, areas, academies, units] = await Promise.all([
    database.indicator.findMany(),
    database.indicatorAlias.findMany(),
    database.programme.findMany(select),
    database.area.findMany(select),
    database.academy.findMany(select),
    database.unit.findMany(select),
  ])
  const codes = (rows: { code: string }[]) => new Set(rows.map((row) => row.code))
  return {
    indicators: codes(indicators),
    computed: new Map(
      indicators.flatMap(({ code, method, numeratorCode, denominatorCode }) =>
        method === 'computed' && numeratorCode && denominatorCode
          ? [[code, { numerator: numeratorCode, denominator: denominatorCode }]]
          : [],
      ),
    ),
    aliases: new Map(
      aliases.map(({ alias, indicatorCode, role }) => [alias, { indicator: indicatorCode, role }]),
    ),
    programmes: codes(programmes),
    areas: codes(areas),
    academies: codes(academies),
    units: codes(units),
    publishedUnits,
  }
}

const keptCodeLists = keptBy<CodeLists>(4)

/** The codes of a state of the catalogue that is known by its stamp, which was read before. */
export const codeListsAt = (stamp: string, database: Transaction): Promise<CodeLists> =>
  keptCodeLists(stamp, () => readCodeLists(database))

/** Today's day in Asia/Karachi, by the database's clock: the one clock everybody shares. */
export async function readToday(database: Transaction): Promise<string> {
  const [row] = await database.$queryRaw<{ day: string }[]>`
    SELECT to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS day`
  if (!row) throw new Error('The database did not tell the day.')
  return row.day
}
