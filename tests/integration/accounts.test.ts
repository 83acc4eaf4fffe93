import { betterAuth } from 'better-auth'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  ActorRefused,
  actorFor,
  actorOf,
  actorOfRequest,
  answerAuthRequest,
  currentActor,
  invitationOf,
  openInvitations,
  people,
  personOf,
  readScopes,
  recheck,
  requireActor,
  resetOf,
  signedInOfRequest,
  signedInPlaces,
  systemActor,
  tokenHash,
} from '@/features/accounts/data'
import {
  acceptInvitation,
  changePassword,
  endSessions,
  invite,
  issueReset,
  issueSetUpToken,
  rename,
  renewInvitation,
  resetPassword,
  setActive,
  setRole,
  setScopes,
  signIn,
  signOut,
  withdrawInvitation,
} from '@/features/accounts/mutations'
import { inScope } from '@/features/accounts/rules'
import type { UserRole } from '@/features/accounts/schema'
import type { Database } from '@/lib/db/client'
import { hashes } from '../support/cheap-hashes'
import { type TestDatabase, testDatabase } from '../support/database'

const site = 'https://stats.example.org'
const password = 'river lantern tuesday'

const request = { headers: new Headers() }
vi.mock('next/headers', () => ({ headers: async () => request.headers }))

let test: TestDatabase
let database: Database

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
})

afterAll(async () => {
  const shared = globalThis as { shumarDatabase?: Database }
  await shared.shumarDatabase?.$disconnect()
  await test.drop()
})

beforeEach(async () => {
  vi.stubEnv('SHUMAR_URL', site)
  vi.stubEnv('SHUMAR_SECRET', 'a secret of the tests, long enough and unused elsewhere')
  vi.stubEnv('DATABASE_URL', test.url)
  request.headers = new Headers()
  await database.invitation.deleteMany()
  await database.user.deleteMany()
  await database.signInFailure.deleteMany()
  await database.rateLimit.deleteMany()
})

/** An account made the way accounts are made: by accepting an invitation. */
async function person(name: string, role: UserRole): Promise<string> {
  const email = `${name}@example.org`
  let token = await issueSetUpToken(database)
  if (token === null) {
    const admin = await database.user.findFirstOrThrow({ where: { role: 'admin', active: true } })
    const invited = await invite(database, await actorOf(database, admin.id), {
      role,
      email,
      scopes: [],
    })
    token = invited.ok ? invited.value.token : ''
  }
  const accepted = await acceptInvitation(database, { token, name, email, password })
  if (!accepted.ok) throw new Error(accepted.problem.code)
  return accepted.value.userId
}

/** What a browser sends with a form of this site. */
const browser = (more: Record<string, string> = {}) => new Headers({ origin: site, ...more })

function cookieOf(lines: readonly string[]): string {
  return lines.map((line) => line.split(';', 1)[0]).join('; ')
}

async function signedIn(email: string): Promise<Headers> {
  const result = await signIn(database, browser(), { email, password })
  if (!result.ok) throw new Error(result.problem.code)
  return browser({ cookie: cookieOf(result.value) })
}

const problemOf = (result: { ok: boolean; problem?: { code: string } }) => result.problem?.code

describe('the first administrator', () => {
  it('is made by a link, of which only a hash is kept', async () => {
    const token = (await issueSetUpToken(database)) ?? ''
    expect(token).toMatch(/^[\w-]{43}$/)
    const rows = JSON.stringify(await database.invitation.findMany())
    expect(rows).not.toContain(token)

    const email = 'amna@example.org'
    const made = await acceptInvitation(database, { token, name: 'Amna', email, password })
    expect(made.ok).toBe(true)
    expect(await people(database)).toMatchObject([
      { name: 'Amna', email, role: 'admin', active: true, lastSignInAt: null },
    ])
    expect(await database.session.count()).toBe(0)
    expect(JSON.stringify(await database.account.findMany())).not.toContain(password)
  })

  it('is asked for only while there is none who is active', async () => {
    await person('amna', 'admin')
    expect(await issueSetUpToken(database)).toBeNull()
    await database.user.updateMany({ data: { active: false } })
    expect(await issueSetUpToken(database)).not.toBeNull()
  })

  it('has one link at a time: a new one replaces the old', async () => {
    const old = (await issueSetUpToken(database)) ?? ''
    const fresh = (await issueSetUpToken(database)) ?? ''
    expect(await invitationOf(old, database)).toBeNull()
    expect(await invitationOf(fresh, database)).toMatchObject({ kind: 'set-up', role: 'admin' })
  })

  it('is one, when five use the link at the same time', async () => {
    const token = (await issueSetUpToken(database)) ?? ''
    const results = await Promise.all(
      Array.from({ length: 5 }, (_, n) =>
        acceptInvitation(database, { token, name: 'A', email: `a${n}@example.org`, password }),
      ),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results.map(problemOf).filter((code) => code === 'linkInvalid')).toHaveLength(4)
    expect(await database.user.count()).toBe(1)
    expect(await database.account.count()).toBe(1)
  })

  it('cannot be made by a link that has expired', async () => {
    const token = (await issueSetUpToken(database)) ?? ''
    await database.invitation.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } })
    const input = { token, name: 'A', email: 'a@example.org', password }
    expect(problemOf(await acceptInvitation(database, input))).toBe('linkInvalid')
  })

  it('needs a password that is not common, checked before the link is used up', async () => {
    const token = (await issueSetUpToken(database)) ?? ''
    const input = { token, name: 'A', email: 'a@example.org', password: 'password1234' }
    expect(problemOf(await acceptInvitation(database, input))).toBe('passwordCommon')
    expect((await acceptInvitation(database, { ...input, password })).ok).toBe(true)
  })
})

