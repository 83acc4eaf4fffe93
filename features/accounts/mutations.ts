import { randomBytes, randomUUID } from 'node:crypto'
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import type { Database, Transaction } from '@/lib/db/client'
import { fail, ok, type Result } from '@/lib/result'
import {
  ActorRefused,
  actFor,
  askAuthentication,
  halfWayOf,
  invitationOf,
  recheck,
  resetOf,
  tokenHash,
} from './data'
import { countAttempt, type Failures, forgottenBefore, may, passwordProblem } from './rules'
import type {
  AcceptanceInput,
  Actor,
  InvitationInput,
  Scope,
  SignInInput,
  UserRole,
} from './schema'

const linkDays = 7
const resetHours = 24
const peopleLock = 5_010

/**
 * Changes of people happen one at a time, so that each sees what the one before left: no two can
 * remove the last admin together, or set up two first admins.
 */
async function oneAtATime(transaction: Transaction): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${peopleLock}::bigint)`
}

// Signing in

/**
 * Signs somebody in; the value is the cookies to set, as Set-Cookie lines. Fails with `codeNeeded`
 * where the password is right and a second step comes next (`halfWay` is what the browser keeps
 * until then), with `signInWrong`, alike for an unknown address, a wrong password and a deactivated
 * user, with `tryLater` while the address is locked, known or not, or the client sends too many, and with
 * `wrongAddress` for a page of another site.
 */
export async function signIn(
  database: Database,
  client: Headers,
  { email, password }: SignInInput,
): Promise<Result<string[]>> {
  if (!(await beginAttempt(database, email))) return fail('tryLater')
  const response = await askAuthentication(database, '/sign-in/email', client, { email, password })
  if (response.ok) {
    await recordSignIn(database, email)
    return ok(response.headers.getSetCookie())
  }
  if (response.status === 401) {
    const halfWay = (await hasNoSession(response)) ? await halfWayOf(database, email) : null
    if (halfWay === null) return fail('signInWrong')
    await database.signInFailure.deleteMany({ where: { email } })
    return fail('codeNeeded', { halfWay })
  }
  // No password was checked, so nothing was guessed.
  await withdrawAttempt(database, email)
  if (response.status === 429) return fail('tryLater')
  if (response.status === 403) return fail('wrongAddress')
  throw new Error(`Sign-in answered ${response.status}.`)
}

/** Whether a password was right and yet no session begun: somebody deactivated, or a second step. */
async function hasNoSession(response: Response): Promise<boolean> {
  const { code } = (await response.json()) as { code?: string }
  return code === 'FAILED_TO_CREATE_SESSION'
}

/** Ends the session of a request; the value is the cookies to clear, as Set-Cookie lines. */
export async function signOut(database: Database, client: Headers): Promise<string[]> {
  const response = await askAuthentication(database, '/sign-out', client)
  return response.headers.getSetCookie()
}

/** Under what the tries of somebody's codes are counted: no address looks like it. */
export const codeTries = (userId: string) => `codes of ${userId}`

/** Counts a try under an address or `codeTries`; false while it is locked. */
export async function beginAttempt(database: Database, email: string): Promise<boolean> {
  return database.$transaction(async (transaction) => {
    // Locks the row, new or old, and reads the database's clock, as instances may disagree.
    const [row] = await transaction.$queryRaw<(Failures & { now: Date })[]>`
      INSERT INTO sign_in_failures (email) VALUES (${email})
      ON CONFLICT (email) DO UPDATE SET email = EXCLUDED.email
      RETURNING failures, locked_until AS "lockedUntil", last_at AS "lastAt", now() AS "now"`
    if (!row) throw new Error('The count of failures was not returned.')
    const counted = countAttempt(row, row.now)
    if (!counted) return false
    await transaction.signInFailure.update({ where: { email }, data: counted })
    return true
  })
}

/** Takes a try back in which nothing could be guessed. */
export async function withdrawAttempt(database: Database, email: string): Promise<void> {
  await database.signInFailure.updateMany({
    where: { email, failures: { gt: 0 } },
    data: { failures: { decrement: 1 }, lockedUntil: null },
  })
}

export async function recordSignIn(database: Database, email: string): Promise<void> {
  const now = new Date()
  await database.$transaction([
    database.signInFailure.deleteMany({
      where: { OR: [{ email }, { lastAt: { lt: forgottenBefore(now) } }] },
    }),
    database.account.updateMany({
      where: { providerId: 'credential', user: { email } },
      data: { updatedAt: now },
    }),
  ])
}

// Invitations

function expiry(now: Date): Date {
  return new Date(now.getTime() + linkDays * 24 * 60 * 60_000)
}

/** 256 random bits; only their SHA-256 is kept. */
function newToken(): string {
  return randomBytes(32).toString('base64url')
}

function activeAdmins(transaction: Transaction): Promise<number> {
  return transaction.user.count({ where: { role: 'admin', active: true } })
}

/**
 * A new one-time token for the first admin's link, good for seven days; an older one stops
 * working. Null once there is an active admin.
 */
export async function issueSetUpToken(database: Database): Promise<string | null> {
  return database.$transaction(async (transaction) => {
    await oneAtATime(transaction)
    if ((await activeAdmins(transaction)) > 0) return null
    await transaction.invitation.deleteMany({ where: { invitedById: null, acceptedAt: null } })
    const token = newToken()
    await transaction.invitation.create({
      data: {
        id: randomUUID(),
        tokenHash: tokenHash(token),
        role: 'admin',
        expiresAt: expiry(new Date()),
      },
    })
    return token
  })
}

/**
 * Makes the account that an invitation promises; signs nobody in. A token works once, however
 * many use it at the same time. Fails with `linkInvalid`, `emailOther` (not the invited address),
 * `emailTaken`, or a password's problem.
 */
export async function acceptInvitation(
  database: Database,
  { token, name, email, password }: AcceptanceInput,
): Promise<Result<{ userId: string }>> {
  const problem = passwordProblem(password, { email })
  if (problem) return fail(problem)
  // Asked here too, as hashing is dear and an invalid link must not buy it.
  if (!(await invitationOf(token, database))) return fail('linkInvalid')
  const hash = await hashPassword(password)
  return database.$transaction(async (transaction) => {
    await oneAtATime(transaction)
    const invitation = await invitationOf(token, transaction)
    if (!invitation) return fail('linkInvalid')
    if (invitation.kind === 'set-up' && (await activeAdmins(transaction)) > 0) {
      return fail('linkInvalid')
    }
    if (invitation.email && invitation.email !== email) {
      return fail('emailOther', { email: invitation.email })
    }
    if (await transaction.user.findUnique({ where: { email } })) return fail('emailTaken')
    const userId = await createUser(transaction, { name, email, role: invitation.role, hash })
    await storeScopes(transaction, userId, invitation.scopes)
    await transaction.invitation.update({
      where: { id: invitation.id },
      data: { acceptedAt: new Date(), acceptedById: userId },
    })
    return ok({ userId })
  })
}

async function createUser(
  transaction: Transaction,
  { name, email, role, hash }: { name: string; email: string; role: UserRole; hash: string },
): Promise<string> {
  const now = new Date()
  const id = randomUUID()
  await actFor(transaction, id)
  await transaction.user.create({ data: { id, name, email, role, createdAt: now, updatedAt: now } })
  await transaction.account.create({
    data: {
      id: randomUUID(),
      accountId: id,
      providerId: 'credential',
      userId: id,
      password: hash,
      createdAt: now,
      updatedAt: now,
    },
  })
  return id
}

/**
 * A one-time link token for somebody to join with a role, good for seven days. A second
 * invitation of the same address replaces the first. Fails with `emailTaken`, `scopeUnknown`,
 * `forbidden`.
 */
export async function invite(
  database: Database,
  actor: Actor,
  { role, email, scopes }: InvitationInput,
): Promise<Result<{ token: string }>> {
  return changePeople(database, actor, async (transaction) => {
    if (!(await areKnown(transaction, scopes))) return fail('scopeUnknown')
    if (await transaction.user.findUnique({ where: { email } })) return fail('emailTaken')
    await transaction.invitation.deleteMany({ where: { email, acceptedAt: null } })
    const token = newToken()
    await transaction.invitation.create({
      data: {
        id: randomUUID(),
        tokenHash: tokenHash(token),
        role,
        email,
        scopes: scopes.map((scope) => ({ ...scope })),
        invitedById: actor.userId,
        expiresAt: expiry(new Date()),
      },
    })
    return ok({ token })
  })
}

/**
 * A new link for an invitation that was not accepted yet, with its address, role and scopes, good for
 * seven days; the one before stops working. Fails with `linkInvalid`, `forbidden`.
 */
export async function renewInvitation(
  database: Database,
  actor: Actor,
  { invitationId }: { invitationId: string },
): Promise<Result<{ token: string; email: string }>> {
  return changePeople(database, actor, async (transaction) => {
    const token = newToken()
    const [renewed] = await transaction.invitation.updateManyAndReturn({
      where: { id: invitationId, acceptedAt: null, invitedById: { not: null } },
      data: {
        tokenHash: tokenHash(token),
        invitedById: actor.userId,
        expiresAt: expiry(new Date()),
      },
      select: { email: true },
    })
    return renewed ? ok({ token, email: renewed.email }) : fail('linkInvalid')
  })
}

/** Makes an invitation's link useless. Fails with `linkInvalid` if it was accepted or is unknown. */
export async function withdrawInvitation(
  database: Database,
  actor: Actor,
  { invitationId }: { invitationId: string },
): Promise<Result<null>> {
  return changePeople(database, actor, async (transaction) => {
    const { count } = await transaction.invitation.deleteMany({
      where: { id: invitationId, acceptedAt: null, invitedById: { not: null } },
    })
    return count > 0 ? ok(null) : fail('linkInvalid')
  })
}

// People

/**
 * Lets somebody act again, or not any more: then their sessions, tokens and open invitations end as
 * well.
 * Fails with `personUnknown`, `lastAdmin`, `forbidden`.
 */
export async function setActive(
  database: Database,
  actor: Actor,
  { userId, active }: { userId: string; active: boolean },
): Promise<Result<null>> {
  return changePeople(database, actor, async (transaction) => {
    if (!(await isPerson(transaction, userId))) return fail('personUnknown')
    if (!active && (await isLastAdmin(transaction, userId))) return fail('lastAdmin')
    await transaction.user.update({ where: { id: userId }, data: { active } })
    await transaction.session.deleteMany({ where: { userId } })
    if (!active) {
      await transaction.apiToken.updateMany({
        where: { userId, revokedAt: null },
        data: { revokedAt: new Date(), revokedById: actor.userId },
      })
      await withdrawLinksBy(transaction, userId)
      await transaction.passwordReset.deleteMany({ where: { userId } })
    }
    return ok(null)
  })
}

/**
 * Gives somebody another role and ends their sessions, so that no page of the old role is left
 * open. Fails with `personUnknown`, `lastAdmin`, `forbidden`.
 */
export async function setRole(
  database: Database,
  actor: Actor,
  { userId, role }: { userId: string; role: UserRole },
): Promise<Result<null>> {
  return changePeople(database, actor, async (transaction) => {
    if (!(await isPerson(transaction, userId))) return fail('personUnknown')
    if (role !== 'admin' && (await isLastAdmin(transaction, userId))) return fail('lastAdmin')
    const { count } = await transaction.user.updateMany({
      where: { id: userId, role: { not: role } },
      data: { role },
    })
    if (count > 0) await transaction.session.deleteMany({ where: { userId } })
    if (!may(role, 'people.manage')) await withdrawLinksBy(transaction, userId)
    return ok(null)
  })
}

/**
 * Limits somebody to programmes and academies, or to nothing, and ends their sessions if that is a
 * change. What they are doing at that moment is done first. Fails with `personUnknown`,
 * `scopeUnknown`, `forbidden`.
 */
export async function setScopes(
  database: Database,
  actor: Actor,
  { userId, scopes }: { userId: string; scopes: readonly Scope[] },
): Promise<Result<null>> {
  return changePeople(database, actor, async (transaction) => {
    if (!(await isPerson(transaction, userId))) return fail('personUnknown')
    if (!(await areKnown(transaction, scopes))) return fail('scopeUnknown')
    await transaction.$queryRaw`SELECT 1 FROM users WHERE id = ${userId} FOR UPDATE`
    const isChanged = await storeScopes(transaction, userId, scopes)
    if (isChanged) await transaction.session.deleteMany({ where: { userId } })
    return ok(null)
  })
}

/** Whether there are such programmes and academies; all academies together are none. */
export async function areKnown(
  transaction: Transaction,
  scopes: readonly Scope[],
): Promise<boolean> {
  const part = (name: keyof Scope) => [
    ...new Set(scopes.map((scope) => scope[name]).filter((code) => code !== null)),
  ]
  const [programmes, academies] = [part('programme'), part('academy')]
  const known = await Promise.all([
    transaction.programme.count({ where: { code: { in: programmes } } }),
    transaction.academy.count({ where: { code: { in: academies, not: '_T' } } }),
  ])
  return known[0] === programmes.length && known[1] === academies.length
}

/** Only what differs is written, so that the audit log tells of changes alone. */
async function storeScopes(
  transaction: Transaction,
  userId: string,
  scopes: readonly Scope[],
): Promise<boolean> {
  const keyOf = ({ programme, academy }: Scope) => `${programme ?? ''} ${academy ?? ''}`
  const wanted = new Map(scopes.map((scope) => [keyOf(scope), scope]))
  const stored = await transaction.userScope.findMany({ where: { userId } })
  const gone = stored.filter(
    ({ programmeCode: programme, academyCode: academy }) =>
      !wanted.delete(keyOf({ programme, academy })),
  )
  if (gone.length > 0) {
    await transaction.userScope.deleteMany({ where: { id: { in: gone.map(({ id }) => id) } } })
  }
  if (wanted.size > 0) {
    await transaction.userScope.createMany({
      data: [...wanted.values()].map(({ programme, academy }) => ({
        userId,
        programmeCode: programme,
        academyCode: academy,
      })),
    })
  }
  return gone.length + wanted.size > 0
}

/**
 * Corrects somebody's name, here and beside every figure of theirs. Fails with `personUnknown`,
 * `forbidden`.
 */
export async function rename(
  database: Database,
  actor: Actor,
  { userId, name }: { userId: string; name: string },
): Promise<Result<null>> {
  return changePeople(database, actor, async (transaction) => {
    if (!(await isPerson(transaction, userId))) return fail('personUnknown')
    await transaction.user.update({ where: { id: userId }, data: { name } })
    return ok(null)
  })
}

// Passwords

/**
 * A one-time link token by which somebody sets a new password, good for a day; an older one stops
 * working. Fails with `personUnknown`, `personInactive`, `forbidden`.
 */
export async function issueReset(
  database: Database,
  actor: Actor,
  { userId }: { userId: string },
): Promise<Result<{ token: string; email: string }>> {
  return changePeople(database, actor, async (transaction) => {
    if (!(await isPerson(transaction, userId))) return fail('personUnknown')
    const { active, email } = await transaction.user.findUniqueOrThrow({ where: { id: userId } })
    if (!active) return fail('personInactive')
    await transaction.passwordReset.deleteMany({ where: { userId } })
    const token = newToken()
    await transaction.passwordReset.create({
      data: {
        id: randomUUID(),
        userId,
        tokenHash: tokenHash(token),
        madeById: actor.userId,
        expiresAt: new Date(Date.now() + resetHours * 60 * 60_000),
      },
    })
    return ok({ token, email })
  })
}

/**
 * Sets a new password by a one-time link, ends all sessions of that person and lifts their
 * lock-out; signs nobody in. Fails with `linkInvalid`, alike for a link that never was, was used,
 * has expired or belongs to somebody deactivated, or with a password's problem.
 */
export async function resetPassword(
  database: Database,
  { token, password }: { token: string; password: string },
): Promise<Result<null>> {
  // Asked here too, as hashing is dear and an invalid link must not buy it.
  const known = await resetOf(token, database)
  if (!known) return fail('linkInvalid')
  const problem = passwordProblem(password, known)
  if (problem) return fail(problem)
  const hash = await hashPassword(password)
  return database.$transaction(async (transaction) => {
    await oneAtATime(transaction)
    const reset = await resetOf(token, transaction)
    if (!reset) return fail('linkInvalid')
    const { userId, email } = reset
    await actFor(transaction, userId)
    await storePassword(transaction, userId, hash)
    await transaction.session.deleteMany({ where: { userId } })
    await transaction.signInFailure.deleteMany({ where: { email } })
    return ok(null)
  })
}

/** A link to a new password is of no use once there is one. */
async function storePassword(
  transaction: Transaction,
  userId: string,
  password: string,
): Promise<void> {
  const account = await transaction.account.findFirstOrThrow({
    where: { userId, providerId: 'credential' },
  })
  await transaction.account.update({
    where: { id: account.id },
    // When it was touched last is when its owner signed in last.
    data: { password, updatedAt: account.updatedAt },
  })
  await transaction.passwordReset.deleteMany({ where: { userId } })
}

/**
 * Changes one's own password and ends one's other sessions. Guesses at the current one count as
 * those at sign-in do. Fails with `currentWrong`, `tryLater`, or a password's problem.
 */
export async function changePassword(
  database: Database,
  { actor: { userId }, sessionId }: { actor: Actor; sessionId: string },
  { current, password }: { current: string; password: string },
): Promise<Result<null>> {
  const { email } = await database.user.findUniqueOrThrow({ where: { id: userId } })
  const problem = passwordProblem(password, { email })
  if (problem) return fail(problem)
  if (!(await beginAttempt(database, email))) return fail('tryLater')
  const stored = await database.account.findFirst({ where: { userId, providerId: 'credential' } })
  if (!stored?.password || !(await verifyPassword({ hash: stored.password, password: current }))) {
    return fail('currentWrong')
  }
  const hash = await hashPassword(password)
  return database.$transaction(async (transaction) => {
    await oneAtATime(transaction)
    await actFor(transaction, userId)
    // Another change, or the end of this very session, came first.
    const held = await transaction.account.count({
      where: { id: stored.id, password: stored.password, user: { active: true } },
    })
    if (held === 0 || (await transaction.session.count({ where: { id: sessionId } })) === 0) {
      return fail('currentWrong')
    }
    await storePassword(transaction, userId, hash)
    await transaction.session.deleteMany({ where: { userId, id: { not: sessionId } } })
    await transaction.signInFailure.deleteMany({ where: { email } })
    return ok(null)
  })
}

/**
 * Asks for one's own password once more, before something that outlives the session. Wrong ones
 * count as they do at sign-in. Fails with `currentWrong`, `tryLater`.
 */
export async function confirmPassword(
  database: Database,
  { userId }: Actor,
  password: string,
): Promise<Result<null>> {
  const { email } = await database.user.findUniqueOrThrow({ where: { id: userId } })
  if (!(await beginAttempt(database, email))) return fail('tryLater')
  const stored = await database.account.findFirst({ where: { userId, providerId: 'credential' } })
  if (!stored?.password || !(await verifyPassword({ hash: stored.password, password }))) {
    return fail('currentWrong')
  }
  await database.signInFailure.deleteMany({ where: { email } })
  return ok(null)
}

/** Ends one session of one's own, or with null all but the one that asks. */
export async function endSessions(
  database: Database,
  { actor: { userId }, sessionId }: { actor: Actor; sessionId: string },
  ended: string | null,
): Promise<void> {
  await database.$transaction(async (transaction) => {
    await actFor(transaction, userId)
    await transaction.session.deleteMany({
      where: { userId, id: ended ?? { not: sessionId } },
    })
  })
}

/**
 * Takes the second step away from somebody who has lost it, and ends their sessions. One's own goes
 * only with its code. Fails with `personUnknown`, `secondStepOwn`, `secondStepNone`, `forbidden`.
 */
export async function takeSecondStep(
  database: Database,
  actor: Actor,
  { userId }: { userId: string },
): Promise<Result<null>> {
  return changePeople(database, actor, async (transaction) => {
    if (!(await isPerson(transaction, userId))) return fail('personUnknown')
    if (userId === actor.userId) return fail('secondStepOwn')
    const { count } = await transaction.secondStep.deleteMany({ where: { userId } })
    if (count === 0) return fail('secondStepNone')
    await transaction.session.deleteMany({ where: { userId } })
    await transaction.signInFailure.deleteMany({ where: { email: codeTries(userId) } })
    return ok(null)
  })
}

/** People have a credential; the product's own user has none. */
async function isPerson(transaction: Transaction, userId: string): Promise<boolean> {
  return (await transaction.account.count({ where: { userId, providerId: 'credential' } })) > 0
}

async function isLastAdmin(transaction: Transaction, userId: string): Promise<boolean> {
  const admins = await transaction.user.findMany({
    where: { role: 'admin', active: true },
    select: { id: true },
    take: 2,
  })
  return admins.length === 1 && admins[0]?.id === userId
}

/** Links handed out by somebody who may not make any more must not let others in. */
async function withdrawLinksBy(transaction: Transaction, userId: string): Promise<void> {
  await transaction.invitation.deleteMany({ where: { invitedById: userId, acceptedAt: null } })
  await transaction.passwordReset.deleteMany({ where: { madeById: userId } })
}

/** Runs a change of people for somebody who may make it, now and not only when they were checked. */
async function changePeople<T>(
  database: Database,
  actor: Actor,
  change: (transaction: Transaction) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (!may(actor.role, 'people.manage')) return fail('forbidden')
  try {
    return await database.$transaction(async (transaction) => {
      await oneAtATime(transaction)
      await recheck(transaction, actor)
      return change(transaction)
    })
  } catch (error) {
    if (error instanceof ActorRefused) return fail('forbidden')
    throw error
  }
}
