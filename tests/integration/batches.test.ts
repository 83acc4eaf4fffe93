import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { GET as getObservations, POST } from '@/app/api/v1/observations/route'
import { GET as getSet } from '@/app/api/v1/sets/[id]/route'
import { actorOf, actorOfToken, tokenHash } from '@/features/accounts/data'
import type { Actor, UserRole } from '@/features/accounts/schema'
import { verifyAudit } from '@/features/audit/data'
import { fingerprintOf, takeBatch } from '@/features/batches/mutations'

import { figuresCsv } from '@/features/files/data'
import { loadFirstContent } from '@/features/imports/mutations'
import { countInMinute } from '@/features/limits/mutations'
import { readMembers, readPublic, readSet } from '@/features/sets/data'
import { decideSet } from '@/features/sets/mutations'
import { seenOf } from '@/features/sets/rules'
import { changeSettings } from '@/features/settings/mutations'
import type { FourEyes } from '@/features/settings/schema'
import { revokeToken } from '@/features/tokens/mutations'
import { connect, type Database } from '@/lib/db/client'
import { newSecretToken } from '@/lib/secret-token'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

const { request, expired } = vi.hoisted(() => ({
  request: { headers: new Headers() },
  expired: [] as string[],
}))
vi.mock('next/headers', () => ({ headers: async () => request.headers }))
vi.mock('next/cache', () => ({
  cacheLife: () => {},
  cacheTag: () => {},
  revalidateTag: (tag: string) => expired.push(tag),
}))

let home: TestDatabase
let database: Database
let admin: Actor

beforeAll(async () => {
  home = await testDatabase()
  database = home.database
  await loadFirstContent(database)
  admin = await newActor(database, 'admin')
})

afterAll(async () => {
  const shared = globalThis as { shumarDatabase?: Database; shumarStreams?: Pool }
  await shared.shumarDatabase?.$disconnect()
  await shared.shumarStreams?.end()
  await home.drop()
})

beforeEach(async () => {
  vi.stubEnv('DATABASE_URL', home.url)
  vi.stubEnv('SHUMAR_URL', 'https://stats.example.org')
  vi.stubEnv('SHUMAR_SECRET', 'a secret of the tests, long enough and unused elsewhere')
  request.headers = new Headers()
  expired.length = 0
  await database.reportCount.deleteMany()
  await hold('editors')
})

const hold = (fourEyes: FourEyes) => changeSettings(database, admin, { fourEyes })

interface Given {
  mayPublish?: boolean
  programmes?: string[]
  owner?: Actor
}

/** A token, made without the password that its page asks for. */
async function tokenOf(
  role: UserRole,
  { mayPublish = true, programmes = [], owner }: Given = {},
): Promise<{ secret: string; id: string; owner: Actor }> {
  const person = owner ?? (await newActor(database, role))
  const [secret, id] = [newSecretToken('shumar'), randomUUID()]
  await database.apiToken.create({
    data: {
      id,
      userId: person.userId,
      name: 'Enrolment system',
      tokenHash: tokenHash(secret),
      mayPublish,
      scopes: programmes.map((programme) => ({ programme, academy: null })),
      expiresAt: new Date(Date.now() + 86_400_000),
    },
  })
  return { secret, id, owner: person }
}

const deactivate = ({ userId }: Actor) =>
  database.user.update({ where: { id: userId }, data: { active: false } })

let taken = 0

/** A month that no other test uses. */
function freshMonth(): string {
  taken += 1
  return new Date(Date.UTC(1950, taken, 1)).toISOString().slice(0, 7)
}

const row = (changes: Record<string, unknown> = {}) => ({
  indicator: 'TRAINING_SLOTS',
  programme: 'PSEB',
  area: 'PK',
  period: freshMonth(),
  value: '120',
  publisher: 'PSEB',
  title: 'Places counted',
  source_date: '2024-05-11',
  ...changes,
})

interface Sent {
  key?: string | null
  headers?: Record<string, string>
  query?: string
}

function post(secret: string, body: BodyInit, { key, headers, query = '' }: Sent = {}) {
  const named: Record<string, string> =
    key === null ? {} : { 'idempotency-key': `"${key ?? randomUUID()}"` }
  return POST(
    new Request(`https://stats.example.org/api/v1/observations${query}`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        ...(secret && { authorization: `Bearer ${secret}` }),
        ...named,
        ...headers,
      },
    }),
  )
}

const batch = (rows: readonly unknown[], changes: object = {}) =>
  JSON.stringify({ message: 'The May count', observations: rows, ...changes })

// biome-ignore lint/suspicious/noExplicitAny: what came over the wire is looked at, not used
type Answer = { status: number; headers: Headers; body: any }

async function send(secret: string, rows: readonly unknown[], sent: Sent & { more?: object } = {}) {
  return read(await post(secret, batch(rows, sent.more), sent))
}

async function read(response: Response): Promise<Answer> {
  const { status, headers } = response
  return { status, headers, body: JSON.parse(await response.text()) }
}

const keyOf = (given: ReturnType<typeof row>) => ({
  role: 'actual' as const,
  indicator: given.indicator,
  programme: given.programme,
  area: given.area,
  academy: '_T',
  sex: '_T',
  kind: 'flow' as const,
  unit: 'PLACES_PER_YEAR',
  period: given.period,
})

const publicValue = async (given: ReturnType<typeof row>) =>
  (await readPublic([keyOf(given)], database))[0]?.value ?? null

const stored = async () => ({
  revisions: await database.revision.count(),
  sets: await database.figureSet.count(),
  answers: await database.keptAnswer.count(),
})

