import { actFor, recheck } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { type Attribution, refreshCurrent, refuseOwnApproval } from '@/features/figures/mutations'
import type { Database, Transaction } from '@/lib/db/client'
import { type BulkConnection, copyCell } from '@/lib/db/copy'
import { Prisma } from '@/lib/db/generated/client'
import type { StagedInput, StagedProblem, StagedTallies } from './schema'

const figureColumns = [
  'upload_id',
  'no',
  'line',
  'role',
  'indicator_code',
  'programme_code',
  'area_code',
  'academy_code',
  'sex',
  'kind',
  'unit_code',
  'period',
  'period_start',
  'period_end',
  'frequency',
  'value_text',
  'status',
  'precision',
  'released_on',
  'source_no',
  'note',
  'period_label',
]
const sourceColumns = ['upload_id', 'no', 'publisher', 'title', 'published_label', 'url']
const problemColumns = [
  'upload_id',
  'no',
  'line',
  'column_name',
  'value',
  'severity',
  'code',
  'params',
]

const mostRememberedSources = 5_000

/** Puts checked rows where the database can work on all of them at once. */
export class StagingWriter {
  #figures: string[] = []
  #sources: string[] = []
  #problems: string[] = []
  #sourceNos = new Map<string, number>()
  #sourceCount = 0
  #problemCount = 0

  constructor(
    private readonly connection: BulkConnection,
    private readonly uploadId: string,
  ) {}

