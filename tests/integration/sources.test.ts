import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemActor } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { verifyAudit } from '@/features/audit/data'
import { publishFigures } from '@/features/figures/mutations'
import { loadFirstContent } from '@/features/imports/mutations'
import {
  readCopy,
  readLinks,
  readSource,
  readSourceNotes,
  readSources,
} from '@/features/sources/data'
import { checkSources, storeCopy } from '@/features/sources/mutations'
import { largestCopy } from '@/features/sources/schema'
import type { Database } from '@/lib/db/client'
import { type ProbeOptions, probeLink } from '@/lib/link-probe'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase
let database: Database
let reviewer: Actor
let editor: Actor

let years = 1900

/** Publishes a figure of its own from a page, and gives the number of its source. */
async function cite(url: string): Promise<number> {
  years += 1
  const title = `Page ${years}`
  const actor = await systemActor(database)
  await database.$transaction((tx) =>
    publishFigures(
      tx,
      actor,
      [
        {
          role: 'actual',
          indicator: 'ICT_EXPORTS',
          programme: '_Z',
          area: 'PK',
          academy: '_T',
          sex: '_T',
          kind: 'flow',
          unit: 'USD_MILLION',
          period: `${years}`,
          value: '5',
          status: 'A',
          precision: 'exact',
          source: { publisher: 'Dawn', title, publishedLabel: '2022-05-11', url },
          note: '',
          reason: '',
          periodLabel: '',
          releasedOn: '2022-05-11',
        },
      ],
      { kind: 'import', message: '', idempotencyKey: randomUUID() },
    ),
  )
  return (await database.source.findFirstOrThrow({ where: { title } })).id
}

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
  await loadFirstContent(database)
  reviewer = await newActor(database, 'reviewer')
  editor = await newActor(database, 'editor')
})

afterAll(() => test.drop())

describe('a source', () => {
  it('has a page with every figure that rests on it', async () => {
    const id = await cite('https://example.org/a')
    const source = await readSource(id, database)
    expect(source?.figures).toHaveLength(1)
    expect(source?.figures[0]).toMatchObject({ value: '5', isCurrent: true })
    const found = await readSources('EXAMPLE.ORG/a', database)
    expect(found).toMatchObject([{ id, figures: 1, copies: 0, check: null }])
  })

  it('is not public while only proposals cite it', async () => {
    const { id } = await database.source.create({ data: { publisher: 'Secret', title: 'Embargo' } })
    expect(await readSource(id, database)).toBeNull()
    expect(await readSources('Secret', database)).toEqual([])
    const kept = await storeCopy(database, reviewer, { ...copy, sourceId: id })
    expect(kept).toMatchObject({ ok: false, problem: { code: 'sourceMissing' } })
  })
})

const text = Buffer.from('Pakistan has 93 academies.')
const copy = { bytes: text, fileName: 'dawn.txt', capturedOn: '2026-01-02', note: '' }

