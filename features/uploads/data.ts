import { pipeline, Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { readCatalogue } from '@/features/catalogue/data'
import { kinds, precisions, roles, sexes, statuses } from '@/features/figures/schema'
import { problemsByLine, readProblems, readStaged } from '@/features/staging/data'
import type { Outcome, StagedProblem } from '@/features/staging/schema'
import { safeCell, withoutFormulaGuard } from '@/lib/csv'
import { readBytes } from '@/lib/db/bytes'
import { type Database, database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { type Locale, locales, type Namespace, translator } from '@/lib/i18n'
import { TableProblem, type TableRow, textRows } from '@/lib/text-table'
import { openWorkbook, type Workbook } from '@/lib/workbook'
import {
  type CodeTarget,
  type ImportWords,
  mostTitleRows,
  ownColumns,
  reportNames,
  wordKey,
} from './rules'
import { type Media, mapping, reading, type Sheet, type Tallies, type Upload } from './schema'

const aliveSeconds = 30

type Row = Omit<Upload, 'createdAt' | 'expiresAt' | 'tallies' | 'mapping' | 'reading'> & {
  createdAt: Date
  expiresAt: Date
  tallies: object
  mapping: unknown
  reading: unknown
}

const columns = `u.id, u.owner_id AS "ownerId", p.name AS "ownerName", u.file_name AS "fileName",
  u.media, u.size, u.sha256, u.state::text, u.sheets, u.reading, u.header, u.shape, u.mapping,
  u.rows_done AS "rowsDone", u.tallies, u.problem, u.reason, u.commit_no AS "commitNo",
  u.created_at AS "createdAt", u.expires_at AS "expiresAt",
  u.run IS NOT NULL AND u.beat_at > now() - interval '${aliveSeconds} seconds' AS "isAlive"`

function toUpload({ createdAt, expiresAt, tallies, ...row }: Row): Upload {
  return {
    ...row,
    media: row.media as Media,
    sheets: row.sheets as Sheet[],
    reading: reading.parse(row.reading),
    mapping: mapping.catch({}).parse(row.mapping),
    tallies: 'rows' in tallies ? (tallies as Tallies) : null,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
}

/** Whether somebody may see a file: its owner, admins, and who may approve what waits for that. */
export function maySee(actor: Actor, upload: Pick<Upload, 'ownerId' | 'state'>): boolean {
  if (upload.ownerId === actor.userId || may(actor.role, 'people.manage')) return true
  return upload.state === 'waiting' && may(actor.role, 'proposals.review')
}

/** A file that somebody may see; null for any other. */
export async function readUpload(
  actor: Actor,
  id: string,
  database: Database | Transaction = sharedDatabase(),
): Promise<Upload | null> {
  const [row] = await database.$queryRawUnsafe<Row[]>(
    `SELECT ${columns} FROM uploads u JOIN users p ON p.id = u.owner_id
    WHERE u.id = $1 AND u.expires_at > now() AND u.shape <> ''`,
    id,
  )
  const upload = row && toUpload(row)
  return upload && maySee(actor, upload) ? upload : null
}

/** Files that somebody brought or may approve, the newest first. */
export async function uploadsFor(actor: Actor, most: number): Promise<Upload[]> {
  const rows = await sharedDatabase().$queryRawUnsafe<Row[]>(
    `SELECT ${columns} FROM uploads u JOIN users p ON p.id = u.owner_id
    WHERE u.expires_at > now() AND u.shape <> ''
      AND (u.owner_id = $1 OR ($2 AND u.state = 'waiting'))
    ORDER BY u.created_at DESC, u.id LIMIT $3`,
    actor.userId,
    may(actor.role, 'proposals.review'),
    most,
  )
  return rows.map(toUpload)
}

/** Indicators that the commit of a file has touched; none where it is not published. */
export async function committedIndicators(
  id: string,
  database: Database = sharedDatabase(),
): Promise<string[]> {
  const rows = await database.$queryRaw<{ code: string }[]>`
    SELECT DISTINCT o.indicator_code AS code FROM uploads u
    JOIN revisions r ON r.commit_no = u.commit_no JOIN observations o ON o.id = r.observation_id
    WHERE u.id = ${id}`
  return rows.map(({ code }) => code)
}

const pieceBytes = 128 * 1024

/** The bytes of a file, in pieces small enough that what is made of one is gone before the next. */
export async function* readChunks(id: string): AsyncGenerator<Uint8Array> {
  for (let no = 0; ; no++) {
    for (let from = 1; ; from += pieceBytes) {
      const piece = await readBytes(
        `SELECT substring(bytes FROM $3 FOR ${pieceBytes}) FROM upload_chunks
        WHERE upload_id = $1 AND no = $2`,
        [id, no, from],
      )
      if (!piece) return
      if (piece.length > 0) yield piece
      if (piece.length < pieceBytes) break
    }
  }
}

type ReadableUpload = Pick<Upload, 'id' | 'media' | 'reading'>

/** The rows of a file as it is read, its header among them, in batches. */
export async function* tableOf(upload: ReadableUpload): AsyncGenerator<TableRow[]> {
  const { reading, media, id } = upload
  if (media === 'csv') yield* textFrom(textRows(readChunks(id), reading), reading)
  else yield* (await workbookOf(id)).rows(reading.sheet, reading)
}

/** Without the titles that stand above the names of the columns. */
async function* textFrom(
  batches: AsyncGenerator<TableRow[]>,
  { headerLine }: Upload['reading'],
): AsyncGenerator<TableRow[]> {
  for await (const batch of batches) {
    const isBelow = (batch[0]?.line ?? 0) >= headerLine
    yield isBelow ? batch : batch.filter(({ line }) => line >= headerLine)
  }
}

export async function workbookOf(id: string): Promise<Workbook> {
  const chunks: Uint8Array[] = []
  for await (const chunk of readChunks(id)) chunks.push(chunk)
  return openWorkbook(Buffer.concat(chunks))
}

/** The header and the first rows of a file. */
export async function readBeginning(upload: ReadableUpload, most: number): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for await (const batch of tableOf(upload)) {
    rows.push(...batch.slice(0, most))
    if (rows.length >= most) break
  }
  return rows.slice(0, most)
}

const pageRows = 50

/** A page of rows, and where the next one begins. */
async function pageOf<Row extends { no: number }>(
  read: (page: { after: number; limit: number }) => Promise<Row[]>,
  after: number,
): Promise<{ rows: Row[]; next: number | null }> {
  const found = await read({ after, limit: pageRows + 1 })
  const rows = found.slice(0, pageRows)
  return { rows, next: found.length > pageRows ? (rows.at(-1)?.no ?? null) : null }
}

export const problemPage = (id: string, severity: 'error' | 'warning', after: number) =>
  pageOf((page) => readProblems(sharedDatabase(), id, severity, page), after)

export const stagedPage = (id: string, outcome: Outcome, after: number) =>
  pageOf((page) => readStaged(sharedDatabase(), id, outcome, page), after)

/**
 * The first rows of a file, of which one names the columns, and the first below that one; none
 * where they cannot be read.
 */
export async function sampleOf(upload: Upload): Promise<{ first: TableRow[]; below: TableRow[] }> {
  const whole = { ...upload, reading: { ...upload.reading, headerLine: 0 } }
  try {
    return {
      first: await readBeginning(whole, mostTitleRows),
      below: (await readBeginning(upload, 6)).slice(1),
    }
  } catch (error) {
    if (error instanceof TableProblem) return { first: [], below: [] }
    throw error
  }
}

/** The words that people may write for codes: the codes, their names, and words of every language. */
export async function readImportWords(database: Transaction): Promise<ImportWords> {
  const [names, academies] = await Promise.all([
    readCatalogue(database),
    database.academyVersion.findMany({ orderBy: { commitNo: 'asc' } }),
  ])
  const codes = {
    indicator: wordsOf([
      ...names.indicators,
      ...names.aliases.map(({ alias }) => ({ code: alias, name: {} })),
    ]),
    programme: wordsOf(names.programmes),
    area: wordsOf(names.areas),
    academy: wordsOf([
      { code: '_T', name: {} },
      ...academies.map(({ academyCode, name }) => ({ code: academyCode, name: Object(name) })),
    ]),
    unit: wordsOf(names.units),
    ...fixedWords(),
  } satisfies Record<CodeTarget, ReadonlyMap<string, readonly string[]>>
  return {
    codes,
    aliases: new Map(names.aliases.map(({ alias, ...rest }) => [alias, rest])),
    defaults: new Map(
      names.indicators.map(({ code, defaultKind, defaultUnit }) => [
        code,
        { kind: defaultKind, unit: defaultUnit },
      ]),
    ),
  }
}

function wordsOf(
  list: readonly { code: string; name: object }[],
): ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, string[]>()
  const add = (word: string, code: string) => {
    const key = wordKey(word)
    const codes = known.get(key) ?? []
    if (key && !codes.includes(code)) known.set(key, [...codes, code])
  }
  for (const { code, name } of list) {
    add(code, code)
    for (const word of Object.values(name)) if (typeof word === 'string') add(word, code)
  }
  return known
}

/** Words for the short lists, from `imports.words`. */
function fixedWords() {
  return {
    sex: shortList(sexes, 'imports.words.sex'),
    role: shortList(roles, 'imports.words.role'),
    kind: shortList(kinds, 'imports.words.kind'),
    status: shortList(statuses, 'imports.words.status'),
    precision: shortList(precisions, 'imports.words.precision'),
  }
}

function shortList(codes: readonly string[], namespace: Namespace) {
  return wordsOf(
    codes.map((code) => ({
      code,
      name: locales.flatMap((locale) =>
        String(translator(locale, namespace).raw(code as never)).split('|'),
      ),
    })),
  )
}

/**
 * A checked file as CSV, with the row (of a workbook: its sheet too) and what is wrong with it beside
 * each row: once it is mended it can be brought again as it is. Problems come in the order of the rows.
 */
export function reportCsv(
  upload: Upload,
  locale: Locale,
  say: (problem: Pick<StagedProblem, 'code' | 'params' | 'column'>) => string,
  database: Database = sharedDatabase(),
): Readable {
  // Some texts of the file may be guarded already.
  const cell = (text: string) => safeCell(withoutFormulaGuard(text))
  const csv = stringify({ bom: true, record_delimiter: '\r\n', cast: { string: cell } })
  pipeline(Readable.from(reportLines(database, upload, locale, say)), csv, () => {})
  return csv
}

async function* reportLines(
  database: Database,
  upload: Upload,
  locale: Locale,
  say: (problem: StagedProblem) => string,
): AsyncGenerator<string[]> {
  const wrong = problemsByLine(database, upload.id)
  let next = await wrong.next()
  let isHeader = true
  const own = ownColumns(upload.header).length
  const { sheet, row, problems } = reportNames(locale)
  const inSheet = upload.reading.sheet ? [upload.reading.sheet] : []
  const before = (cells: readonly string[]) => {
    // A row that is too long stays whole, unless an earlier report stands at its end.
    const kept = own < upload.header.length ? cells.slice(0, own) : [...cells]
    while (kept.length < own) kept.push('')
    return kept
  }
  for await (const batch of tableOf(upload)) {
    for (const { line, cells } of batch) {
      if (isHeader) yield [...before(cells), ...inSheet.map(() => sheet), row, problems]
      else {
        while (!next.done && next.value.line < line) next = await wrong.next()
        const found = !next.done && next.value.line === line ? next.value.problems : []
        yield [...before(cells), ...inSheet, String(line), found.map(say).join(' ')]
      }
      isHeader = false
    }
  }
}