describe('what the product remembers', () => {
  // As another instance does, over a connection of its own.
  const elsewhere = async (work: (other: Database) => Promise<unknown>) => {
    const other = connect(home.url)
    await work(other).finally(() => other.$disconnect())
  }

  it('is read again for the next batch once the catalogue was changed elsewhere', async () => {
    const { secret } = await tokenOf('admin')
    const given = row({ programme: 'ELSEWHERE' })
    expect((await send(secret, [given])).status).toBe(422)
    await elsewhere(
      (other) =>
        other.$executeRaw`INSERT INTO programmes (code, position) VALUES ('ELSEWHERE', 99)`,
    )
    expect((await send(secret, [given])).status).toBe(201)
    // A change that is taken back is none.
    await elsewhere((other) =>
      other
        .$transaction(async (tx) => {
          await tx.$executeRaw`INSERT INTO programmes (code, position) VALUES ('NOWHERE', 99)`
          expect((await send(secret, [row({ programme: 'NOWHERE' })])).status).toBe(422)
          throw new Error('taken back')
        })
        .catch(() => {}),
    )
    expect((await send(secret, [row({ programme: 'NOWHERE' })])).status).toBe(422)
  })

  it('is read again once a rule was changed elsewhere', async () => {
    const { secret } = await tokenOf('admin')
    expect((await send(secret, [row()])).status).toBe(201)
    const change = (min: string) =>
      elsewhere(
        (other) => other.$executeRaw`
          INSERT INTO rule_versions (code, version, kind, parameters, severity)
          SELECT code, version + 1, kind, jsonb_build_object('min', ${min}::text), severity
          FROM rule_versions WHERE code = 'NEGATIVE' ORDER BY version DESC LIMIT 1`,
      )
    await change('1000')
    const refused = await send(secret, [row()])
    await change('0')
    expect(refused.status).toBe(422)
    expect((await send(secret, [row()])).status).toBe(201)
  })
})

describe('a batch', () => {
  it('is published in one commit, and says what became of each row', async () => {
    const { secret, owner } = await tokenOf('admin')
    const [first, second] = [row(), row({ value: '1,130.50', note: 'As counted' })]
    const { status, headers, body } = await send(secret, [first, second])
    expect(status).toBe(201)
    expect(body).toMatchObject({
      outcome: 'published',
      commit: expect.any(Number),
      counts: { rows: 2, new: 2, changed: 0, same: 0, refused: 0, conflicts: 0, warnings: 0 },
      rows: [
        { row: 1, outcome: 'new', observation: expect.any(Number), revision: expect.any(String) },
        { row: 2, outcome: 'new' },
      ],
    })
    expect(headers.get('location')).toBe(body.set.address)
    expect(await publicValue(second)).toBe('1130.50')
    expect(expired).toContain('figures:TRAINING_SLOTS')
    const revision = await database.revision.findUniqueOrThrow({
      where: { id: Number(body.rows[0].revision) },
    })
    expect(revision).toMatchObject({ authorId: owner.userId, commitNo: body.commit })
    expect((await verifyAudit(database)).problems).toEqual([])
  })

  it('adds nothing where the record says it already, also after a correction', async () => {
    const { secret } = await tokenOf('admin')
    const given = row()
    await send(secret, [given])
    const again = await send(secret, [given])
    expect(again).toMatchObject({ status: 200, body: { outcome: 'unchanged', set: null } })
    await send(secret, [{ ...given, value: '130' }], { more: { reason: 'Recounted' } })
    const late = await send(secret, [given])
    expect(late.body).toMatchObject({ outcome: 'unchanged', rows: [{ outcome: 'same' }] })
    expect(await publicValue(given)).toBe('130')
  })

  it('takes back what this API has given, and changes what was changed in it', async () => {
    const { secret } = await tokenOf('admin')
    const given = row()
    await send(secret, [given])
    const address =
      'https://stats.example.org/api/v1/observations?indicator=TRAINING_SLOTS&programme=PSEB&limit=1000'
    const { body } = await read(await getObservations(new Request(address)))
    const own = body.observations.find((one: { period: string }) => one.period === given.period)
    expect((await send(secret, [own])).body).toMatchObject({ outcome: 'unchanged' })
    const changed = { ...own, value: '121', expected_revision: own.revision }
    expect((await send(secret, [changed])).body).toMatchObject({ rows: [{ outcome: 'changed' }] })
  })

  it('knows undated figures by their source', async () => {
    const { secret } = await tokenOf('admin')
    const given = row({ period: '_U', title: `Undated ${randomUUID()}` })
    const first = await send(secret, [given, { ...given, title: `${given.title} too` }])
    expect(first.body).toMatchObject({ counts: { new: 2 } })
    const second = await send(secret, [{ ...given, value: '121' }])
    expect(second.body).toMatchObject({ rows: [{ outcome: 'changed' }] })
    expect(second.body.rows[0].observation).toBe(first.body.rows[0].observation)
  })

  it('takes our own download as it is, and a value changed in it', async () => {
    const { secret } = await tokenOf('admin')
    await send(secret, [row(), row({ note: '-5 is not a formula' })])
    const csv = await text(
      await figuresCsv({ indicator: ['TRAINING_SLOTS'], programme: ['PSEB'] }, null),
    )
    const sent = { headers: { 'content-type': 'text/csv; charset=utf-8' }, query: '?message=All' }
    const same = await read(await post(secret, csv, sent))
    expect(same.body).toMatchObject({ outcome: 'unchanged', counts: { refused: 0, new: 0 } })
    const [header = '', first = ''] = csv.split('\n')
    const changed = first.replace(/,120,/, ',125,')
    const one = await read(
      await post(secret, `${header}\r\n${changed}\r\n`, { ...sent, query: '?message=One' }),
    )
    expect(one.body).toMatchObject({ rows: [{ row: 1, line: 2, outcome: 'changed' }] })
  })
})

