'use server'

import { headers } from 'next/headers'
import {
  currentSession,
  forgetHalfWay,
  fromOwnPage,
  keptHalfWay,
  readHalfWay,
  setCookies,
  siteOrigin,
} from '@/features/accounts/data'
import { safeNext } from '@/features/accounts/rules'
import type { FormProblem, FormState } from '@/features/accounts/schema'
import {
  arePasskeysPossible,
  askForNewPasskey,
  askForPasskey,
  keepChallenge,
  keptChallenge,
} from '@/features/passkeys/data'
import { type Bound, creationResponse, readResponse, useResponse } from '@/features/passkeys/schema'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { fail, ok, type Problem, type Result } from '@/lib/result'
import { isConfirmed, keepConfirmation, keptConfirmation, setUpAgain } from './data'
import * as mutations from './mutations'
import {
  codeInput,
  newPasskeyInput,
  type Own,
  type PasskeyAsked,
  passkeyInput,
  passwordAndCodeInput,
  passwordInput,
  renamingInput,
  type SecondStepState,
  turnOnInput,
} from './schema'

// Every function here is an endpoint that anybody can call with anything.

// Signing in

/** Ends a sign-in that waits for its code and goes on to `next`. Fields: locale, next, code. */
export async function finishSignIn(_: FormState, form: FormData): Promise<FormState> {
  const refuse = (problem: Problem) =>
    keepAnswer<FormState>('finishSignIn', notSignedIn(localeOf(form), problem))
  if (!(await fromOwnPage())) return refuse(wrongAddress())
  const input = codeInput.safeParse(textsOf(form, ['code']))
  if (!input.success) return refuse(firstOf(input.error.issues))
  const halfWay = await keptHalfWay()
  const { code } = input.data
  const result = await mutations.finishSignIn(database(), await headers(), { halfWay, code })
  return result.ok ? signedIn(form, result.value) : refuse(result.problem)
}

/** Signs in by a passkey alone and goes on to `next`. Fields: locale, next, response. */
export async function signInByPasskey(_: FormState, form: FormData): Promise<FormState> {
  const answered = await answeredUse(form)
  const result = answered.ok
    ? await mutations.signInByPasskey(database(), await headers(), answered.value)
    : answered
  return result.ok ? signedIn(form, result.value) : notSignedIn(localeOf(form), result.problem)
}

/** Ends a sign-in that waits for its second step by a passkey. Fields: locale, next, response. */
export async function finishByPasskey(_: FormState, form: FormData): Promise<FormState> {
  const answered = await answeredUse(form)
  const halfWay = await keptHalfWay()
  const result = answered.ok
    ? await mutations.finishByPasskey(database(), await headers(), { halfWay, ...answered.value })
    : answered
  return result.ok ? signedIn(form, result.value) : notSignedIn(localeOf(form), result.problem)
}

async function signedIn(form: FormData, cookies: readonly string[]): Promise<FormState> {
  await setCookies(cookies)
  await forgetHalfWay()
  const next = safeNext(textOf(form, 'next'), localePath(localeOf(form), '/entry'))
  return { problems: [], values: {}, goTo: await leaveFor(next) }
}

const notSignedIn = (locale: Locale, problem: Problem): FormState => ({
  problems: [inWords(locale, problem)],
  values: {},
})

/** What a browser sends of a passkey that was used, with the challenge that it kept. */
async function answeredUse(form: FormData) {
  if (!(await fromOwnPage())) return { ok: false as const, problem: wrongAddress() }
  const response = readResponse(useResponse, textOf(form, 'response'))
  return response ? ok({ sealed: await keptChallenge(), response }) : fail('passkeyWrong')
}

/**
 * What the browser is to ask its device for, which then answers one of the actions for passkeys. Fields:
 * locale, purpose (`signIn`, `secondStep`, `confirm`, `add`).
 */
export async function askPasskey(form: FormData): Promise<PasskeyAsked> {
  const locale = localeOf(form)
  const asked = await askedFor(textOf(form, 'purpose'))
  if (!asked.ok) return { problem: inWords(locale, asked.problem).text }
  const { sealed, ...toBrowser } = asked.value
  await keepChallenge(sealed)
  return toBrowser
}

type Asked = Exclude<PasskeyAsked, { problem: string }> & { sealed: string }

