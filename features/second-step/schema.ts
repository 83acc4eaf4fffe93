import { z } from 'zod'
import type { FormProblem } from '@/features/accounts/schema'

/** Somebody's second step at sign-in; the instant is an ISO string. */
export interface SecondStep {
  since: string
  recoveryLeft: number
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

/** What the form shows after it was sent. Codes and passwords are never given back. */
export interface SecondStepState {
  problems: readonly FormProblem[]
  setUp?: SetUp
  /** Recovery codes just made, shown this once. */
  codes?: readonly string[]
  goTo?: string
}

// Messages of these schemas are codes: `secondStep.problems.<code>` says them in words.

const password = z.string().min(1, 'currentMissing').max(128, 'currentWrong')
const code = z.string().trim().min(1, 'codeMissing').max(64, 'codeWrong')

export const beginInput = z.strictObject({ password })
export const turnOnInput = z.strictObject({ sealed: z.string().max(1000), code })
export const changeInput = z.strictObject({ password, code })
export const codeInput = z.strictObject({ code })