describe('who may send what', () => {
  it.each<[UserRole, boolean, FourEyes, string]>([
    ['editor', false, 'off', 'in_review'],
    ['editor', true, 'off', 'published'],
    ['editor', true, 'editors', 'in_review'],
    ['reviewer', true, 'editors', 'in_review'],
    ['reviewer', false, 'off', 'in_review'],
    ['admin', true, 'editors', 'published'],
    ['admin', false, 'editors', 'in_review'],
    ['admin', true, 'everyone', 'in_review'],
  ])(
    '%s, may publish %s, four eyes hold for %s: %s',
    async (role, mayPublish, fourEyes, outcome) => {
      await hold(fourEyes)
      const { secret } = await tokenOf(role, { mayPublish, programmes: ['PSEB'] })
      const given = row({ programme: 'PSEB_STP' })
      const dry = await send(secret, [given], { query: '?dryRun=true', key: null })
      expect(dry.body).toMatchObject({ outcome: 'checked', would: outcome })
      expect((await send(secret, [given])).body).toMatchObject({ outcome })
      const other = await send(secret, [row({ programme: 'KPITB' })])
      expect(other).toMatchObject({
        status: 422,
        body: { rows: [{ problems: [{ field: 'programme', code: 'imports.outOfScope' }] }] },
      })
    },
  )

  it('holds the limits of the person too, whatever those of the token', async () => {
    const owner = await newActor(database, 'editor')
    await database.userScope.create({ data: { userId: owner.userId, programmeCode: 'KPITB' } })
    const { secret } = await tokenOf('editor', { owner, programmes: ['PSEB', 'KPITB'] })
    expect((await send(secret, [row()])).status).toBe(422)
    expect((await send(secret, [row({ programme: 'KPITB_WOMEN' })])).status).toBe(202)
  })

  it('answers every token that does not work alike, and no cookie', async () => {
    const [late, ended, gone] = [
      await tokenOf('admin'),
      await tokenOf('admin'),
      await tokenOf('editor'),
    ]
    await database.apiToken.update({ where: { id: late.id }, data: { expiresAt: new Date() } })
    await revokeToken(database, admin, ended.id)
    await deactivate(gone.owner)
    const secrets = [late.secret, ended.secret, gone.secret, newSecretToken('shumar'), 'shumar_x']
    const answers = await Promise.all(secrets.map((secret) => send(secret, [row()])))
    for (const { status, headers, body } of answers) {
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toBe('Bearer realm="Shumar", error="invalid_token"')
      expect(body).toEqual(answers[0]?.body)
    }
    const bare = await post('', batch([row()]), { headers: { cookie: 'shumar.session_token=x' } })
    expect(bare.status).toBe(401)
    expect(bare.headers.get('www-authenticate')).toBe('Bearer realm="Shumar"')
  })

  it('refuses somebody deactivated after the request began', async () => {
    const { secret, owner } = await tokenOf('editor')
    const actor = await actorOfToken(database, new Headers({ authorization: `Bearer ${secret}` }))
    if (!actor) throw new Error('No actor.')
    await deactivate(owner)
    const late = await takeBatch(database, actor, sentBatch([row()]), sending())
    expect(late).toEqual({ ok: false, problem: { code: 'forbidden' } })
  })

  it('refuses what its person may not enter any more since it began to wait for them', async () => {
    const { secret, owner } = await tokenOf('editor')
    const actor = await actorOfToken(database, new Headers({ authorization: `Bearer ${secret}` }))
    if (!actor) throw new Error('No actor.')
    const late = await database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM users WHERE id = ${owner.userId} FOR UPDATE`
      await tx.userScope.create({ data: { userId: owner.userId, programmeCode: 'DIGISKILLS' } })
      const waiting = takeBatch(database, actor, sentBatch([row()]), sending())
      await sleep(300)
      return { waiting }
    })
    const taken = await late.waiting
    expect(
      taken.ok && taken.value.kind === 'refused' && taken.value.rows[0]?.problems,
    ).toMatchObject([{ code: 'imports.outOfScope' }])
  })

  it('counts requests that come at once, each of them', async () => {
    const limit = { what: 'token', whose: randomUUID(), most: 20 }
    const counted = await Promise.all(
      Array.from({ length: 30 }, () => countInMinute(database, [limit])),
    )
    expect(counted.map(({ ok }) => ok)).toEqual(Array.from({ length: 30 }, (_, n) => n < 20))
  })

  it('takes so many requests in a minute, and then says when to come back', async () => {
    const { secret, id } = await tokenOf('admin')
    const other = await tokenOf('admin')
    const knock = (by: string) => post(by, 'x', { headers: { 'content-type': 'text/plain' } })
    expect((await knock(secret)).status).toBe(415)
    await database.reportCount.updateMany({ data: { count: 120 } })
    const refused = await knock(secret)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await knock(other.secret)).status).toBe(415)
    expect(JSON.stringify(await database.reportCount.findMany())).not.toContain(id)
  })

  it('tells those who knock without a token apart by their connections, as readers', async () => {
    const knock = (peer: string, said = '') =>
      post('', 'x', { headers: { 'x-shumar-peer': peer, 'x-forwarded-for': said } })
    expect((await knock('192.0.2.1')).status).toBe(401)
    await database.reportCount.updateMany({ data: { count: 60 } })
    expect((await knock('192.0.2.1')).status).toBe(429)
    expect((await knock('192.0.2.1', '192.0.2.2')).status).toBe(429)
    expect((await knock('192.0.2.2')).status).toBe(401)
  })
})

const sending = (key: string | null = randomUUID()) => ({
  key,
  fingerprint: fingerprintOf(['one']),
  words:
    async () =>
    ({ code }: { code: string }) =>
      code,
  addressOf: (set: string) => `/api/v1/sets/${set}`,
})

const sentBatch = (rows: readonly unknown[]) => ({
  message: 'The May count',
  reason: '',
  isDry: false,
  rows: rows.map((fields) => ({ line: null, fields })),
})

describe('review', () => {
  const tell = async (secret: string, id: string) =>
    read(
      await getSet(
        new Request(`https://stats.example.org/api/v1/sets/${id}`, {
          headers: { authorization: `Bearer ${secret}` },
        }),
        { params: Promise.resolve({ id }) },
      ),
    )

  it('approves a batch as a set, of which its sender hears', async () => {
    const { secret } = await tokenOf('editor')
    const given = row()
    const sent = await send(secret, [given])
    expect(sent).toMatchObject({ status: 202, body: { outcome: 'in_review', commit: null } })
    expect(await publicValue(given)).toBeNull()
    const { id } = sent.body.set
    expect((await tell(secret, id)).body).toMatchObject({ state: 'in_review', commit: null })
    const reviewer = await newActor(database, 'reviewer')
    const seen = seenOf(await readPublic(await readMembers(id, database), database))
    await decideSet(database, reviewer, { id, step: 'approve', version: 1, seen, comment: '' })
    const told = await tell(secret, id)
    expect(told.body).toMatchObject({
      state: 'published',
      commit: expect.any(Number),
      token: 'Enrolment system',
      steps: [{ to: 'in_review' }, { to: 'published', by: 'A reviewer' }],
    })
    expect(await publicValue(given)).toBe('120')
  })

  it('returns it with a comment', async () => {
    const { secret } = await tokenOf('editor')
    const { id } = (await send(secret, [row()])).body.set
    const reviewer = await newActor(database, 'reviewer')
    const decision = { id, version: 1, seen: '', comment: 'Of which day?' }
    await decideSet(database, reviewer, { ...decision, step: 'return' })
    expect((await tell(secret, id)).body).toMatchObject({
      state: 'returned',
      steps: [{}, { comment: 'Of which day?' }],
    })
  })

  it('is no business of another token', async () => {
    const { secret } = await tokenOf('editor')
    const { id } = (await send(secret, [row()])).body.set
    const other = await tokenOf('admin')
    expect((await tell(other.secret, id)).status).toBe(404)
    expect((await tell(secret, randomUUID())).status).toBe(404)
    expect((await tell(secret, '../../x')).status).toBe(404)
    expect((await tell('shumar_x', id)).status).toBe(401)
  })
})

