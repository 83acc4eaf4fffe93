import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  actorOf,
  actorOfRequest,
  personOf,
  signedInOfRequest,
  siteSecret,
} from '@/features/accounts/data'
import {
  acceptInvitation,
  invite,
  issueSetUpToken,
  setActive,
  signIn,
  takeSecondStep,
} from '@/features/accounts/mutations'
import { verifyAudit } from '@/features/audit/data'
import { askForNewPasskey, askForPasskey, passkeysOf } from '@/features/passkeys/data'
import type { Bound, PasskeyPurpose, UseOptions } from '@/features/passkeys/schema'
import { removeTraces } from '@/features/retention/mutations'
import { confirmationOf, secondStepOf } from '@/features/second-step/data'
import {
  addPasskey,
  confirmByPasskey,
  confirmByPassword,
  finishByPasskey,
  finishSignIn,
  removePasskey,
  renamePasskey,
  renewRecoveryCodes,
  signInByPasskey,
} from '@/features/second-step/mutations'
import type { Own } from '@/features/second-step/schema'
import { changeSettings } from '@/features/settings/mutations'
import type { Database } from '@/lib/db/client'
import { sealText, unsealText } from '@/lib/sealed-text'
import { Authenticator } from '../support/authenticator'
import '../support/cheap-hashes'
import { type TestDatabase, testDatabase } from '../support/database'

const site = 'https://stats.example.org'
const password = 'river lantern tuesday'
const email = 'amna@example.org'
type Flaws = NonNullable<Parameters<Authenticator['use']>[1]>

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
  await database.spentChallenge.deleteMany()
})

async function person(name: string, admin?: string): Promise<string> {
  const address = `${name}@example.org`
  const invited = admin
    ? await invite(database, await actorOf(database, admin), {
        role: 'editor',
        email: address,
        scopes: [],
      })
    : null
  const token = invited?.ok ? invited.value.token : ((await issueSetUpToken(database)) ?? '')
  const made = await acceptInvitation(database, { token, name, email: address, password })
  if (!made.ok) throw new Error(made.problem.code)
  return made.value.userId
}

const browser = (more: Record<string, string> = {}) => new Headers({ origin: site, ...more })
const problemOf = (result: { ok: boolean; problem?: { code: string } }) => result.problem?.code
const byPassword = (address = email) => signIn(database, browser(), { email: address, password })
const cookieOf = (lines: readonly string[]) =>
  browser({ cookie: lines.map((line) => line.split(';', 1)[0]).join('; ') })

async function sessionOf(result: Awaited<ReturnType<typeof signIn>>): Promise<Own> {
  if (!result.ok) throw new Error(result.problem.code)
  const found = await signedInOfRequest(database, cookieOf(result.value))
  if (!found) throw new Error('Nobody is signed in.')
  return found
}

const confirmed = (own: Own) => confirmationOf(database, own)

/** The question for a new passkey, as an open page has it. */
const askedToAdd = ({ actor: { userId }, sessionId }: Own) =>
  askForNewPasskey(database, { purpose: 'add', userId, sessionId })

async function add(own: Own, device = new Authenticator(site), name = 'Laptop') {
  const { options, sealed } = await askedToAdd(own)
  const response = device.create(options)
  const confirmation = await confirmed(own)
  return addPasskey(database, own, { confirmation, name, sealed, response })
}

/** Somebody with one passkey and nothing else. */
async function amna() {
  const userId = await person('amna')
  const own = await sessionOf(await byPassword())
  const device = new Authenticator(site)
  const added = await add(own, device)
  if (!added.ok) throw new Error(added.problem.code)
  const [passkey] = await passkeysOf(userId, database)
  return { userId, own, device, codes: added.value.codes, passkeyId: passkey?.id ?? '' }
}

const nobody: Bound = { purpose: 'signIn', userId: null, sessionId: null }
const asked = (bound: Bound) => askForPasskey(database, bound)

/** Signs in by a passkey alone. */
async function enter(device: Authenticator, flaws: Flaws = {}, client = browser()) {
  const { options, sealed } = await asked(nobody)
  return signInByPasskey(database, client, { sealed, response: device.use(options, flaws) })
}

async function halfWay(): Promise<string> {
  const result = await byPassword()
  expect(problemOf(result)).toBe('codeNeeded')
  return result.ok ? '' : String(result.problem.params?.halfWay)
}

