import { TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  actorOf,
  actorOfRequest,
  answerAuthRequest,
  personOf,
  signedInOfRequest,
  siteSecret,
} from '@/features/accounts/data'
import {
  acceptInvitation,
  invite,
  issueReset,
  issueSetUpToken,
  resetPassword,
  setActive,
  signIn,
  takeSecondStep,
  takeSecondStepByHand,
} from '@/features/accounts/mutations'
import { may } from '@/features/accounts/rules'
import type { SecondStepSetting, UserRole } from '@/features/accounts/schema'
import { confirmationOf, secondStepOf, secretOfSetUp } from '@/features/second-step/data'
import {
  beginApp,
  confirmByPassword,
  finishSignIn,
  renewRecoveryCodes,
  turnOffApp,
  turnOnApp,
} from '@/features/second-step/mutations'
import { changeSettings } from '@/features/settings/mutations'
import type { Database } from '@/lib/db/client'
import { sealText, unsealText } from '@/lib/sealed-text'
import '../support/cheap-hashes'
import { type TestDatabase, testDatabase } from '../support/database'

const site = 'https://stats.example.org'
const password = 'river lantern tuesday'
const email = 'amna@example.org'

let test: TestDatabase
let database: Database

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
})

afterAll(() => test.drop())

beforeEach(async () => {
  vi.stubEnv('SHUMAR_URL', site)
  vi.stubEnv('SHUMAR_SECRET', 'a secret of the tests, long enough and unused elsewhere')
  await database.invitation.deleteMany()
  await database.user.deleteMany()
  await database.signInFailure.deleteMany()
  await database.rateLimit.deleteMany()
  await database.setting.deleteMany()
})

async function person(name: string, role: UserRole, admin?: string): Promise<string> {
  const address = `${name}@example.org`
  const invited = admin
    ? await invite(database, await actorOf(database, admin), { role, email: address, scopes: [] })
    : null
  const token = invited?.ok ? invited.value.token : ((await issueSetUpToken(database)) ?? '')
  const made = await acceptInvitation(database, { token, name, email: address, password })
  if (!made.ok) throw new Error(made.problem.code)
  return made.value.userId
}

const browser = (more: Record<string, string> = {}) => new Headers({ origin: site, ...more })
const problemOf = (result: { ok: boolean; problem?: { code: string } }) => result.problem?.code

/** The session of somebody who has signed in, by the cookies that were set. */
async function sessionOf(result: Awaited<ReturnType<typeof signIn>>) {
  if (!result.ok) throw new Error(result.problem.code)
  const cookie = result.value.map((line) => line.split(';', 1)[0]).join('; ')
  const found = await signedInOfRequest(database, browser({ cookie }))
  if (!found) throw new Error('Nobody is signed in.')
  return found
}

const byPassword = (address = email) => signIn(database, browser(), { email: address, password })

/** What a browser keeps after a right password. */
async function halfWay(): Promise<string> {
  const result = await byPassword()
  expect(problemOf(result)).toBe('codeNeeded')
  return result.ok ? '' : String(result.problem.params?.halfWay)
}

/** The code that an app shows so many steps from now. */
const codeAt = (secret: string, steps: number) =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })

const wrongCode = (secret: string) => {
  const near = [-2, -1, 0, 1, 2].map((steps) => codeAt(secret, steps))
  return ['111111', '222222', '333333', '444444', '555555', '666666'].find(
    (code) => !near.includes(code),
  ) as string
}

/** Turns the second step on, as if with the code of the step before, so that the next two are fresh. */
async function turnedOn(own: Awaited<ReturnType<typeof sessionOf>>) {
  const begun = await beginApp(database, own, await confirmationOf(database, own))
  if (!begun.ok) throw new Error(begun.problem.code)
  const { sealed } = begun.value
  const secret = secretOfSetUp(sealed, own.actor.userId) ?? ''
  const on = await turnOnApp(database, own, { sealed, code: codeAt(secret, 0) })
  if (!on.ok) throw new Error(on.problem.code)
  const { userId } = own.actor
  await database.secondStep.update({ where: { userId }, data: { lastStep: { decrement: 1 } } })
  return { secret, codes: on.value.codes, sealed }
}

