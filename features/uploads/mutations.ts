import { createHash, randomUUID } from 'node:crypto'
import { ActorRefused, readScopes, recheck } from '@/features/accounts/data'
import { inScope, may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { OwnApproval } from '@/features/figures/mutations'
import { readCodeLists, readToday } from '@/features/imports/data'
import { rowChecker } from '@/features/imports/rules'
import { judgeStaged } from '@/features/judging/data'
import { holdFourEyes } from '@/features/settings/data'
import { fourEyesHold } from '@/features/settings/rules'
import { countProblems } from '@/features/staging/data'
import {
  addProblems,
  clearStage,
  countStage,
  findPublished,
  judgeStage,
  orderProblems,
  publishStage,
  refuseRepeats,
  StageMoved,
  StagingWriter,
} from '@/features/staging/mutations'
import { writeBytes } from '@/lib/db/bytes'
import type { Database, Transaction } from '@/lib/db/client'
import { withBulkConnection } from '@/lib/db/copy'
import { fail, ok, type Problem, type Result } from '@/lib/result'
import { mostColumns, TableProblem, TextSniffer } from '@/lib/text-table'
import { readBeginning, readImportWords, readUpload, tableOf, workbookOf } from './data'
import {
  columnName,
  guessHeader,
  guessMapping,
  headerProblem,
  mediaOf,
  missingTargets,
  mostTitleRows,
  problemCode,
  rowTranslator,
  shapeOf,
} from './rules'
import {
  keptDays,
  largestUpload,
  type Mapping,
  type Media,
  mapping as mappingSchema,
  type Reading,
  reading as readingSchema,
  type Sheet,
  type Tallies,
  type Upload,
} from './schema'

// Keeping files

const chunkBytes = 1024 * 1024

/**
 * Keeps a file as its bytes arrive, and guesses how it is read and what its columns hold. Refuses
 * with `forbidden`, `fileMissing`, `tooLarge`, what `mediaOf` and `lookInto` refuse with; then
 * nothing of it is kept.
 */
export async function keepUpload(
  database: Database,
  actor: Actor,
  file: { name: string; bytes: AsyncIterable<Uint8Array>; whole?: Promise<void> },
): Promise<Result<string>> {
  if (!may(actor.role, 'figures.propose')) return fail('forbidden')
  await removeExpired(database)
  const id = randomUUID()
  await database.upload.create({
    data: {
      id,
      ownerId: actor.userId,
      fileName: plainName(file.name),
      media: 'csv',
      size: 0,
      sha256: '',
      reading: {},
      expiresAt: new Date(Date.now() + 3_600_000),
    },
  })
  try {
    const read = await keepBytes(database, id, file.bytes)
    const kept = read.ok ? await lookInto(database, id, actor, read.value) : read
    if (kept.ok) await file.whole
    else await database.upload.delete({ where: { id } })
    return kept
  } catch (error) {
    await database.upload.delete({ where: { id } })
    return asProblem(error)
  }
}

/** The last part of a name, without what cannot be seen. */
const plainName = (name: string) =>
  (name.split(/[\\/]/).at(-1) ?? '')
    .replace(/[\p{C}]/gu, '')
    .trim()
    .slice(-120) || 'file'

async function keepBytes(
  database: Database,
  id: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<Result<Partial<Reading>>> {
  const sniffer = new TextSniffer()
  const hash = createHash('sha256')
  let pending: Uint8Array[] = []
  let [pendingSize, size, no] = [0, 0, 0]
  let media: Media | null = null
  const store = async (): Promise<Problem | null> => {
    const whole = Buffer.concat(pending)
    if (no === 0) {
      const found = mediaOf(whole)
      if (!found.ok) return found.problem
      media = found.value
    }
    await writeBytes('INSERT INTO upload_chunks (upload_id, no, bytes) VALUES ($1, $2, $3)', [
      id,
      no,
      whole,
    ])
    pending = []
    pendingSize = 0
    no += 1
    return null
  }
  for await (const piece of bytes) {
    size += piece.length
    const most = largestUpload[media ?? 'csv']
    if (size > most) return fail('tooLarge', { most: most / 1_000_000 })
    hash.update(piece)
    sniffer.write(piece)
    pending.push(piece)
    pendingSize += piece.length
    const problem = pendingSize >= chunkBytes ? await store() : null
    if (problem) return { ok: false, problem }
  }
  const problem = pendingSize > 0 ? await store() : null
  if (problem) return { ok: false, problem }
  if (!media) return fail('empty')
  await database.upload.update({
    where: { id },
    data: { media, size, sha256: hash.digest('hex') },
  })
  return ok(media === 'csv' ? sniffer.end() : {})
}

/** Reads the beginning of a file with a guess of how it is written; answers the file's id. */
async function lookInto(
  database: Database,
  id: string,
  actor: Actor,
  guess: Partial<Reading>,
): Promise<Result<string>> {
  const reading: Reading = {
    encoding: 'utf-8',
    delimiter: ',',
    sheet: '',
    headerLine: 0,
    withHidden: true,
    decimalComma: false,
    ...guess,
  }
  const { media } = await database.upload.findUniqueOrThrow({
    where: { id },
    select: { media: true },
  })
  const book = media === 'xlsx' ? await workbookOf(id) : null
  const sheets: Sheet[] = []
  for (const sheet of book?.sheets ?? []) {
    sheets.push({ ...sheet, hiddenColumns: (await book?.hiddenColumns(sheet.name)) ?? [] })
  }
  reading.sheet = (sheets.find(({ isHidden }) => !isHidden) ?? sheets[0])?.name ?? ''
  const looked = await look({ id, media: media as Media, reading })
  // Its first sheet may be a cover: another one can be chosen.
  if (!looked.ok && sheets.length < 2) return looked
  const found = looked.ok ? looked.value : { reading, header: [], shape: shapeOf([]) }
  await database.upload.update({
    where: { id },
    data: {
      sheets: sheets as object[],
      ...found,
      mapping: await mappingFor(database, actor.userId, found.header),
      expiresAt: new Date(Date.now() + keptDays * 86_400_000),
    },
  })
  return ok(id)
}

/** Finds the row that names the columns, unless `reading` says which one it is. */
async function look(
  upload: Pick<Upload, 'id' | 'media' | 'reading'>,
): Promise<Result<{ reading: Reading; header: string[]; shape: string }>> {
  const rows = await readBeginning(upload, mostTitleRows)
  const headerLine = upload.reading.headerLine || guessHeader(rows)
  const reading = { ...upload.reading, headerLine }
  const [header, first] = await readBeginning({ ...upload, reading }, 2)
  if (!header) return fail(upload.reading.headerLine > 1 ? 'noRows' : 'empty')
  const problem = headerProblem(header.cells, mostColumns)
  if (problem) return { ok: false, problem }
  if (!first) return fail('noRows')
  const names = header.cells.map((name) => name.replace(/\s+/g, ' ').trim().slice(0, 200))
  return ok({ reading, header: names, shape: shapeOf(names) })
}

/** The mapping that somebody used for files of this shape, else a guess by the header. */
async function mappingFor(
  database: Database,
  ownerId: string,
  header: readonly string[],
): Promise<Mapping> {
  const known = await database.uploadMapping.findUnique({
    where: { ownerId_shape: { ownerId, shape: shapeOf(header) } },
  })
  return known ? mappingSchema.catch({}).parse(known.mapping) : guessMapping(header)
}

/** Files whose days are over go away with all that was found in them. */
export async function removeExpired(database: Database): Promise<void> {
  const gone = await database.$queryRaw<{ id: string }[]>`
    DELETE FROM uploads WHERE expires_at < now()
      AND (run IS NULL OR beat_at < now() - interval '1 hour') RETURNING id`
  for (const { id } of gone) await clearStage(database, id)
}

/** Throws a file away, with all that was found in it. */
export async function discardUpload(
  database: Database,
  actor: Actor,
  id: string,
): Promise<Result<null>> {
  const upload = await readUpload(actor, id, database)
  if (!upload) return fail('missing')
  if (upload.isAlive) return fail('atWork')
  await database.upload.delete({ where: { id } })
  await clearStage(database, id)
  return ok(null)
}

/**
 * Reads a file in another way. Keeps the way even where the file cannot be read so. Refuses with
 * `missing`, `atWork` and what `look` refuses with.
 */
export async function readAnew(
  database: Database,
  actor: Actor,
  id: string,
  input: unknown,
): Promise<Result<null>> {
  const upload = await changeable(database, actor, id)
  const reading = readingSchema.safeParse(input)
  if (!upload || !reading.success) return fail('missing')
  const [now, before] = [reading.data, upload.reading]
  // Another sheet has its header elsewhere.
  const isSame = (['sheet', 'encoding', 'delimiter'] as const).every(
    (way) => now[way] === before[way],
  )
  const asked = isSame ? now : { ...now, headerLine: 0 }
  const looked = await look({ ...upload, reading: asked }).catch(asProblem)
  if (!looked.ok) return looked
  const isOther = looked.value.shape !== upload.shape
  const mapping = isOther
    ? await mappingFor(database, actor.userId, looked.value.header)
    : upload.mapping
  await database.upload.update({
    where: { id },
    data: { ...looked.value, mapping, state: 'kept', tallies: {} },
  })
  return ok(null)
}

function asProblem(error: unknown): { ok: false; problem: Problem } {
  if (error instanceof TableProblem) return { ok: false, problem: error.problem }
  throw error
}

/** Keeps what the columns of a file hold, for this file and the next ones of its shape. */
export async function mapColumns(
  database: Database,
  actor: Actor,
  id: string,
  mapping: Mapping,
): Promise<Result<null>> {
  const upload = await changeable(database, actor, id)
  if (!upload) return fail('missing')
  await database.upload.update({ where: { id }, data: { mapping, state: 'kept', tallies: {} } })
  const key = { ownerId: actor.userId, shape: upload.shape }
  await database.uploadMapping.upsert({
    where: { ownerId_shape: key },
    create: { ...key, mapping },
    update: { mapping, usedAt: new Date() },
  })
  return ok(null)
}

async function changeable(database: Database, actor: Actor, id: string): Promise<Upload | null> {
  const upload = await readUpload(actor, id, database)
  if (!upload || upload.isAlive || upload.ownerId !== actor.userId) return null
  return upload.state === 'committed' ? null : upload
}

// Work in the background

const mostRuns = 3

/** Takes a file for one piece of work; null where it is taken, done with, or too much is under way. */
async function begin(
  database: Database,
  id: string,
  state: 'checking' | 'committing',
  from: readonly string[],
): Promise<Run | null> {
  const run = randomUUID()
  const taken = await database.$executeRaw`
    UPDATE uploads SET state = ${state}::upload_state, run = ${run}, stop_asked = false,
      rows_done = 0, problem = NULL, beat_at = now()
    WHERE id = ${id} AND (state::text = ANY(${[...from]}::text[])
        OR (state IN ('checking', 'committing') AND beat_at < now() - interval '30 seconds'))
      AND (SELECT count(*) FROM uploads WHERE run IS NOT NULL
        AND beat_at > now() - interval '30 seconds') < ${mostRuns}`
  return taken > 0 ? new Run(database, id, run) : null
}

/** Somebody asked to stop, or the file was taken from this run. */
class Stopped extends Error {}

const patient = { timeout: 1_800_000, maxWait: 10_000 }

async function bePatient(tx: Transaction): Promise<void> {
  await tx.$executeRaw`
    SELECT set_config('statement_timeout', '15min', true), set_config('lock_timeout', '5min', true),
      set_config('idle_in_transaction_session_timeout', '2min', true),
      set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`
}

/** One piece of work with a file. */
class Run {
  #isStopped = false
  #transaction: { pid: number; begun: string } | null = null

  constructor(
    private readonly database: Database,
    readonly uploadId: string,
    readonly name: string,
  ) {}

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Tells that work goes on, and how far it is. @throws Stopped */
  async beat(rows?: number): Promise<void> {
    const [row] = await this.database.$queryRaw<{ stop: boolean }[]>`
      UPDATE uploads SET beat_at = now(), rows_done = coalesce(${rows ?? null}::int, rows_done)
      WHERE id = ${this.uploadId} AND run = ${this.name} RETURNING stop_asked AS stop`
    if (row && !row.stop) return
    this.#isStopped = true
    throw new Stopped()
  }

  /** Removes what was staged, unless somebody else has taken the file since. */
  async clear(): Promise<void> {
    const mine = await this.database.upload.count({ where: { id: this.uploadId, run: this.name } })
    if (mine > 0) await clearStage(this.database, this.uploadId)
  }

  /** A transaction that ends where somebody asks to stop, in the middle of what it does. */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.$transaction(async (tx) => {
      await bePatient(tx)
      const [own] = await tx.$queryRaw<{ pid: number; begun: string }[]>`
        SELECT pg_backend_pid() AS pid, now()::text AS begun`
      this.#transaction = own ?? null
      try {
        const done = await work(tx)
        if (this.#isStopped) throw new Stopped()
        return done
      } finally {
        this.#transaction = null
      }
    }, patient)
  }

  /** Beats, and cancels what the transaction asks just then where it is to stop. */
  async watch(): Promise<void> {
    try {
      await this.beat()
    } catch (error) {
      if (!(error instanceof Stopped) || !this.#transaction) return
      const { pid, begun } = this.#transaction
      await this.database.$queryRaw`
        SELECT pg_cancel_backend(pid) FROM pg_stat_activity
        WHERE pid = ${pid} AND xact_start = ${begun}::timestamptz`
    }
  }
}

/** Ends work within seconds. Nothing of it stays. */
export async function askToStop(database: Database, actor: Actor, id: string): Promise<void> {
  const upload = await readUpload(actor, id, database)
  if (upload) await database.upload.update({ where: { id }, data: { stopAsked: true } })
}

async function end(
  database: Database,
  { uploadId, name }: Run,
  outcome: {
    state: Upload['state']
    problem?: Problem | null
    tallies?: Tallies
    commitNo?: number
  },
): Promise<void> {
  const { state, problem = null, tallies, commitNo = null } = outcome
  await database.$executeRaw`
    UPDATE uploads SET state = ${state}::upload_state, run = NULL, stop_asked = false,
      problem = ${problem && JSON.stringify(problem)}::jsonb, commit_no = ${commitNo},
      tallies = coalesce(${tallies ? JSON.stringify(tallies) : null}::jsonb, tallies)
    WHERE id = ${uploadId} AND run = ${name}`
}

const beatEvery = 2_000

/**
 * Runs a piece of work and notes how it ended. While it runs, a heart beats every few seconds, so
 * that work whose process was killed is told from work that takes long.
 */
async function work(
  database: Database,
  run: Run,
  stopped: Upload['state'],
  what: () => Promise<Parameters<typeof end>[2]>,
): Promise<void> {
  const heart = setInterval(() => run.watch().catch(console.error), beatEvery)
  try {
    await end(database, run, await what())
  } catch (thrown) {
    const error = run.isStopped ? new Stopped() : thrown
    const state = error instanceof Stopped ? stopped : 'failed'
    if (!isExpected(error)) console.error(error)
    const problem =
      error instanceof TableProblem
        ? error.problem
        : { code: error instanceof Stopped ? 'stopped' : codeOf(error) }
    await end(database, run, { state, problem }).catch(console.error)
  } finally {
    clearInterval(heart)
  }
}

const isExpected = (error: unknown) =>
  [Stopped, TableProblem, ActorRefused, OwnApproval].some((kind) => error instanceof kind)

function codeOf(error: unknown): string {
  if (error instanceof ActorRefused) return 'forbidden'
  return error instanceof OwnApproval ? 'fourEyes' : 'unavailable'
}

// Checking

/** Checks a file in the background. Refuses with `missing`, `unmapped`, `busy`. */
export async function startCheck(
  database: Database,
  actor: Actor,
  id: string,
): Promise<Result<{ finished: Promise<void> }>> {
  const upload = await changeable(database, actor, id)
  if (!upload) return fail('missing')
  if (missingTargets(upload.mapping).length > 0) return fail('unmapped')
  const run = await begin(database, id, 'checking', ['kept', 'checked', 'waiting', 'failed'])
  if (!run) return fail('busy')
  const finished = work(database, run, 'kept', async () => ({
    state: 'checked',
    tallies: await check(database, actor, upload, run),
  }))
  return ok({ finished })
}

async function check(database: Database, actor: Actor, upload: Upload, run: Run): Promise<Tallies> {
  await clearStage(database, upload.id)
  try {
    const read = await stage(database, actor, upload, run)
    return await judgeRows(actor, upload, run, read)
  } catch (error) {
    await run.clear()
    throw error
  }
}

function judgeRows(
  actor: Actor,
  upload: Upload,
  run: Run,
  read: Awaited<ReturnType<typeof stage>>,
): Promise<Tallies> {
  return run.transaction(async (tx) => {
    await recheck(tx, actor)
    await countStage(tx)
    const column = columnName(upload, 'value')
    await refuseRepeats(tx, upload.id, column)
    for await (const findings of judgeStaged(tx, upload.id)) {
      await addProblems(
        tx,
        upload.id,
        findings.map(({ finding: { code, params, severity }, line, figure }) => ({
          line,
          column,
          value: figure.value,
          severity,
          code: `checks.${code}`,
          params: { ...params, unit: figure.unit },
        })),
      )
    }
    await orderProblems(tx, upload.id)
    const tallies = await judgeStage(tx, upload.id)
    const judgedAt = await judgedState(tx)
    return { ...read, ...tallies, judgedAt, ...(await countProblems(tx, upload.id)) }
  })
}

/** Another one means that the rules could say something else about the same figures. */
async function judgedState(tx: Transaction): Promise<string> {
  const [row] = await tx.$queryRaw<{ state: string }[]>`
    SELECT concat_ws('.', (SELECT max(no) FROM commits), (SELECT count(*) FROM rule_versions),
      (SELECT count(*) FROM areas), (now() AT TIME ZONE 'Asia/Karachi')::date) AS state`
  return row?.state ?? ''
}

/** Reads, translates and checks all rows; what is right is staged, of what is not the problems. */
async function stage(database: Database, actor: Actor, upload: Upload, run: Run) {
  const [codes, words, today, scopes] = await database.$transaction(async (tx) => [
    await readCodeLists(tx),
    await readImportWords(tx),
    await readToday(tx),
    await readScopes(tx, actor.userId),
  ])
  const { header, mapping, reading } = upload
  const options = { header, mapping, words, today, decimalComma: reading.decimalComma }
  const translate = rowTranslator(options)
  const checkRow = rowChecker(codes, today)
  let [rows, hidden, formulas, isHeader, beatAt] = [0, 0, 0, true, 0]
  await withBulkConnection(async (connection) => {
    const writer = new StagingWriter(connection, upload.id)
    let flushed = Promise.resolve()
    for await (const batch of tableOf(upload)) {
      for (const row of batch) {
        if (isHeader) {
          isHeader = false
          continue
        }
        if (row.isHidden) hidden += 1
        formulas += row.formulas ?? 0
        if (row.isHidden && !reading.withHidden) continue
        rows += 1
        const { line } = row
        const add = (column: string, value: string, { code, params = {} }: Problem) =>
          writer.addProblem({ line, column, value, severity: 'error', code, params })
        const extra = row.cells.slice(header.length).some((cell) => cell.trim() !== '')
        if (extra || row.cells.length < header.length) {
          const params = { found: row.cells.length, expected: header.length }
          add('', '', { code: 'imports.ragged', params })
          continue
        }
        const checked = checkRow(translate(row))
        if (!checked.ok) {
          for (const problem of checked.problems)
            add(problem.column, problem.value, { ...problem, code: problemCode(problem) })
        } else if (inScope(scopes, checked.figure)) {
          writer.addFigure({ no: rows, line, figure: checked.figure, period: checked.period })
        } else
          add(columnName(upload, 'programme'), checked.figure.programme, {
            code: 'imports.outOfScope',
          })
      }
      // The next rows are read while PostgreSQL takes these.
      await flushed
      flushed = writer.flush()
      flushed.catch(() => {})
      if (performance.now() - beatAt < beatEvery / 4) continue
      await run.beat(rows)
      beatAt = performance.now()
    }
    await flushed
  })
  const { media, id } = upload
  const hasLinks = media === 'xlsx' && (await workbookOf(id)).hasLinks
  return { rows, hidden, formulas, hasLinks }
}

// Publishing

/** Sends a checked file to somebody else who may publish it. */
export async function sendForApproval(
  database: Database,
  actor: Actor,
  id: string,
  reason: string,
): Promise<Result<null>> {
  const upload = await changeable(database, actor, id)
  if (upload?.state !== 'checked' || !upload.tallies) return fail('missing')
  const problem = unready(upload.tallies, reason)
  if (problem) return { ok: false, problem }
  await database.upload.update({ where: { id }, data: { state: 'waiting', reason } })
  return ok(null)
}

/** Gives a file that waits for approval back to who brought it. */
export async function returnUpload(
  database: Database,
  actor: Actor,
  id: string,
): Promise<Result<null>> {
  const upload = await readUpload(actor, id, database)
  if (upload?.state !== 'waiting') return fail('missing')
  await database.upload.update({ where: { id }, data: { state: 'checked' } })
  return ok(null)
}

function unready(tallies: Tallies, reason: string): Problem | null {
  if (tallies.problems > 0) return { code: 'refused' }
  if (tallies.new + tallies.changed === 0) return { code: 'nothingNew' }
  return tallies.warnings > 0 && reason.trim() === '' ? { code: 'reasonMissing' } : null
}

/**
 * Publishes a checked file in the background, all of it or nothing. The author is who brought it.
 * Refuses with `missing`, `refused`, `nothingNew`, `reasonMissing`, `fourEyes`, `busy`.
 */
export async function startCommit(
  database: Database,
  actor: Actor,
  id: string,
  reason: string,
): Promise<Result<{ finished: Promise<void> }>> {
  const upload = await readUpload(actor, id, database)
  if (!upload?.tallies || !may(actor.role, 'figures.propose')) return fail('missing')
  const isOwn = upload.ownerId === actor.userId
  if (!isOwn && !may(actor.role, 'proposals.review')) return fail('missing')
  const why = upload.state === 'waiting' ? upload.reason : reason
  const problem = unready(upload.tallies, why)
  if (problem) return { ok: false, problem }
  const setting = await database.$transaction((tx) => holdFourEyes(tx))
  if (isOwn && fourEyesHold(setting, actor.role)) return fail('fourEyes')
  const before = upload.state
  const run = await begin(database, id, 'committing', ['checked', 'waiting'])
  if (!run) return fail('busy')
  const stopped = before === 'waiting' ? 'waiting' : 'checked'
  const finished = work(database, run, stopped, () =>
    commit(database, actor, { ...upload, reason: why.replace(/\s+/g, ' ').trim() }, run),
  ).then(() => clearCommitted(database, id))
  return ok({ finished })
}

/** What was staged has been published. Where it cannot be removed now, it goes with the file. */
async function clearCommitted(database: Database, id: string): Promise<void> {
  try {
    const isDone = await database.upload.count({ where: { id, state: 'committed' } })
    if (isDone > 0) await clearStage(database, id)
  } catch (error) {
    console.error(error)
  }
}

async function commit(database: Database, actor: Actor, upload: Upload, run: Run) {
  const { tallies, mapping, reading, sha256, ownerId, reason } = upload
  if (!tallies) throw new Error('A file was committed before it was checked.')
  const what = createHash('sha256').update(JSON.stringify([sha256, mapping, reading, reason]))
  const idempotencyKey = `import:${what.digest('hex')}`
  const committed = ({ commit, revisions }: { commit: number; revisions: number }) => ({
    state: 'committed' as const,
    commitNo: commit,
    tallies: { ...tallies, new: revisions },
  })
  try {
    const published = await run.transaction(async (tx) => {
      await recheck(tx, actor)
      if (!(await findPublished(tx, idempotencyKey)))
        await judgeAgain(tx, ownerId, upload.id, tallies)
      return publishStage(tx, actor, upload.id, {
        message: upload.fileName,
        idempotencyKey,
        attribution: { authorId: ownerId, approverId: actor.userId, proposalId: null },
        reason,
        rows: tallies.rows,
        seen: tallies.seen,
        step: (done) => run.beat(Math.floor(tallies.rows * done)),
      })
    })
    return committed(published)
  } catch (error) {
    if (error instanceof StageMoved) return { state: 'kept' as const, problem: { code: 'moved' } }
    if (isExpected(error) || run.isStopped) throw error
    // A connection that was cut while it committed does not tell whether it has.
    const published = await findPublished(database, idempotencyKey).catch(() => null)
    if (!published) throw error
    return committed(published)
  }
}

/** Rules, limits of people and the record may have changed since the file was checked. */
async function judgeAgain(
  tx: Transaction,
  authorId: string,
  uploadId: string,
  tallies: Tallies,
): Promise<void> {
  if ((await judgedState(tx)) !== tallies.judgedAt) {
    let warnings = 0
    for await (const findings of judgeStaged(tx, uploadId)) {
      if (findings.some(({ finding }) => finding.severity === 'error')) throw new StageMoved()
      warnings += findings.length
    }
    if (warnings !== tallies.warnings) throw new StageMoved()
  }
  const scopes = await readScopes(tx, authorId)
  if (scopes.length === 0) return
  const places = await tx.stagedFigure.groupBy({
    by: ['programmeCode', 'academyCode'],
    where: { uploadId },
  })
  const isOutside = places.some(
    ({ programmeCode, academyCode }) =>
      !inScope(scopes, { programme: programmeCode, academy: academyCode }),
  )
  if (isOutside) throw new StageMoved()
}
