import { randomUUID } from 'node:crypto'
import { hashPassword } from 'better-auth/crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ActorRefused, actorOf, actorOfToken, readLimits, recheck } from '@/features/accounts/data'
import { setActive, setRole } from '@/features/accounts/mutations'
import { inLimits } from '@/features/accounts/rules'
import type { Actor, UserRole } from '@/features/accounts/schema'
import { searchAudit, verifyAudit } from '@/features/audit/data'
import { loadFirstContent } from '@/features/imports/mutations'
import { entryStep } from '@/features/proposals/rules'
import { tokensOf } from '@/features/tokens/data'
import { createToken, revokeToken } from '@/features/tokens/mutations'
import type { TokenInput } from '@/features/tokens/schema'
import type { Database } from '@/lib/db/client'
import { newSecretToken } from '@/lib/secret-token'
import { type TestDatabase, testDatabase } from '../support/database'

const password = 'nine kites over Lahore'
let hash: string
let home: TestDatabase
let database: Database
let admin: Actor

beforeAll(async () => {
  home = await testDatabase()
  database = home.database
  hash = await hashPassword(password)
  await loadFirstContent(database)
  admin = await person('admin')
})

afterAll(() => home.drop())

beforeEach(() => {
  vi.stubEnv('SHUMAR_URL', 'http://localhost:3000')
  vi.stubEnv('SHUMAR_SECRET', 'a secret of the tests, long enough and unused elsewhere')
})

/** Somebody with a password. */
async function person(role: UserRole): Promise<Actor> {
  const id = randomUUID()
  await database.user.create({
    data: { id, name: `A ${role}`, email: `${id}@example.org`, role },
  })
  await database.account.create({
    data: { id, accountId: id, providerId: 'credential', userId: id, password: hash },
  })
  return actorOf(database, id)
}

const input = (changes: Partial<TokenInput> = {}): TokenInput => ({
  name: 'Enrolment system',
  lifetime: '90',
  mayPublish: false,
  programmes: [],
  academies: [],
  ...changes,
})

async function made(owner: Actor, changes: Partial<TokenInput> = {}): Promise<string> {
  const token = await createToken(database, owner, input(changes), password)
  if (!token.ok) throw new Error(token.problem.code)
  return token.value.secret
}

const using = (authorization: string) =>
  actorOfToken(database, new Headers(authorization ? { authorization } : {}))
const by = (secret: string) => using(`Bearer ${secret}`)

async function held(secret: string): Promise<Actor> {
  const actor = await by(secret)
  if (!actor) throw new Error('The token does not work.')
  return actor
}

const newest = async (owner: Actor) => (await tokensOf(owner.userId, database))[0]?.id ?? ''

describe('a token', () => {
  it('stands for its owner, and only its hash is kept', async () => {
    const editor = await person('editor')
    const secret = await made(editor)
    expect(await by(secret)).toMatchObject({ userId: editor.userId, role: 'editor' })
    expect(JSON.stringify(await database.apiToken.findMany())).not.toContain(secret.slice(7))
  })

  it('asks for the password of its owner', async () => {
    const editor = await person('editor')
    const refused = await createToken(database, editor, input(), 'ten kites over Lahore')
    expect(refused).toMatchObject({ ok: false, problem: { code: 'currentWrong' } })
    for (let n = 0; n < 5; n++) await createToken(database, editor, input(), 'wrong')
    const locked = await createToken(database, editor, input(), password)
    expect(locked).toMatchObject({ ok: false, problem: { code: 'tryLater' } })
  })

  it('cannot make another one, nor end one', async () => {
    const secret = await made(admin, { mayPublish: true })
    const actor = await held(secret)
    const refused = await createToken(database, actor, input(), password)
    expect(refused).toMatchObject({ ok: false, problem: { code: 'forbidden' } })
    const ended = await revokeToken(database, actor, await newest(admin))
    expect(ended).toMatchObject({ ok: false, problem: { code: 'tokenUnknown' } })
  })

  it('is refused alike whatever is wrong with it', async () => {
    const editor = await person('editor')
    const secret = await made(editor)
    const texts = ['', 'Bearer', `Basic ${secret}`, `Bearer ${secret}x`, `Bearer ${secret} x`]
    for (const text of texts) expect(await using(text)).toBeNull()
    expect(await by(newSecretToken('shumar'))).toBeNull()
    await database.apiToken.updateMany({
      where: { userId: editor.userId },
      data: { expiresAt: new Date() },
    })
    expect(await by(secret)).toBeNull()
    expect(await tokensOf(editor.userId, database)).toMatchObject([{ state: 'expired' }])
  })

  it('lasts a year at most, whoever writes it', async () => {
    const editor = await person('editor')
    await made(editor, { lifetime: '365' })
    await expect(
      database.apiToken.updateMany({
        where: { userId: editor.userId },
        data: { expiresAt: new Date(Date.now() + 367 * 86_400_000) },
      }),
    ).rejects.toThrow(/api_tokens_expiry_check/)
  })

  it('notes the day of its last use', async () => {
    const editor = await person('editor')
    const secret = await made(editor)
    expect(await tokensOf(editor.userId, database)).toMatchObject([{ lastUsedOn: null }])
    await by(secret)
    const [row] = await database.$queryRaw<{ day: string }[]>`
      SELECT to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS day`
    expect(await tokensOf(editor.userId, database)).toMatchObject([{ lastUsedOn: row?.day }])
  })

  it('has company of nineteen at most', async () => {
    const editor = await person('editor')
    await database.apiToken.createMany({
      data: Array.from({ length: 20 }, (_, n) => ({
        id: randomUUID(),
        userId: editor.userId,
        name: `${n}`,
        tokenHash: (n + 100).toString(16).padStart(64, '0'),
        expiresAt: new Date(Date.now() + 86_400_000),
      })),
    })
    const refused = await createToken(database, editor, input(), password)
    expect(refused).toMatchObject({ ok: false, problem: { code: 'tooManyTokens' } })
  })
})