describe('invitations', () => {
  it('let the invited address join once, with the role that was chosen', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const email = 'bilal@example.org'
    const invited = await invite(database, admin, { role: 'reviewer', email, scopes: [] })
    const token = invited.ok ? invited.value.token : ''
    expect(await openInvitations(database)).toMatchObject([{ email, role: 'reviewer' }])

    const input = { token, name: 'Bilal', email, password }
    const other = await acceptInvitation(database, { ...input, email: 'eve@example.org' })
    expect(problemOf(other)).toBe('emailOther')
    expect((await acceptInvitation(database, input)).ok).toBe(true)
    expect(problemOf(await acceptInvitation(database, input))).toBe('linkInvalid')
    expect((await people(database)).find((one) => one.email === email)?.role).toBe('reviewer')
    expect(await openInvitations(database)).toEqual([])
  })

  it('do not replace somebody who has an account', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const result = await invite(database, admin, {
      role: 'editor',
      email: 'amna@example.org',
      scopes: [],
    })
    expect(problemOf(result)).toBe('emailTaken')
  })

  it('come from administrators only', async () => {
    await person('amna', 'admin')
    const reviewer = await actorOf(database, await person('bilal', 'reviewer'))
    const result = await invite(database, reviewer, {
      role: 'admin',
      email: 'x@example.org',
      scopes: [],
    })
    expect(problemOf(result)).toBe('forbidden')
    const system = await invite(database, await systemActor(database), {
      role: 'admin',
      email: 'x@example.org',
      scopes: [],
    })
    expect(problemOf(system)).toBe('forbidden')
  })

  it('get a new link with what they were made for, also once they have expired', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const email = 'x@example.org'
    const scopes = [{ programme: 'RENEWED', academy: null }]
    await database.programme.createMany({ data: [{ code: 'RENEWED' }], skipDuplicates: true })
    const invited = await invite(database, admin, { role: 'reviewer', email, scopes })
    const first = invited.ok ? invited.value.token : ''
    await database.invitation.updateMany({
      where: { email },
      data: { expiresAt: new Date(Date.now() - 1000) },
    })
    expect(await invitationOf(first, database)).toBeNull()
    const [open] = await openInvitations(database)
    expect(open).toMatchObject({ email, isExpired: true })

    const invitationId = open?.id ?? ''
    const renewed = await renewInvitation(database, admin, { invitationId })
    const token = renewed.ok ? renewed.value.token : ''
    expect(await invitationOf(first, database)).toBeNull()
    expect(await invitationOf(token, database)).toMatchObject({ email, role: 'reviewer', scopes })
    expect(await openInvitations(database)).toMatchObject([{ email, isExpired: false }])

    const reviewer = await actorOf(database, await person('bilal', 'reviewer'))
    const forbidden = await renewInvitation(database, reviewer, { invitationId })
    expect(problemOf(forbidden)).toBe('forbidden')
    await acceptInvitation(database, { token, name: 'X', email, password })
    expect(problemOf(await renewInvitation(database, admin, { invitationId }))).toBe('linkInvalid')
  })

  it('end when they are withdrawn, or when who made them is demoted or deactivated', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const second = await person('sana', 'admin')
    const bySecond = async () => {
      const input = { role: 'admin' as const, email: 'x@example.org', scopes: [] }
      const result = await invite(database, await actorOf(database, second), input)
      return result.ok ? result.value.token : ''
    }

    const withdrawn = await bySecond()
    const [open] = await openInvitations(database)
    const invitationId = open?.id ?? ''
    expect((await withdrawInvitation(database, admin, { invitationId })).ok).toBe(true)
    expect(await invitationOf(withdrawn, database)).toBeNull()

    const beforeDemotion = await bySecond()
    await setRole(database, admin, { userId: second, role: 'editor' })
    expect(await invitationOf(beforeDemotion, database)).toBeNull()

    await setRole(database, admin, { userId: second, role: 'admin' })
    const beforeEnd = await bySecond()
    await setActive(database, admin, { userId: second, active: false })
    expect(await invitationOf(beforeEnd, database)).toBeNull()
  })
})