describe('a dry run', () => {
  it('says what would be, and stores nothing', async () => {
    const { secret } = await tokenOf('admin')
    const given = row()
    await send(secret, [given])
    const before = await stored()
    const rows = [given, { ...given, period: freshMonth() }]
    const dry = await send(secret, rows, { key: null, more: { dryRun: true } })
    expect(dry).toMatchObject({
      status: 200,
      body: {
        outcome: 'checked',
        would: 'published',
        counts: { same: 1, new: 1 },
        rows: [{ outcome: 'same' }, { outcome: 'new' }],
      },
    })
    const wrong = await send(secret, [row({ value: 'many' })], { key: null, query: '?dryRun=true' })
    expect(wrong.status).toBe(422)
    expect(await stored()).toEqual(before)
  })
})

describe('an idempotency key', () => {
  it('gives the first answer once more, and has no second effect', async () => {
    const { secret } = await tokenOf('admin')
    const [rows, key] = [[row()], randomUUID()]
    const first = await post(secret, batch(rows), { key })
    const before = await stored()
    const second = await post(secret, batch(rows), { key })
    expect(await second.text()).toBe(await first.text())
    expect(second.status).toBe(201)
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(await stored()).toEqual(before)
  })

  it('stands for one body', async () => {
    const { secret } = await tokenOf('admin')
    const key = randomUUID()
    await send(secret, [row()], { key })
    const other = await send(secret, [row()], { key })
    expect(other).toMatchObject({ status: 422, body: { parameter: 'Idempotency-Key' } })
  })

  it('belongs to one person, and outlives the token', async () => {
    const { secret, owner } = await tokenOf('admin')
    const [rows, key] = [[row()], randomUUID()]
    const first = await send(secret, rows, { key })
    const next = await tokenOf('admin', { owner })
    expect((await send(next.secret, rows, { key })).body).toEqual(first.body)
    const stranger = await tokenOf('admin')
    expect((await send(stranger.secret, rows, { key })).body.outcome).toBe('unchanged')
  })

  it('is free again after a refusal', async () => {
    const { secret } = await tokenOf('admin')
    const key = randomUUID()
    expect((await send(secret, [row({ value: 'many' })], { key })).status).toBe(422)
    expect((await send(secret, [row()], { key })).status).toBe(201)
  })

  it('has one effect when a hundred send it at once', async () => {
    const editor = await newActor(database, 'editor')
    const [sent, under] = [sentBatch([row(), row()]), sending()]
    const before = await stored()
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => takeBatch(database, editor, sent, under)),
    )
    const bodies = new Set(
      answers.flatMap((one) =>
        one.ok && one.value.kind === 'answered' ? one.value.answer.body : [],
      ),
    )
    expect(bodies.size).toBe(1)
    const others = answers.flatMap((one) => (one.ok ? [] : one.problem.code))
    expect(others.every((code) => code === 'underWay')).toBe(true)
    expect(await stored()).toEqual({
      ...before,
      sets: before.sets + 1,
      answers: before.answers + 1,
    })
  })

  it('loses none of many that come at once, and numbers each for the next change', async () => {
    const { secret } = await tokenOf('admin')
    const given = Array.from({ length: 40 }, (_, n) => row({ value: `${130 + n}` }))
    const before = await stored()
    const answers = await Promise.all(given.map((one) => send(secret, [one])))
    expect(answers.map(({ status }) => status)).toEqual(given.map(() => 201))
    expect(new Set(answers.map(({ body }) => body.commit)).size).toBe(given.length)
    expect(await stored()).toEqual({
      revisions: before.revisions + 40,
      sets: before.sets + 40,
      answers: before.answers + 40,
    })
    const known = await readPublic(given.map(keyOf), database)
    expect(known.map((one) => one?.value)).toEqual(given.map(({ value }) => value))
    expect(answers.map(({ body }) => body.rows[0].revision)).toEqual(
      known.map((one) => String(one?.newest)),
    )
    expect((await verifyAudit(database)).problems).toEqual([])
  })

  it('tells what became of a batch whose connection was cut in COMMIT', async () => {
    const { owner } = await tokenOf('admin')
    const actor = await actorOf(database, owner.userId)
    const cut = new Proxy(database, {
      get: (target, name) =>
        name === '$transaction'
          ? async (...given: [never]) => {
              await target.$transaction(...given)
              throw new Error('Connection terminated unexpectedly')
            }
          : Reflect.get(target, name),
    })
    const given = row()
    const taken = await takeBatch(cut, actor, sentBatch([given]), sending())
    expect(taken).toMatchObject({ ok: true, value: { kind: 'answered', isReplayed: true } })
    expect(await publicValue(given)).toBe('120')
  })

  it('is asked for, and has a form', async () => {
    const { secret } = await tokenOf('admin')
    const bare = await send(secret, [row()], { key: null })
    expect(bare).toMatchObject({ status: 400, body: { parameter: 'Idempotency-Key' } })
    const headers = { 'idempotency-key': 'two words' }
    expect((await send(secret, [row()], { key: null, headers })).status).toBe(400)
    const unquoted = { 'idempotency-key': randomUUID() }
    expect((await send(secret, [row()], { key: null, headers: unquoted })).status).toBe(201)
  })
})