async function askedFor(purpose: string): Promise<Result<Asked>> {
  if (!(await fromOwnPage())) return { ok: false, problem: wrongAddress() }
  if (!arePasskeysPossible()) return fail('passkeysImpossible')
  switch (purpose) {
    case 'signIn':
      return askedToUse({ purpose, userId: null, sessionId: null })
    case 'secondStep': {
      const person = await readHalfWay(database(), await keptHalfWay())
      if (!person) return fail('halfWayOver')
      return askedToUse({ purpose, userId: person.userId, sessionId: null })
    }
    case 'confirm': {
      const own = await currentSession()
      if (!own) return fail('signedOut')
      return askedToUse({ purpose, userId: own.actor.userId, sessionId: own.sessionId })
    }
    case 'add': {
      const own = await currentSession()
      if (!own) return fail('signedOut')
      if (!(await isConfirmed(own))) return fail('notConfirmed')
      const bound = { purpose, userId: own.actor.userId, sessionId: own.sessionId } as const
      return ok({ purpose, ...(await askForNewPasskey(database(), bound)) })
    }
    default:
      return fail('unknown')
  }
}

async function askedToUse(
  bound: Bound & { purpose: 'signIn' | 'secondStep' | 'confirm' },
): Promise<Result<Asked>> {
  return ok({ purpose: bound.purpose, ...(await askForPasskey(database(), bound)) })
}

// One's own

const path = '/account/second-step'

/** Confirms that whoever is signed in asks for a change. Fields: locale, password, code (where it is on). */
export async function confirm(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const refuse = (problems: readonly Problem[]) =>
    keepAnswer<FormState>('confirm', {
      problems: problems.map((problem) => inWords(locale, problem)),
      values: {},
    })
  const own = await ownSession()
  if (!own.ok) return refuse([own.problem])
  const typed = textsOf(form, ['password', 'code'])
  const input = form.has('code')
    ? passwordAndCodeInput.safeParse(typed)
    : passwordInput.safeParse({ password: typed.password })
  if (!input.success) return refuse(allOf(input.error.issues))
  const confirmed = await mutations.confirmByPassword(database(), own.value, input.data)
  if (!confirmed.ok) return refuse([confirmed.problem])
  await keepConfirmation(confirmed.value)
  return { problems: [], values: {}, goTo: await leaveFor(localePath(locale, path)) }
}

/** The same by a passkey. Fields: locale, response. */
export async function confirmByPasskey(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const own = await ownSession()
  if (!own.ok) return notSignedIn(locale, own.problem)
  const answered = await answeredUse(form)
  const confirmed = answered.ok
    ? await mutations.confirmByPasskey(database(), own.value, answered.value)
    : answered
  if (!confirmed.ok) return notSignedIn(locale, confirmed.problem)
  await keepConfirmation(confirmed.value)
  return { problems: [], values: {}, goTo: await leaveFor(localePath(locale, path)) }
}

/**
 * Changes one's own second step, once confirmed. Fields: locale, wish, and by the wish: `beginApp`;
 * `turnOnApp` sealed, code; `turnOffApp`; `renew`; `rename` passkeyId, name; `remove` passkeyId.
 */
export async function changeSecondStep(
  _: SecondStepState,
  form: FormData,
): Promise<SecondStepState> {
  const own = await ownSession()
  if (!own.ok) return refuseChange(form, own.problem)
  const wish = wishes.get(textOf(form, 'wish'))
  return wish ? wish(own.value, form) : refuseChange(form, { code: 'unknown' })
}

type Wish = (own: Own, form: FormData) => Promise<SecondStepState>

const wishes = new Map<string, Wish>([
  ['beginApp', beginApp],
  ['turnOnApp', turnOnApp],
  ['turnOffApp', turnOffApp],
  ['renew', renew],
  ['rename', rename],
  ['remove', remove],
])

const keepChange = (form: FormData, state: SecondStepState) =>
  keepAnswer<SecondStepState>('changeSecondStep', {
    ...state,
    about: textOf(form, 'passkeyId') || textOf(form, 'wish'),
  })

const refuseChange = (form: FormData, problem: Problem) =>
  keepChange(form, { problems: [inWords(localeOf(form), problem)] })

async function leadOn(form: FormData, done: string): Promise<SecondStepState> {
  const address = localePath(localeOf(form), `${path}?${new URLSearchParams({ done })}`)
  return { problems: [], goTo: await leaveFor(address) }
}

async function beginApp(own: Own, form: FormData): Promise<SecondStepState> {
  const begun = await mutations.beginApp(database(), own, await keptConfirmation())
  return begun.ok
    ? keepChange(form, { problems: [], setUp: begun.value })
    : refuseChange(form, begun.problem)
}

