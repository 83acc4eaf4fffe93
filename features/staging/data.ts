import type { Database, Transaction } from '@/lib/db/client'
import type { Outcome, StagedProblem, StagedRow } from './schema'

type Page = { after: number; limit: number }

/** Problems of a file in the order of its lines; null: of both severities. */
export async function readProblems(
  database: Database | Transaction,
  uploadId: string,
  severity: 'error' | 'warning' | null,
  { after, limit }: Page,
): Promise<(StagedProblem & { no: number })[]> {
  const rows = await database.stagedProblem.findMany({
    where: { uploadId, ...(severity && { severity }), no: { gt: after } },
    orderBy: { no: 'asc' },
    take: limit,
  })
  return rows.map(({ no, line, columnName, value, severity, code, params }) => ({
    no,
    line,
    column: columnName,
    value,
    severity: severity === 'error' ? ('error' as const) : ('warning' as const),
    code,
    params: params as StagedProblem['params'],
  }))
}

/** The problems of each line that has any, in the order of the file, read page by page. */
export async function* problemsByLine(
  database: Database | Transaction,
  uploadId: string,
  limit = 5_000,
): AsyncGenerator<{ line: number; problems: StagedProblem[] }> {
  let [line, problems]: [number, StagedProblem[]] = [0, []]
  for (let after = 0; ; ) {
    const page = await readProblems(database, uploadId, null, { after, limit })
    for (const problem of page) {
      if (problem.line !== line && problems.length > 0) {
        yield { line, problems }
        problems = []
      }
      line = problem.line
      problems.push(problem)
    }
    if (page.length < limit) break
    after = page.at(-1)?.no ?? 0
  }
  if (problems.length > 0) yield { line, problems }
}

export async function countProblems(
  database: Database | Transaction,
  uploadId: string,
): Promise<{ problems: number; refused: number; warnings: number }> {
  const [row] = await database.$queryRaw<{ problems: number; refused: number; warnings: number }[]>`
    SELECT count(*) FILTER (WHERE severity = 'error')::int AS problems,
      count(DISTINCT line) FILTER (WHERE severity = 'error')::int AS refused,
      count(*) FILTER (WHERE severity = 'warning')::int AS warnings
    FROM staged_problems WHERE upload_id = ${uploadId}`
  return row ?? { problems: 0, refused: 0, warnings: 0 }
}

type FlatRow = Omit<StagedRow['figure'], 'source'> &
  StagedRow['figure']['source'] & { no: number; line: number; before: string | null }

const columns = `f.no, f.line, f.role::text, f.indicator_code AS indicator,
  f.programme_code AS programme, f.area_code AS area, f.academy_code AS academy, f.sex,
  f.kind::text, f.unit_code AS unit, f.period, f.value_text AS value, f.status,
  f."precision"::text, f.note, f.period_label AS "periodLabel",
  to_char(f.released_on, 'YYYY-MM-DD') AS "releasedOn", w.publisher, w.title,
  w.published_label AS "publishedLabel", w.url`

const toRow = ({
  publisher,
  title,
  publishedLabel,
  url,
  before,
  no,
  line,
  ...figure
}: FlatRow) => ({
  no,
  line,
  figure: { ...figure, source: { publisher, title, publishedLabel, url } },
  before: before === null ? null : { value: before, unit: figure.unit },
})

/** Rows of one outcome, in the order of the file, with what is public under their keys. */
export async function readStaged(
  database: Database | Transaction,
  uploadId: string,
  outcome: Outcome,
  { after, limit }: Page,
): Promise<(StagedRow & { no: number })[]> {
  const rows = await database.$queryRawUnsafe<FlatRow[]>(
    `SELECT ${columns}, r.value_text AS before
    FROM staged_outcomes t
    JOIN staged_figures f ON f.upload_id = t.upload_id AND f.no = t.no
    JOIN staged_sources w ON w.upload_id = f.upload_id AND w.no = f.source_no
    LEFT JOIN observations o ON o.id = t.observation_id
    LEFT JOIN revisions r ON r.id = o.current_revision_id
    WHERE t.upload_id = $1 AND t.outcome = $2::staged_outcome AND t.no > $3
    ORDER BY t.no LIMIT $4`,
    uploadId,
    outcome,
    after,
    limit,
  )
  return rows.map(toRow)
}

/** Staged figures by their places, in the order of the file. */
export async function readStagedRows(
  database: Database | Transaction,
  uploadId: string,
  nos: readonly number[],
): Promise<(StagedRow & { no: number })[]> {
  const rows = await database.$queryRawUnsafe<FlatRow[]>(
    `SELECT ${columns}, NULL AS before FROM staged_figures f
    JOIN staged_sources w ON w.upload_id = f.upload_id AND w.no = f.source_no
    WHERE f.upload_id = $1 AND f.no = ANY($2::int[]) ORDER BY f.no`,
    uploadId,
    nos,
  )
  return rows.map(toRow)
}