describe('many batches at once', () => {
  /** The revisions of a figure in the order in which they were written, with what each set followed. */
  const historyOf = (given: ReturnType<typeof row>) =>
    database.$queryRaw<{ id: number; value: string; base: number | null; isCurrent: boolean }[]>`
      SELECT r.id, r.value_text AS value, m.base_revision_id AS base,
        r.id = o.current_revision_id AS "isCurrent"
      FROM revisions r JOIN observations o ON o.id = r.observation_id
        LEFT JOIN figure_sets s ON s.commit_no = r.commit_no
        LEFT JOIN figure_set_members m ON m.set_id = s.id
      WHERE o.indicator_code = ${given.indicator} AND o.period = ${given.period}
        AND o.programme_code = ${given.programme} AND o.area_code = ${given.area}
      ORDER BY r.id`

  /** Each revision follows the one before it, and the last is the current one. */
  async function expectOneChain(given: ReturnType<typeof row>): Promise<string[]> {
    const history = await historyOf(given)
    const before = [null, ...history.map(({ id }) => id)]
    expect(history.map(({ base }) => base)).toEqual(before.slice(0, history.length))
    expect(history.flatMap(({ isCurrent, id }) => (isCurrent ? [id] : []))).toEqual([
      history.at(-1)?.id,
    ])
    return history.map(({ value }) => value)
  }

  const whole = async () => {
    const [bare] = await database.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int FROM commits c WHERE c.kind = 'publication' AND (
        NOT EXISTS (SELECT FROM revisions r WHERE r.commit_no = c.no)
        OR NOT EXISTS (SELECT FROM audit_entries a WHERE a.commit_no = c.no)
        OR NOT EXISTS (SELECT FROM figure_sets s JOIN figure_set_members m ON m.set_id = s.id
          JOIN figure_set_events e ON e.set_id = s.id WHERE s.commit_no = c.no))`
    expect(bare?.count).toBe(0)
    expect((await verifyAudit(database)).problems).toEqual([])
    for (const name of ['series', 'series_shares']) {
      const rows = (table: string) =>
        database.$queryRawUnsafe(`SELECT t::text AS row FROM ${table} t ORDER BY 1`)
      expect(await rows(name)).toEqual(await rows(`${name}_now`))
    }
  }

  it('revise one figure in one order, and none of them is lost', async () => {
    const [one, other] = [await tokenOf('admin'), await tokenOf('admin')]
    const given = row()
    const values = Array.from({ length: 40 }, (_, n) => `${121 + n}`)
    const answers = await Promise.all(
      values.map((value, n) => {
        const { secret } = n % 4 === 0 ? other : one
        return send(secret, [{ ...given, value }], { more: { reason: 'Recounted' } })
      }),
    )
    // Two people may get in each other's way too often; then they are told to come again.
    expect(answers.every(({ status }) => status === 201 || status === 503)).toBe(true)
    const acknowledged = answers.filter(({ status }) => status === 201)
    expect(acknowledged.length).toBeGreaterThanOrEqual(30)
    const history = await expectOneChain(given)
    const sent = values.filter((_, n) => answers[n]?.status === 201)
    expect([...history].sort()).toEqual([...sent].sort())
    const numbered = new Map((await historyOf(given)).map(({ id, value }) => [value, String(id)]))
    answers.forEach(({ status, body }, n) => {
      if (status === 201) expect(body.rows[0].revision).toBe(numbered.get(values[n] ?? ''))
    })
    await whole()
  })

  it('share transactions, and each has a commit, an entry in the log and an author of its own', async () => {
    const people = [await tokenOf('admin'), await tokenOf('admin')]
    const given = Array.from({ length: 40 }, (_, n) => row({ value: `${140 + n}` }))
    const answers = await Promise.all(
      given.map((one, n) => send(people[n % 2]?.secret ?? '', [one])),
    )
    const commits = answers.map(({ body }) => body.commit as number)
    expect(new Set(commits).size).toBe(40)
    const [{ transactions } = { transactions: 0 }] = await database.$queryRaw<
      { transactions: number }[]
    >`SELECT count(DISTINCT xmin::text)::int AS transactions FROM commits WHERE no = ANY(${commits})`
    expect(transactions).toBeLessThan(20)
    const log = await database.$queryRaw<{ commit: number; actor: string; author: string }[]>`
      SELECT a.commit_no AS commit, a.actor_id AS actor, s.actor_id AS author
      FROM audit_entries a JOIN figure_sets f ON f.commit_no = a.commit_no
        JOIN audit_entries s ON s.subject = 'figure_sets/' || f.id
      WHERE a.commit_no = ANY(${commits})`
    const authors = new Map(log.map(({ commit, actor, author }) => [commit, [actor, author]]))
    expect(log).toHaveLength(40)
    commits.forEach((commit, n) => {
      const id = people[n % 2]?.owner.userId
      expect(authors.get(commit)).toEqual([id, id])
    })
    await whole()
  })

  it('fail alone where one is wrong, with the words that it would have had alone', async () => {
    const { secret } = await tokenOf('admin', { programmes: ['PSEB'] })
    const known = row()
    await send(secret, [known])
    const wrongOnes = [
      [{ ...row(), value: 'many' }],
      [row({ programme: 'DIGISKILLS' })],
      [{ ...known, value: '125', expected_revision: null }],
      [row(), { ...row(), area: 'NOWHERE' }],
    ]
    const alone: Answer[] = []
    for (const rows of wrongOnes) alone.push(await send(secret, rows))
    expect(alone.map(({ status }) => status)).toEqual([422, 422, 409, 422])
    const right = Array.from({ length: 12 }, (_, n) => row({ value: `${150 + n}` }))
    const before = await stored()
    const all = await Promise.all(
      right.flatMap((one, n) => [
        send(secret, [one]),
        ...(wrongOnes[n] ? [send(secret, wrongOnes[n])] : []),
      ]),
    )
    const refused = all.filter(({ status }) => status !== 201)
    expect(refused.map(({ status, body }) => [status, body])).toEqual(
      alone.map(({ status, body }) => [status, body]),
    )
    expect(await stored()).toEqual({
      revisions: before.revisions + 12,
      sets: before.sets + 12,
      answers: before.answers + 12,
    })
    const values = await Promise.all(right.map(publicValue))
    expect(values).toEqual(right.map(({ value }) => value))
    await whole()
  })

  it('are stored though the database refuses one of them', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    await database.$executeRaw`
      CREATE FUNCTION refuse_666() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'not this one'; END $$`
    await database.$executeRaw`
      CREATE TRIGGER refuse_666 BEFORE INSERT ON revisions
      FOR EACH ROW WHEN (NEW.value_text = '666') EXECUTE FUNCTION refuse_666()`
    const { secret } = await tokenOf('admin')
    const given = Array.from({ length: 20 }, (_, n) =>
      row({ value: n === 9 ? '666' : `${170 + n}` }),
    )
    const answers = await Promise.all(given.map((one) => send(secret, [one])))
    await database.$executeRaw`DROP FUNCTION refuse_666 CASCADE`
    expect(answers.map(({ status }) => status)).toEqual(given.map((_, n) => (n === 9 ? 503 : 201)))
    expect(said).toHaveBeenCalledTimes(1)
    said.mockRestore()
    expect(await publicValue(given[9] ?? row())).toBeNull()
    await whole()
  })

  it('are all refused once their token was revoked while they waited', async () => {
    const { secret, id, owner } = await tokenOf('editor')
    const actor = await actorOfToken(database, new Headers({ authorization: `Bearer ${secret}` }))
    if (!actor) throw new Error('No actor.')
    const before = await stored()
    const { waiting } = await database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM users WHERE id = ${owner.userId} FOR UPDATE`
      const sent = Array.from({ length: 5 }, () =>
        takeBatch(database, actor, sentBatch([row()]), sending()),
      )
      await sleep(300)
      await tx.apiToken.update({ where: { id }, data: { revokedAt: new Date() } })
      return { waiting: Promise.all(sent) }
    })
    expect(await waiting).toEqual(Array(5).fill({ ok: false, problem: { code: 'forbidden' } }))
    expect(await stored()).toEqual(before)
  })

  it('know each what an earlier one said of the same figure, however it was written', async () => {
    const { secret } = await tokenOf('admin')
    const period = freshMonth()
    const given = row({ period })
    const same = [
      { ...given, value: '131' },
      { ...given, value: '132', role: 'actual', sex: '_T' },
      { ...given, value: '133', period: ` ${period}` },
    ]
    const answers = await Promise.all([
      send(secret, [row()]),
      ...same.map((one) => send(secret, [one], { more: { reason: 'Recounted' } })),
    ])
    const stored = answers.slice(1).filter(({ status }) => status === 201)
    expect(await expectOneChain(given)).toHaveLength(stored.length)
    expect(stored.length).toBeGreaterThanOrEqual(2)
  })
})

