import { readPlaces } from '@/features/checks/data'
import type { Surroundings } from '@/features/checks/rules'
import type { Rule } from '@/features/checks/schema'
import type { Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'

// Questions to all rows of a file at once, which narrow it to those that rules could say something
// about: all of these, and some more. `judge` alone knows what the rules mean.

type Sql = ReturnType<typeof Prisma.sql>
type Places = Pick<Surroundings, 'areas' | 'additive'>

const seriesColumns = [
  'indicator_code',
  'programme_code',
  'area_code',
  'academy_code',
  'sex',
  'role',
  'kind',
  'unit_code',
] as const
type SeriesColumn = (typeof seriesColumns)[number]

/** The columns of a series, of which some may be said in another way. */
const columnsOf = (alias: string, instead: Partial<Record<SeriesColumn, Sql>> = {}) =>
  Prisma.join(
    seriesColumns.map(
      (column) => instead[column] ?? Prisma.raw(alias ? `${alias}.${column}` : column),
    ),
    ', ',
  )

const alike = (a: string, b: string, but: readonly SeriesColumn[] = []) =>
  Prisma.raw(
    seriesColumns
      .filter((column) => !but.includes(column))
      .map((column) => `${a}.${column} = ${b}.${column}`)
      .join(' AND '),
  )

const anyOf = (conditions: readonly Sql[]) =>
  conditions.length === 0 ? Prisma.sql`false` : Prisma.join([...conditions], ' OR ')

const isAbout = ({ indicator }: Rule, alias: string) =>
  indicator === null
    ? Prisma.sql`true`
    : Prisma.sql`${Prisma.raw(alias)}.indicator_code = ${indicator}`

/**
 * Finds the rows of a staged file that rules have to look at, in tables that live as long as the
 * transaction: `judged_series` and `judged_points` hold what is in the file and what is public
 * beside it, `judged_suspects` the rows (`on_time`: for rules that compare with earlier periods).
 */
export async function findSuspects(
  tx: Transaction,
  uploadId: string,
  rules: readonly Rule[],
): Promise<void> {
  const places = await readPlaces(tx)
  await makeTables(tx, places)
  await gatherPoints(tx, uploadId, rules, places)
  const of = (...kinds: Rule['kind'][]) => rules.filter(({ kind }) => kinds.includes(kind))
  const onTime = of('jump', 'never_falls')
  if (onTime.length > 0) await suspectOnTime(tx, onTime)
  await suspectAlone(tx, uploadId, of('range', 'source'))
  for (const rule of of('part_of')) await suspectParts(tx, rule)
  for (const rule of of('areas_sum', 'sexes_sum')) await suspectSums(tx, rule, places)
  await tx.$executeRaw`CREATE INDEX ON judged_suspects (on_time, no)`
  await tx.$executeRaw`ANALYZE judged_suspects`
}

async function makeTables(tx: Transaction, { areas }: Places): Promise<void> {
  await tx.$executeRaw`DROP TABLE IF EXISTS judged_series, judged_points, judged_suspects,
    judged_areas`
  await tx.$executeRaw`
    CREATE TEMPORARY TABLE judged_series (id int GENERATED ALWAYS AS IDENTITY,
      indicator_code text, programme_code text, area_code text, academy_code text, sex text,
      role "role", kind "kind", unit_code text, in_file boolean) ON COMMIT DROP`
  // Of what is public `no` is null.
  await tx.$executeRaw`
    CREATE TEMPORARY TABLE judged_points (series_id int, period text, period_start date,
      period_end date, value numeric, no int) ON COMMIT DROP`
  await tx.$executeRaw`
    CREATE TEMPORARY TABLE judged_suspects (no int, series_id int, on_time boolean) ON COMMIT DROP`
  const families = areas.flatMap(({ code, parent, endedOn }) => [
    ...(parent ? [{ total: parent, part: code, expected: endedOn === null }] : []),
    ...(areas.some((one) => one.parent === code)
      ? [{ total: code, part: code, expected: false }]
      : []),
  ])
  await tx.$executeRaw`
    CREATE TEMPORARY TABLE judged_areas ON COMMIT DROP AS
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(families)}::jsonb)
      AS f(total text, part text, expected boolean)`
}

/** The file's series and, of those that rules put beside them, the public ones; then all points. */
async function gatherPoints(
  tx: Transaction,
  uploadId: string,
  rules: readonly Rule[],
  places: Places,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO judged_series (${columnsOf('')}, in_file)
    SELECT DISTINCT ${columnsOf('f')}, true FROM staged_figures f
    WHERE f.upload_id = ${uploadId} AND f.period <> '_U'`
  await tx.$executeRaw`ANALYZE judged_series`
  const related = rules.flatMap((rule) => relatedTo(rule, places))
  if (related.length > 0) {
    await tx.$executeRaw`
      INSERT INTO judged_series (${columnsOf('')}, in_file)
      SELECT DISTINCT ${columnsOf('r')}, false
      FROM (${Prisma.join(related, ' UNION ')}) AS r(${columnsOf('')})
      WHERE NOT EXISTS (SELECT FROM judged_series s WHERE ${alike('s', 'r')})
        AND EXISTS (SELECT FROM observations o WHERE ${alike('o', 'r')})`
    await tx.$executeRaw`ANALYZE judged_series`
  }
  await tx.$executeRaw`
    INSERT INTO judged_points (series_id, period, period_start, period_end, value, no)
    SELECT s.id, f.period, f.period_start, f.period_end, f.value_text::numeric, f.no
    FROM staged_figures f JOIN judged_series s ON ${alike('s', 'f')}
    WHERE f.upload_id = ${uploadId} AND f.period <> '_U' AND s.in_file`
  await tx.$executeRaw`
    INSERT INTO judged_points (series_id, period, period_start, period_end, value)
    SELECT s.id, o.period, o.period_start, o.period_end, o.value
    FROM judged_series s JOIN observations o ON ${alike('o', 's')}
    WHERE o.period <> '_U' AND o.period_source = '_Z' AND o.value IS NOT NULL`
  await tx.$executeRaw`ANALYZE judged_points`
}

/** Series that a rule puts beside those of the file, existing or not. */
function relatedTo(rule: Rule, { additive }: Places): Sql[] {
  if (rule.kind === 'sexes_sum') {
    return [
      Prisma.sql`SELECT ${columnsOf('s', { sex: Prisma.sql`t.sex` })} FROM judged_series s,
        (VALUES ('_T'), ('F'), ('M')) AS t(sex)
        WHERE s.kind <> 'ratio' AND ${isAbout(rule, 's')}`,
    ]
  }
  if (rule.kind === 'areas_sum') {
    return [
      Prisma.sql`SELECT ${columnsOf('s', { area_code: Prisma.sql`b.part` })} FROM judged_series s
        JOIN judged_areas a ON a.part = s.area_code JOIN judged_areas b ON b.total = a.total
        WHERE ${addsUp(rule, additive)}`,
    ]
  }
  if (rule.kind !== 'part_of') return []
  const { part = '', whole = '' } = rule.parameters
  return [
    [part, whole],
    [whole, part],
  ].map(
    ([one, other]) =>
      Prisma.sql`SELECT ${columnsOf('s', { indicator_code: Prisma.sql`${other}` })}
        FROM judged_series s WHERE s.indicator_code = ${one}`,
  )
}

const addsUp = (rule: Rule, additive: ReadonlySet<string>) => Prisma.sql`s.kind <> 'ratio'
  AND s.academy_code = '_T' AND ${isAbout(rule, 's')}
  AND (${rule.indicator !== null} OR s.indicator_code = ANY(${[...additive]}::text[]))`

/** Values beyond the least and the most that came earlier in their series, or stand at their key. */
async function suspectOnTime(tx: Transaction, rules: readonly Rule[]): Promise<void> {
  const conditions = rules.map((rule) => {
    if (rule.kind === 'never_falls') {
      return Prisma.sql`(${isAbout(rule, 'w')} AND w.kind IN ('stock', 'cumulative')
        AND w.value < w.top)`
    }
    const factor = Prisma.sql`${rule.parameters.factor ?? '10'}::numeric`
    return Prisma.sql`(${isAbout(rule, 'w')} AND (abs(w.value) >= w.least * ${factor}
      OR abs(w.value) * ${factor} <= w.most))`
  })
  await tx.$executeRaw`
    INSERT INTO judged_suspects (no, series_id, on_time)
    SELECT no, series_id, true FROM (
      SELECT p.no, p.series_id, p.value, s.indicator_code, s.kind, max(p.value) OVER earlier AS top,
        min(abs(p.value)) FILTER (WHERE p.value <> 0) OVER earlier AS least,
        max(abs(p.value)) OVER earlier AS most
      FROM judged_points p JOIN judged_series s ON s.id = p.series_id WHERE s.in_file
      WINDOW earlier AS (PARTITION BY p.series_id
        ORDER BY p.period_end NULLS LAST, p.period_start NULLS FIRST)
    ) w WHERE no IS NOT NULL AND (${anyOf(conditions)})`
}

/** All that a source's text can be made of and still say nothing. */
const blank = '^[\\s\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]*$'

/** What rules say of a figure without looking at any other. */
async function suspectAlone(
  tx: Transaction,
  uploadId: string,
  rules: readonly Rule[],
): Promise<void> {
  const conditions = rules.map((rule) => {
    const { min, max, unit, needs } = rule.parameters
    const wrong =
      rule.kind === 'source'
        ? [
            Prisma.sql`w.publisher ~ ${blank}`,
            ...(needs === 'link' ? [Prisma.sql`w.url ~ ${blank}`] : []),
          ]
        : [
            ...(min ? [Prisma.sql`f.value_text::numeric < ${min}::numeric`] : []),
            ...(max ? [Prisma.sql`f.value_text::numeric > ${max}::numeric`] : []),
          ]
    const inUnit = unit ? Prisma.sql`f.unit_code = ${unit}` : Prisma.sql`true`
    return Prisma.sql`(${isAbout(rule, 'f')} AND ${inUnit} AND (${anyOf(wrong)}))`
  })
  if (conditions.length === 0) return
  await tx.$executeRaw`
    INSERT INTO judged_suspects (no, on_time)
    SELECT f.no, false FROM staged_figures f
    JOIN staged_sources w ON w.upload_id = f.upload_id AND w.no = f.source_no
    WHERE f.upload_id = ${uploadId} AND (${anyOf(conditions)})`
}

/** Parts and wholes of one key of which any two values contradict each other. */
async function suspectParts(tx: Transaction, { parameters }: Rule): Promise<void> {
  const { part = '', whole = '' } = parameters
  await tx.$executeRaw`
    INSERT INTO judged_suspects (no, on_time)
    SELECT DISTINCT unnest(ARRAY[p.no, w.no]), false
    FROM judged_series a JOIN judged_series b ON ${alike('a', 'b', ['indicator_code'])}
    JOIN judged_points p ON p.series_id = a.id
    JOIN judged_points w ON w.series_id = b.id AND w.period = p.period
    WHERE a.indicator_code = ${part} AND b.indicator_code = ${whole} AND p.value > w.value
      AND (p.no IS NOT NULL OR w.no IS NOT NULL)`
}

/** Totals and their parts, unless each has one value only and they clearly add up. */
async function suspectSums(tx: Transaction, rule: Rule, { additive }: Places): Promise<void> {
  const isAreas = rule.kind === 'areas_sum'
  const varied = isAreas ? 'area_code' : 'sex'
  const family = columnsOf('s', { [varied]: isAreas ? Prisma.sql`a.total` : Prisma.sql`'_T'` })
  const members = isAreas
    ? Prisma.sql`SELECT dense_rank() OVER (ORDER BY ${family}) AS family, s.id AS series_id,
        s.area_code = a.total AS is_total, a.expected, (SELECT count(*) FROM judged_areas e
          WHERE e.total = a.total AND e.expected) AS parts
      FROM judged_series s JOIN judged_areas a ON a.part = s.area_code
      WHERE ${addsUp(rule, additive)}`
    : Prisma.sql`SELECT dense_rank() OVER (ORDER BY ${family}) AS family, s.id AS series_id,
        s.sex = '_T' AS is_total, s.sex <> '_T' AS expected, 2 AS parts
      FROM judged_series s
      WHERE s.sex IN ('_T', 'F', 'M') AND s.kind <> 'ratio' AND ${isAbout(rule, 's')}`
  const tolerance = Prisma.sql`${rule.parameters.tolerance ?? '0'}::numeric`
  await tx.$executeRaw`
    INSERT INTO judged_suspects (no, on_time)
    WITH members AS MATERIALIZED (${members}),
    families AS MATERIALIZED (
      SELECT * FROM members WHERE family IN (SELECT family FROM members
        GROUP BY family HAVING bool_or(is_total) AND NOT bool_and(is_total))),
    totals AS (
      SELECT DISTINCT m.family, p.period FROM families m
      JOIN judged_points p ON p.series_id = m.series_id WHERE m.is_total),
    known AS (
      SELECT m.family, p.period, m.is_total, m.expected, m.parts, min(p.value) AS least,
        max(p.value) AS most
      FROM families m JOIN judged_points p ON p.series_id = m.series_id
      JOIN totals t ON t.family = m.family AND t.period = p.period
      GROUP BY m.family, p.period, m.series_id, m.is_total, m.expected, m.parts),
    sums AS (
      SELECT family, period, bool_and(least = most) AS is_clear,
        count(*) FILTER (WHERE expected) = min(parts) AS is_complete,
        sum(most) FILTER (WHERE NOT is_total) - max(most) FILTER (WHERE is_total) AS surplus
      FROM known GROUP BY family, period),
    wrong AS MATERIALIZED (
      SELECT family, period FROM sums WHERE surplus IS NOT NULL
        AND NOT (is_clear AND surplus <= ${tolerance}
          AND (NOT is_complete OR surplus >= -${tolerance})))
    SELECT DISTINCT p.no, false FROM wrong
    JOIN families m ON m.family = wrong.family
    JOIN judged_points p ON p.series_id = m.series_id AND p.period = wrong.period
    WHERE p.no IS NOT NULL`
}