describe('signing in', () => {
  it('opens a session whose cookie scripts cannot read and other sites do not send', async () => {
    const userId = await person('amna', 'admin')
    const result = await signIn(database, browser(), { email: 'amna@example.org', password })
    const lines = result.ok ? result.value : []
    const [session = ''] = lines.filter((line) => line.includes('session_token'))
    expect(session).toMatch(/^__Secure-shumar\.session_token=/)
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=43200']) {
      expect(session.split('; ')).toContain(attribute)
    }
    const actor = await actorOfRequest(database, browser({ cookie: cookieOf(lines) }))
    expect(actor).toEqual({ userId, name: 'amna', role: 'admin' })
    expect((await people(database))[0]?.lastSignInAt).not.toBeNull()
  })

  it('ends with signing out, also for a copy of the cookie', async () => {
    await person('amna', 'admin')
    const client = await signedIn('amna@example.org')
    const [cleared = ''] = await signOut(database, client)
    expect(cleared).toMatch(/session_token=;.*Max-Age=0/)
    expect(await actorOfRequest(database, client)).toBeNull()
    expect(await database.session.count()).toBe(0)
    expect((await people(database))[0]?.lastSignInAt).not.toBeNull()
  })

  it('does not believe a cookie that was tampered with or has expired', async () => {
    await person('amna', 'admin')
    const client = await signedIn('amna@example.org')
    const cookie = client.get('cookie') ?? ''
    const forged = cookie.replace(/=.{4}/, '=AAAA')
    expect(await actorOfRequest(database, browser({ cookie: forged }))).toBeNull()
    await database.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } })
    expect(await actorOfRequest(database, client)).toBeNull()
  })

  it('says the same for an unknown address, a wrong password and a deactivated user', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const userId = await person('bilal', 'editor')
    await setActive(database, admin, { userId, active: false })
    const attempts = [
      { email: 'nobody@example.org', password },
      { email: 'amna@example.org', password: 'not the right one' },
      { email: 'bilal@example.org', password },
    ]
    for (const attempt of attempts) {
      expect(problemOf(await signIn(database, browser(), attempt))).toBe('signInWrong')
    }
    expect(await database.session.count()).toBe(0)
  })

  it('costs a hash for an unknown address as for a wrong password', async () => {
    await person('amna', 'admin')
    for (const email of ['amna@example.org', 'nobody@example.org']) {
      const before = hashes.made
      await signIn(database, browser(), { email, password: 'not the right one' })
      expect(hashes.made - before, email).toBe(1)
    }
  })

  it('is locked after five failures, for an unknown address in the same words', async () => {
    await person('amna', 'admin')
    for (const email of ['amna@example.org', 'nobody@example.org']) {
      const attempt = { email, password: 'not the right one' }
      expect(problemOf(await signIn(database, browser(), attempt))).toBe('signInWrong')
      await database.signInFailure.update({ where: { email }, data: { failures: 4 } })
      expect(problemOf(await signIn(database, browser(), attempt))).toBe('signInWrong')
      expect(problemOf(await signIn(database, browser(), { email, password }))).toBe('tryLater')
    }
    await database.signInFailure.updateMany({ data: { lockedUntil: new Date(Date.now() - 1000) } })
    expect((await signIn(database, browser(), { email: 'amna@example.org', password })).ok).toBe(
      true,
    )
    expect(await database.signInFailure.count({ where: { email: 'amna@example.org' } })).toBe(0)
  })

  it('lets no more than five guesses through when twenty come at once', async () => {
    await person('amna', 'admin')
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        signIn(database, browser(), { email: 'amna@example.org', password: `guess number ${n}` }),
      ),
    )
    const codes = results.map(problemOf)
    expect(codes.filter((code) => code === 'signInWrong')).toHaveLength(5)
    expect(codes.filter((code) => code === 'tryLater')).toHaveLength(15)
  })

  it('is limited for each client behind a named proxy, whatever else the client claims', async () => {
    vi.stubEnv('SHUMAR_TRUSTED_PROXIES', '10.0.0.0/8')
    const proxied = await testDatabase()
    try {
      const attempt = (n: number, from: string) =>
        signIn(
          proxied.database,
          browser({ 'x-forwarded-for': `203.0.113.${n}, ${from}, 10.1.2.3` }),
          { email: `nobody${n}@example.org`, password },
        )
      expect(problemOf(await attempt(1, '198.51.100.7'))).toBe('signInWrong')
      await proxied.database.rateLimit.updateMany({ data: { count: 20 } })
      expect(problemOf(await attempt(20, '198.51.100.7'))).toBe('tryLater')
      expect(problemOf(await attempt(30, '198.51.100.8'))).toBe('signInWrong')
      // Nobody looked at the password, so it is no failure of that address.
      const refused = await proxied.database.signInFailure.findUnique({
        where: { email: 'nobody20@example.org' },
      })
      expect(refused?.failures).toBe(0)
    } finally {
      await proxied.drop()
    }
  })

  it('is refused to a page of another site, and that is no failure of the address', async () => {
    await person('amna', 'admin')
    const foreign = new Headers({ origin: 'https://evil.example' })
    const result = await signIn(database, foreign, { email: 'amna@example.org', password })
    expect(problemOf(result)).toBe('wrongAddress')
    expect(await database.session.count()).toBe(0)
  })
})