  addFigure({ no, line, figure, period }: StagedInput): void {
    this.#figures.push(
      `${this.uploadId}\t${no}\t${line}\t${figure.role}\t${figure.indicator}\t${figure.programme}\t${figure.area}\t${figure.academy}\t${figure.sex}\t${figure.kind}\t${figure.unit}\t${period.code}\t${copyCell(period.start)}\t${copyCell(period.end)}\t${period.frequency}\t${figure.value}\t${figure.status}\t${figure.precision}\t${copyCell(figure.releasedOn)}\t${this.#sourceNo(figure.source)}\t${copyCell(figure.note)}\t${copyCell(figure.periodLabel)}\n`,
    )
  }

  addProblem(problem: StagedProblem): void {
    this.#problemCount += 1
    const { line, column, value, severity, code, params } = problem
    const cells = [
      column.slice(0, 200),
      value.slice(0, 500),
      severity,
      code,
      JSON.stringify(params),
    ]
    // PostgreSQL takes no NUL in a text, and no lone surrogate.
    const safe = cells.map((cell) =>
      copyCell(Buffer.from(cell).toString().replaceAll('\0', '\ufffd')),
    )
    this.#problems.push(`${this.uploadId}\t${this.#problemCount}\t${line}\t${safe.join('\t')}\n`)
  }

  /** One source may get several numbers, so that only some have to be kept in mind. */
  #sourceNo(source: StagedInput['figure']['source']): number {
    const { publisher, title, publishedLabel, url } = source
    const key = `${publisher}\u001f${title}\u001f${publishedLabel}\u001f${url}`
    const known = this.#sourceNos.get(key)
    if (known !== undefined) return known
    if (this.#sourceNos.size >= mostRememberedSources) this.#sourceNos.clear()
    this.#sourceCount += 1
    this.#sourceNos.set(key, this.#sourceCount)
    const cells = [this.uploadId, this.#sourceCount, publisher, title, publishedLabel, url]
    this.#sources.push(`${cells.map(copyCell).join('\t')}\n`)
    return this.#sourceCount
  }

  async flush(): Promise<void> {
    const { connection } = this
    const [sources, figures, problems] = [this.#sources, this.#figures, this.#problems]
    this.#sources = []
    this.#figures = []
    this.#problems = []
    if (sources.length > 0) await connection.copy('staged_sources', sourceColumns, sources.join(''))
    if (figures.length > 0) await connection.copy('staged_figures', figureColumns, figures.join(''))
    if (problems.length > 0)
      await connection.copy('staged_problems', problemColumns, problems.join(''))
  }
}

/** Adds problems that were found in what is staged. */
export async function addProblems(
  tx: Transaction,
  uploadId: string,
  problems: readonly StagedProblem[],
): Promise<void> {
  if (problems.length === 0) return
  await tx.$executeRaw`
    INSERT INTO staged_problems (upload_id, no, line, column_name, value, severity, code, params)
    SELECT ${uploadId}, p.n + (SELECT coalesce(max(no), 0) FROM staged_problems
        WHERE upload_id = ${uploadId}), p."line", p."column", p."value", p."severity", p."code",
      p."params"
    FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(problems)}::jsonb) AS ("line" int,
      "column" text, "value" text, "severity" text, "code" text, "params" jsonb))
      WITH ORDINALITY AS p("line", "column", "value", "severity", "code", "params", n)`
}

/** Numbers problems anew, in the order of the file, whenever they were found. */
export async function orderProblems(tx: Transaction, uploadId: string): Promise<void> {
  await tx.$executeRaw`
    CREATE TEMPORARY TABLE ordered_problems ON COMMIT DROP AS
    SELECT no, row_number() OVER (ORDER BY line, severity, no)::int AS place FROM staged_problems
    WHERE upload_id = ${uploadId}`
  const [row] = await tx.$queryRaw<{ moved: boolean }[]>`
    SELECT EXISTS (SELECT FROM ordered_problems WHERE no <> place) AS moved`
  if (!row?.moved) return
  // Beyond all numbers that are taken first, so that no two meet on the way.
  await tx.$executeRaw`
    UPDATE staged_problems p SET no = -o.place FROM ordered_problems o
    WHERE p.upload_id = ${uploadId} AND p.no = o.no`
  await tx.$executeRaw`
    UPDATE staged_problems SET no = -no WHERE upload_id = ${uploadId}`
}

const stagedTables = ['staged_problems', 'staged_outcomes', 'staged_figures', 'staged_sources']
const mostRemoved = 50_000

/** Removes all that a check has left of a file, in steps that each take a moment. */
export async function clearStage(
  database: Database | Transaction,
  uploadId: string,
): Promise<void> {
  for (const table of stagedTables) {
    for (let removed = mostRemoved; removed === mostRemoved; ) {
      removed = await database.$executeRawUnsafe(
        `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
          SELECT ctid FROM ${table} WHERE upload_id = $1 LIMIT ${mostRemoved}))`,
        uploadId,
      )
    }
  }
}

/** Lets the planner know how much has come: with a wrong idea of it, it compares each with each. */
export async function countStage(tx: Transaction): Promise<void> {
  await tx.$executeRaw`ANALYZE staged_figures`
  await tx.$executeRaw`ANALYZE staged_sources`
  await tx.$executeRaw`ANALYZE staged_outcomes`
}

const keyOf = (alias: string) =>
  Prisma.raw(
    ['role', 'indicator_code', 'programme_code', 'area_code', 'academy_code', 'sex', 'kind']
      .concat('unit_code', 'period')
      .map((column) => `${alias}.${column}`)
      .join(', '),
  )

/** Staged figures `f` of a file with their sources `s` in the record, and what `o` it has of them. */
const matched = (uploadId: string, join: 'JOIN' | 'LEFT JOIN') => Prisma.sql`
  FROM staged_figures f
  JOIN staged_sources w ON w.upload_id = f.upload_id AND w.no = f.source_no
  ${Prisma.raw(join)} sources s ON s.publisher = w.publisher AND s.title = w.title
    AND s.published_label = w.published_label AND s.url = w.url
  ${Prisma.raw(join)} observations o ON o.indicator_code = f.indicator_code
    AND o.programme_code = f.programme_code AND o.area_code = f.area_code
    AND o.academy_code = f.academy_code AND o.sex = f.sex AND o.role = f.role AND o.kind = f.kind
    AND o.unit_code = f.unit_code AND o.period = f.period
    AND o.period_source = CASE WHEN f.period = '_U' THEN 'S' || s.id ELSE '_Z' END
  WHERE f.upload_id = ${uploadId}`

/** Whether a statement `r` of an observation says just what the figure `f` says. */
const saysTheSame = Prisma.sql`r.source_id = s.id AND r.value_text = f.value_text
  AND r.status = f.status AND r."precision" = f."precision" AND r.note = f.note
  AND r.released_on IS NOT DISTINCT FROM f.released_on`

/**
 * Rows that make the statement of an earlier row once more: a problem each. Answers how many.
 * @param column what the file calls its values
 */
export async function refuseRepeats(
  tx: Transaction,
  uploadId: string,
  column: string,
): Promise<number> {
  const statement = Prisma.sql`(${keyOf('f')}, w.publisher, w.title, w.published_label, w.url,
    f.released_on)`
  return tx.$executeRaw`
    WITH hashed AS MATERIALIZED (
      SELECT f.no, hashtextextended(${statement}::text, 0) AS hash
      FROM staged_figures f JOIN staged_sources w ON w.upload_id = f.upload_id AND w.no = f.source_no
      WHERE f.upload_id = ${uploadId}
    ), suspect AS MATERIALIZED (
      SELECT no FROM hashed WHERE hash IN (SELECT hash FROM hashed GROUP BY hash HAVING count(*) > 1)
    ), repeats AS (
      SELECT f.no, f.line, f.value_text,
        first_value(f.line) OVER alike AS first, row_number() OVER alike AS place
      FROM suspect JOIN staged_figures f ON f.upload_id = ${uploadId} AND f.no = suspect.no
      JOIN staged_sources w ON w.upload_id = f.upload_id AND w.no = f.source_no
      WINDOW alike AS (PARTITION BY ${statement} ORDER BY f.no)
    )
    INSERT INTO staged_problems (upload_id, no, line, column_name, value, code, params)
    SELECT ${uploadId}, (SELECT coalesce(max(no), 0) FROM staged_problems
        WHERE upload_id = ${uploadId}) + row_number() OVER (ORDER BY no),
      line, ${column.slice(0, 200)}, value_text, 'imports.duplicate', jsonb_build_object('line', first)
    FROM repeats WHERE place > 1`
}

/** What publishing the staged figures would do, one by one and in numbers. */
export async function judgeStage(tx: Transaction, uploadId: string): Promise<StagedTallies> {
  await tx.$executeRaw`DELETE FROM staged_outcomes WHERE upload_id = ${uploadId}`
  await tx.$executeRaw`
    INSERT INTO staged_outcomes (upload_id, outcome, no, observation_id)
    SELECT ${uploadId}, (CASE WHEN o.id IS NULL THEN 'new'
        WHEN EXISTS (SELECT FROM revisions r WHERE r.observation_id = o.id AND ${saysTheSame})
          THEN 'same' ELSE 'changed' END)::staged_outcome, f.no, o.id
    ${matched(uploadId, 'LEFT JOIN')}`
  return readTallies(tx, uploadId)
}

async function readTallies(tx: Transaction, uploadId: string): Promise<StagedTallies> {
  const [row] = await tx.$queryRaw<StagedTallies[]>`
    SELECT count(*) FILTER (WHERE outcome = 'new')::int AS new,
      count(*) FILTER (WHERE outcome = 'changed')::int AS changed,
      count(*) FILTER (WHERE outcome = 'same')::int AS same,
      concat_ws('.', count(*), count(o.id), count(o.current_revision_id),
        coalesce(sum(o.current_revision_id), 0)) AS seen
    FROM staged_outcomes t LEFT JOIN observations o ON o.id = t.observation_id
    WHERE t.upload_id = ${uploadId}`
  if (!row) throw new Error('An aggregate has one row.')
  return row
}

interface Published {
  commit: number
  revisions: number
}

/** What a submission has published; null where it has not. */
export async function findPublished(
  database: Database | Transaction,
  idempotencyKey: string,
): Promise<Published | null> {
  const commit = await database.commit.findUnique({ where: { idempotencyKey } })
  if (!commit) return null
  const revisions = await database.revision.count({ where: { commitNo: commit.no } })
  return { commit: commit.no, revisions }
}

/** The record is no longer as the last check of the file saw it. */
export class StageMoved extends Error {}

/**
 * Publishes all staged figures of a file in one commit, in the caller's transaction: the rows that
 * `publishFigures` would write, with its checks, for a million of them. Answers the commit, and how
 * many revisions are new in it.
 * @param seen what the last check saw
 * @throws StageMoved where a figure of the file has been revised since
 * @throws OwnApproval as `publishFigures` does
 */
export async function publishStage(
  tx: Transaction,
  actor: Actor,
  uploadId: string,
  options: {
    message: string
    idempotencyKey: string
    attribution: Attribution
    reason: string
    rows: number
    seen: string
    /** Told how much of the work is done, from 0 to 1. */
    step?: (done: number) => Promise<void>
    /** How many figures are written by one statement. */
    batch?: number
  },
): Promise<Published> {
  const { attribution, step = async () => {} } = options
  await recheck(tx, actor)
  await refuseOwnApproval(tx, actor, [attribution])
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${options.idempotencyKey}, 0))`
  const earlier = await findPublished(tx, options.idempotencyKey)
  if (earlier) return earlier
  await actFor(tx, actor.userId)
  await countStage(tx)
  await addSources(tx, uploadId)
  await numberSingles(tx, uploadId)
  await addObservations(tx, uploadId)
  await step(0.1)
  await matchStage(tx, uploadId)
  const now = await tallyMatched(tx)
  if (now.rows !== options.rows || now.seen !== options.seen) throw new StageMoved()
  if (now.fresh + now.singles === 0) {
    const { _max } = await tx.commit.aggregate({ _max: { no: true } })
    return { commit: _max.no ?? 0, revisions: 0 }
  }
  const { no } = await tx.commit.create({
    data: {
      kind: 'import',
      message: options.message,
      actorId: actor.userId,
      idempotencyKey: options.idempotencyKey,
    },
  })
  await step(0.15)
  await markWarned(tx, uploadId)
  const { batch = 50_000 } = options
  const last = await lastPlace(tx, uploadId)
  let revisions = 0
  for (let after = 0; after < last; after += batch) {
    const part = { ...options, commit: no, after, upTo: after + batch }
    if (now.singles > 0) revisions += await addSingles(tx, uploadId, part)
    if (now.fresh > 0) revisions += await addRevisions(tx, uploadId, part)
    await step(0.15 + 0.65 * Math.min(1, part.upTo / last))
  }
  if (now.fresh > 0) await showRevisions(tx)
  await step(0.85)
  return { commit: no, revisions }
}

interface Part {
  commit: number
  attribution: Attribution
  reason: string
  /** Figures after the one place in the file, up to the other. */
  after: number
  upTo: number
}

/** Lines that a rule has warned of, as `bulk_warned`: their figures carry the reason. */
async function markWarned(tx: Transaction, uploadId: string): Promise<void> {
  await tx.$executeRaw`
    CREATE TEMPORARY TABLE bulk_warned ON COMMIT DROP AS
    SELECT DISTINCT line FROM staged_problems WHERE upload_id = ${uploadId} AND severity = 'warning'`
  await tx.$executeRaw`ANALYZE bulk_warned`
}

async function lastPlace(tx: Transaction, uploadId: string): Promise<number> {
  const { _max } = await tx.stagedFigure.aggregate({ where: { uploadId }, _max: { no: true } })
  return _max.no ?? 0
}

async function addSources(tx: Transaction, uploadId: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO sources (publisher, title, published_label, published_on, url)
    SELECT DISTINCT publisher, title, published_label,
      CASE length(published_label)
        WHEN 10 THEN published_label::date
        WHEN 7 THEN ((published_label || '-01')::date + INTERVAL '1 month - 1 day')::date
      END, url
    FROM staged_sources WHERE upload_id = ${uploadId}
    ORDER BY publisher, title, published_label, url
    ON CONFLICT DO NOTHING`
  await tx.$executeRaw`ANALYZE sources`
  await tx.$executeRaw`
    CREATE TEMPORARY TABLE bulk_sources ON COMMIT DROP AS
    SELECT w.no, s.id FROM staged_sources w
    JOIN sources s ON s.publisher = w.publisher AND s.title = w.title
      AND s.published_label = w.published_label AND s.url = w.url
    WHERE w.upload_id = ${uploadId}`
  await tx.$executeRaw`ANALYZE bulk_sources`
}

