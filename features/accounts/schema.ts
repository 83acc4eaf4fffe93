import { z } from 'zod'
import type { LocalText } from '@/lib/i18n'

export const userRoles = ['editor', 'reviewer', 'admin'] as const
export type UserRole = (typeof userRoles)[number]

export type Permission =
  | 'account.keep'
  | 'figures.propose'
  | 'figures.publish'
  | 'proposals.review'
  | 'catalogue.edit'
  | 'academies.keep'
  | 'people.manage'
  | 'releases.plan'
  | 'settings.edit'
  | 'sources.keep'
  | 'reports.answer'
  | 'audit.read'

/** Who must have a second step at sign-in: nobody, administrators, reviewers too, or everyone. */
export const secondStepChoices = ['nobody', 'admins', 'reviewers', 'everyone'] as const
export type SecondStepSetting = (typeof secondStepChoices)[number]
export const secondStepSetting = z.enum(secondStepChoices).default('nobody')

declare const brand: unique symbol

/**
 * Somebody who was checked. Only `features/accounts/data.ts` makes one, so that a mutation called
 * without a check does not compile.
 */
export interface Actor {
  readonly [brand]: true
  readonly userId: string
  readonly name: string
  /** `waiting` is somebody who must set up a second step at sign-in before anything else. */
  readonly role: UserRole | 'system' | 'waiting'
  /** Set where a program acts for the person, by a token of theirs. */
  readonly token?: { readonly id: string; readonly mayPublish: boolean }
}

/**
 * What somebody is limited to: a programme, an academy, or an academy in a programme; null is no
 * limit in that part. Several add up, and none at all is everything.
 */
export interface Scope {
  programme: string | null
  academy: string | null
}

/** What somebody can be limited to, with names; `depth` is how deep a programme stands in its tree. */
export interface ScopeCatalogue {
  programmes: readonly { code: string; name: LocalText; depth: number }[]
  academies: readonly { code: string; name: LocalText }[]
}

/** Somebody in the list of people; instants are ISO strings. */
export interface Person {
  id: string
  name: string
  email: string
  role: UserRole
  active: boolean
  /** Null for somebody who never signed in. */
  lastSignInAt: string | null
  /** Null for somebody who signs in by a password alone. */
  secondStepSince: string | null
  /** As they were chosen, without what lies under a programme; they do not hold for an admin. */
  scopes: Scope[]
}

/** A place where somebody is signed in; instants are ISO strings. */
export interface SignedInPlace {
  id: string
  since: string
  until: string
  /** The browser's own name for itself; empty where it sent none. */
  userAgent: string
  isCurrent: boolean
}

/** An invitation that nobody has accepted. */
export interface OpenInvitation {
  id: string
  role: UserRole
  /** Empty for the set-up link, whose holder chooses the address. */
  email: string
  kind: 'set-up' | 'join'
  expiresAt: string
  isExpired: boolean
  scopes: Scope[]
}

// Messages of these schemas are codes: `accounts.problems.<code>` says them in words.

const email = z
  .string({ error: 'emailMissing' })
  .trim()
  .min(1, 'emailMissing')
  .max(254, 'emailInvalid')
  .toLowerCase()
  .pipe(z.email('emailInvalid'))

/** A name somebody could be called by: letters of any script, nothing invisible that reorders text. */
const personName = z
  .string({ error: 'nameMissing' })
  .normalize('NFC')
  .trim()
  .min(1, 'nameMissing')
  .max(100, 'nameTooLong')
  .regex(/\p{L}/u, 'nameMissing')
  .regex(/^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff]*$/u, 'nameInvalid')

/** scrypt is slow on purpose: what it is given has a limit. */
const typedPassword = z
  .string({ error: 'passwordMissing' })
  .min(1, 'passwordMissing')
  .max(128, 'passwordTooLong')

const linkToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'linkInvalid')

export const signInInput = z.strictObject({ email, password: typedPassword })
export type SignInInput = z.infer<typeof signInInput>

export const acceptanceInput = z.strictObject({
  token: linkToken,
  name: personName,
  email,
  password: typedPassword,
})
export type AcceptanceInput = z.infer<typeof acceptanceInput>

const codes = z.array(z.string().regex(/^[\w.-]{1,64}$/, 'scopeUnknown')).max(1000, 'scopeUnknown')

/** Codes of programmes and of academies that somebody is limited to; none is no limit. */
const chosenScopes = z
  .strictObject({ programmes: codes, academies: codes })
  .transform(({ programmes, academies }): Scope[] => [
    ...[...new Set(programmes)].map((programme) => ({ programme, academy: null })),
    ...[...new Set(academies)].map((academy) => ({ programme: null, academy })),
  ])

/** Scopes as an invitation keeps them until it is accepted. */
export const keptScopes = z.array(
  z.strictObject({ programme: z.string().nullable(), academy: z.string().nullable() }),
)

export const invitationInput = z.strictObject({
  email,
  role: z.enum(userRoles, 'roleMissing'),
  scopes: chosenScopes,
})
export type InvitationInput = z.infer<typeof invitationInput>

const userId = z.string().min(1).max(64)
export const activeInput = z.strictObject({ userId, active: z.stringbool() })
export const roleInput = z.strictObject({ userId, role: z.enum(userRoles, 'roleMissing') })
export const nameInput = z.strictObject({ userId, name: personName })
export const scopesInput = z.strictObject({ userId, scopes: chosenScopes })
export const personInput = z.strictObject({ userId })
export const resetInput = z.strictObject({ token: linkToken, password: typedPassword })
export const passwordInput = z.strictObject({ current: typedPassword, password: typedPassword })
export const sessionInput = z.strictObject({ sessionId: z.string().min(1).max(64) })
export const withdrawalInput = z.strictObject({ invitationId: z.string().min(1).max(64) })

/** What a form shows after it was sent: what is wrong, and everything typed except passwords. */
export interface FormState {
  problems: readonly FormProblem[]
  values: Readonly<Record<string, string>>
  /** Where a form that has done its work leads. */
  goTo?: string
  /** What is done, in words, where the form stays on its page. */
  done?: string
  /** The password was right, and a code is asked for next. */
  isHalfWay?: true
  /** A one-time link just made, and whose it is. */
  invitation?: { email: string; link: string }
}

/** A problem in words; `field` is the name of the field at fault, null for the form as a whole. */
export interface FormProblem {
  field: string | null
  text: string
}
