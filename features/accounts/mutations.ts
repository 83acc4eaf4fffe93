import { randomBytes, randomUUID } from 'node:crypto'
import { hashPassword } from 'better-auth/crypto'
import type { Database, Transaction } from '@/lib/db/client'
import { fail, ok, type Result } from '@/lib/result'
import { ActorRefused, actFor, askAuthentication, invitationOf, recheck, tokenHash } from './data'
import { countAttempt, type Failures, forgottenBefore, may, passwordProblem } from './rules'
import type { AcceptanceInput, Actor, InvitationInput, SignInInput, UserRole } from './schema'

const linkDays = 7
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
 * Signs somebody in; the value is the cookies to set, as Set-Cookie lines. Fails with
 * `signInWrong`, alike for an unknown address, a wrong password and a deactivated user, with
 * `tryLater` while the address is locked, known or not, or the client sends too many, and with
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
  if (response.status === 401) return fail('signInWrong')
  // No password was checked, so nothing was guessed.
  await withdrawAttempt(database, email)
  if (response.status === 429) return fail('tryLater')
  if (response.status === 403) return fail('wrongAddress')
  throw new Error(`Sign-in answered ${response.status}.`)
}

/** Ends the session of a request; the value is the cookies to clear, as Set-Cookie lines. */
export async function signOut(database: Database, client: Headers): Promise<string[]> {
  const response = await askAuthentication(database, '/sign-out', client)
  return response.headers.getSetCookie()
}

async function beginAttempt(database: Database, email: string): Promise<boolean> {
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

async function withdrawAttempt(database: Database, email: string): Promise<void> {
  await database.signInFailure.updateMany({
    where: { email, failures: { gt: 0 } },
    data: { failures: { decrement: 1 }, lockedUntil: null },
  })
}

async function recordSignIn(database: Database, email: string): Promise<void> {
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
 * invitation of the same address replaces the first. Fails with `emailTaken`, `forbidden`.
 */
export async function invite(
  database: Database,
  actor: Actor,
  { role, email }: InvitationInput,
): Promise<Result<{ token: string }>> {
  return changePeople(database, actor, async (transaction) => {
    if (await transaction.user.findUnique({ where: { email } })) return fail('emailTaken')
    await transaction.invitation.deleteMany({ where: { email, acceptedAt: null } })
    const token = newToken()
    await transaction.invitation.create({
      data: {
        id: randomUUID(),
        tokenHash: tokenHash(token),
        role,
        email,
        invitedById: actor.userId,
        expiresAt: expiry(new Date()),
      },
    })
    return ok({ token })
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
 * Lets somebody act again, or not any more: then their sessions and open invitations end as well.
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
    if (!active) await withdrawInvitationsBy(transaction, userId)
    return ok(null)
  })
}

/**
 * Gives somebody another role; it counts from their next request on. Fails with `personUnknown`,
 * `lastAdmin`, `forbidden`.
 */
export async function setRole(
  database: Database,
  actor: Actor,
  { userId, role }: { userId: string; role: UserRole },
): Promise<Result<null>> {
  return changePeople(database, actor, async (transaction) => {
    if (!(await isPerson(transaction, userId))) return fail('personUnknown')
    if (role !== 'admin' && (await isLastAdmin(transaction, userId))) return fail('lastAdmin')
    await transaction.user.update({ where: { id: userId }, data: { role } })
    if (!may(role, 'people.manage')) await withdrawInvitationsBy(transaction, userId)
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

/** Links handed out by somebody who may not invite any more must not let others in. */
async function withdrawInvitationsBy(transaction: Transaction, userId: string): Promise<void> {
  await transaction.invitation.deleteMany({ where: { invitedById: userId, acceptedAt: null } })
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