describe('the doors of better-auth', () => {
  const { api } = betterAuth({ baseURL: site, secret: 'only to list the endpoints' })
  const endpoints = Object.values(api).flatMap(({ path }) => (path ? [path] : []))

  it.each(endpoints.filter((path) => path !== '/sign-out'))('%s is closed', async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const response = await answerAuthRequest(
        new Request(`${site}/api/auth${path}`, {
          method,
          headers: { origin: site, 'content-type': 'application/json' },
          ...(method === 'GET' ? {} : { body: '{"role":"admin"}' }),
        }),
        database,
      )
      expect(response.status).toBe(404)
    }
  })

  it.each(['/sign-out/../sign-up/email', '/sign-out%2f..%2fsign-up/email', '//sign-up/email'])(
    'cannot be reached around the corner by %s',
    async (path) => {
      const url = `${site}/api/auth${path}`
      const response = await answerAuthRequest(new Request(url, { method: 'POST' }), database)
      expect(response.status).toBe(404)
    },
  )

  it('signs out a page of this site and no other', async () => {
    await person('amna', 'admin')
    const client = await signedIn('amna@example.org')
    const ask = (origin: string) => {
      const headers = { cookie: client.get('cookie') ?? '', origin }
      const url = `${site}/api/auth/sign-out`
      return answerAuthRequest(new Request(url, { method: 'POST', headers }), database)
    }
    expect((await ask('https://evil.example')).status).toBe(403)
    expect(await database.session.count()).toBe(1)
    expect((await ask(site)).status).toBe(200)
    expect(await database.session.count()).toBe(0)
  })
})

