import {
  actFor,
  beginSession,
  isSecondStepAsked,
  readHalfWay,
  recheck,
} from '@/features/accounts/data'
import {
  beginAttempt,
  codeTries,
  confirmPassword,
  recordSignIn,
  withdrawAttempt,
} from '@/features/accounts/mutations'
import type { Actor } from '@/features/accounts/schema'
import { ownerOfPasskey } from '@/features/passkeys/data'
import { checkNewPasskey, checkPasskey, storePasskey } from '@/features/passkeys/mutations'
import { mostPasskeys } from '@/features/passkeys/rules'
import type { CreationResponse, UseResponse } from '@/features/passkeys/schema'
import type { Database, Transaction } from '@/lib/db/client'
import { fail, ok, type Result } from '@/lib/result'
import {
  confirmationOf,
  isConfirmation,
  newSetUp,
  recoveryHash,
  sealSecret,
  secretOfSetUp,
  unsealSecret,
} from './data'
import { newRecoveryCodes, readCode, stepOfCode } from './rules'
import type { Own, SetUp } from './schema'

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
  if (secret === '') return false
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
    return signedIn(database, email, response)
  }
  if (response.status === 401) return fail('codeWrong')
  // No code was checked, so nothing was guessed.
  await withdrawAttempt(database, codeTries(userId))
  return fail(withoutCheck(response))
}

async function signedIn(
  database: Database,
  email: string,
  response: Response,
): Promise<Result<string[]>> {
  await recordSignIn(database, email)
  return ok(response.headers.getSetCookie())
}

/** Why nothing was checked. Throws for what is nobody's doing. */
function withoutCheck({ status }: Response): string {
  if (status === 429) return 'tryLater'
  if (status === 403) return 'wrongAddress'
  throw new Error(`The second step answered ${status}.`)
}

/** What a browser answered for a passkey, beside the challenge that it kept. */
interface Passkey<Response> {
  sealed: string
  response: Response
}

/**
 * Signs in by a passkey alone, which is both steps at once: the device is there, and it asked for
 * finger, face or PIN. There is nothing to guess, so nothing is counted but the client's tries. Fails
 * with `passkeyWrong`, alike for a passkey that is unknown, wrong, answered late or twice, or of
 * somebody deactivated; with `tryLater`, `wrongAddress`.
 */
export async function signInByPasskey(
  database: Database,
  client: Headers,
  { sealed, response }: Passkey<UseResponse>,
): Promise<Result<string[]>> {
  const owner = await ownerOfPasskey(database, response.id)
  const bound = { purpose: 'signIn', userId: null, sessionId: null } as const
  const answer = await beginSession(
    database,
    client,
    owner?.userId ?? '',
    async () => owner !== null && checkPasskey(database, owner.userId, { sealed, bound, response }),
  )
  if (answer.ok && owner) return signedIn(database, owner.email, answer)
  return fail(answer.status === 401 ? 'passkeyWrong' : withoutCheck(answer))
}

/** Ends a sign-in that waits for its second step by a passkey. Fails as `signInByPasskey` does, and with `halfWayOver`. */
export async function finishByPasskey(
  database: Database,
  client: Headers,
  { halfWay, sealed, response }: Passkey<UseResponse> & { halfWay: string },
): Promise<Result<string[]>> {
  const person = await readHalfWay(database, halfWay)
  if (!person) return fail('halfWayOver')
  const { userId, email } = person
  const bound = { purpose: 'secondStep', userId, sessionId: null } as const
  const answer = await beginSession(database, client, userId, () =>
    checkPasskey(database, userId, { sealed, bound, response }),
  )
  if (answer.ok) return signedIn(database, email, answer)
  return fail(answer.status === 401 ? 'passkeyWrong' : withoutCheck(answer))
}

// Confirming, before a change of one's own

/**
 * Confirms by the password, and the code too where there is a second step; the value is what the
 * browser keeps of it. Fails with `currentWrong`, `codeMissing`, `codeWrong`, `tryLater`.
 */
export async function confirmByPassword(
  database: Database,
  own: Own,
  { password, code }: { password: string; code?: string },
): Promise<Result<string>> {
  const { userId } = own.actor
  const isOn = (await database.secondStep.count({ where: { userId } })) > 0
  if (isOn && code === undefined) return fail('codeMissing')
  const confirmed =
    isOn && code !== undefined
      ? await confirmBoth(database, own.actor, { password, code })
      : await confirmPassword(database, own.actor, password)
  return confirmed.ok ? ok(await confirmationOf(database, own)) : confirmed
}

/** Fails with `currentWrong`, `codeWrong`, `tryLater`; a code is used only where the password is right. */
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

