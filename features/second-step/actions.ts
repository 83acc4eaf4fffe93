'use server'

import { headers } from 'next/headers'
import {
  currentSession,
  forgetHalfWay,
  fromOwnPage,
  keptHalfWay,
  setCookies,
  siteOrigin,
} from '@/features/accounts/data'
import { safeNext } from '@/features/accounts/rules'
import type { Actor, FormProblem, FormState } from '@/features/accounts/schema'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { Problem } from '@/lib/result'
import { setUpAgain } from './data'
import * as mutations from './mutations'
import { beginInput, changeInput, codeInput, type SecondStepState, turnOnInput } from './schema'

// Every function here is an endpoint that anybody can call with anything.

/** Ends a sign-in that waits for its code and goes on to `next`. Fields: locale, next, code. */
export async function finishSignIn(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const refuse = (problem: Problem) =>
    keepAnswer<FormState>('finishSignIn', { problems: [inWords(locale, problem)], values: {} })
  if (!(await fromOwnPage())) return refuse(wrongAddress())
  const input = codeInput.safeParse(textsOf(form, ['code']))
  if (!input.success) return refuse(firstOf(input.error.issues))
  const halfWay = await keptHalfWay()
  const { code } = input.data
  const result = await mutations.finishSignIn(database(), await headers(), { halfWay, code })
  if (!result.ok) return refuse(result.problem)
  await setCookies(result.value)
  await forgetHalfWay()
  const next = safeNext(textOf(form, 'next'), localePath(locale, '/entry'))
  return { problems: [], values: {}, goTo: await leaveFor(next) }
}

/**
 * Turns one's own second step on or off. Fields: locale, wish, and by the wish: `begin` password;
 * `turnOn` sealed, code; `renew` and `turnOff` password, code.
 */
export async function changeSecondStep(
  _: SecondStepState,
  form: FormData,
): Promise<SecondStepState> {
  const locale = localeOf(form)
  const refuse = (problems: readonly Problem[]) =>
    keepAnswer<SecondStepState>('changeSecondStep', {
      problems: problems.map((problem) => inWords(locale, problem)),
    })
  if (!(await fromOwnPage())) return refuse([wrongAddress()])
  const own = await currentSession()
  if (!own) return refuse([{ code: 'signedOut' }])
  switch (textOf(form, 'wish')) {
    case 'begin':
      return begin(own.actor, form, refuse)
    case 'turnOn':
      return turnOn(own, form, refuse)
    case 'renew':
      return renew(own.actor, form, refuse)
    case 'turnOff':
      return turnOff(own.actor, form, refuse)
    default:
      return refuse([{ code: 'unknown' }])
  }
}

type Refuse = (problems: readonly Problem[]) => Promise<SecondStepState>

const answer = (state: Omit<SecondStepState, 'problems'>) =>
  keepAnswer<SecondStepState>('changeSecondStep', { problems: [], ...state })

async function begin(actor: Actor, form: FormData, refuse: Refuse): Promise<SecondStepState> {
  const input = beginInput.safeParse(textsOf(form, ['password']))
  if (!input.success) return refuse(allOf(input.error.issues))
  const begun = await mutations.beginSecondStep(database(), actor, input.data.password)
  return begun.ok ? answer({ setUp: begun.value }) : refuse([begun.problem])
}

async function turnOn(
  own: { actor: Actor; sessionId: string },
  form: FormData,
  refuse: Refuse,
): Promise<SecondStepState> {
  const typed = textsOf(form, ['sealed', 'code'])
  const input = turnOnInput.safeParse(typed)
  const done = input.success
    ? await mutations.turnOnSecondStep(database(), own, input.data)
    : { ok: false as const, problem: firstOf(input.error.issues) }
  if (done.ok) return answer({ codes: done.value.codes })
  const refused = await refuse([done.problem])
  if (!done.problem.code.startsWith('code')) return refused
  // The same secret once more, as the app may have it by now.
  const setUp = (await setUpAgain(typed.sealed, own.actor)) ?? undefined
  return keepAnswer('changeSecondStep', { ...refused, setUp })
}

async function renew(actor: Actor, form: FormData, refuse: Refuse): Promise<SecondStepState> {
  const input = changeInput.safeParse(textsOf(form, ['password', 'code']))
  if (!input.success) return refuse(allOf(input.error.issues))
  const renewed = await mutations.renewRecoveryCodes(database(), actor, input.data)
  return renewed.ok ? answer({ codes: renewed.value.codes }) : refuse([renewed.problem])
}

async function turnOff(actor: Actor, form: FormData, refuse: Refuse): Promise<SecondStepState> {
  const input = changeInput.safeParse(textsOf(form, ['password', 'code']))
  if (!input.success) return refuse(allOf(input.error.issues))
  const done = await mutations.turnOffSecondStep(database(), actor, input.data)
  if (!done.ok) return refuse([done.problem])
  const goTo = await leaveFor(localePath(localeOf(form), '/account?done=secondStepOff'))
  return { problems: [], goTo }
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
}

function inWords(locale: Locale, { code, params }: Problem): FormProblem {
  const field = fieldOfProblem[code] ?? null
  const own = translator(locale, 'secondStep.problems')
  const ownCode = code as Parameters<typeof own.has>[0]
  if (own.has(ownCode)) return { field, text: own(ownCode) }
  const shared = translator(locale, 'accounts.problems')
  const sharedCode = code as Parameters<typeof shared.has>[0]
  return { field, text: shared(shared.has(sharedCode) ? sharedCode : 'unknown', { ...params }) }
}