describe('people', () => {
  it('who are deactivated are nobody at once, and their sessions are gone', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const userId = await person('bilal', 'editor')
    const client = await signedIn('bilal@example.org')
    await setActive(database, admin, { userId, active: false })
    expect(await actorOfRequest(database, client)).toBeNull()
    expect(await database.session.count({ where: { userId } })).toBe(0)
    await expect(actorOf(database, userId)).rejects.toThrow(ActorRefused)

    await setActive(database, admin, { userId, active: true })
    expect(await actorOfRequest(database, client)).toBeNull()
    expect(await actorOfRequest(database, await signedIn('bilal@example.org'))).not.toBeNull()
  })

  it('who are inactive are nobody even where a session was left over', async () => {
    await person('amna', 'admin')
    const userId = await person('bilal', 'editor')
    const client = await signedIn('bilal@example.org')
    await database.user.update({ where: { id: userId }, data: { active: false } })
    expect(await actorOfRequest(database, client)).toBeNull()
  })

  it('are signed out when their role changes, and only then', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const userId = await person('bilal', 'editor')
    const client = await signedIn('bilal@example.org')
    await setRole(database, admin, { userId, role: 'editor' })
    expect((await actorOfRequest(database, client))?.role).toBe('editor')
    await setRole(database, admin, { userId, role: 'reviewer' })
    expect(await actorOfRequest(database, client)).toBeNull()
    const again = await signedIn('bilal@example.org')
    expect((await actorOfRequest(database, again))?.role).toBe('reviewer')
  })

  it('are renamed by an administrator alone', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const userId = await person('bilal', 'editor')
    expect((await rename(database, admin, { userId, name: 'Bilal Ahmed' })).ok).toBe(true)
    expect((await personOf(userId, database))?.name).toBe('Bilal Ahmed')
    const self = await actorOf(database, userId)
    expect(problemOf(await rename(database, self, { userId, name: 'Amna' }))).toBe('forbidden')
    const nobody = { userId: 'system', name: 'Somebody' }
    await systemActor(database)
    expect(problemOf(await rename(database, admin, nobody))).toBe('personUnknown')
  })

  it('always include an active administrator', async () => {
    const userId = await person('amna', 'admin')
    const admin = await actorOf(database, userId)
    expect(problemOf(await setActive(database, admin, { userId, active: false }))).toBe('lastAdmin')
    expect(problemOf(await setRole(database, admin, { userId, role: 'editor' }))).toBe('lastAdmin')
  })

  it('keep one administrator when two remove each other at the same time', async () => {
    const first = await person('amna', 'admin')
    const second = await person('sana', 'admin')
    for (let race = 0; race < 25; race++) {
      const [a, b] = [await actorOf(database, first), await actorOf(database, second)]
      const results = await Promise.all([
        race % 2
          ? setRole(database, a, { userId: second, role: 'editor' })
          : setActive(database, a, { userId: second, active: false }),
        setActive(database, b, { userId: first, active: false }),
      ])
      expect(results.filter(({ ok }) => ok)).toHaveLength(1)
      expect(await database.user.count({ where: { role: 'admin', active: true } })).toBe(1)
      await database.user.updateMany({ data: { role: 'admin', active: true } })
    }
  })

  it('keep one administrator when two step down at the same time', async () => {
    const first = await person('amna', 'admin')
    const second = await person('sana', 'admin')
    for (let race = 0; race < 25; race++) {
      const [a, b] = [await actorOf(database, first), await actorOf(database, second)]
      const results = await Promise.all([
        setRole(database, a, { userId: first, role: 'editor' }),
        setRole(database, b, { userId: second, role: 'reviewer' }),
      ])
      expect(results.map(problemOf).sort()).toEqual(['lastAdmin', undefined])
      await database.user.updateMany({ data: { role: 'admin', active: true } })
    }
  })

  it('do not include the product itself, which cannot be made to act', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const system = await systemActor(database)
    expect(await systemActor(database)).toEqual(system)
    expect(system).toEqual({ userId: 'system', name: 'Shumar', role: 'system' })
    expect(await people(database)).toHaveLength(1)
    const change = { userId: 'system', active: true }
    expect(problemOf(await setActive(database, admin, change))).toBe('personUnknown')
    const attempt = { email: 'system@shumar.invalid', password }
    expect(problemOf(await signIn(database, browser(), attempt))).toBe('signInWrong')
  })
})