describe('a row that is wrong', () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ['a number', { value: 40000.5 }, 'value', 'batches.numberSent'],
    ['an array', { value: [5] }, 'value', 'batches.notText'],
    ['a boolean', { value: true }, 'value', 'batches.notText'],
    ['nothing', { value: null }, 'value', 'batches.fieldMissing'],
    ['an empty text', { value: '' }, 'value', 'numbers.missing'],
    ['no number', { value: 'NaN' }, 'value', 'numbers.notFinite'],
    ['an exponent', { value: '1e5' }, 'value', 'numbers.exponent'],
    ['a filter', { indicator: { not: null } }, 'indicator', 'batches.notText'],
    ['a filter as programme', { programme: { not: null } }, 'programme', 'batches.notText'],
    ['an unknown code', { area: 'XX' }, 'area', 'imports.unknownCode'],
    [
      'a computed rate',
      { indicator: 'COMPLETION_RATE', unit: 'PERCENT' },
      'indicator',
      'imports.computed',
    ],
    ['a word of objects as code', { programme: 'constructor' }, 'programme', 'imports.unknownCode'],
    ['a word of objects as field', { constructor: 'x' }, 'constructor', 'batches.unknownField'],
    ['a field that is not there', { Value: '5' }, 'Value', 'batches.unknownField'],
    ['no period', { period: '2026-02-30' }, 'period', 'periods.impossibleDay'],
    ['other days', { period_start: '2020-01-01' }, 'period', 'imports.periodDates'],
    ['a day to come', { released_on: '2090-01-01' }, 'released_on', 'imports.releasedInFuture'],
    ['NUL', { title: 'a\0b' }, 'title', 'imports.invalid'],
    ['half a character', { note: 'a\ud800b' }, 'note', 'imports.invalid'],
    ['a script as address', { source_url: 'javascript:alert(1)' }, 'source_url', 'imports.invalid'],
    ['no revision', { expected_revision: 'newest' }, 'expected_revision', 'batches.notARevision'],
    ['a reason of another kind', { reason: ['x'] }, 'reason', 'batches.reasonInvalid'],
  ])('has %s: is named, and nothing is stored', async (_, changes, field, code) => {
    const { secret } = await tokenOf('admin')
    const before = await stored()
    const { status, headers, body } = await send(secret, [row(), row(changes)])
    expect(status).toBe(422)
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(body).toMatchObject({
      counts: { rows: 2, refused: 1 },
      rows: [
        { row: 1, outcome: 'new' },
        { row: 2, outcome: 'refused' },
      ],
    })
    const [problem] = body.rows[1].problems
    expect(problem).toMatchObject({ field, code, severity: 'error' })
    expect(problem.reason).toMatch(/\S/)
    expect(problem.remedy).toMatch(/\S/)
    expect(body.errors[0]).toMatchObject({ code, pointer: `/observations/1/${field}` })
    expect(await stored()).toEqual(before)
  })

  it('has a field that would change what objects are', async () => {
    const { secret } = await tokenOf('admin')
    const body = batch([row()]).replace('"indicator"', '"__proto__":{"value":"1"},"indicator"')
    const { status, body: answer } = await read(await post(secret, body))
    expect(status).toBe(422)
    expect(answer.rows[0].problems).toMatchObject([
      { field: '__proto__', code: 'batches.unknownField' },
    ])
  })

  it('is no object', async () => {
    const { secret } = await tokenOf('admin')
    const { body } = await send(secret, [null, 'x', 5, []])
    expect(body.rows.map(({ problems }: Answer['body']) => problems[0].code)).toEqual(
      Array(4).fill('batches.notAnObject'),
    )
  })

  it('is about the figure of an earlier row', async () => {
    const { secret } = await tokenOf('admin')
    const given = row()
    const { body } = await send(secret, [given, { ...given, value: '5' }])
    expect(body.rows[1].problems).toMatchObject([{ code: 'batches.sameFigure' }])
    expect(body.rows[1].problems[0].reason).toBe('Row 1 is about the same figure.')
  })
})