/** The same by a passkey. Fails with `passkeyWrong`. */
export async function confirmByPasskey(
  database: Database,
  own: Own,
  { sealed, response }: Passkey<UseResponse>,
): Promise<Result<string>> {
  const { actor, sessionId } = own
  const bound = { purpose: 'confirm', userId: actor.userId, sessionId } as const
  const isRight = await checkPasskey(database, actor.userId, { sealed, bound, response })
  return isRight ? ok(await confirmationOf(database, own)) : fail('passkeyWrong')
}

/**
 * Changes one's own second step in a transaction, once the session is confirmed (`confirmation` is what
 * the browser kept) and unless it has ended since. Fails with `notConfirmed`.
 */
async function changeOwn<T>(
  database: Database,
  own: Own,
  confirmation: string,
  change: (transaction: Transaction) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (!(await isConfirmation(database, own, confirmation))) return fail('notConfirmed')
  return database.$transaction(async (transaction) => {
    await recheck(transaction, own.actor)
    return (await isSignedIn(transaction, own)) ? change(transaction) : fail('notConfirmed')
  })
}

const isSignedIn = async (transaction: Transaction, { sessionId }: Own): Promise<boolean> =>
  (await transaction.session.count({ where: { id: sessionId } })) > 0

async function endOtherSessions(
  transaction: Transaction,
  { actor: { userId }, sessionId }: Own,
): Promise<void> {
  await transaction.session.deleteMany({ where: { userId, id: { not: sessionId } } })
}

// The app

/** A new secret for one's app; nothing changes until a code of it comes. Fails with `notConfirmed`, `appOn`. */
export async function beginApp(
  database: Database,
  own: Own,
  confirmation: string,
): Promise<Result<SetUp>> {
  if (!(await isConfirmation(database, own, confirmation))) return fail('notConfirmed')
  const { id, email, secondStep } = await database.user.findUniqueOrThrow({
    where: { id: own.actor.userId },
    include: { secondStep: { select: { hasApp: true } } },
  })
  return secondStep?.hasApp ? fail('appOn') : ok(newSetUp(id, email))
}

/**
 * Takes the app's codes into the second step with a first one, and ends one's other sessions; gives
 * recovery codes where it is the first part of it. Fails with `setUpOver`, `codeWrong`, `appOn`.
 */