describe('limits', () => {
  const programme = (code: string) => ({ programme: code, academy: null })
  const academy = (code: string) => ({ programme: null, academy: code })

  beforeAll(async () => {
    await database.area.create({ data: { code: 'PK' } })
    await database.programme.create({ data: { code: 'NAVTTC' } })
    await database.programme.create({ data: { code: 'NAVTTC_SFA', parentCode: 'NAVTTC' } })
    await database.programme.create({ data: { code: 'NAVTTC_IT', parentCode: 'NAVTTC_SFA' } })
    await database.programme.create({ data: { code: 'PSEB' } })
    for (const code of ['_T', 'LHR-1']) {
      await database.academy.create({ data: { code, programmeCode: 'PSEB', areaCode: 'PK' } })
    }
  })

  it('reach all that lies under a programme, and nothing beside it', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const userId = await person('bilal', 'editor')
    expect(await readScopes(database, userId)).toEqual([])
    const scopes = [programme('NAVTTC'), academy('LHR-1')]
    expect((await setScopes(database, admin, { userId, scopes })).ok).toBe(true)
    const reach = await readScopes(database, userId)
    for (const code of ['NAVTTC', 'NAVTTC_SFA', 'NAVTTC_IT']) {
      expect(inScope(reach, { programme: code, academy: '_T' })).toBe(true)
    }
    expect(inScope(reach, { programme: 'PSEB', academy: '_T' })).toBe(false)
    expect(inScope(reach, { programme: 'PSEB', academy: 'LHR-1' })).toBe(true)
    expect((await personOf(userId, database))?.scopes).toEqual(scopes)
  })

  it('sign their holder out when they change, leave others alone, and are in the audit log', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const userId = await person('bilal', 'editor')
    await setScopes(database, admin, { userId, scopes: [programme('PSEB')] })
    const client = await signedIn('bilal@example.org')
    await setScopes(database, admin, { userId, scopes: [programme('PSEB')] })
    expect(await actorOfRequest(database, client)).not.toBeNull()
    await setScopes(database, admin, { userId, scopes: [] })
    expect(await actorOfRequest(database, client)).toBeNull()
    expect(await readScopes(database, userId)).toEqual([])
    const entries = await database.auditEntry.findMany({
      where: { action: { startsWith: 'user_scopes.' }, actorId: admin.userId },
      orderBy: { no: 'asc' },
    })
    expect(entries.map(({ action }) => action)).toEqual([
      'user_scopes.insert',
      'user_scopes.delete',
    ])
  })

  it('come with an invitation', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const email = 'bilal@example.org'
    const input = { role: 'editor', email, scopes: [programme('PSEB')] } as const
    const invited = await invite(database, admin, { ...input, scopes: [...input.scopes] })
    const token = invited.ok ? invited.value.token : ''
    expect((await openInvitations(database))[0]?.scopes).toEqual(input.scopes)
    const accepted = await acceptInvitation(database, { token, name: 'Bilal', email, password })
    const userId = accepted.ok ? accepted.value.userId : ''
    expect(await readScopes(database, userId)).toEqual(input.scopes)
  })

  it('name what exists, and do not hold for an administrator', async () => {
    const adminId = await person('amna', 'admin')
    const admin = await actorOf(database, adminId)
    const userId = await person('bilal', 'editor')
    for (const scope of [programme('NOWHERE'), academy('NOWHERE'), academy('_T')]) {
      const result = await setScopes(database, admin, { userId, scopes: [scope] })
      expect(problemOf(result)).toBe('scopeUnknown')
      const invited = { role: 'editor', email: 'x@example.org', scopes: [scope] } as const
      const made = await invite(database, admin, { ...invited, scopes: [scope] })
      expect(problemOf(made)).toBe('scopeUnknown')
    }
    await setScopes(database, admin, { userId: adminId, scopes: [programme('PSEB')] })
    expect(await readScopes(database, adminId)).toEqual([])
    const editor = await actorOf(database, userId)
    expect(problemOf(await setScopes(database, editor, { userId, scopes: [] }))).toBe('forbidden')
  })

  it('wait for work that is under way', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const userId = await person('bilal', 'editor')
    const editor = await actorOf(database, userId)
    const order: string[] = []
    let change: Promise<unknown> = Promise.resolve()
    await database.$transaction(async (transaction) => {
      await recheck(transaction, editor)
      change = setScopes(database, admin, { userId, scopes: [programme('PSEB')] }).then(() =>
        order.push('limited'),
      )
      await new Promise((resolve) => setTimeout(resolve, 400))
      expect(await readScopes(transaction, userId)).toEqual([])
      order.push('worked')
    })
    await change
    expect(order).toEqual(['worked', 'limited'])
  })
})