async function amna() {
  const userId = await person('amna', 'admin')
  const own = await sessionOf(await byPassword())
  return { userId, own, ...(await turnedOn(own)) }
}

const finish = (kept: string, code: string, client = browser()) =>
  finishSignIn(database, client, { halfWay: kept, code })

describe('turning it on', () => {
  it('needs the password and a code, and ends other sessions', async () => {
    const userId = await person('amna', 'admin')
    const own = await sessionOf(await byPassword())
    await byPassword()
    const guessed = await confirmByPassword(database, own, { password: 'not the password' })
    expect(problemOf(guessed)).toBe('currentWrong')
    expect(problemOf(await beginApp(database, own, ''))).toBe('notConfirmed')
    const confirmed = await confirmByPassword(database, own, { password })
    const begun = await beginApp(database, own, confirmed.ok ? confirmed.value : '')
    const { sealed } = begun.ok ? begun.value : { sealed: '' }
    const secret = secretOfSetUp(sealed, userId) ?? ''
    const wrong = await turnOnApp(database, own, { sealed, code: wrongCode(secret) })
    expect(problemOf(wrong)).toBe('codeWrong')
    expect(await secondStepOf(userId, database)).toBe(null)
    expect(await database.session.count()).toBe(2)

    const on = await turnOnApp(database, own, { sealed, code: codeAt(secret, 0) })
    expect(on.ok && on.value.codes).toHaveLength(10)
    expect((await database.session.findMany()).map(({ id }) => id)).toEqual([own.sessionId])
    expect((await personOf(userId, database))?.secondStepSince).not.toBe(null)
    const again = await turnOnApp(database, own, { sealed, code: codeAt(secret, 1) })
    expect(problemOf(again)).toBe('appOn')
  })

  it('takes no secret of somebody else’s, nor one of an hour ago', async () => {
    const { userId, sealed } = await amna()
    const inAnHour = new Date(Date.now() + 60 * 60_000)
    expect(secretOfSetUp(sealed, userId)).not.toBe(null)
    expect(secretOfSetUp(sealed, 'somebody else')).toBe(null)
    expect(secretOfSetUp(sealed, userId, inAnHour)).toBe(null)
  })

  it('leaves secret and codes readable nowhere, least of all in the audit log', async () => {
    const { userId, secret, codes } = await amna()
    const kept = await halfWay()
    await finish(kept, codes[0] ?? '')
    const row = await database.secondStep.findUniqueOrThrow({ where: { userId } })
    const stored = JSON.stringify([row, await database.signInFailure.findMany()])
    const entries = await database.$queryRaw<{ action: string; detail: object }[]>`
      SELECT action, detail FROM audit_entries WHERE subject = ${`second_steps/${userId}`} ORDER BY no`
    expect(entries.map(({ action }) => action)).toEqual([
      'second_steps.insert',
      'second_steps.update',
    ])
    const log = JSON.stringify(await database.$queryRaw`SELECT * FROM audit_entries`)
    for (const text of [secret, ...codes, ...codes.map((code) => code.replaceAll('-', ''))]) {
      expect(stored).not.toContain(text)
      expect(log).not.toContain(text)
    }
    for (const hidden of [row.secret, ...row.recoveryHashes]) expect(log).not.toContain(hidden)
    expect(entries[1]?.detail).toMatchObject({
      before: { recovery_left: 10 },
      after: { recovery_left: 9 },
    })
  })
})