describe('the end of a token', () => {
  it('comes by its owner or by an administrator, and by nobody else', async () => {
    const [editor, reviewer] = [await person('editor'), await person('reviewer')]
    const [first, second] = [await made(editor), await made(editor, { name: 'Second' })]
    const tokenId = await newest(editor)
    expect((await revokeToken(database, reviewer, tokenId)).ok).toBe(false)
    expect(await by(second)).not.toBeNull()
    expect((await revokeToken(database, editor, tokenId)).ok).toBe(true)
    expect(await by(second)).toBeNull()
    expect((await revokeToken(database, admin, await newest(editor))).ok).toBe(true)
    expect(await by(first)).toBeNull()
  })

  it('stops what goes on with it', async () => {
    const editor = await person('editor')
    const actor = await held(await made(editor))
    await database.$transaction((tx) => recheck(tx, actor))
    await revokeToken(database, editor, actor.token?.id ?? '')
    const late = database.$transaction((tx) => recheck(tx, actor))
    await expect(late).rejects.toThrow(ActorRefused)
  })

  it('comes with the end of its owner, and stays when they come back', async () => {
    const editor = await person('editor')
    const secret = await made(editor)
    await setActive(database, admin, { userId: editor.userId, active: false })
    expect(await by(secret)).toBeNull()
    await setActive(database, admin, { userId: editor.userId, active: true })
    expect(await by(secret)).toBeNull()
  })

  it('stands in the audit log with the beginning, without the secret', async () => {
    const editor = await person('editor')
    await made(editor)
    const id = await newest(editor)
    const { tokenHash } = await database.apiToken.findUniqueOrThrow({ where: { id } })
    await revokeToken(database, admin, id)
    const lines = await searchAudit({ text: `api_tokens/${id}` }, 10, database)
    expect(lines.map(({ action, actor }) => ({ action, actor }))).toEqual([
      { action: 'api_tokens.update', actor: admin.userId },
      { action: 'api_tokens.insert', actor: editor.userId },
    ])
    expect(JSON.stringify(lines)).not.toContain(tokenHash)
    expect((await verifyAudit(database)).problems).toEqual([])
  })
})

describe('what a token may', () => {
  it('is to propose, whatever its owner may, unless it was made to publish', async () => {
    for (const role of ['editor', 'reviewer', 'admin'] as const) {
      const owner = await person(role)
      const careful = await held(await made(owner))
      const bold = await held(await made(owner, { mayPublish: true }))
      expect(entryStep(careful, 'off')).toBe('send')
      expect(careful.role).toBe('editor')
      expect(entryStep(bold, 'off')).toBe('publish')
      expect(entryStep(bold, 'everyone')).toBe('send')
    }
  })

  it('follows the role of its owner at each use', async () => {
    const owner = await person('admin')
    const secret = await made(owner, { mayPublish: true })
    const before = await held(secret)
    await setRole(database, admin, { userId: owner.userId, role: 'editor' })
    expect(await held(secret)).toMatchObject({ role: 'editor' })
    await expect(database.$transaction((tx) => recheck(tx, before))).rejects.toThrow(ActorRefused)
  })

  it('lies within its own limits and those of its owner at once', async () => {
    const owner = await person('editor')
    const actor = await held(await made(owner, { programmes: ['PSEB'] }))
    const isIn = async (programme: string) =>
      inLimits(await readLimits(database, actor), { programme, academy: '_T' })
    expect(await isIn('PSEB')).toBe(true)
    expect(await isIn('NAVTTC')).toBe(false)
    await database.userScope.create({ data: { userId: owner.userId, programmeCode: 'NAVTTC' } })
    expect(await isIn('PSEB')).toBe(false)
    expect(await isIn('NAVTTC')).toBe(false)
  })
})