describe('a link to a new password', () => {
  const fresh = 'another lantern on friday'

  async function reset() {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const userId = await person('bilal', 'editor')
    const issue = async () => {
      const made = await issueReset(database, admin, { userId })
      return made.ok ? made.value.token : ''
    }
    return { admin, userId, issue }
  }

  it('works once, ends all sessions and the old password, and is kept as a hash', async () => {
    const { userId, issue } = await reset()
    const client = await signedIn('bilal@example.org')
    const token = await issue()
    expect(JSON.stringify(await database.passwordReset.findMany())).not.toContain(token)
    const before = await personOf(userId, database)
    await database.signInFailure.upsert({
      where: { email: 'bilal@example.org' },
      create: { email: 'bilal@example.org', failures: 5, lockedUntil: new Date('2999-01-01') },
      update: {},
    })

    expect(await actorOfRequest(database, client)).not.toBeNull()
    expect((await resetPassword(database, { token, password: fresh })).ok).toBe(true)
    expect(await actorOfRequest(database, client)).toBeNull()
    expect(await database.session.count({ where: { userId } })).toBe(0)
    const attempt = { email: 'bilal@example.org', password }
    expect(problemOf(await signIn(database, browser(), attempt))).toBe('signInWrong')
    const again = await resetPassword(database, { token, password: 'a third lantern, blue' })
    expect(problemOf(again)).toBe('linkInvalid')
    expect((await personOf(userId, database))?.lastSignInAt).toBe(before?.lastSignInAt)
    expect((await signIn(database, browser(), { ...attempt, password: fresh })).ok).toBe(true)

    const [entry] = await database.auditEntry.findMany({
      where: { action: 'accounts.update', actorId: userId },
      orderBy: { no: 'desc' },
    })
    expect(entry?.detail).toMatchObject({ secrets: ['password'] })
    const log = JSON.stringify(await database.auditEntry.findMany())
    expect(log).toContain('password_resets.insert')
    expect(log).not.toContain(tokenHash(token))
  })

  it('tells nothing where it does not work, whatever the reason', async () => {
    const { admin, userId, issue } = await reset()
    const asked = (token: string) => resetPassword(database, { token, password: fresh })
    const old = await issue()
    const expired = await issue()
    expect(await asked(old)).toEqual({ ok: false, problem: { code: 'linkInvalid' } })
    await database.passwordReset.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } })
    const unknown = 'A'.repeat(43)
    expect(await asked(expired)).toEqual(await asked(unknown))
    const beforeEnd = await issue()
    await setActive(database, admin, { userId, active: false })
    expect(await asked(beforeEnd)).toEqual(await asked(unknown))
    expect(problemOf(await issueReset(database, admin, { userId }))).toBe('personInactive')
    await setActive(database, admin, { userId, active: true })
    expect(await asked(beforeEnd)).toEqual(await asked(unknown))
    expect(await resetOf(beforeEnd, database)).toBeNull()
  })

  it('works once, when five use it at the same time', async () => {
    const { issue } = await reset()
    const token = await issue()
    const results = await Promise.all(
      Array.from({ length: 5 }, () => resetPassword(database, { token, password: fresh })),
    )
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  })

  it('is made by administrators, dies with their rights, and checks the password', async () => {
    const { admin, userId, issue } = await reset()
    const editor = await actorOf(database, userId)
    const forbidden = await issueReset(database, editor, { userId: admin.userId })
    expect(problemOf(forbidden)).toBe('forbidden')
    const token = await issue()
    expect(problemOf(await resetPassword(database, { token, password: 'short' }))).toBe(
      'passwordTooShort',
    )
    const sana = await person('sana', 'admin')
    await setRole(database, await actorOf(database, sana), { userId: admin.userId, role: 'editor' })
    expect(problemOf(await resetPassword(database, { token, password: fresh }))).toBe('linkInvalid')
  })
})

describe('one’s own account', () => {
  const fresh = 'another lantern on friday'

  async function own(email: string) {
    const client = await signedIn(email)
    const found = await signedInOfRequest(database, client)
    if (!found) throw new Error('Nobody is signed in.')
    return { client, ...found }
  }

  it('gets a new password that ends the other sessions only', async () => {
    await person('amna', 'admin')
    const elsewhere = await signedIn('amna@example.org')
    const here = await own('amna@example.org')
    const wrong = { current: 'not the right one', password: fresh }
    expect(problemOf(await changePassword(database, here, wrong))).toBe('currentWrong')
    expect(await actorOfRequest(database, elsewhere)).not.toBeNull()
    const right = { current: password, password: fresh }
    expect((await changePassword(database, here, right)).ok).toBe(true)
    expect(await actorOfRequest(database, here.client)).not.toBeNull()
    expect(await actorOfRequest(database, elsewhere)).toBeNull()
    const attempt = { email: 'amna@example.org', password: fresh }
    expect((await signIn(database, browser(), attempt)).ok).toBe(true)
  })

  it('cannot be guessed at: failures count as those at sign-in do', async () => {
    await person('amna', 'admin')
    const here = await own('amna@example.org')
    const guess = { current: 'not the right one', password: fresh }
    const codes: (string | undefined)[] = []
    for (let n = 0; n < 6; n++) codes.push(problemOf(await changePassword(database, here, guess)))
    expect(codes).toEqual([...Array(5).fill('currentWrong'), 'tryLater'])
  })

  it('lists where one is signed in, and ends one of those or all others', async () => {
    await person('amna', 'admin')
    const stranger = await person('bilal', 'editor')
    const others = [await own('amna@example.org'), await own('amna@example.org')]
    const theirs = await own('bilal@example.org')
    const here = await own('amna@example.org')
    const places = () => signedInPlaces(here.actor.userId, here.sessionId, database)
    expect((await places()).map(({ isCurrent }) => isCurrent)).toEqual([true, false, false])
    await endSessions(database, here, others[0]?.sessionId ?? '')
    expect(await actorOfRequest(database, others[0]?.client ?? browser())).toBeNull()
    expect(await places()).toHaveLength(2)
    await endSessions(database, here, theirs.sessionId)
    expect(await database.session.count({ where: { userId: stranger } })).toBe(1)
    await endSessions(database, here, null)
    expect((await places()).map(({ id }) => id)).toEqual([here.sessionId])
  })
})

