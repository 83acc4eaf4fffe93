import { z } from 'zod'
import { isSiteSecure, siteOrigin, siteSecret } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { type Database, database as sharedDatabase } from '@/lib/db/client'
import { readClock } from '@/lib/db/clock'
import { keptCookie } from '@/lib/kept-cookie'
import { keyedHash, sealText, unsealText } from '@/lib/sealed-text'
import { enrolmentAddress, inGroups, newSecret, qrPicture } from './rules'
import type { Own, SecondStep, SetUp } from './schema'

const setUpMinutes = 30
const setUpPurpose = 'second step to be confirmed'
const secretPurpose = 'second step'
const setUpParts = z.strictObject({ userId: z.string(), until: z.number(), secret: z.string() })

/** Somebody's second step, or null. */
export async function secondStepOf(
  userId: string,
  database: Database = sharedDatabase(),
): Promise<SecondStep | null> {
  const step = await database.secondStep.findUnique({ where: { userId } })
  if (!step) return null
  const { createdAt, recoveryLeft, hasApp } = step
  return { since: createdAt.toISOString(), recoveryLeft, hasApp }
}

/**
 * A new secret for somebody's app. Nothing is stored: the form brings the sealed secret back with the
 * first code, within half an hour.
 */
export function newSetUp(userId: string, email: string, now = new Date()): SetUp {
  const secret = newSecret()
  const until = now.getTime() + setUpMinutes * 60_000
  const parts = JSON.stringify({ userId, until, secret })
  return shownSetUp(sealText(siteSecret(), setUpPurpose, parts), secret, email)
}

function shownSetUp(sealed: string, secret: string, email: string): SetUp {
  const address = enrolmentAddress(secret, new URL(siteOrigin()).hostname, email)
  return { sealed, secret: inGroups(secret), address, picture: qrPicture(address) }
}

/** The secret that a form has brought back; null where it is not this person's or too old. */
export function secretOfSetUp(sealed: string, userId: string, now = new Date()): string | null {
  const text = unsealText(siteSecret(), setUpPurpose, sealed)
  const parts = text === null ? null : setUpParts.parse(JSON.parse(text))
  return parts?.userId === userId && parts.until > now.getTime() ? parts.secret : null
}

/** What was shown before, for the form to show once more; null where it is not good any more. */
export async function setUpAgain(
  sealed: string,
  { userId }: Actor,
  database: Database = sharedDatabase(),
): Promise<SetUp | null> {
  const secret = secretOfSetUp(sealed, userId)
  if (secret === null) return null
  const { email } = await database.user.findUniqueOrThrow({ where: { id: userId } })
  return shownSetUp(sealed, secret, email)
}

/** A secret as it is stored. */
export const sealSecret = (secret: string) => sealText(siteSecret(), secretPurpose, secret)

/** A stored secret; null where it was sealed under another SHUMAR_SECRET. */
export const unsealSecret = (sealed: string) => unsealText(siteSecret(), secretPurpose, sealed)

/** A recovery code as it is stored; the person is part of it, so that it is nobody else's. */
export const recoveryHash = (userId: string, code: string) =>
  keyedHash(siteSecret(), 'recovery codes', `${userId} ${code}`)

// Confirming

const confirmedMinutes = 10
const confirmedPurpose = 'confirmed session'
const confirmedParts = z.strictObject({
  userId: z.string(),
  sessionId: z.string(),
  until: z.number(),
})

/** What a browser keeps of having confirmed who uses it: good for ten minutes and this session. */
export async function confirmationOf(
  database: Database,
  { actor: { userId }, sessionId }: Own,
): Promise<string> {
  const until = (await readClock(database)).getTime() + confirmedMinutes * 60_000
  return sealText(siteSecret(), confirmedPurpose, JSON.stringify({ userId, sessionId, until }))
}

/** Whether what a browser kept is a confirmation of this session that is still good. */
export async function isConfirmation(
  database: Database,
  { actor: { userId }, sessionId }: Own,
  sealed: string,
): Promise<boolean> {
  const text = unsealText(siteSecret(), confirmedPurpose, sealed)
  if (text === null) return false
  const kept = confirmedParts.parse(JSON.parse(text))
  if (kept.userId !== userId || kept.sessionId !== sessionId) return false
  return kept.until > (await readClock(database)).getTime()
}

const confirmedCookie = keptCookie('shumar.confirmed', {
  minutes: confirmedMinutes,
  sameSite: 'strict',
  isSecure: isSiteSecure,
})

export const keepConfirmation = confirmedCookie.keep
export const keptConfirmation = confirmedCookie.kept

/** Whether whoever sends this request has just confirmed that the session is theirs. */
export const isConfirmed = async (own: Own): Promise<boolean> =>
  isConfirmation(sharedDatabase(), own, await keptConfirmation())