describe('a stored copy', () => {
  it('is kept once, as it is, with its hash', async () => {
    const sourceId = await cite('https://example.org/copied')
    const sha256 = createHash('sha256').update(text).digest('hex')
    const stored = await storeCopy(database, reviewer, { ...copy, sourceId })
    expect(stored).toEqual({ ok: true, value: { sha256, isNew: true } })
    const again = await storeCopy(database, reviewer, { ...copy, sourceId, fileName: 'other.txt' })
    expect(again).toEqual({ ok: true, value: { sha256, isNew: false } })

    const kept = await readCopy(sourceId, sha256, database)
    expect(kept).toMatchObject({ fileName: 'dawn.txt', mediaType: 'text/plain', size: text.length })
    expect(Buffer.from(kept?.bytes ?? []).equals(text)).toBe(true)
    expect((await readSource(sourceId, database))?.copies).toHaveLength(1)
    const other = await cite('https://example.org/other')
    expect(await readCopy(other, sha256, database)).toBeNull()
  })

  it('may be as large as the limit, and no larger', async () => {
    const sourceId = await cite('https://example.org/large')
    const bytes = Buffer.alloc(largestCopy, 'A figure. ')
    expect(await storeCopy(database, reviewer, { ...copy, sourceId, bytes })).toMatchObject({
      ok: true,
    })
    const more = Buffer.concat([bytes, Buffer.from('.')])
    const refused = await storeCopy(database, reviewer, { ...copy, sourceId, bytes: more })
    expect(refused).toMatchObject({ problem: { code: 'fileTooLarge' } })
  })

  it('is refused from an editor, of another type, and from a day to come', async () => {
    const sourceId = await cite('https://example.org/refused')
    const problem = async (actor: Actor, changes: object) => {
      const stored = await storeCopy(database, actor, { ...copy, sourceId, ...changes })
      return stored.ok ? null : stored.problem.code
    }
    expect(await problem(editor, {})).toBe('forbidden')
    expect(await problem(reviewer, { bytes: Buffer.from('PK\x03\x04') })).toBe('fileType')
    expect(await problem(reviewer, { capturedOn: '2999-01-01' })).toBe('capturedInFuture')
    await database.user.update({ where: { id: reviewer.userId }, data: { active: false } })
    expect(await problem(reviewer, {})).toBe('forbidden')
    await database.user.update({ where: { id: reviewer.userId }, data: { active: true } })
  })

  it('cannot be changed, removed or forged, also past the application', async () => {
    const appendOnly = /append-only/
    const change = database.$executeRaw`UPDATE source_copies SET note = 'x'`
    await expect(change).rejects.toThrow(appendOnly)
    await expect(database.$executeRaw`DELETE FROM source_copies`).rejects.toThrow(appendOnly)
    await expect(database.$executeRaw`TRUNCATE source_copies`).rejects.toThrow(appendOnly)
    await expect(database.$executeRaw`
      INSERT INTO source_copies (source_id, sha256, media_type, file_name, size, bytes, captured_on,
        stored_by_id)
      SELECT source_id, repeat('0', 64), media_type, file_name, size, bytes, captured_on,
        stored_by_id
      FROM source_copies LIMIT 1`).rejects.toThrow(/sha256_check/)
    const { problems } = await verifyAudit(database)
    expect(problems.filter(({ subject }) => subject.startsWith('source_'))).toEqual([])
  })
})