describe('where the settings ask for it', () => {
  const everyone = { amna: 'admin', rida: 'reviewer', umar: 'editor' } as const

  const cookieOf = async (address: string) => {
    const result = await byPassword(address)
    if (!result.ok) throw new Error(result.problem.code)
    return browser({ cookie: result.value.map((line) => line.split(';', 1)[0]).join('; ') })
  }

  it.each<[SecondStepSetting, string[]]>([
    ['nobody', []],
    ['admins', ['amna']],
    ['reviewers', ['amna', 'rida']],
    ['everyone', ['amna', 'rida', 'umar']],
  ])('%s: who lacks it keeps their own account and does nothing else', async (setting, held) => {
    const admin = await person('amna', everyone.amna)
    await person('rida', everyone.rida, admin)
    await person('umar', everyone.umar, admin)
    await changeSettings(database, await actorOf(database, admin), { secondStep: setting })
    for (const [name, role] of Object.entries(everyone)) {
      const client = await cookieOf(`${name}@example.org`)
      const actor = await actorOfRequest(database, client)
      const isHeld = held.includes(name)
      expect(actor?.role, name).toBe(isHeld ? 'waiting' : role)
      expect(may(actor?.role ?? 'waiting', 'figures.propose'), name).toBe(!isHeld)
      expect(may(actor?.role ?? 'waiting', 'account.keep'), name).toBe(true)
      expect((await signedInOfRequest(database, client))?.actor.role).toBe(role)
    }
  })

  it('opens everything once it is on', async () => {
    const userId = await person('amna', 'admin')
    await changeSettings(database, await actorOf(database, userId), { secondStep: 'admins' })
    const client = await cookieOf(email)
    const own = await signedInOfRequest(database, client)
    if (!own) throw new Error('Nobody is signed in.')
    expect((await actorOfRequest(database, client))?.role).toBe('waiting')
    await turnedOn(own)
    expect((await actorOfRequest(database, client))?.role).toBe('admin')
  })
})