export async function turnOnApp(
  database: Database,
  own: Own,
  { sealed, code }: { sealed: string; code: string },
): Promise<Result<{ codes: string[] }>> {
  const { userId } = own.actor
  const secret = secretOfSetUp(sealed, userId)
  if (secret === null) return fail('setUpOver')
  return database.$transaction(async (transaction) => {
    await recheck(transaction, own.actor)
    if (!(await isSignedIn(transaction, own))) return fail('setUpOver')
    const [clock] = await transaction.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`
    const read = readCode(code)
    const lastStep = clock && read?.kind === 'app' ? stepOfCode(secret, read.code, clock.now) : null
    if (lastStep === null) return fail('codeWrong')
    const app = { secret: sealSecret(secret), hasApp: true, lastStep }
    const codes = await turnOn(transaction, userId, app)
    if (codes.length === 0) {
      const { count } = await transaction.secondStep.updateMany({
        where: { userId, hasApp: false },
        data: app,
      })
      if (count === 0) return fail('appOn')
    }
    await endOtherSessions(transaction, own)
    return ok({ codes })
  })
}

const noApp = { secret: '', hasApp: false, lastStep: 0 }

/** Turns the second step on where it is off; the recovery codes, or none where it was on. */
async function turnOn(
  transaction: Transaction,
  userId: string,
  app: typeof noApp,
): Promise<string[]> {
  const { codes, kept } = recoveryCodesOf(userId)
  const { count } = await transaction.secondStep.createMany({
    data: { userId, ...app, ...kept },
    skipDuplicates: true,
  })
  return count > 0 ? codes : []
}

function recoveryCodesOf(userId: string) {
  const codes = newRecoveryCodes()
  const recoveryHashes = codes.map((code) => recoveryHash(userId, code.replaceAll('-', '')))
  return { codes, kept: { recoveryHashes, recoveryLeft: codes.length } }
}

/** New recovery codes instead of those left. Fails with `notConfirmed`, `secondStepNone`. */
export async function renewRecoveryCodes(
  database: Database,
  own: Own,
  confirmation: string,
): Promise<Result<{ codes: string[] }>> {
  const { userId } = own.actor
  const { codes, kept } = recoveryCodesOf(userId)
  return changeOwn(database, own, confirmation, async (transaction) => {
    const { count } = await transaction.secondStep.updateMany({
      where: { userId },
      data: { ...kept, recoveryMadeAt: new Date() },
    })
    return count > 0 ? ok({ codes }) : fail('secondStepNone')
  })
}

/**
 * Takes the app's codes out of the second step, which is off if there is no passkey. Fails with
 * `notConfirmed`, `appOff`, `secondStepAsked` where the settings ask for what would then be off.
 */
export async function turnOffApp(
  database: Database,
  own: Own,
  confirmation: string,
): Promise<Result<{ isOn: boolean }>> {
  const { userId } = own.actor
  return changeOwn(database, own, confirmation, async (transaction) => {
    const held = await holdSecondStep(transaction, userId)
    if (!held?.hasApp) return fail('appOff')
    if (held.passkeys === 0) return turnOff(transaction, own)
    await transaction.secondStep.update({ where: { userId }, data: noApp })
    return ok({ isOn: true })
  })
}

/** What somebody's second step is made of, which stays so until the transaction ends. */
async function holdSecondStep(
  transaction: Transaction,
  userId: string,
): Promise<{ hasApp: boolean; passkeys: number } | null> {
  const [row] = await transaction.$queryRaw<{ hasApp: boolean }[]>`
    SELECT has_app AS "hasApp" FROM second_steps WHERE user_id = ${userId} FOR UPDATE`
  if (!row) return null
  return { ...row, passkeys: await transaction.passkey.count({ where: { userId } }) }
}

async function turnOff(
  transaction: Transaction,
  { actor: { userId, role } }: Own,
): Promise<Result<{ isOn: boolean }>> {
  if (await isSecondStepAsked(transaction, role)) return fail('secondStepAsked')
  await transaction.secondStep.delete({ where: { userId } })
  return ok({ isOn: false })
}

// Passkeys

/**
 * Adds a passkey, which turns the second step on where it is off: then one's other sessions end, and
 * the value has the recovery codes. Fails with `notConfirmed`, `passkeyNotMade`, `passkeyKnown`,
 * `passkeysMany`.
 */
export async function addPasskey(
  database: Database,
  own: Own,
  {
    confirmation,
    name,
    sealed,
    response,
  }: Passkey<CreationResponse> & Confirmed & { name: string },
): Promise<Result<{ codes: string[] }>> {
  const { userId } = own.actor
  if (!(await isConfirmation(database, own, confirmation))) return fail('notConfirmed')
  const bound = { purpose: 'add', userId, sessionId: own.sessionId } as const
  const made = await checkNewPasskey(database, { sealed, bound, response })
  if (!made) return fail('passkeyNotMade')
  if (await ownerOfPasskey(database, made.credentialId)) return fail('passkeyKnown')
  return changeOwn(database, own, confirmation, async (transaction) => {
    const codes = await turnOn(transaction, userId, noApp)
    const held = await holdSecondStep(transaction, userId)
    if (held && held.passkeys >= mostPasskeys) return fail('passkeysMany', { most: mostPasskeys })
    await storePasskey(transaction, userId, name, made)
    if (codes.length > 0) await endOtherSessions(transaction, own)
    return ok({ codes })
  })
}

interface Confirmed {
  confirmation: string
}

/** Calls a passkey of one's own otherwise. Fails with `notConfirmed`, `passkeyUnknown`. */
export async function renamePasskey(
  database: Database,
  own: Own,
  { confirmation, passkeyId, name }: Confirmed & { passkeyId: string; name: string },
): Promise<Result<null>> {
  return changeOwn(database, own, confirmation, async (transaction) => {
    const { count } = await transaction.passkey.updateMany({
      where: { id: passkeyId, userId: own.actor.userId },
      data: { name },
    })
    return count > 0 ? ok(null) : fail('passkeyUnknown')
  })
}

/**
 * Takes a passkey out of one's second step, which is off after the last part of it, and ends one's
 * other sessions. Fails with `notConfirmed`, `passkeyUnknown`, `secondStepAsked`.
 */
export async function removePasskey(
  database: Database,
  own: Own,
  { confirmation, passkeyId }: Confirmed & { passkeyId: string },
): Promise<Result<{ isOn: boolean }>> {
  const { userId } = own.actor
  return changeOwn(database, own, confirmation, async (transaction) => {
    const held = await holdSecondStep(transaction, userId)
    const ofOwn = { id: passkeyId, userId }
    if (!held || (await transaction.passkey.count({ where: ofOwn })) === 0) {
      return fail('passkeyUnknown')
    }
    const isLast = held.passkeys === 1 && !held.hasApp
    const done = isLast ? await turnOff(transaction, own) : ok({ isOn: true })
    if (!done.ok) return done
    await transaction.passkey.deleteMany({ where: ofOwn })
    await endOtherSessions(transaction, own)
    return done
  })
}
