import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { verifyAudit } from '@/features/audit/data'
import { loadFirstContent } from '@/features/imports/mutations'
import { connect } from '@/lib/db/client'
import { migrate } from '@/lib/db/migrate'
import { figuresOfRelease, rowsOfImport } from './fault-writer'
import { type OwnPostgres, ownPostgres } from './own-postgres'

type Kind = 'save' | 'import' | 'release' | 'download'

export interface Told {
  rounds: { writer: number; database: number }
  begun: Record<Kind, number>
  done: Record<Kind, number>
  failed: number
  /** Milliseconds from the start of the killed database to its first answer: the longest. */
  slowestRecovery: number
}

const root = resolve(import.meta.dirname, '../..')

interface Writer {
  ready: Promise<unknown>
  /** Ends it; fails where it had ended by itself, with what it said last. */
  kill(): Promise<void>
}

function startWriter(url: string, from: number, hear: (words: string[]) => void): Writer {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/support/fault-writer.ts'], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: url, FAULTS_FROM: String(from) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let last = ''
  child.stderr.on('data', (text) => {
    last = `${last}${text}`.slice(-4_000)
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const ready = Promise.race([
    new Promise<void>((done) => lines.on('line', (line) => line === 'ready' && done())),
    exited.then(([code]) => Promise.reject(new Error(`The writer ended (${code}): ${last}`))),
  ])
  ready.catch(() => {})
  lines.on('line', (line) => hear(line.split(' ')))
  return {
    ready,
    async kill() {
      child.kill('SIGKILL')
      const [code, signal] = await exited
      if (signal !== 'SIGKILL') throw new Error(`The writer had ended (${code}): ${last}`)
    },
  }
}

/** What must hold after every kill, whatever was under way. */
async function nothingHalfDone(server: OwnPostgres) {
  const [faults] = await server.query(`
    SELECT
      (SELECT count(*)::int FROM proposals p WHERE p.state = 'published'
        AND (SELECT count(*) FROM revisions r WHERE r.proposal_id = p.id) <> 1) AS published_without_revision,
      (SELECT count(*)::int FROM revisions r JOIN proposals p ON p.id = r.proposal_id
        WHERE p.state <> 'published') AS revision_of_unpublished,
      (SELECT count(*)::int FROM observations o WHERE o.current_revision_id IS NULL) AS without_revision,
      (SELECT count(*)::int FROM commits c WHERE NOT EXISTS
        (SELECT FROM audit_entries a WHERE a.commit_no = c.no)) AS commits_without_audit,
      (SELECT count(*)::int FROM (
        SELECT s.publisher FROM revisions r JOIN sources s ON s.id = r.source_id
        WHERE s.publisher ~ '^[0-9a-f]{8}-[0-9a-f-]{27}$' GROUP BY s.publisher HAVING count(*) <> ${rowsOfImport}) x) AS half_imports,
      (SELECT count(*)::int FROM (
        SELECT p.release_id FROM proposals p JOIN releases l ON l.id = p.release_id
        WHERE l.state = 'published' GROUP BY p.release_id
        HAVING count(*) FILTER (WHERE p.state = 'published') <> ${figuresOfRelease}) x) AS half_releases,
      (SELECT count(*)::int FROM proposals p JOIN releases l ON l.id = p.release_id
        WHERE l.state <> 'published' AND p.state = 'published') AS early_figures,
      (SELECT count(*)::int FROM
        ((TABLE series EXCEPT TABLE series_now) UNION ALL (TABLE series_now EXCEPT TABLE series)) x) AS wrong_series,
      (SELECT count(*)::int FROM
        ((TABLE series_shares EXCEPT TABLE series_shares_now)
          UNION ALL (TABLE series_shares_now EXCEPT TABLE series_shares)) x) AS wrong_shares`)
  expect(faults).toEqual({
    published_without_revision: 0,
    revision_of_unpublished: 0,
    without_revision: 0,
    commits_without_audit: 0,
    half_imports: 0,
    half_releases: 0,
    early_figures: 0,
    wrong_series: 0,
    wrong_shares: 0,
  })
}

async function everythingAcknowledged(server: OwnPostgres, told: Record<Kind, Set<string>>) {
  // The writer goes on: what it hears after we have asked is not in the answer.
  const done = structuredClone(told)
  const ids = async (sql: string) => new Set((await server.query(sql)).map(({ id }) => String(id)))
  const stored: Record<Exclude<Kind, 'download'>, Set<string>> = {
    save: await ids("SELECT id FROM proposals WHERE state = 'published'"),
    import: await ids(
      'SELECT DISTINCT s.publisher AS id FROM revisions r JOIN sources s ON s.id = r.source_id',
    ),
    release: await ids("SELECT id FROM releases WHERE state = 'published'"),
  }
  for (const kind of ['save', 'import', 'release'] as const) {
    const lost = [...done[kind]].filter((id) => !stored[kind].has(id))
    expect({ kind, lost }).toEqual({ kind, lost: [] })
  }
}

/**
 * Kills a process that saves, imports, releases and downloads, and the database under it, by turns
 * and at random moments, and sees after each kill that nothing acknowledged is lost and nothing
 * half done is visible.
 */
export async function killRounds(rounds: number, log?: (line: string) => void): Promise<Told> {
  const server = await ownPostgres()
  const done: Record<Kind, Set<string>> = {
    save: new Set(),
    import: new Set(),
    release: new Set(),
    download: new Set(),
  }
  const begun = { save: 0, import: 0, release: 0, download: 0 }
  const ended = { save: 0, import: 0, release: 0, download: 0 }
  const told = { writer: 0, database: 0 }
  let failed = 0
  let slowestRecovery = 0
  const hear = ([what = '', kind = '', id = '']: string[]) => {
    if (what === 'begin') begun[kind as Kind] += 1
    if (what === 'failed') failed += 1
    if (what !== 'done') return
    ended[kind as Kind] += 1
    done[kind as Kind].add(id)
  }
  let writer: Writer | undefined
  try {
    await migrate(server.url)
    const database = connect(server.url)
    await loadFirstContent(database)
    for (const role of ['admin', 'reviewer', 'editor'] as const) {
      const person = { id: role, name: role, email: `${role}@example.org`, role }
      await database.user.create({ data: person })
    }
    await database.$disconnect()
    for (let round = 0; round < rounds; round++) {
      if (!writer) {
        writer = startWriter(server.url, round * 1_500, hear)
        await writer.ready
      }
      await sleep(300 + Math.random() * 1_500)
      if (round % 2 === 0) {
        await server.kill()
        const began = performance.now()
        await server.start()
        slowestRecovery = Math.max(slowestRecovery, performance.now() - began)
        told.database += 1
      } else {
        await writer.kill()
        // What it had said is still on its way to us.
        await sleep(50)
        writer = undefined
        told.writer += 1
      }
      await nothingHalfDone(server)
      await everythingAcknowledged(server, done)
      if ((round + 1) % 10 === 0) log?.(`${round + 1} kills: ${JSON.stringify({ begun, ended })}`)
    }
    await writer?.kill()
    expect(done.download).not.toContain('CUT')
    const after = connect(server.url)
    const { problems } = await verifyAudit(after).finally(() => after.$disconnect())
    expect(problems).toEqual([])
    return { rounds: told, begun, done: ended, failed, slowestRecovery }
  } finally {
    await writer?.kill().catch(() => {})
    await server.discard()
  }
}
