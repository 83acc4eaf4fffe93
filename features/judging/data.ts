import { readPlaces, readRules } from '@/features/checks/data'
import type { Company, Surroundings } from '@/features/checks/rules'
import { isOnTime, judge, keyText, neighbours, seriesText } from '@/features/checks/rules'
import type { Finding, Rule } from '@/features/checks/schema'
import type { FigureKey } from '@/features/figures/schema'
import { readStagedRows } from '@/features/staging/data'
import type { StagedRow } from '@/features/staging/schema'
import type { Transaction } from '@/lib/db/client'
import { findSuspects } from './mutations'

export interface StagedFinding {
  line: number
  figure: StagedRow['figure']
  finding: Omit<Finding, 'index'>
}

/** How many rows are judged, and how many points of their series read, at once. */
const pageSizes = { rows: 2_000, points: 20_000 }

/**
 * What the active rules say about a staged file, page by page: each figure beside all others of the
 * file and what is public, as `judgeFigures` would say it of all of them together.
 */
export async function* judgeStaged(
  tx: Transaction,
  uploadId: string,
  sizes: typeof pageSizes = pageSizes,
): AsyncGenerator<StagedFinding[]> {
  const rules = (await readRules(tx)).filter(({ isActive }) => isActive)
  await findSuspects(tx, uploadId, rules)
  const places = await readPlaces(tx)
  const onTime = rules.filter(isOnTime)
  const others = rules.filter((rule) => !isOnTime(rule))
  yield* judgeOthers(tx, uploadId, others, places, sizes.rows)
  yield* judgeOnTime(tx, uploadId, onTime, places, sizes.points)
}

type Places = Pick<Surroundings, 'areas' | 'additive'>
type Row = StagedRow & { no: number }

function findingsOf(
  rules: readonly Rule[],
  rows: readonly Row[],
  surroundings: Surroundings,
  company: Omit<Company, 'placeOf'>,
): StagedFinding[] {
  const figures = rows.map(({ figure }) => figure)
  const placeOf = (index: number) => rows[index]?.no ?? 0
  return judge(rules, figures, surroundings, { ...company, placeOf }).flatMap(
    ({ index, ...finding }) => {
      const row = rows[index]
      return row ? [{ line: row.line, figure: row.figure, finding }] : []
    },
  )
}

/** In the order of the file, so that a wrong sum without its total is told at its first part. */
async function* judgeOthers(
  tx: Transaction,
  uploadId: string,
  rules: readonly Rule[],
  places: Places,
  size: number,
): AsyncGenerator<StagedFinding[]> {
  const told = new Set<string>()
  let hasIndex = false
  for (let after = 0; ; ) {
    const suspects = await tx.$queryRaw<{ no: number }[]>`
      SELECT DISTINCT no FROM judged_suspects WHERE NOT on_time AND no > ${after}
      ORDER BY no LIMIT ${size}`
    if (suspects.length === 0) return
    if (!hasIndex) await tx.$executeRaw`CREATE INDEX ON judged_points (series_id, period)`
    hasIndex = true
    const nos = suspects.map(({ no }) => no)
    after = nos.at(-1) ?? 0
    const rows = await readStagedRows(tx, uploadId, nos)
    const keys = neighbours(
      rules,
      rows.map(({ figure }) => figure),
      places,
    )
    const { values, last } = await readKeys(tx, keys)
    const company = { last, series: new Map(), told }
    yield findingsOf(rules, rows, { ...places, values, series: new Map() }, company)
  }
}

type Values = Map<string, string>
type Last = Map<string, { value: string; place: number }>

