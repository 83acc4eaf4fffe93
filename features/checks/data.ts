import { readStamp } from '@/features/catalogue/data'
import type { FigureKey } from '@/features/figures/schema'
import { database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import { keptBy } from '@/lib/db/remembered'
import type { Surroundings } from './rules'
import { judge, keyText, needsSeries, neighbours, seriesText } from './rules'
import type { Finding, JudgedFigure, Parameters, Rule, RuleVersion } from './schema'

/**
 * What the active rules say about figures that are to be published together, beside what is public.
 * However many figures there are, it takes two questions and one more for each 20,000 keys, and three
 * more where the rules or the catalogue are new.
 */
export async function judgeFigures(
  tx: Transaction,
  figures: readonly JudgedFigure[],
): Promise<Finding[]> {
  if (figures.length === 0) return []
  const [findings = []] = await judgeFiguresApart(tx, [figures], await readStamp(tx))
  return findings
}

/**
 * `judgeFigures` of several lists that know nothing of each other, by the same few questions.
 * @param stamp of the rules and the catalogue, which the caller has just read
 */
export async function judgeFiguresApart(
  tx: Transaction,
  lists: readonly (readonly JudgedFigure[])[],
  stamp: string,
): Promise<Finding[][]> {
  const figures = lists.flat()
  if (figures.length === 0) return lists.map(() => [])
  const { rules, places } = await groundsAt(stamp, tx)
  const keys = neighbours(rules, figures, places)
  const { values, series } = await readBeside(tx, keys, needsSeries(rules) ? figures : [])
  return lists.map((list) => judge(rules, list, { ...places, values, series }))
}

const mostKeys = 20_000

interface Grounds {
  rules: readonly Rule[]
  places: Pick<Surroundings, 'areas' | 'additive'>
}

const keptGrounds = keptBy<Grounds>(4)

/** The active rules and what their sums go by, of the state with this stamp. */
const groundsAt = (stamp: string, tx: Transaction): Promise<Grounds> =>
  keptGrounds(stamp, async () => ({
    rules: (await readRules(tx)).filter(({ isActive }) => isActive),
    places: await readPlaces(tx),
  }))

/** What the sums over areas go by. */
export async function readPlaces(
  tx: Transaction,
): Promise<Pick<Surroundings, 'areas' | 'additive'>> {
  const areas = await tx.area.findMany({ select: { code: true, parentCode: true, endedOn: true } })
  const additive = await tx.indicator.findMany({
    where: { acrossAreas: 'sum' },
    select: { code: true },
  })
  return {
    areas: areas.map(({ code, parentCode, endedOn }) => ({
      code,
      parent: parentCode,
      endedOn: endedOn?.toISOString().slice(0, 10) ?? null,
    })),
    additive: new Set(additive.map(({ code }) => code)),
  }
}

/** Lists rather than rows of JSON: the planner sees how many there are. */
const columnsOf = (keys: readonly FigureKey[]) => ({
  roles: keys.map(({ role }) => role as string),
  indicators: keys.map(({ indicator }) => indicator),
  programmes: keys.map(({ programme }) => programme),
  areas: keys.map(({ area }) => area),
  academies: keys.map(({ academy }) => academy),
  sexes: keys.map(({ sex }) => sex),
  kinds: keys.map(({ kind }) => kind as string),
  units: keys.map(({ unit }) => unit),
  periods: keys.map(({ period }) => period),
})

const isOfKey = Prisma.sql`o.indicator_code = k.indicator AND o.programme_code = k.programme
  AND o.area_code = k.area AND o.academy_code = k.academy AND o.sex = k.sex
  AND o.role = k.role::"role" AND o.kind = k.kind::"kind" AND o.unit_code = k.unit`

/** The public values of keys, each by its place. */
function valuesOf(keys: readonly FigureKey[]): Prisma.Sql {
  const c = columnsOf(keys)
  return Prisma.sql`
    SELECT k.n::int, NULL::text AS period, r.value_text AS value
    FROM unnest(${c.roles}::text[], ${c.indicators}::text[], ${c.programmes}::text[],
      ${c.areas}::text[], ${c.academies}::text[], ${c.sexes}::text[], ${c.kinds}::text[],
      ${c.units}::text[], ${c.periods}::text[]) WITH ORDINALITY
      AS k(role, indicator, programme, area, academy, sex, kind, unit, period, n)
    JOIN observations o ON ${isOfKey} AND o.period = k.period AND o.period_source = '_Z'
    JOIN revisions r ON r.id = o.current_revision_id AND r.value_text IS NOT NULL`
}

/** All dated public values of the series of keys, each by the place of its series. */
function seriesOf(keys: readonly FigureKey[]): Prisma.Sql {
  const c = columnsOf(keys)
  return Prisma.sql`
    SELECT k.n::int, o.period, r.value_text AS value
    FROM unnest(${c.roles}::text[], ${c.indicators}::text[], ${c.programmes}::text[],
      ${c.areas}::text[], ${c.academies}::text[], ${c.sexes}::text[], ${c.kinds}::text[],
      ${c.units}::text[]) WITH ORDINALITY
      AS k(role, indicator, programme, area, academy, sex, kind, unit, n)
    JOIN observations o ON ${isOfKey} AND o.period <> '_U'
    JOIN revisions r ON r.id = o.current_revision_id AND r.value_text IS NOT NULL`
}

/** The public values of keys, and the series of figures, in one question for each 20,000 keys. */
async function readBeside(
  tx: Transaction,
  keys: readonly FigureKey[],
  figures: readonly JudgedFigure[],
): Promise<Pick<Surroundings, 'values' | 'series'>> {
  const ofSeries = [...new Map(figures.map((figure) => [seriesText(figure), figure])).values()]
  const values = new Map<string, string>()
  const series = new Map<string, { period: string; value: string }[]>()
  for (let at = 0; at === 0 || at < keys.length; at += mostKeys) {
    const part = keys.slice(at, at + mostKeys)
    const isLast = at + mostKeys >= keys.length
    const questions = [
      ...(part.length > 0 ? [valuesOf(part)] : []),
      ...(isLast && ofSeries.length > 0 ? [seriesOf(ofSeries)] : []),
    ]
    if (questions.length === 0) continue
    const rows = await tx.$queryRaw<{ n: number; period: string | null; value: string }[]>`
      ${Prisma.join(questions, ' UNION ALL ')}`
    for (const { n, period, value } of rows) {
      const key = (period === null ? part : ofSeries)[n - 1]
      if (!key) continue
      if (period === null) {
        values.set(keyText(key), value)
        continue
      }
      const text = seriesText(key)
      const members = series.get(text)
      if (members) members.push({ period, value })
      else series.set(text, [{ period, value }])
    }
  }
  return { values, series }
}

/** The newest version of every rule, switched off ones too, in the order of their first versions. */
export async function readRules(database: Transaction = sharedDatabase()): Promise<Rule[]> {
  const rows = await database.$queryRaw<Omit<RuleVersion, 'author' | 'at'>[]>`
    SELECT DISTINCT ON (code) code, version, kind::text, indicator_code AS indicator, parameters,
      severity::text, is_active AS "isActive", note
    FROM rule_versions ORDER BY code, version DESC`
  const order = new Map(ruleOrder.map((code, place) => [code, place]))
  const place = ({ code }: Rule) => order.get(code) ?? ruleOrder.length
  return rows.sort((a, b) => place(a) - place(b) || (a.code < b.code ? -1 : 1))
}

/** The rules that came with the product stand first, as they always have. */
const ruleOrder = [
  'NEGATIVE',
  'PERCENT_OVER_100',
  'TENFOLD',
  'STOCK_FALLS',
  'AREAS_SUM',
  'SEXES_SUM',
  'SOURCE',
]

/** All versions of a rule, the newest first. */
export async function readRuleVersions(
  code: string,
  database: Transaction = sharedDatabase(),
): Promise<RuleVersion[]> {
  const rows = await database.ruleVersion.findMany({
    where: { code },
    orderBy: { version: 'desc' },
    include: { author: { select: { name: true } } },
  })
  return rows.map((row) => ({
    code: row.code,
    version: row.version,
    kind: row.kind,
    indicator: row.indicatorCode,
    parameters: row.parameters as Parameters,
    severity: row.severity,
    isActive: row.isActive,
    note: row.note,
    author: row.author?.name ?? null,
    at: row.createdAt.toISOString(),
  }))
}