describe('a check of links', () => {
  let server: Server
  let home: string
  let asked: string[] = []
  let atOnce = 0
  let mostAtOnce = 0

  async function answer(request: IncomingMessage): Promise<[number, Record<string, string>?]> {
    const [, first = '', rest = ''] = request.url?.split('/') ?? []
    if (first === 'hop')
      return [302, { Location: Number(rest) > 1 ? `/hop/${Number(rest) - 1}` : '/page' }]
    if (first === 'nohead') return [request.method === 'HEAD' ? 405 : 200]
    if (first === 'slow') await sleep(500)
    if (first === 'inside') return [302, { Location: 'http://169.254.169.254/latest/meta-data' }]
    return [Number(first) || 200]
  }

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      atOnce += 1
      mostAtOnce = Math.max(mostAtOnce, atOnce)
      asked.push(`${request.method} ${request.url} ${request.headers['user-agent']}`)
      const [status, headers] = await answer(request)
      atOnce -= 1
      response.writeHead(status, headers).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    home = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  })

  afterAll(() => {
    server.close()
  })

  beforeEach(() => {
    asked = []
  })

  const probe = (path: string, options: Partial<ProbeOptions> = {}) =>
    probeLink(`${home}${path}`, { userAgent: 'Test', allowPrivate: true, ...options })

  it('asks with HEAD, then with GET where that is refused, and says who asks', async () => {
    expect(await probe('/page')).toEqual({ status: 200, error: '', finalUrl: `${home}/page` })
    expect(asked).toEqual(['HEAD /page Test'])
    expect(await probe('/nohead')).toMatchObject({ status: 200 })
    expect(await probe('/404')).toMatchObject({ status: 404 })
  })

  it('follows five redirects and not a sixth', async () => {
    expect(await probe('/hop/5')).toEqual({ status: 200, error: '', finalUrl: `${home}/page` })
    expect(await probe('/hop/6')).toMatchObject({ status: null, error: 'TOO_MANY_REDIRECTS' })
  })

  it('gives up on a slow server', async () => {
    expect(await probe('/slow', { timeout: 50 })).toMatchObject({ status: null, error: 'TIMEOUT' })
  })

  it('never asks this machine or a network near it, not by name nor by redirect', async () => {
    const guarded = { allowPrivate: false }
    const refused = { status: null, error: 'PRIVATE_ADDRESS' }
    expect(await probe('/page', guarded)).toMatchObject(refused)
    const name = home.replace('127.0.0.1', 'localhost')
    expect(await probeLink(name, { userAgent: 'Test' })).toMatchObject(refused)
    expect(await probeLink('http://[::1]/', { userAgent: 'Test' })).toMatchObject(refused)
    expect(await probeLink('http://2130706433/', { userAgent: 'Test' })).toMatchObject(refused)
    expect(asked).toEqual([])
    expect(await probeLink('file:///etc/passwd', { userAgent: 'Test' })).toMatchObject({
      error: 'NOT_A_WEB_ADDRESS',
    })
  })

  it('records what each cited address answered, one request to a host at a time', async () => {
    // The addresses of the first content are not for tests to ask.
    for (const { sources } of await readLinks(database, 0)) {
      await database.sourceCheck.createMany({
        data: sources.map((sourceId) => ({ sourceId, outcome: 'alive' as const, status: 200 })),
      })
    }
    const alive = await cite(`${home}/page`)
    const twin = await cite(`${home}/page`)
    const dead = await cite(`${home}/404`)
    const moved = await cite(`${home}/hop/1`)
    const gone = await cite('http://gone.invalid/page')
    // The slow one of an earlier test may still be under way.
    await vi.waitUntil(() => atOnce === 0)
    mostAtOnce = 0
    const check = (hours: number, isOnline = true) =>
      checkSources(database, {
        hours,
        pause: 0,
        ask: async (url) =>
          url.startsWith(home) && isOnline
            ? probeLink(url, { userAgent: 'Test', allowPrivate: true })
            : { status: null, error: 'ENOTFOUND', finalUrl: url },
      })
    expect(await check(24, false)).toMatchObject({ alive: 0, dead: 0, unsure: 0, offline: 4 })
    expect(await check(24)).toEqual({ alive: 1, moved: 1, dead: 1, unsure: 1, offline: 0 })
    expect(asked.filter((line) => line.startsWith('HEAD /page'))).toHaveLength(2)
    expect(mostAtOnce).toBe(1)

    const notes = await readSourceNotes([alive, twin, dead, moved, gone], database)
    expect(notes.get(twin)?.check).toMatchObject({ outcome: 'alive', status: 200, finalUrl: '' })
    expect(notes.get(dead)?.check).toMatchObject({ outcome: 'dead', status: 404 })
    expect(notes.get(moved)?.check).toMatchObject({ outcome: 'moved', finalUrl: `${home}/page` })
    expect(notes.get(gone)?.check).toMatchObject({ outcome: 'unsure', error: 'ENOTFOUND' })

    expect(await check(24)).toEqual({ alive: 0, moved: 0, dead: 0, unsure: 0, offline: 0 })
    await database.$executeRaw`
      INSERT INTO source_checks (source_id, outcome, error, checked_at)
      VALUES (${gone}, 'unsure', 'ENOTFOUND', now() - INTERVAL '2 days'),
        (${alive}, 'alive', '', now() - INTERVAL '2 days')`
    expect(await check(24)).toMatchObject({ alive: 1, dead: 1 })
    await expect(database.$executeRaw`DELETE FROM source_checks`).rejects.toThrow(/append-only/)
  })
})