/** What is public under keys, and what the file says there last. */
async function readKeys(
  tx: Transaction,
  keys: readonly FigureKey[],
): Promise<{ values: Values; last: Last }> {
  const listed = keys.map((key, n) => ({ n, ...key }))
  const rows = await tx.$queryRaw<{ n: number; value: string; no: number | null }[]>`
    SELECT DISTINCT ON (k.n, p.no IS NULL) k.n, p.value::text, p.no
    FROM jsonb_to_recordset(${JSON.stringify(listed)}::jsonb) AS k(n int, role "role",
      indicator text, programme text, area text, academy text, sex text, kind "kind", unit text,
      period text)
    JOIN judged_series s ON s.indicator_code = k.indicator AND s.programme_code = k.programme
      AND s.area_code = k.area AND s.academy_code = k.academy AND s.sex = k.sex
      AND s.role = k.role AND s.kind = k.kind AND s.unit_code = k.unit
    JOIN judged_points p ON p.series_id = s.id AND p.period = k.period
    ORDER BY k.n, p.no IS NULL, p.no DESC`
  const [values, last]: [Values, Last] = [new Map(), new Map()]
  for (const { n, value, no } of rows) {
    const key = keys[n]
    if (!key) continue
    if (no === null) values.set(keyText(key), value)
    else last.set(keyText(key), { value, place: no })
  }
  return { values, last }
}

/** Series by series, some at once, so that each is read once. */
async function* judgeOnTime(
  tx: Transaction,
  uploadId: string,
  rules: readonly Rule[],
  places: Places,
  size: number,
): AsyncGenerator<StagedFinding[]> {
  if (rules.length === 0) return
  await tx.$executeRaw`DROP TABLE IF EXISTS judged_pages`
  await tx.$executeRaw`
    CREATE TEMPORARY TABLE judged_pages ON COMMIT DROP AS
    SELECT series_id, (sum(count(*)) OVER (ORDER BY series_id) - count(*)) / ${size}::int AS page
    FROM judged_points WHERE series_id IN (SELECT series_id FROM judged_suspects WHERE on_time)
    GROUP BY series_id`
  const pages = await tx.$queryRaw<{ page: number }[]>`
    SELECT DISTINCT floor(page)::int AS page FROM judged_pages ORDER BY 1`
  if (pages.length > 0) await tx.$executeRaw`CREATE INDEX ON judged_points (series_id)`
  for (const { page } of pages) {
    const suspects = await tx.$queryRaw<{ no: number; id: number }[]>`
      SELECT s.no, s.series_id AS id FROM judged_suspects s JOIN judged_pages g USING (series_id)
      WHERE s.on_time AND floor(g.page)::int = ${page} ORDER BY s.no`
    const rows = await readStagedRows(
      tx,
      uploadId,
      suspects.map(({ no }) => no),
    )
    const points = await tx.$queryRaw<Point[]>`
      SELECT p.series_id AS id, p.period, p.value::text, p.no
      FROM judged_points p JOIN judged_pages g USING (series_id)
      WHERE floor(g.page)::int = ${page} ORDER BY p.no NULLS FIRST`
    const named = new Map(rows.map(({ no, figure }) => [no, seriesText(figure)]))
    const texts = new Map(suspects.map(({ no, id }) => [id, named.get(no) ?? '']))
    yield findingsOf(rules, rows, ...beside(points, texts, places))
  }
}

interface Point {
  id: number
  period: string
  value: string
  no: number | null
}

/** Points of series as `judge` takes them, by the texts of the series. */
function beside(
  points: readonly Point[],
  texts: ReadonlyMap<number, string>,
  places: Places,
): [Surroundings, Omit<Company, 'placeOf'>] {
  const values = new Map<string, string>()
  const series = new Map<string, { period: string; value: string }[]>()
  const inFile = new Map<string, Map<string, string>>()
  for (const { id, period, value, no } of points) {
    const text = texts.get(id) ?? ''
    if (no === null) {
      values.set(`${text} ${period}`, value)
      const members = series.get(text)
      if (members) members.push({ period, value })
      else series.set(text, [{ period, value }])
    } else {
      const members = inFile.get(text)
      if (members) members.set(period, value)
      else inFile.set(text, new Map([[period, value]]))
    }
  }
  return [
    { ...places, values, series },
    { last: new Map(), series: inFile, told: new Set() },
  ]
}
