import type { Actor, Permission, Scope, SecondStepSetting } from './schema'

type ActorRole = Actor['role']

// Reviewers publish by approving a proposal; `figures.publish` is publication without a proposal.
const permissions: Record<ActorRole, readonly Permission[]> = {
  editor: ['account.keep', 'figures.propose', 'academies.keep'],
  reviewer: [
    'account.keep',
    'figures.propose',
    'academies.keep',
    'proposals.review',
    'sources.keep',
    'reports.answer',
    'releases.plan',
  ],
  admin: [
    'account.keep',
    'figures.propose',
    'proposals.review',
    'figures.publish',
    'catalogue.edit',
    'academies.keep',
    'people.manage',
    'sources.keep',
    'reports.answer',
    'audit.read',
    'releases.plan',
    'settings.edit',
  ],
  waiting: ['account.keep'],
  system: [
    'figures.propose',
    'proposals.review',
    'figures.publish',
    'catalogue.edit',
    'releases.plan',
  ],
}

export function may(role: ActorRole, permission: Permission): boolean {
  return permissions[role].includes(permission)
}

/** Whether a role still allows everything that another one did. */
export function mayAsMuch(role: ActorRole, before: ActorRole): boolean {
  return permissions[before].every((permission) => may(role, permission))
}

/**
 * Whether somebody with these limits may change a figure of this place; without limits, all of
 * them. `programme` and `academy` are parts of a figure's key: `_T` stands for all academies
 * together, which is no academy of somebody's.
 */
export function inScope(
  scopes: readonly Scope[],
  { programme, academy }: { programme: string; academy: string },
): boolean {
  return (
    scopes.length === 0 ||
    scopes.some(
      (scope) =>
        (scope.programme === null || scope.programme === programme) &&
        (scope.academy === null || scope.academy === academy),
    )
  )
}

/** Whether a place lies within all of several limits. */
export const inLimits = (
  limits: readonly (readonly Scope[])[],
  place: { programme: string; academy: string },
): boolean => limits.every((scopes) => inScope(scopes, place))

/** What tokens begin with, so that people and scanners of secrets recognise them. */
export const tokenPrefix = 'shumar'

