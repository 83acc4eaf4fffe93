import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemActor } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { hasCatalogue } from '@/features/catalogue/data'
import { completeCatalogue, createCatalogue } from '@/features/catalogue/mutations'
import { catalogueContent } from '@/features/catalogue/schema'
import { addRulesOfRates } from '@/features/checks/mutations'
import { downloadColumns } from '@/features/downloads/schema'
import { publishFigures } from '@/features/figures/mutations'
import { figureColumns } from '@/features/figures/schema'
import { readCsv } from '@/lib/csv'
import type { Database, Transaction } from '@/lib/db/client'
import { ok, type Problem, type Result } from '@/lib/result'
import { readCodeLists, readToday } from './data'
import { type CodeLists, checkFigures, fromOwn, fromPublished, type ImportRow } from './rules'
import { type ImportProblem, publishedColumns } from './schema'

export type ImportOutcome =
  | { ok: true; commit: number; rows: number; revisions: number }
  | { ok: false; problems: (ImportProblem | Problem)[] }

const importTimeout = { timeout: 600_000, maxWait: 10_000 }

/**
 * Imports a file of figures, in one commit or not at all. A file in Shumar's own columns or in
 * those of a list of published figures; the header tells which. Importing a file twice changes
 * nothing.
 */
export async function importFigures(
  database: Database,
  actor: Actor,
  file: { bytes: Uint8Array; name: string; publishedUnits?: ReadonlyMap<string, string> },
): Promise<ImportOutcome> {
  return database.$transaction((tx) => importFile(tx, actor, file), importTimeout)
}

async function importFile(
  tx: Transaction,
  actor: Actor,
  file: { bytes: Uint8Array; name: string; publishedUnits?: ReadonlyMap<string, string> },
): Promise<ImportOutcome> {
  await bePatient(tx)
  const codes = await readCodeLists(tx, file.publishedUnits)
  const today = await readToday(tx)
  const rows = readRows(file.bytes, codes, today)
  if (!rows.ok) return { ok: false, problems: [rows.problem] }
  const checked = checkFigures(rows.value, codes, today)
  if (!checked.ok) return checked
  const publication = await publishFigures(tx, actor, checked.figures, {
    kind: 'import',
    message: file.name,
    idempotencyKey: `import:${createHash('sha256').update(file.bytes).digest('hex')}`,
  })
  return {
    ok: true,
    commit: publication.commit,
    rows: checked.figures.length,
    revisions: publication.isNew ? publication.revisions.length : 0,
  }
}

/** A large file takes longer, and may wait longer, than anything a reader waits for. */
async function bePatient(tx: Transaction): Promise<void> {
  await tx.$executeRaw`
    SELECT set_config('statement_timeout', '5min', true), set_config('lock_timeout', '5min', true)`
}

/** What our own download says beside its figures, and follows from them. */
const downloadOnly = [...downloadColumns.slice(figureColumns.length), 'guarded']

function readRows(bytes: Uint8Array, codes: CodeLists, today: string): Result<ImportRow[]> {
  const own = readCsv(bytes, { required: figureColumns, optional: downloadOnly })
  if (own.ok) return ok(fromOwn(own.value))
  const published = readCsv(bytes, { required: publishedColumns })
  if (!published.ok) return looksPublished(bytes) ? published : own
  return ok(fromPublished(published.value, codes, today))
}

/** Which of two complaints helps more: the one about the kind of file this was meant to be. */
function looksPublished(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, 2000)).includes('published_on')
}

/**
 * Gives an empty database the first content (prisma/content), through the same checks as any
 * import. A catalogue that is there already is given what a newer release has added.
 */
export async function loadFirstContent(
  database: Database,
  folder = join(process.cwd(), 'prisma', 'content'),
): Promise<{ loaded: boolean; figures: number }> {
  const content = catalogueContent.parse(
    JSON.parse(await readFile(join(folder, 'catalogue.json'), 'utf8')),
  )
  const bytes = await readFile(join(folder, 'figures.csv'))
  return database.$transaction(async (tx) => {
    // Two servers that start at once: the second one waits until the first is through.
    await bePatient(tx)
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('shumar first content'))`
    const actor = await systemActor(database)
    if (await hasCatalogue(tx)) {
      await completeCatalogue(tx, actor, content)
      await addRulesOfRates(tx, actor)
      return { loaded: false, figures: 0 }
    }
    await createCatalogue(tx, actor, content)
    await addRulesOfRates(tx, actor)
    const outcome = await importFile(tx, actor, {
      bytes,
      name: 'figures.csv',
      publishedUnits: new Map(content.units.map((unit) => [unit.published, unit.code])),
    })
    if (!outcome.ok) throw new Error(`First content: ${JSON.stringify(outcome.problems[0])}`)
    return { loaded: true, figures: outcome.rows }
  }, importTimeout)
}