describe('signing in', () => {
  it('makes no session before the code, and one after it', async () => {
    const { userId, secret } = await amna()
    await database.session.deleteMany()
    const kept = await halfWay()
    expect(await database.session.count()).toBe(0)
    expect(kept).not.toContain(userId)

    expect(problemOf(await finish(kept, wrongCode(secret)))).toBe('codeWrong')
    expect(await database.session.count()).toBe(0)
    const { actor } = await sessionOf(await finish(kept, codeAt(secret, 0)))
    expect(actor.userId).toBe(userId)
    // The log names the session, not the code.
    const [last] = await database.$queryRaw<{ action: string }[]>`
      SELECT action FROM audit_entries WHERE subject LIKE 'se%' ORDER BY no DESC LIMIT 1`
    expect(last?.action).toBe('sessions.insert')
  })

  it('takes a code once, also from many at the same time, and none older than the last', async () => {
    const { secret } = await amna()
    const kept = await halfWay()
    const code = codeAt(secret, 1)
    const all = await Promise.all([1, 2, 3].map(() => finish(kept, code)))
    expect(all.filter(({ ok }) => ok)).toHaveLength(1)
    expect(problemOf(await finish(kept, codeAt(secret, 0)))).toBe('codeWrong')
  })

  it('allows for a clock one step off, and not three', async () => {
    const { userId, secret } = await amna()
    const kept = await halfWay()
    await database.secondStep.update({ where: { userId }, data: { lastStep: 0 } })
    // The end of a step would make the one before it too old.
    const intoStep = Date.now() % 30_000
    if (intoStep > 27_000) await new Promise((done) => setTimeout(done, 30_000 - intoStep))
    expect(problemOf(await finish(kept, codeAt(secret, -3)))).toBe('codeWrong')
    expect(problemOf(await finish(kept, codeAt(secret, 3)))).toBe('codeWrong')
    expect((await finish(kept, codeAt(secret, -1))).ok).toBe(true)
    expect((await finish(kept, codeAt(secret, 1))).ok).toBe(true)
  })

  it('takes each recovery code once', async () => {
    const { userId, codes } = await amna()
    const kept = await halfWay()
    expect((await finish(kept, codes[3]?.toLowerCase() ?? '')).ok).toBe(true)
    expect(problemOf(await finish(kept, codes[3] ?? ''))).toBe('codeWrong')
    expect(await secondStepOf(userId, database)).toMatchObject({ recoveryLeft: 9 })
  })

  it('locks after five wrong codes, which a right password does not undo', async () => {
    const { secret, codes } = await amna()
    for (const _ of [1, 2, 3, 4, 5]) {
      expect(problemOf(await finish(await halfWay(), wrongCode(secret)))).toBe('codeWrong')
    }
    const kept = await halfWay()
    expect(problemOf(await finish(kept, codeAt(secret, 0)))).toBe('tryLater')
    expect(problemOf(await finish(kept, codes[0] ?? ''))).toBe('tryLater')
  })

  it('counts the tries of one client, and those are no failures of the person', async () => {
    const { secret } = await amna()
    const kept = await halfWay()
    await database.rateLimit.deleteMany()
    const answers: (string | undefined)[] = []
    for (const _ of Array.from({ length: 61 })) {
      await database.signInFailure.deleteMany()
      answers.push(problemOf(await finish(kept, wrongCode(secret))))
    }
    expect(answers.at(0)).toBe('codeWrong')
    expect(answers.at(-1)).toBe('tryLater')
    const [row] = await database.signInFailure.findMany()
    expect(row?.failures).toBe(0)
  })

  it('is over after ten minutes, and when password, second step or person change', async () => {
    const { userId, own, secret } = await amna()
    const kept = await halfWay()
    const parts = JSON.parse(unsealText(siteSecret(), 'half-way sign-in', kept) ?? '{}')
    expect(Math.abs(parts.until - Date.now() - 10 * 60_000)).toBeLessThan(60_000)
    const old = { ...parts, until: Date.now() - 1000 }
    const over = sealText(siteSecret(), 'half-way sign-in', JSON.stringify(old))
    expect(problemOf(await finish(over, codeAt(secret, 0)))).toBe('halfWayOver')
    expect(problemOf(await finish(`${kept.slice(0, -2)}AA`, codeAt(secret, 0)))).toBe('halfWayOver')
    expect(problemOf(await finish('', codeAt(secret, 0)))).toBe('halfWayOver')

    const admin = await person('bilal', 'admin', userId)
    const bilal = await actorOf(database, admin)
    await setActive(database, bilal, { userId, active: false })
    expect(problemOf(await finish(kept, codeAt(secret, 0)))).toBe('halfWayOver')
    expect(problemOf(await byPassword())).toBe('signInWrong')
    await setActive(database, bilal, { userId, active: true })

    const link = await issueReset(database, own.actor, { userId })
    const token = link.ok ? link.value.token : ''
    await resetPassword(database, { token, password: 'quiet lamps over the river' })
    expect(problemOf(await finish(kept, codeAt(secret, 0)))).toBe('halfWayOver')
  })

  it('is refused to a page of another site, and that is no failure of the person', async () => {
    const { secret } = await amna()
    const kept = await halfWay()
    const foreign = new Headers({ origin: 'https://evil.example' })
    expect(problemOf(await finish(kept, codeAt(secret, 0), foreign))).toBe('wrongAddress')
    expect((await finish(kept, codeAt(secret, 0))).ok).toBe(true)
  })

  it('has no door of better-auth’s that is open', async () => {
    const { userId } = await amna()
    const response = await answerAuthRequest(
      new Request(`${site}/api/auth/second-step`, {
        method: 'POST',
        headers: { origin: site, 'content-type': 'application/json' },
        body: JSON.stringify({ check: userId }),
      }),
      database,
    )
    expect(response.status).toBe(404)
  })

  it('says nothing of a second step to a wrong password', async () => {
    await amna()
    const result = await signIn(database, browser(), { email, password: 'not the password' })
    expect(problemOf(result)).toBe('signInWrong')
  })
})

describe('confirming, before a change', () => {
  it('takes the password and, once it is on, a code; wrong codes lock, whatever the password', async () => {
    const { own, secret, codes } = await amna()
    const code = codeAt(secret, 0)
    const tried = (typed: { password: string; code?: string }) =>
      confirmByPassword(database, own, typed)
    expect(problemOf(await tried({ password: 'not the password', code }))).toBe('currentWrong')
    expect(problemOf(await tried({ password }))).toBe('codeMissing')
    expect((await tried({ password, code })).ok).toBe(true)
    for (const _ of [1, 2, 3, 4, 5]) {
      expect(problemOf(await tried({ password, code: wrongCode(secret) }))).toBe('codeWrong')
    }
    expect(problemOf(await tried({ password, code: codes[0] ?? '' }))).toBe('tryLater')
  })

  it('holds for ten minutes, for one session, and not after its end', async () => {
    const { own } = await amna()
    const kept = await confirmationOf(database, own)
    const other = { ...own, sessionId: 'another session' }
    expect(problemOf(await renewRecoveryCodes(database, other, kept))).toBe('notConfirmed')
    const old = { userId: own.actor.userId, sessionId: own.sessionId, until: Date.now() - 1000 }
    const over = sealText(siteSecret(), 'confirmed session', JSON.stringify(old))
    expect(problemOf(await renewRecoveryCodes(database, own, over))).toBe('notConfirmed')
    const foreign = sealText(siteSecret(), 'half-way sign-in', JSON.stringify(old))
    expect(problemOf(await renewRecoveryCodes(database, own, foreign))).toBe('notConfirmed')
    expect((await renewRecoveryCodes(database, own, kept)).ok).toBe(true)
    await database.session.deleteMany()
    expect(problemOf(await renewRecoveryCodes(database, own, kept))).toBe('notConfirmed')
  })
})