async function turnOnApp(own: Own, form: FormData): Promise<SecondStepState> {
  const typed = textsOf(form, ['sealed', 'code'])
  const input = turnOnInput.safeParse(typed)
  const done = input.success
    ? await mutations.turnOnApp(database(), own, input.data)
    : { ok: false as const, problem: firstOf(input.error.issues) }
  if (done.ok) return shown(form, done.value.codes, 'appOn')
  const refused = await refuseChange(form, done.problem)
  if (!done.problem.code.startsWith('code')) return refused
  // The same secret once more, as the app may have it by now.
  const setUp = (await setUpAgain(typed.sealed, own.actor)) ?? undefined
  return keepChange(form, { ...refused, setUp })
}

/** Recovery codes, where there are new ones. */
const shown = (form: FormData, codes: readonly string[], done: string) =>
  codes.length > 0 ? keepChange(form, { problems: [], codes }) : leadOn(form, done)

async function turnOffApp(own: Own, form: FormData): Promise<SecondStepState> {
  const done = await mutations.turnOffApp(database(), own, await keptConfirmation())
  return done.ok
    ? leadOn(form, done.value.isOn ? 'appOff' : 'off')
    : refuseChange(form, done.problem)
}

async function renew(own: Own, form: FormData): Promise<SecondStepState> {
  const renewed = await mutations.renewRecoveryCodes(database(), own, await keptConfirmation())
  return renewed.ok
    ? keepChange(form, { problems: [], codes: renewed.value.codes })
    : refuseChange(form, renewed.problem)
}

async function rename(own: Own, form: FormData): Promise<SecondStepState> {
  const input = renamingInput.safeParse(textsOf(form, ['passkeyId', 'name']))
  if (!input.success) return refuseChange(form, firstOf(input.error.issues))
  const confirmation = await keptConfirmation()
  const done = await mutations.renamePasskey(database(), own, { confirmation, ...input.data })
  return done.ok ? leadOn(form, 'renamed') : refuseChange(form, done.problem)
}

async function remove(own: Own, form: FormData): Promise<SecondStepState> {
  const input = passkeyInput.safeParse(textsOf(form, ['passkeyId']))
  if (!input.success) return refuseChange(form, { code: 'passkeyUnknown' })
  const confirmation = await keptConfirmation()
  const done = await mutations.removePasskey(database(), own, { confirmation, ...input.data })
  return done.ok
    ? leadOn(form, done.value.isOn ? 'removed' : 'off')
    : refuseChange(form, done.problem)
}

/** Adds a passkey, once confirmed. Fields: locale, name, response. */
export async function addPasskey(_: SecondStepState, form: FormData): Promise<SecondStepState> {
  const own = await ownSession()
  if (!own.ok) return refuseChange(form, own.problem)
  const input = newPasskeyInput.safeParse(textsOf(form, ['name']))
  if (!input.success) return refuseChange(form, firstOf(input.error.issues))
  const response = readResponse(creationResponse, textOf(form, 'response'))
  if (!response) return refuseChange(form, { code: 'passkeyNotMade' })
  const added = await mutations.addPasskey(database(), own.value, {
    confirmation: await keptConfirmation(),
    sealed: await keptChallenge(),
    response,
    ...input.data,
  })
  return added.ok ? shown(form, added.value.codes, 'added') : refuseChange(form, added.problem)
}

async function ownSession(): Promise<Result<Own>> {
  if (!(await fromOwnPage())) return { ok: false, problem: wrongAddress() }
  const own = await currentSession()
  return own ? ok(own) : fail('signedOut')
}

const allOf = (issues: readonly { message: string }[]): Problem[] =>
  issues.map(({ message }) => ({ code: message }))

const firstOf = (issues: readonly { message: string }[]): Problem => ({
  code: issues[0]?.message ?? 'unknown',
})

const wrongAddress = (): Problem => ({ code: 'wrongAddress', params: { url: siteOrigin() } })

/** The field that a problem is about; problems not named here are about the form as a whole. */
const fieldOfProblem: Record<string, string> = {
  currentMissing: 'password',
  currentWrong: 'password',
  codeMissing: 'code',
  codeWrong: 'code',
  passkeyNameMissing: 'name',
  passkeyNameTooLong: 'name',
  passkeyNameInvalid: 'name',
}

function inWords(locale: Locale, { code, params }: Problem): FormProblem {
  const field = fieldOfProblem[code] ?? null
  const own = translator(locale, 'secondStep.problems')
  const ownCode = code as Parameters<typeof own.has>[0]
  if (own.has(ownCode)) return { field, text: own(ownCode, { ...params }) }
  const shared = translator(locale, 'accounts.problems')
  const sharedCode = code as Parameters<typeof shared.has>[0]
  return { field, text: shared(shared.has(sharedCode) ? sharedCode : 'unknown', { ...params }) }
}