describe('an actor inside a transaction', () => {
  it('is refused once deactivated or demoted, and the work is rolled back', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const userId = await person('bilal', 'reviewer')
    const actor = await actorOf(database, userId)
    const work = () =>
      database.$transaction(async (transaction) => {
        await transaction.setting.create({ data: { key: 'work', value: 1 } })
        await recheck(transaction, actor)
      })

    await setRole(database, admin, { userId, role: 'editor' })
    await expect(work()).rejects.toThrow(ActorRefused)
    await setRole(database, admin, { userId, role: 'reviewer' })
    await setActive(database, admin, { userId, active: false })
    await expect(work()).rejects.toThrow(ActorRefused)
    expect(await database.setting.count({ where: { key: 'work' } })).toBe(0)

    await setActive(database, admin, { userId, active: true })
    await setRole(database, admin, { userId, role: 'admin' })
    await expect(work()).resolves.toBeUndefined()
  })

  it('stays what they are until it ends', async () => {
    const admin = await actorOf(database, await person('amna', 'admin'))
    const userId = await person('bilal', 'editor')
    const actor = await actorOf(database, userId)
    const order: string[] = []
    const somebodyWaits = async () => {
      const waiting = `SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`
      while ((await database.$queryRawUnsafe<unknown[]>(waiting)).length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
    const change = { userId, active: false }
    const deactivation = await database.$transaction(async (transaction) => {
      await recheck(transaction, actor)
      const started = setActive(database, admin, change).then(() => order.push('deactivated'))
      await Promise.race([started, somebodyWaits()])
      order.push('work done')
      return { started }
    })
    await deactivation.started
    expect(order).toEqual(['work done', 'deactivated'])
  })

  it('is the product itself without further questions, but no impostor', async () => {
    const system = await systemActor(database)
    await database.$transaction((transaction) => recheck(transaction, system))
    const impostor = { ...system, userId: 'somebody' }
    await expect(
      database.$transaction((transaction) => recheck(transaction, impostor)),
    ).rejects.toThrow(ActorRefused)
  })
})

describe('pages and actions', () => {
  /** Where Next is told to send somebody. */
  async function sentTo(work: Promise<unknown>): Promise<string | undefined> {
    const error = await work.then(
      () => null,
      (thrown: { digest?: string }) => thrown,
    )
    return error?.digest?.split(';').find((part) => part.startsWith('/'))
  }

  it('send nobody to sign in, and back to where they were', async () => {
    expect(await sentTo(requireActor('people.manage', 'ur', '/ur/people'))).toBe(
      '/ur/sign-in?next=%2Fur%2Fpeople',
    )
    request.headers = browser({
      'content-type': 'multipart/form-data',
      referer: `${site}/entry?x=1`,
    })
    expect(await sentTo(requireActor('figures.propose', 'en'))).toBe(
      '/sign-in?next=%2Fentry%3Fx%3D1',
    )
    request.headers.set('referer', 'https://evil.example/entry')
    expect(await sentTo(requireActor('figures.propose', 'en'))).toBe('/sign-in')
  })

  it('know who asks, and tell a role that may not', async () => {
    await person('amna', 'admin')
    await person('bilal', 'editor')
    request.headers = await signedIn('bilal@example.org')
    expect((await requireActor('figures.propose', 'en')).name).toBe('bilal')
    expect((await currentActor())?.name).toBe('bilal')
    expect(await sentTo(requireActor('people.manage', 'ur'))).toBe('/ur/sign-in?refused=1')
    expect(problemOf(await actorFor('people.manage'))).toBe('forbidden')
  })

  it.each([['https://evil.example'], ['null'], [undefined]])(
    'do nothing for a form that says it comes from %s',
    async (origin) => {
      await person('amna', 'admin')
      const cookie = (await signedIn('amna@example.org')).get('cookie') ?? ''
      request.headers = new Headers({ cookie, 'content-type': 'multipart/form-data' })
      if (origin) request.headers.set('origin', origin)
      expect(await sentTo(requireActor('people.manage', 'en'))).toBe('/sign-in?refused=1')
      expect(problemOf(await actorFor('people.manage'))).toBe('wrongAddress')
    },
  )
})