describe('turning it off, and new recovery codes', () => {
  it('change what holds, which the log tells without the codes', async () => {
    const { userId, own, codes } = await amna()
    const kept = await confirmationOf(database, own)
    const renewed = await renewRecoveryCodes(database, own, kept)
    expect(renewed.ok && renewed.value.codes).toHaveLength(10)
    const old = await confirmByPassword(database, own, { password, code: codes[0] ?? '' })
    expect(problemOf(old)).toBe('codeWrong')
    expect((await turnOffApp(database, own, kept)).ok).toBe(true)
    expect((await byPassword()).ok).toBe(true)
    const actions = await database.$queryRaw<{ action: string; actor: string }[]>`
      SELECT action, actor_id AS actor FROM audit_entries WHERE subject = ${`second_steps/${userId}`} ORDER BY no`
    expect(actions).toEqual(
      ['insert', 'update', 'delete'].map((done) => ({
        action: `second_steps.${done}`,
        actor: userId,
      })),
    )
  })

  it('is refused where the settings ask for it', async () => {
    const { userId, own } = await amna()
    await changeSettings(database, await actorOf(database, userId), { secondStep: 'admins' })
    const off = await turnOffApp(database, own, await confirmationOf(database, own))
    expect(problemOf(off)).toBe('secondStepAsked')
    expect(await secondStepOf(userId, database)).not.toBe(null)
  })
})

describe('an administrator', () => {
  it('takes it away from somebody else, who is signed out; not from themselves', async () => {
    const { userId, own } = await amna()
    const other = await person('bilal', 'editor', userId)
    const bilal = await sessionOf(await byPassword('bilal@example.org'))
    await turnedOn(bilal)

    const byEditor = await takeSecondStep(database, bilal.actor, { userId })
    expect(problemOf(byEditor)).toBe('forbidden')
    expect(problemOf(await takeSecondStep(database, own.actor, { userId }))).toBe('secondStepOwn')
    expect((await takeSecondStep(database, own.actor, { userId: other })).ok).toBe(true)
    expect(await database.session.count({ where: { userId: other } })).toBe(0)
    expect((await byPassword('bilal@example.org')).ok).toBe(true)
    const again = await takeSecondStep(database, own.actor, { userId: other })
    expect(problemOf(again)).toBe('secondStepNone')
    const [entry] = await database.$queryRaw<{ actor: string }[]>`
      SELECT actor_id AS actor FROM audit_entries
      WHERE subject = ${`second_steps/${other}`} AND action = 'second_steps.delete'`
    expect(entry?.actor).toBe(userId)
  })

  it('who is the last one gets it taken away by hand, which the log shows as that', async () => {
    const { userId } = await amna()
    expect(await takeSecondStepByHand(database, 'nobody@example.org')).toBe(false)
    expect(await takeSecondStepByHand(database, email)).toBe(true)
    expect(await takeSecondStepByHand(database, email)).toBe(false)
    expect((await byPassword()).ok).toBe(true)
    const [entry] = await database.$queryRaw<{ actor: string }[]>`
      SELECT actor_id AS actor FROM audit_entries
      WHERE subject = ${`second_steps/${userId}`} AND action = 'second_steps.delete'`
    expect(entry?.actor).toBe('')
  })
})
