import { actFor, beginSession, readHalfWay, recheck } from '@/features/accounts/data'
import {
  beginAttempt,
  codeTries,
  confirmPassword,
  recordSignIn,
  withdrawAttempt,
} from '@/features/accounts/mutations'
import type { Actor } from '@/features/accounts/schema'
import type { Database, Transaction } from '@/lib/db/client'
import { fail, ok, type Result } from '@/lib/result'
import { newSetUp, recoveryHash, sealSecret, secretOfSetUp, unsealSecret } from './data'
import { newRecoveryCodes, readCode, stepOfCode } from './rules'
import type { SetUp } from './schema'

interface Own {
  actor: Actor
  sessionId: string
}

// Checking

interface StepRow {
  secret: string
  lastStep: number
  recoveryHashes: string[]
  now: Date
}

/**
 * Spends a code of the app or a recovery code, on the database's clock; false if it is not right or was
 * used before. Of two at the same time with one code, one is right.
 */
export async function spendCode(
  database: Database,
  userId: string,
  typed: string,
): Promise<boolean> {
  const read = readCode(typed)
  if (!read) return false
  return database.$transaction(async (transaction) => {
    await actFor(transaction, userId)
    const [row] = await transaction.$queryRaw<StepRow[]>`
      SELECT secret, last_step AS "lastStep", recovery_hashes AS "recoveryHashes",
        clock_timestamp() AS now
      FROM second_steps WHERE user_id = ${userId} FOR UPDATE`
    if (!row) return false
    return read.kind === 'app'
      ? spendAppCode(transaction, userId, row, read.code)
      : spendRecoveryCode(transaction, userId, row, read.code)
  })
}

async function spendAppCode(
  transaction: Transaction,
  userId: string,
  { secret, lastStep: before, now }: StepRow,
  code: string,
): Promise<boolean> {
  const unsealed = unsealSecret(secret)
  if (unsealed === null) {
    console.error(`The second step of user ${userId} was sealed under another SHUMAR_SECRET.`)
    return false
  }
  const lastStep = stepOfCode(unsealed, code, now)
  if (lastStep === null || lastStep <= before) return false
  await transaction.secondStep.update({ where: { userId }, data: { lastStep } })
  return true
}

async function spendRecoveryCode(
  transaction: Transaction,
  userId: string,
  { recoveryHashes: before }: StepRow,
  code: string,
): Promise<boolean> {
  const hash = recoveryHash(userId, code)
  if (!before.includes(hash)) return false
  const recoveryHashes = before.filter((one) => one !== hash)
  await transaction.secondStep.update({
    where: { userId },
    data: { recoveryHashes, recoveryLeft: recoveryHashes.length },
  })
  return true
}

/**
 * Ends a sign-in that waits for its second step; the value is the cookies to set, as Set-Cookie
 * lines. Wrong codes count and lock as wrong passwords do, apart from them. Fails with `halfWayOver`,
 * `codeWrong`, `tryLater`, `wrongAddress`.
 */
export async function finishSignIn(
  database: Database,
  client: Headers,
  { halfWay, code }: { halfWay: string; code: string },
): Promise<Result<string[]>> {
  const person = await readHalfWay(database, halfWay)
  if (!person) return fail('halfWayOver')
  const { userId, email } = person
  if (!(await beginAttempt(database, codeTries(userId)))) return fail('tryLater')
  const response = await beginSession(database, client, userId, () =>
    spendCode(database, userId, code),
  )
  if (response.ok) {
    await database.signInFailure.deleteMany({ where: { email: codeTries(userId) } })
    await recordSignIn(database, email)
    return ok(response.headers.getSetCookie())
  }
  if (response.status === 401) return fail('codeWrong')
  // No code was checked, so nothing was guessed.
  await withdrawAttempt(database, codeTries(userId))
  if (response.status === 429) return fail('tryLater')
  if (response.status === 403) return fail('wrongAddress')
  throw new Error(`The second step answered ${response.status}.`)
}

// One's own

/**
 * A new secret, after one's password; nothing changes until a code of it comes. Fails with
 * `currentWrong`, `tryLater`, `secondStepOn`.
 */