describe('an unusual figure', () => {
  const usual = async (secret: string) => {
    const given = row({ area: 'PK-SD' })
    await send(secret, [given], { more: { reason: 'First count' } })
    return { ...given, period: freshMonth(), value: '5000' }
  }

  it('asks for a reason, which is kept beside it', async () => {
    const { secret } = await tokenOf('admin')
    const odd = await usual(secret)
    const asked = await send(secret, [odd])
    expect(asked).toMatchObject({ status: 422, body: { counts: { refused: 1, warnings: 1 } } })
    const codes = asked.body.rows[0].problems.map(({ code }: Answer['body']) => code)
    expect(codes).toContain('rules.tenfold')
    expect(codes.at(-1)).toBe('batches.reasonMissing')
    const given = { ...odd, reason: 'Many were opened' }
    const taken = await send(secret, [given], { more: { reason: 'For all the others' } })
    expect(taken).toMatchObject({ status: 201, body: { counts: { warnings: 1 } } })
    const id = Number(taken.body.rows[0].revision)
    const revision = await database.revision.findUniqueOrThrow({ where: { id } })
    expect(revision.reason).toBe('Many were opened')
  })

  it('has the reason of the batch where it gives none', async () => {
    const { secret } = await tokenOf('editor')
    const odd = await usual((await tokenOf('admin')).secret)
    const taken = await send(secret, [odd], { more: { reason: 'Many were opened' } })
    expect(taken.status).toBe(202)
    expect(await readSet(taken.body.set.id, database)).toMatchObject({ reason: 'Many were opened' })
  })
})