/** What the operator reads of passkeys that are refused. */
const warnings = () => vi.spyOn(console, 'warn').mockImplementation(() => {})

describe('adding a passkey', () => {
  it('turns the second step on, with recovery codes, and ends other sessions', async () => {
    const userId = await person('amna')
    const own = await sessionOf(await byPassword())
    await byPassword()
    const added = await add(own, new Authenticator(site), 'Laptop')
    expect(added.ok && added.value.codes).toHaveLength(10)
    expect(await secondStepOf(userId, database)).toMatchObject({ recoveryLeft: 10, hasApp: false })
    expect((await personOf(userId, database))?.secondStepSince).not.toBe(null)
    expect(await passkeysOf(userId, database)).toMatchObject([{ name: 'Laptop', lastUsedAt: null }])
    expect((await database.session.findMany()).map(({ id }) => id)).toEqual([own.sessionId])

    const second = await add(own, new Authenticator(site), 'Key')
    expect(second.ok && second.value.codes).toEqual([])
    const names = (await passkeysOf(userId, database)).map(({ name }) => name)
    expect(names).toEqual(['Laptop', 'Key'])
  })

  it('needs a confirmation of this session', async () => {
    const userId = await person('amna')
    const own = await sessionOf(await byPassword())
    const other = await sessionOf(await byPassword())
    const { options, sealed } = await askedToAdd(own)
    const response = new Authenticator(site).create(options)
    for (const confirmation of ['', await confirmed(other)]) {
      const added = await addPasskey(database, own, { confirmation, name: 'x', sealed, response })
      expect(problemOf(added)).toBe('notConfirmed')
    }
    expect(await secondStepOf(userId, database)).toBe(null)
  })

  it.each<[string, Flaws]>([
    ['by a page of another site', { origin: 'https://evil.example' }],
    ['for another host', { host: 'evil.example' }],
    ['for another challenge', { challenge: 'c29tZXRoaW5nIGVsc2U' }],
    ['without asking its owner', { isVerified: false }],
  ])('is refused where it was made %s', async (_, flaws) => {
    const refused = warnings()
    const userId = await person('amna')
    const own = await sessionOf(await byPassword())
    const { options, sealed } = await askedToAdd(own)
    const response = new Authenticator(site).create(options, flaws)
    const confirmation = await confirmed(own)
    const added = await addPasskey(database, own, { confirmation, name: 'x', sealed, response })
    expect(problemOf(added)).toBe('passkeyNotMade')
    expect(await secondStepOf(userId, database)).toBe(null)
    expect(refused).toHaveBeenCalledOnce()
  })

  it('takes a challenge once, and only the one for this person, session and purpose', async () => {
    const { own } = await amna()
    const { actor, sessionId } = own
    const confirmation = await confirmed(own)
    const send = async (bound: Bound & { userId: string }, device = new Authenticator(site)) => {
      const { options, sealed } = await askForNewPasskey(database, bound)
      const response = device.create(options)
      const typed = { confirmation, name: 'x', sealed, response }
      return [await addPasskey(database, own, typed), await addPasskey(database, own, typed)]
    }
    const right = { purpose: 'add', userId: actor.userId, sessionId } as const
    const wrong = [
      { ...right, purpose: 'confirm' as PasskeyPurpose },
      { ...right, userId: 'somebody else' },
      { ...right, sessionId: 'another session' },
    ]
    await database.user.create({
      data: {
        id: 'somebody else',
        name: 'Bilal',
        email: 'bilal@example.org',
        role: 'editor',
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    })
    for (const bound of wrong) {
      const [first] = await send(bound)
      expect(first && problemOf(first)).toBe('passkeyNotMade')
    }
    const [first, again] = await send(right)
    expect(first?.ok).toBe(true)
    expect(again && problemOf(again)).toBe('passkeyNotMade')
  })

  it('knows a passkey that somebody has already, and how many are enough', async () => {
    const { own, device, userId } = await amna()
    expect(problemOf(await add(own, device))).toBe('passkeyKnown')
    await database.passkey.createMany({
      data: Array.from({ length: 19 }, (_, n) => ({
        ...{ id: `p${n}`, userId, name: 'x', credentialId: `c${n}` },
        ...{ publicKey: new Uint8Array([1]), counter: 0, transports: [] },
      })),
    })
    expect(problemOf(await add(own))).toBe('passkeysMany')
  })
})

describe('signing in by a passkey alone', () => {
  it('is both steps at once, and says when it was used', async () => {
    const { userId, device } = await amna()
    await changeSettings(database, await actorOf(database, userId), { secondStep: 'everyone' })
    const result = await enter(device)
    const client = cookieOf(result.ok ? result.value : [])
    expect((await actorOfRequest(database, client))?.role).toBe('admin')
    expect((await passkeysOf(userId, database))[0]?.lastUsedAt).not.toBe(null)
  })

  it('leaves a password alone without a session', async () => {
    await amna()
    await database.session.deleteMany()
    await halfWay()
    expect(await database.session.count()).toBe(0)
  })

  it('asks the same of everybody', async () => {
    await amna()
    const { options } = await asked(nobody)
    expect(options).toMatchObject({ rpId: 'stats.example.org', userVerification: 'required' })
    expect(options.allowCredentials).toEqual([])
  })

  it('takes each challenge once, also from many at the same time', async () => {
    const { device } = await amna()
    const { options, sealed } = await asked(nobody)
    const send = () =>
      signInByPasskey(database, browser(), { sealed, response: device.use(options) })
    const all = await Promise.all([1, 2, 3].map(send))
    expect(all.filter(({ ok }) => ok)).toHaveLength(1)
    expect(problemOf(await send())).toBe('passkeyWrong')
    expect((await enter(device)).ok).toBe(true)
  })

  it('takes no challenge that is five minutes old, nor one that nobody sealed', async () => {
    const { device } = await amna()
    const { options, sealed } = await asked(nobody)
    const purpose = 'passkey challenge'
    const parts = JSON.parse(unsealText(siteSecret(), purpose, sealed) ?? '{}')
    expect(Math.abs(parts.until - Date.now() - 5 * 60_000)).toBeLessThan(60_000)
    const old = JSON.stringify({ ...parts, until: Date.now() - 1000 })
    for (const kept of [sealText(siteSecret(), purpose, old), '', 'c29tZXRoaW5n']) {
      const answer = { sealed: kept, response: device.use(options) }
      expect(problemOf(await signInByPasskey(database, browser(), answer))).toBe('passkeyWrong')
    }
  })

  it('takes no challenge that was for something else', async () => {
    const { own, device } = await amna()
    const { userId } = own.actor
    for (const bound of [
      { ...nobody, purpose: 'secondStep' as const },
      { ...nobody, userId },
      { purpose: 'confirm' as const, userId, sessionId: own.sessionId },
    ]) {
      const { options, sealed } = await asked(bound)
      const answer = { sealed, response: device.use(options) }
      expect(problemOf(await signInByPasskey(database, browser(), answer))).toBe('passkeyWrong')
    }
  })

  it.each<[string, Flaws]>([
    ['was used on another site', { origin: 'https://stats.example.org.evil.example' }],
    ['was used without https', { origin: 'http://stats.example.org' }],
    ['belongs to another host', { host: 'evil.example' }],
    ['answers another challenge', { challenge: 'c29tZXRoaW5nIGVsc2U' }],
    ['was used without asking its owner', { isVerified: false }],
    ['counts backwards', { counter: 4 }],
    ['counts no further', { counter: 5 }],
  ])('refuses one that %s, and the operator reads so', async (_, flaws) => {
    const refused = warnings()
    const { device, userId } = await amna()
    device.counter = 4
    expect((await enter(device)).ok).toBe(true)
    await database.session.deleteMany()
    expect(problemOf(await enter(device, flaws))).toBe('passkeyWrong')
    expect(await database.session.count()).toBe(0)
    expect(refused.mock.calls).toEqual([[expect.stringContaining(userId)]])
    device.counter = 5
    expect((await enter(device)).ok).toBe(true)
  })

  it('allows for devices that do not count', async () => {
    const { device } = await amna()
    for (const _ of [1, 2]) expect((await enter(device, { counter: 0 })).ok).toBe(true)
  })

  it('says the same of one that is unknown, of another device, or of somebody deactivated', async () => {
    warnings()
    const { userId, own, device } = await amna()
    expect(problemOf(await enter(new Authenticator(site)))).toBe('passkeyWrong')
    const other = await person('bilal', userId)
    const handle = Buffer.from(other).toString('base64url')
    expect(problemOf(await enter(device, { userHandle: handle }))).toBe('passkeyWrong')
    const forger = new Authenticator(site)
    Object.defineProperty(forger, 'credentialId', { value: device.credentialId })
    Object.defineProperty(forger, 'handle', { value: Buffer.from(userId).toString('base64url') })
    expect(problemOf(await enter(forger))).toBe('passkeyWrong')

    await database.user.update({ where: { id: other }, data: { role: 'admin' } })
    await setActive(database, await actorOf(database, other), { userId, active: false })
    expect(problemOf(await enter(device))).toBe('passkeyWrong')
    expect(own.actor.userId).toBe(userId)
  })

  it('counts the tries of one client, and is refused to a page of another site', async () => {
    const { device } = await amna()
    const foreign = new Headers({ origin: 'https://evil.example' })
    expect(problemOf(await enter(device, {}, foreign))).toBe('wrongAddress')
    await database.rateLimit.deleteMany()
    const stranger = new Authenticator(site)
    const answers: (string | undefined)[] = []
    for (const _ of Array.from({ length: 61 })) answers.push(problemOf(await enter(stranger)))
    expect(answers.at(0)).toBe('passkeyWrong')
    expect(answers.at(-1)).toBe('tryLater')
    expect(problemOf(await enter(device))).toBe('tryLater')
  })

  it('goes on where guesses at the password have locked the address', async () => {
    const { device } = await amna()
    for (const _ of [1, 2, 3, 4, 5]) {
      await signIn(database, browser(), { email, password: 'not the password' })
    }
    expect(problemOf(await byPassword())).toBe('tryLater')
    expect((await enter(device)).ok).toBe(true)
  })
})

describe('a passkey as the second step', () => {
  const second = async (kept: string, device: Authenticator, bound: Bound) => {
    const { options, sealed } = await asked(bound)
    const response = device.use(options)
    return finishByPasskey(database, browser(), { halfWay: kept, sealed, response })
  }

  it('comes after the password of the same person, and takes the place of a code', async () => {
    const { userId, device, codes } = await amna()
    const kept = await halfWay()
    const bound = { purpose: 'secondStep', userId, sessionId: null } as const
    expect(problemOf(await second('', device, bound))).toBe('halfWayOver')
    expect(problemOf(await second(kept, new Authenticator(site), bound))).toBe('passkeyWrong')
    expect(problemOf(await second(kept, device, nobody))).toBe('passkeyWrong')
    const { actor } = await sessionOf(await second(kept, device, bound))
    expect(actor.userId).toBe(userId)

    const code = { halfWay: await halfWay(), code: codes[0] ?? '' }
    expect((await finishSignIn(database, browser(), code)).ok).toBe(true)
    expect(await secondStepOf(userId, database)).toMatchObject({ recoveryLeft: 9 })
  })

  it('is asked for by its name once the password was right', async () => {
    const { userId, device } = await amna()
    const { options } = await asked({ purpose: 'secondStep', userId, sessionId: null })
    expect((options as UseOptions).allowCredentials).toMatchObject([
      { id: device.credentialId.toString('base64url'), transports: ['internal'] },
    ])
  })

  it('is nothing that a code of an app could stand for where there is no app', async () => {
    await amna()
    const typed = { halfWay: await halfWay(), code: '123456' }
    expect(problemOf(await finishSignIn(database, browser(), typed))).toBe('codeWrong')
  })
})

describe('confirming by a passkey', () => {
  it('is as good as password and code, for the session that was asked', async () => {
    const { own, device } = await amna()
    const { userId } = own.actor
    expect(problemOf(await confirmByPassword(database, own, { password }))).toBe('codeMissing')
    const confirm = async (bound: Bound) => {
      const { options, sealed } = await asked(bound)
      return confirmByPasskey(database, own, { sealed, response: device.use(options) })
    }
    const right = { purpose: 'confirm', userId, sessionId: own.sessionId } as const
    expect(problemOf(await confirm({ ...right, sessionId: 'another session' }))).toBe(
      'passkeyWrong',
    )
    const kept = await confirm(right)
    expect((await renewRecoveryCodes(database, own, kept.ok ? kept.value : '')).ok).toBe(true)
  })
})

describe('renaming and removing', () => {
  it('are for its owner, once confirmed', async () => {
    const { userId, own, passkeyId } = await amna()
    await person('bilal', userId)
    const bilal = await sessionOf(await byPassword('bilal@example.org'))
    const confirmation = await confirmed(bilal)
    const renamed = await renamePasskey(database, bilal, { confirmation, passkeyId, name: 'Mine' })
    expect(problemOf(renamed)).toBe('passkeyUnknown')
    const taken = await removePasskey(database, bilal, { confirmation, passkeyId })
    expect(problemOf(taken)).toBe('passkeyUnknown')
    const unconfirmed = await removePasskey(database, own, { confirmation: '', passkeyId })
    expect(problemOf(unconfirmed)).toBe('notConfirmed')

    const typed = { confirmation: await confirmed(own), passkeyId, name: 'Phone' }
    expect((await renamePasskey(database, own, typed)).ok).toBe(true)
    expect(await passkeysOf(userId, database)).toMatchObject([{ name: 'Phone' }])
  })

  it('end its use and one’s other sessions; the last one turns the second step off', async () => {
    const { userId, own, device, passkeyId } = await amna()
    const spare = new Authenticator(site)
    await add(own, spare, 'Key')
    await enter(device)
    expect(await database.session.count()).toBe(2)
    const confirmation = await confirmed(own)
    const removed = await removePasskey(database, own, { confirmation, passkeyId })
    expect(removed).toEqual({ ok: true, value: { isOn: true } })
    expect(await database.session.count()).toBe(1)
    expect(problemOf(await enter(device))).toBe('passkeyWrong')
    expect((await enter(spare)).ok).toBe(true)

    const [last] = await passkeysOf(userId, database)
    const off = await removePasskey(database, own, { confirmation, passkeyId: last?.id ?? '' })
    expect(off).toEqual({ ok: true, value: { isOn: false } })
    expect(await secondStepOf(userId, database)).toBe(null)
    expect((await byPassword()).ok).toBe(true)
  })

  it('is refused for the last one where the settings ask for a second step', async () => {
    const { userId, own, passkeyId } = await amna()
    await changeSettings(database, await actorOf(database, userId), { secondStep: 'admins' })
    const confirmation = await confirmed(own)
    const refused = await removePasskey(database, own, { confirmation, passkeyId })
    expect(problemOf(refused)).toBe('secondStepAsked')
    await add(own, new Authenticator(site), 'Key')
    expect((await removePasskey(database, own, { confirmation, passkeyId })).ok).toBe(true)
  })

  it('is done for somebody else by an administrator, who takes the second step away', async () => {
    const { userId } = await amna()
    const other = await person('bilal', userId)
    const device = new Authenticator(site)
    await add(await sessionOf(await byPassword('bilal@example.org')), device)
    const taken = await takeSecondStep(database, await actorOf(database, userId), { userId: other })
    expect(taken.ok).toBe(true)
    expect(await passkeysOf(other, database)).toEqual([])
    expect(problemOf(await enter(device))).toBe('passkeyWrong')
    expect((await byPassword('bilal@example.org')).ok).toBe(true)
  })
})

describe('what is kept', () => {
  it('stands in the audit log without names and keys, and use is no change', async () => {
    const { userId, own, device, passkeyId } = await amna()
    await enter(device)
    const confirmation = await confirmed(own)
    await renamePasskey(database, own, { confirmation, passkeyId, name: 'Amna’s phone' })
    await add(own)
    await removePasskey(database, own, { confirmation, passkeyId })
    const entries = await database.$queryRaw<{ action: string; actor: string; detail: string }[]>`
      SELECT action, actor_id AS actor, detail::text FROM audit_entries
      WHERE subject = ${`passkeys/${passkeyId}`} ORDER BY no`
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ['passkeys.insert', userId],
      ['passkeys.update', userId],
      ['passkeys.delete', userId],
    ])
    expect(JSON.parse(entries[1]?.detail ?? '').secrets).toEqual(['name'])
    const log = JSON.stringify(await database.$queryRaw`SELECT * FROM audit_entries`)
    for (const hidden of ['Laptop', 'Amna’s phone', device.credentialId.toString('base64url')]) {
      expect(log).not.toContain(hidden)
    }
    expect((await verifyAudit(database)).problems.filter(isOfPasskeys)).toEqual([])
  })

  const isOfPasskeys = ({ subject }: { subject: string }) =>
    /^(?:passkeys|second_steps)/.test(subject)

  it('is no challenge that has ended', async () => {
    const { device } = await amna()
    await enter(device)
    await database.spentChallenge.create({
      data: { challenge: 'of yesterday', endsAt: new Date(Date.now() - 86_400_000) },
    })
    await removeTraces(database, 90)
    const left = await database.spentChallenge.findMany()
    expect(left).toHaveLength(2)
    expect(left.map(({ challenge }) => challenge)).not.toContain('of yesterday')
  })
})