export async function beginSecondStep(
  database: Database,
  actor: Actor,
  password: string,
): Promise<Result<SetUp>> {
  const confirmed = await confirmPassword(database, actor, password)
  if (!confirmed.ok) return confirmed
  const { email, secondStep } = await database.user.findUniqueOrThrow({
    where: { id: actor.userId },
    include: { secondStep: { select: { userId: true } } },
  })
  return secondStep ? fail('secondStepOn') : ok(newSetUp(actor.userId, email))
}

/**
 * Turns the second step on with a first code, ends one's other sessions, and gives the recovery codes.
 * Fails with `setUpOver`, `codeWrong`, `secondStepOn`.
 */
export async function turnOnSecondStep(
  database: Database,
  { actor, sessionId }: Own,
  { sealed, code }: { sealed: string; code: string },
): Promise<Result<{ codes: string[] }>> {
  const { userId } = actor
  const secret = secretOfSetUp(sealed, userId)
  if (secret === null) return fail('setUpOver')
  return database.$transaction(async (transaction) => {
    await recheck(transaction, actor)
    // The end of this very session came first.
    if ((await transaction.session.count({ where: { id: sessionId } })) === 0) {
      return fail('setUpOver')
    }
    const [clock] = await transaction.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`
    const read = readCode(code)
    const lastStep = clock && read?.kind === 'app' ? stepOfCode(secret, read.code, clock.now) : null
    if (lastStep === null) return fail('codeWrong')
    const { codes, kept } = recoveryCodesOf(userId)
    const { count } = await transaction.secondStep.createMany({
      data: { userId, secret: sealSecret(secret), lastStep, ...kept },
      skipDuplicates: true,
    })
    if (count === 0) return fail('secondStepOn')
    await transaction.session.deleteMany({ where: { userId, id: { not: sessionId } } })
    return ok({ codes })
  })
}

function recoveryCodesOf(userId: string) {
  const codes = newRecoveryCodes()
  const recoveryHashes = codes.map((code) => recoveryHash(userId, code.replaceAll('-', '')))
  return { codes, kept: { recoveryHashes, recoveryLeft: codes.length } }
}

/** New recovery codes instead of those left. Fails as `confirmBoth` does. */
export async function renewRecoveryCodes(
  database: Database,
  actor: Actor,
  typed: { password: string; code: string },
): Promise<Result<{ codes: string[] }>> {
  const { userId } = actor
  const confirmed = await confirmBoth(database, actor, typed)
  if (!confirmed.ok) return confirmed
  const { codes, kept } = recoveryCodesOf(userId)
  return database.$transaction(async (transaction) => {
    await recheck(transaction, actor)
    const { count } = await transaction.secondStep.updateMany({
      where: { userId },
      data: { ...kept, recoveryMadeAt: new Date() },
    })
    return count > 0 ? ok({ codes }) : fail('secondStepNone')
  })
}

/** Fails as `confirmBoth` does. */
export async function turnOffSecondStep(
  database: Database,
  actor: Actor,
  typed: { password: string; code: string },
): Promise<Result<null>> {
  const confirmed = await confirmBoth(database, actor, typed)
  if (!confirmed.ok) return confirmed
  return database.$transaction(async (transaction) => {
    await recheck(transaction, actor)
    await transaction.secondStep.deleteMany({ where: { userId: actor.userId } })
    return ok(null)
  })
}

/**
 * Asks for password and code once more. Fails with `currentWrong`, `codeWrong`, `tryLater`; a code is
 * used only where the password is right.
 */
async function confirmBoth(
  database: Database,
  actor: Actor,
  { password, code }: { password: string; code: string },
): Promise<Result<null>> {
  const tries = codeTries(actor.userId)
  if (!(await beginAttempt(database, tries))) return fail('tryLater')
  const confirmed = await confirmPassword(database, actor, password)
  if (!confirmed.ok) {
    await withdrawAttempt(database, tries)
    return confirmed
  }
  if (!(await spendCode(database, actor.userId, code))) return fail('codeWrong')
  await database.signInFailure.deleteMany({ where: { email: tries } })
  return ok(null)
}