/**
 * New keys that the file names once, as `bulk_single`, with the numbers that their observations will
 * have. They can be written with their revisions at once, not first empty and then once more.
 */
async function numberSingles(tx: Transaction, uploadId: string): Promise<void> {
  await tx.$executeRaw`
    CREATE TEMPORARY TABLE bulk_single ON COMMIT DROP AS
    SELECT no, source_id, nextval(pg_get_serial_sequence('observations', 'id'))::int AS observation_id
    FROM (
      SELECT min(f.no) AS no, min(s.id) AS source_id FROM staged_figures f
      JOIN staged_outcomes t ON t.upload_id = f.upload_id AND t.no = f.no AND t.outcome = 'new'
      JOIN bulk_sources s ON s.no = f.source_no
      WHERE f.upload_id = ${uploadId}
      GROUP BY ${keyOf('f')}, CASE WHEN f.period = '_U' THEN s.id END
      HAVING count(*) = 1
    ) one ORDER BY no`
  await tx.$executeRaw`CREATE UNIQUE INDEX ON bulk_single (no)`
  await tx.$executeRaw`ANALYZE bulk_single`
}

/**
 * Writes singles with their revisions. All of a part is one statement, at whose end both are there
 * to refer to each other. Somebody else's new observation of such a key ends the transaction.
 */