describe('an expected revision', () => {
  it('is refused where there is another one by now, with both and what is public', async () => {
    const { secret } = await tokenOf('admin')
    const given = row()
    const first = await send(secret, [{ ...given, expected_revision: null }])
    const { revision } = first.body.rows[0]
    const second = await send(secret, [{ ...given, value: '125', expected_revision: revision }])
    expect(second.body).toMatchObject({ rows: [{ outcome: 'changed' }] })
    const newest = second.body.rows[0].revision
    const before = await stored()
    const late = await send(secret, [
      row(),
      { ...given, value: '130', expected_revision: revision },
      { ...given, period: freshMonth(), expected_revision: revision },
    ])
    expect(late.status).toBe(409)
    expect(late.body).toMatchObject({
      counts: { conflicts: 2, refused: 0 },
      rows: [
        { outcome: 'new' },
        {
          outcome: 'conflict',
          revision: newest,
          conflict: {
            mine: { value: '130', expected_revision: revision },
            theirs: { revision: newest, value: '125', by: 'A admin', publisher: 'PSEB' },
            published: { revision: newest, value: '125' },
          },
        },
        { outcome: 'conflict', conflict: { theirs: null, published: null } },
      ],
    })
    expect(await stored()).toEqual(before)
    const agreed = await send(secret, [{ ...given, value: '125', expected_revision: revision }])
    expect(agreed.body).toMatchObject({ outcome: 'unchanged' })
  })

  it('lets one of two at once through', async () => {
    const { secret } = await tokenOf('admin')
    const given = row()
    const { revision } = (await send(secret, [given])).body.rows[0]
    const answers = await Promise.all(
      ['121', '122', '123', '124'].map((value) =>
        send(secret, [{ ...given, value, expected_revision: revision }]),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
  })
})

describe('a request that cannot be read', () => {
  it.each<[string, BodyInit, Sent, number, string | undefined]>([
    ['no JSON', '{', {}, 400, undefined],
    ['nothing', '', {}, 400, undefined],
    ['a list', '[]', {}, 400, undefined],
    ['deep arrays', '['.repeat(10_000) + ']'.repeat(10_000), {}, 400, undefined],
    ['deep objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, {}, 400, undefined],
    ['no message', JSON.stringify({ observations: [{}] }), {}, 400, 'message'],
    ['no rows', batch([]), {}, 400, 'observations'],
    ['another field', batch([{}], { message: 'x', role: 'admin' }), {}, 400, 'role'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, 400, undefined],
    ['many rows', batch(Array(10_001).fill({})), {}, 413, undefined],
    ['many brackets', `[${'[],'.repeat(50_000)}[]]`, {}, 413, undefined],
    ['many bytes', ' '.repeat(16_000_001), {}, 413, undefined],
    ['another length', batch([{}]), { headers: { 'content-length': '5' } }, 400, undefined],
    ['another type', 'x', { headers: { 'content-type': 'text/plain' } }, 415, 'Content-Type'],
    [
      'another charset',
      'x',
      { headers: { 'content-type': 'text/csv; charset=utf-16' } },
      415,
      'Content-Type',
    ],
    ['compression', 'x', { headers: { 'content-encoding': 'gzip' } }, 415, 'Content-Encoding'],
    ['a word too many', batch([{}]), { query: '?page=-1' }, 400, 'page'],
    ['a word twice', batch([{}]), { query: '?dryRun=true&dryRun=false' }, 400, 'dryRun'],
    [
      'a CSV without columns',
      'a;b',
      { headers: { 'content-type': 'text/csv' }, query: '?message=x' },
      400,
      undefined,
    ],
    ['a CSV without message', 'a,b', { headers: { 'content-type': 'text/csv' } }, 400, 'message'],
  ])('%s', async (_, body, sent, status, parameter) => {
    const { secret } = await tokenOf('admin')
    const before = await stored()
    const answer = await read(await post(secret, body, sent))
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ status, title: expect.any(String) })
    expect(answer.body.detail).toMatch(/\S+ \S+/)
    expect(answer.body.parameter).toBe(parameter)
    expect(await stored()).toEqual(before)
  })
})

describe('ten thousand rows', () => {
  const area = (n: number) => ['PK-PB', 'PK-SD', 'PK-KP', 'PK-BA', 'PK-IS', 'PK-GB', 'PK-JK'][n % 7]
  const many = (year: number) =>
    Array.from({ length: 10_000 }, (_, n) => {
      const day = new Date(Date.UTC(year, 0, 1 + Math.floor(n / 7))).toISOString().slice(0, 10)
      return row({ area: area(n), period: day, value: `${1000 + (n % 7)}` })
    })

  it('are stored whole, or not at all for one that is wrong', async () => {
    const { secret } = await tokenOf('admin')
    const rows = many(1910)
    const before = await stored()
    const wrong = rows.with(7_777, { ...(rows[7_777] as object), value: 'many' } as never)
    const refused = await send(secret, wrong)
    expect(refused).toMatchObject({ status: 422, body: { counts: { rows: 10_000, refused: 1 } } })
    expect(await stored()).toEqual(before)
    const began = performance.now()
    const taken = await send(secret, rows, { more: { reason: 'Counted anew' } })
    const seconds = (performance.now() - began) / 1000
    process.stdout.write(`10,000 rows: ${Math.round(10_000 / seconds)} a second\n`)
    expect(taken).toMatchObject({ status: 201, body: { counts: { rows: 10_000, new: 10_000 } } })
    expect((await stored()).revisions).toBe(before.revisions + 10_000)
  }, 300_000)
})
