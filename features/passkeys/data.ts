import { randomBytes } from 'node:crypto'
import {
  type AuthenticatorTransport,
  generateAuthenticationOptions,
  generateRegistrationOptions,
} from '@simplewebauthn/server'
import { isSiteSecure, siteOrigin, siteSecret } from '@/features/accounts/data'
import { type Database, database as sharedDatabase } from '@/lib/db/client'
import { readClock } from '@/lib/db/clock'
import { keptCookie } from '@/lib/kept-cookie'
import { sealText, unsealText } from '@/lib/sealed-text'
import { handleOf, passkeyHost } from './rules'
import {
  type Bound,
  type CreationOptions,
  challengeParts,
  type Passkey,
  type UseOptions,
} from './schema'

const challengeMinutes = 5
const challengePurpose = 'passkey challenge'

/** Whether there can be passkeys under the address of this site. */
export const arePasskeysPossible = (): boolean => passkeyHost(siteOrigin()) !== null

/** Somebody's passkeys, the oldest first. */
export async function passkeysOf(
  userId: string,
  database: Database = sharedDatabase(),
): Promise<Passkey[]> {
  const rows = await database.passkey.findMany({
    where: { userId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true, createdAt: true, lastUsedAt: true },
  })
  return rows.map(({ id, name, createdAt, lastUsedAt }) => ({
    id,
    name,
    since: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }))
}

/** Whose a passkey is, by the name that its device gives it; null for one that is not known. */
export async function ownerOfPasskey(
  database: Database,
  credentialId: string,
): Promise<{ userId: string; email: string } | null> {
  const row = await database.passkey.findUnique({
    where: { credentialId },
    select: { secondStep: { select: { user: { select: { id: true, email: true } } } } },
  })
  return row && { userId: row.secondStep.user.id, email: row.secondStep.user.email }
}

// Challenges

/** The host that passkeys of this site belong to. Throws where there can be none. */
export function hostOfSite(): string {
  const host = passkeyHost(siteOrigin())
  if (host === null) throw new Error(`There can be no passkeys under ${siteOrigin()}.`)
  return host
}

/**
 * A challenge, also sealed for the browser to keep together with what it is good for. Nothing is
 * stored until it is answered; it ends after five minutes on the database's clock.
 */
async function newChallenge(
  database: Database,
  bound: Bound,
): Promise<{ challenge: Uint8Array<ArrayBuffer>; sealed: string }> {
  const challenge = new Uint8Array(randomBytes(32))
  const parts = {
    ...bound,
    challenge: Buffer.from(challenge).toString('base64url'),
    until: (await readClock(database)).getTime() + challengeMinutes * 60_000,
  }
  return { challenge, sealed: sealText(siteSecret(), challengePurpose, JSON.stringify(parts)) }
}

/** The challenge that a browser kept, if it was made for this; whether it has ended is not asked. */
export function readChallenge(
  sealed: string,
  { purpose, userId, sessionId }: Bound,
): { challenge: string; until: Date } | null {
  const text = unsealText(siteSecret(), challengePurpose, sealed)
  if (text === null) return null
  const kept = challengeParts.parse(JSON.parse(text))
  const isForThis =
    kept.purpose === purpose && kept.userId === userId && kept.sessionId === sessionId
  return isForThis ? { challenge: kept.challenge, until: new Date(kept.until) } : null
}

interface Asked<Options> {
  options: Options
  sealed: string
}

const keysOf = async (database: Database, userId: string) => {
  const rows = await database.passkey.findMany({
    where: { userId },
    select: { credentialId: true, transports: true },
  })
  return rows.map(({ credentialId, transports }) => ({
    id: credentialId,
    transports: transports as AuthenticatorTransport[],
  }))
}

/** What a browser must know to make a passkey of somebody's on one of their devices. */
export async function askForNewPasskey(
  database: Database,
  bound: Bound & { userId: string },
): Promise<Asked<CreationOptions>> {
  const { userId } = bound
  const { name, email } = await database.user.findUniqueOrThrow({ where: { id: userId } })
  const { challenge, sealed } = await newChallenge(database, bound)
  const host = hostOfSite()
  const options = await generateRegistrationOptions({
    rpName: `Shumar ${host}`,
    rpID: host,
    userID: handleOf(userId),
    userName: email,
    userDisplayName: name,
    challenge,
    attestationType: 'none',
    excludeCredentials: await keysOf(database, userId),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  return { options, sealed }
}

/**
 * What a browser must know to use a passkey: one of somebody's, or where nobody is known yet, any that
 * the device has for this site; so it says nothing of who has one.
 */
export async function askForPasskey(database: Database, bound: Bound): Promise<Asked<UseOptions>> {
  const { challenge, sealed } = await newChallenge(database, bound)
  const options = await generateAuthenticationOptions({
    rpID: hostOfSite(),
    challenge,
    allowCredentials: bound.userId === null ? [] : await keysOf(database, bound.userId),
    userVerification: 'required',
  })
  return { options, sealed }
}

const challengeCookie = keptCookie('shumar.passkey', {
  minutes: challengeMinutes,
  sameSite: 'strict',
  isSecure: isSiteSecure,
})

/** Leaves a challenge with the browser that is asked. */
export const keepChallenge = challengeCookie.keep
export const keptChallenge = challengeCookie.kept