async function addSingles(
  tx: Transaction,
  uploadId: string,
  { attribution, reason, commit, after, upTo }: Part,
): Promise<number> {
  return tx.$executeRaw`
    WITH today AS MATERIALIZED (SELECT (now() AT TIME ZONE 'Asia/Karachi')::date AS day),
    numbered AS MATERIALIZED (
      SELECT no, source_id, observation_id,
        nextval(pg_get_serial_sequence('revisions', 'id'))::int AS revision_id
      FROM (SELECT * FROM bulk_single WHERE no > ${after} AND no <= ${upTo} ORDER BY no) one),
    written AS (
      INSERT INTO revisions (id, observation_id, commit_no, kind, value, value_text, status,
        "precision", source_id, note, reason, period_label, author_id, approver_id, proposal_id,
        released_on, recorded_on, known_on)
      SELECT b.revision_id, b.observation_id, ${commit}, 'publication', f.value_text::numeric,
        f.value_text, f.status, f."precision", b.source_id, f.note,
        CASE WHEN f.line IN (SELECT line FROM bulk_warned) THEN ${reason} ELSE '' END,
        f.period_label, ${attribution.authorId}, ${attribution.approverId},
        ${attribution.proposalId}, f.released_on, today.day, coalesce(f.released_on, today.day)
      FROM numbered b JOIN staged_figures f ON f.upload_id = ${uploadId} AND f.no = b.no
        AND f.no > ${after} AND f.no <= ${upTo}, today
      RETURNING 1)
    INSERT INTO observations (id, role, indicator_code, programme_code, area_code, academy_code, sex,
      kind, unit_code, period, period_source, period_start, period_end, frequency,
      current_revision_id, value, status, "precision")
    SELECT b.observation_id, ${keyOf('f')}, CASE WHEN f.period = '_U' THEN 'S' || b.source_id
        ELSE '_Z' END, f.period_start, f.period_end, f.frequency, b.revision_id,
      f.value_text::numeric, f.status, f."precision"
    FROM (SELECT count(*) FROM written) all_written, numbered b
    JOIN staged_figures f ON f.upload_id = ${uploadId} AND f.no = b.no
      AND f.no > ${after} AND f.no <= ${upTo}`
}