/** Whether somebody's name or address contains every word of a search, whatever the case. */
export function isFound(person: { name: string; email: string }, search: string): boolean {
  const text = `${person.name} ${person.email}`.normalize('NFC').toLowerCase()
  return search
    .normalize('NFC')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** Browser and system in a browser's own name for itself, as far as they are well known. */
export function deviceOf(userAgent: string): { browser: string | null; system: string | null } {
  const known = (names: readonly (readonly [string, RegExp])[]) =>
    names.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? null
  return {
    // Each browser also names those it wants to be taken for: the most particular comes first.
    browser: known([
      ['Edge', /\bEdgA?\//],
      ['Opera', /\bOPR\//],
      ['Samsung Internet', /\bSamsungBrowser\//],
      ['Firefox', /\b(Firefox|FxiOS)\//],
      ['Chrome', /\b(Chrome|CriOS|HeadlessChrome)\//],
      ['Safari', /\bSafari\//],
    ]),
    system: known([
      ['Android', /\bAndroid\b/],
      ['iOS', /\b(iPhone|iPad)\b/],
      ['Windows', /\bWindows\b/],
      ['macOS', /\bMacintosh\b/],
      ['ChromeOS', /\bCrOS\b/],
      ['Linux', /\bLinux\b/],
    ]),
  }
}

export const passwordMinimum = 12
export const passwordMaximum = 128

// The commonest passwords, most of them without the digits and signs that people put around them.
const commonest = new Set([
  'password',
  'passwort',
  'passw0rd',
  'p@ssw0rd',
  'p@ssword',
  'admin',
  'administrator',
  'welcome',
  'letmein',
  'iloveyou',
  'changeme',
  'changeit',
  'default',
  'dragon',
  'football',
  'baseball',
  'cricket',
  'princess',
  'sunshine',
  'superman',
  'trustno',
  'master',
  'monkey',
  'shadow',
  'secret',
  'qwerty',
  'qwertz',
  'azerty',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qazwsx',
  'qazwsxedc',
  'abc',
  'pakistan',
  'pakistanzindabad',
  'islamabad',
  'karachi',
  'lahore',
  'bismillah',
  'allah',
  'muhammad',
  'shumar',
  '1q2w3e4r5t6y',
  '112233445566',
  '123456654321',
])

const keyboardRuns = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
]

/** One to six characters said again and again, e.g. `abcabcabcabc`. */
const repetition = /^(.{1,6}?)\1+.{0,5}$/su

function isCommon(password: string): boolean {
  const core = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const [, unit = core] = /^(.{3,}?)\1+$/su.exec(core) ?? []
  if ([password, core, unit].some((text) => commonest.has(text))) return true
  if (repetition.test(password)) return true
  const backwards = [...password].reverse().join('')
  return keyboardRuns.some((run) => run.includes(password) || run.includes(backwards))
}

/** Whether little is left of a password without the address it belongs to. */
function isAddress(password: string, email: string): boolean {
  const [mailbox = ''] = email.split('@')
  const rest = [email, mailbox]
    .filter((part) => part.length > 2)
    .reduce((left, part) => left.replaceAll(part, ''), password)
  return rest.length < password.length && rest.length < 6
}

/**
 * What is wrong with a new password, as a message code, or null. Length counts and being common
 * counts; there are no rules of composition (NIST SP 800-63B-4, section 3.1.1.2).
 */
export function passwordProblem(password: string, person: { email: string }): string | null {
  if ([...password].length < passwordMinimum) return 'passwordTooShort'
  if (password.length > passwordMaximum) return 'passwordTooLong'
  const lower = password.toLowerCase()
  if (isCommon(lower)) return 'passwordCommon'
  return isAddress(lower, person.email.toLowerCase()) ? 'passwordIsAddress' : null
}

// Lock-out. NIST SP 800-63B-4 (3.2.2) gives waits of up to an hour as its example: longer ones
// would help somebody who wants to keep the owner of an address out.

const freeFailures = 5
const firstLockMinutes = 15
const longestLockMinutes = 60
const forgottenAfterHours = 24
const minute = 60_000

/** Minutes without sign-in after so many failures in a row: 15 after the fifth, then 30, then 60. */
export function lockMinutes(failures: number): number {
  if (failures < freeFailures) return 0
  return Math.min(longestLockMinutes, firstLockMinutes * 2 ** (failures - freeFailures))
}

/** Failures of one address that still count. */
export interface Failures {
  failures: number
  lockedUntil: Date | null
  lastAt: Date
}

/** Failures recorded before this instant no longer count. */
export function forgottenBefore(now: Date): Date {
  return new Date(now.getTime() - forgottenAfterHours * 60 * minute)
}

/**
 * Counts an attempt to sign in before its password is checked, so that many at once cannot all
 * see a free try; a right password takes the count away. Null while the address is locked.
 */
export function countAttempt(before: Failures | null, now: Date): Failures | null {
  if (before?.lockedUntil && before.lockedUntil > now) return null
  const counted = before && before.lastAt >= forgottenBefore(now) ? before.failures : 0
  const failures = counted + 1
  const minutes = lockMinutes(failures)
  return {
    failures,
    lockedUntil: minutes > 0 ? new Date(now.getTime() + minutes * minute) : null,
    lastAt: now,
  }
}

const nowhere = 'http://nowhere.invalid'

/**
 * A path of this site to go on to, from an untrusted address; `fallback` for anything that a
 * browser could read as another site.
 */
export function safeNext(next: string | null | undefined, fallback: string): string {
  if (!next || next.length > 2000 || !next.startsWith('/') || /[\\\p{Cc}]/u.test(next)) {
    return fallback
  }
  const url = URL.canParse(next, nowhere) ? new URL(next, nowhere) : null
  if (url?.origin !== nowhere) return fallback
  const path = `${url.pathname}${url.search}${url.hash}`
  // Dot segments can leave two slashes in front, which would name another host.
  return path.startsWith('//') ? fallback : path
}

/** Whether somebody of this role must have a second step at sign-in before they may do anything. */
export function secondStepAsked(setting: SecondStepSetting, role: Actor['role']): boolean {
  if (setting === 'nobody' || role === 'system') return false
  return (
    setting === 'everyone' || role === 'admin' || (setting === 'reviewers' && role === 'reviewer')
  )
}
