import { z } from 'zod'
import type { Actor, FormProblem } from '@/features/accounts/schema'
import type { CreationOptions, PasskeyPurpose, UseOptions } from '@/features/passkeys/schema'
import { passkeyName } from '@/features/passkeys/schema'

/** Somebody who is signed in, and by which session. */
export interface Own {
  actor: Actor
  sessionId: string
}

/** Somebody's second step at sign-in; the instant is an ISO string. */
export interface SecondStep {
  since: string
  recoveryLeft: number
  /** Whether codes of an app are part of it. */
  hasApp: boolean
}

/** What an authenticator app needs, before the second step is on. */
export interface SetUp {
  /** The secret for the form to bring back, which only this site can read. */
  sealed: string
  /** The secret (Base32) in groups of four, for typing. */
  secret: string
  /** `otpauth://totp/...` */
  address: string
  /** The address as a QR code: an SVG path in a square of so many units. */
  picture: { path: string; size: number }
}

/** What a browser is told to ask its device for, or what is in the way. */
export type PasskeyAsked =
  | { problem: string }
  | { problem?: undefined; purpose: 'add'; options: CreationOptions }
  | { problem?: undefined; purpose: Exclude<PasskeyPurpose, 'add'>; options: UseOptions }

/** What the form shows after it was sent. Codes and passwords are never given back. */
export interface SecondStepState {
  problems: readonly FormProblem[]
  setUp?: SetUp
  /** Recovery codes just made, shown this once. */
  codes?: readonly string[]
  goTo?: string
  /** What was asked for, as a page can have several forms: a wish, or the passkey it was about. */
  about?: string
}

// Messages of these schemas are codes: `secondStep.problems.<code>` says them in words.

const password = z.string().min(1, 'currentMissing').max(128, 'currentWrong')
const code = z.string().trim().min(1, 'codeMissing').max(64, 'codeWrong')
const passkeyId = z.string().min(1).max(64)

export const passwordInput = z.strictObject({ password })
export const passwordAndCodeInput = z.strictObject({ password, code })
export const turnOnInput = z.strictObject({ sealed: z.string().max(1000), code })
export const codeInput = z.strictObject({ code })
export const newPasskeyInput = z.strictObject({ name: passkeyName })
export const passkeyInput = z.strictObject({ passkeyId })
export const renamingInput = z.strictObject({ passkeyId, name: passkeyName })