async function addObservations(tx: Transaction, uploadId: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO observations (role, indicator_code, programme_code, area_code, academy_code, sex,
      kind, unit_code, period, period_source, period_start, period_end, frequency)
    SELECT ${keyOf('f')}, CASE WHEN f.period = '_U' THEN 'S' || s.id ELSE '_Z' END,
      f.period_start, f.period_end, f.frequency
    FROM staged_figures f
    JOIN staged_outcomes t ON t.upload_id = f.upload_id AND t.no = f.no AND t.outcome = 'new'
    JOIN bulk_sources s ON s.no = f.source_no
    WHERE f.upload_id = ${uploadId}
      AND NOT EXISTS (SELECT FROM bulk_single b WHERE b.no = f.no)
    ORDER BY f.indicator_code, f.programme_code, f.area_code, f.academy_code, f.sex, f.role, f.kind,
      f.unit_code, f.period, 10
    ON CONFLICT DO NOTHING`
}

/**
 * The figures with their observations, as `bulk`. Those that were there are locked in the order of
 * their numbers, so that writers queue up; what this transaction has made nobody else can see yet.
 */
async function matchStage(tx: Transaction, uploadId: string): Promise<void> {
  await tx.$executeRaw`
    CREATE TEMPORARY TABLE bulk ON COMMIT DROP AS
    SELECT f.no, o.id AS observation_id, s.id AS source_id,
      o.xmin = pg_current_xact_id()::xid AS is_new
    ${matched(uploadId, 'LEFT JOIN')} AND NOT EXISTS (SELECT FROM bulk_single b WHERE b.no = f.no)`
  await tx.$executeRaw`ANALYZE bulk`
  await tx.$executeRaw`
    WITH locked AS (
      SELECT id FROM observations WHERE id IN (SELECT observation_id FROM bulk WHERE NOT is_new)
      ORDER BY id FOR UPDATE)
    SELECT count(*) FROM locked`
  // What this file adds nothing to is left out from here on.
  await tx.$executeRaw`ALTER TABLE bulk ADD COLUMN is_same boolean NOT NULL DEFAULT false`
  await tx.$executeRaw`
    UPDATE bulk b SET is_same = true FROM staged_figures f, sources s
    WHERE NOT b.is_new AND f.upload_id = ${uploadId} AND f.no = b.no AND s.id = b.source_id
      AND EXISTS (SELECT FROM revisions r WHERE r.observation_id = b.observation_id
        AND ${saysTheSame})`
}

async function tallyMatched(tx: Transaction) {
  const [row] = await tx.$queryRaw<
    { rows: number; fresh: number; singles: number; seen: string }[]
  >`
    WITH single AS (SELECT count(*) AS count FROM bulk_single)
    SELECT (count(b.no) + min(single.count))::int AS rows, min(single.count)::int AS singles,
      count(b.no) FILTER (WHERE NOT is_same)::int AS fresh,
      concat_ws('.', count(b.no) + min(single.count), count(o.id), count(o.current_revision_id),
        coalesce(sum(o.current_revision_id), 0)) AS seen
    FROM single LEFT JOIN bulk b ON true
    LEFT JOIN observations o ON o.id = b.observation_id AND NOT b.is_new`
  if (!row) throw new Error('An aggregate has one row.')
  return row
}

async function addRevisions(
  tx: Transaction,
  uploadId: string,
  { attribution, reason, commit, after, upTo }: Part,
): Promise<number> {
  return tx.$executeRaw`
    WITH today AS MATERIALIZED (SELECT (now() AT TIME ZONE 'Asia/Karachi')::date AS day)
    INSERT INTO revisions (observation_id, commit_no, kind, value, value_text, status, "precision",
      source_id, note, reason, period_label, author_id, approver_id, proposal_id, released_on,
      recorded_on, known_on)
    SELECT b.observation_id, ${commit}, 'publication', f.value_text::numeric, f.value_text, f.status,
      f."precision", b.source_id, f.note,
      CASE WHEN f.line IN (SELECT line FROM bulk_warned) THEN ${reason} ELSE '' END, f.period_label,
      ${attribution.authorId}, ${attribution.approverId}, ${attribution.proposalId}, f.released_on,
      today.day, coalesce(f.released_on, today.day)
    FROM bulk b JOIN staged_figures f ON f.upload_id = ${uploadId} AND f.no = b.no
      AND f.no > ${after} AND f.no <= ${upTo}, today
    WHERE NOT b.is_same AND b.no > ${after} AND b.no <= ${upTo} ORDER BY b.no`
}

/** Observations of the file that have more than this one revision show the current one. */
async function showRevisions(tx: Transaction): Promise<void> {
  await tx.$executeRaw`CREATE INDEX ON bulk (observation_id)`
  const size = 20_000
  for (let after = 0; ; ) {
    const touched = await tx.$queryRaw<{ id: number }[]>`
      SELECT DISTINCT observation_id AS id FROM bulk
      WHERE NOT is_same AND observation_id > ${after} ORDER BY 1 LIMIT ${size}`
    if (touched.length === 0) return
    await refreshCurrent(
      tx,
      touched.map(({ id }) => id),
    )
    after = touched.at(-1)?.id ?? 0
  }
}
