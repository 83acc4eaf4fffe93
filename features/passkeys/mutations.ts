import { randomUUID } from 'node:crypto'
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { actFor, siteOrigin } from '@/features/accounts/data'
import type { Database, Transaction } from '@/lib/db/client'
import { hostOfSite, readChallenge } from './data'
import { handleOf } from './rules'
import type { Answer, Bound, CreationResponse, UseResponse } from './schema'

/**
 * Spends the challenge that a browser kept; null if it was made for something else, has ended, or was
 * answered before. Of two answers at the same time one is heard.
 */
async function spendChallenge(
  database: Database,
  sealed: string,
  bound: Bound,
): Promise<string | null> {
  const kept = readChallenge(sealed, bound)
  if (!kept) return null
  const { challenge, until } = kept
  const spent = await database.$executeRaw`
    INSERT INTO spent_challenges (challenge, ends_at)
    SELECT ${challenge}, ${until}::timestamptz WHERE ${until}::timestamptz > clock_timestamp()
    ON CONFLICT DO NOTHING`
  return spent === 1 ? challenge : null
}

/** What every answer is held against: this site's address, and that its owner was asked. */
const expected = (expectedChallenge: string) => ({
  expectedChallenge,
  expectedOrigin: siteOrigin(),
  expectedRPID: hostOfSite(),
  requireUserVerification: true,
})

/** The library throws for what is wrong with an answer; the operator reads what it was. */
async function orRefused<T>(userId: string, verification: Promise<T>): Promise<T | null> {
  try {
    return await verification
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.warn(`A passkey of user ${userId} was refused: ${reason.slice(0, 300)}`)
    return null
  }
}

export interface NewPasskey {
  credentialId: string
  publicKey: Uint8Array<ArrayBuffer>
  counter: number
  transports: string[]
}

/** A new passkey out of what a browser answered; null if it is not right. Nothing is stored of it. */
export async function checkNewPasskey(
  database: Database,
  { sealed, bound, response }: Answer<CreationResponse> & { bound: { userId: string } },
): Promise<NewPasskey | null> {
  const challenge = await spendChallenge(database, sealed, bound)
  if (challenge === null) return null
  const checked = await orRefused(
    bound.userId,
    verifyRegistrationResponse({
      ...expected(challenge),
      response: response as Parameters<typeof verifyRegistrationResponse>[0]['response'],
    }),
  )
  if (!checked?.verified) return null
  const { id, publicKey, counter } = checked.registrationInfo.credential
  return { credentialId: id, publicKey, counter, transports: response.response.transports }
}

/** Stores a passkey of somebody who has a second step. */
export async function storePasskey(
  transaction: Transaction,
  userId: string,
  name: string,
  passkey: NewPasskey,
): Promise<void> {
  await transaction.passkey.create({ data: { id: randomUUID(), userId, name, ...passkey } })
}

interface KeyRow {
  id: string
  userId: string
  publicKey: Uint8Array<ArrayBuffer>
  counter: bigint
}

/**
 * Whether a browser answered with a passkey of this person, who is active, and used it just now; notes
 * its use. False also for one whose device counted backwards, which may be a copy.
 */
export async function checkPasskey(
  database: Database,
  userId: string,
  { sealed, bound, response }: Answer<UseResponse>,
): Promise<boolean> {
  const challenge = await spendChallenge(database, sealed, bound)
  if (challenge === null || !isOfPerson(userId, response, bound)) return false
  return database.$transaction(async (transaction) => {
    await actFor(transaction, userId)
    const [row] = await transaction.$queryRaw<KeyRow[]>`
      SELECT p.id, p.user_id AS "userId", p.public_key AS "publicKey", p.counter
      FROM passkeys p JOIN users u ON u.id = p.user_id
      WHERE p.credential_id = ${response.id} AND p.user_id = ${userId} AND u.active
      FOR UPDATE OF p`
    if (!row) return false
    const { id, publicKey, counter } = row
    const checked = await orRefused(
      userId,
      verifyAuthenticationResponse({
        ...expected(challenge),
        response,
        credential: { id: response.id, publicKey, counter: Number(counter) },
      }),
    )
    if (!checked?.verified) return false
    await transaction.$executeRaw`
      UPDATE passkeys SET counter = ${checked.authenticationInfo.newCounter},
        last_used_at = clock_timestamp() WHERE id = ${id}`
    return true
  })
}

/** A device says whose key it used; it need not where it was told whose to use. */
function isOfPerson(userId: string, { response }: UseResponse, bound: Bound): boolean {
  const { userHandle } = response
  if (userHandle === undefined) return bound.userId !== null
  return userHandle === Buffer.from(handleOf(userId)).toString('base64url')
}
