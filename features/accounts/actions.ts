'use server'

import { parseSetCookieHeader, toCookieOptions } from 'better-auth/cookies'
import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { z } from 'zod'
import type { Followed } from '@/components/ui/follow'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { Problem, Result } from '@/lib/result'
import { actorFor, fromOwnPage, requireActor, siteOrigin } from './data'
import * as mutations from './mutations'
import { passwordMaximum, passwordMinimum, passwordProblem, safeNext } from './rules'
import {
  acceptanceInput,
  activeInput,
  type FormProblem,
  type FormState,
  invitationInput,
  roleInput,
  signInInput,
  withdrawalInput,
} from './schema'

// Every function here is an endpoint that anybody can call with anything.

/** Signs in and goes on to `next`. Fields: locale, next, email, password. */
export async function signIn(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const answer = (problems: FormProblem[]) =>
    keepAnswer<FormState>('signIn', { problems, values: textsOf(form, ['email']) })
  if (!(await fromOwnPage())) return answer([inWords(locale, wrongAddress())])
  const input = signInInput.safeParse(textsOf(form, ['email', 'password']))
  if (!input.success) return answer(problemsOf(locale, input.error))
  const result = await mutations.signIn(database(), await headers(), input.data)
  if (!result.ok) return answer([inWords(locale, result.problem)])
  await forwardCookies(result.value)
  return leaveTo(safeNext(textOf(form, 'next'), localePath(locale, '/entry')))
}

async function leaveTo(address: string): Promise<FormState> {
  return { problems: [], values: {}, goTo: await leaveFor(address) }
}

/** Signs out and goes to the overview. Field: locale. */
export async function signOut(_: Followed, form: FormData): Promise<Followed> {
  if (await fromOwnPage()) {
    await forwardCookies(await mutations.signOut(database(), await headers()))
  }
  return { goTo: await leaveFor(localePath(localeOf(form), '/')) }
}

/** Makes an account from a link. Fields: locale, token, name, email, password, passwordAgain. */
export async function acceptInvitation(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const answer = (problems: FormProblem[]) =>
    keepAnswer<FormState>('acceptInvitation', {
      problems,
      values: textsOf(form, ['name', 'email']),
    })
  if (!(await fromOwnPage())) return answer([inWords(locale, wrongAddress())])
  const typed = textsOf(form, ['token', 'name', 'email', 'password'])
  const input = acceptanceInput.safeParse(typed)
  // All that is wrong at once, not one thing a round.
  const weakness = typed.password ? passwordProblem(typed.password, typed) : null
  const difference = typed.password === textOf(form, 'passwordAgain') ? null : 'passwordsDiffer'
  const codes = [weakness, difference].filter((code) => code !== null)
  const problems = onePerField([
    ...(input.success ? [] : problemsOf(locale, input.error)),
    ...codes.map((code) => inWords(locale, { code })),
  ])
  if (!input.success || problems.length > 0) return answer(problems)
  const result = await mutations.acceptInvitation(database(), input.data)
  if (!result.ok) return answer([inWords(locale, result.problem)])
  return leaveTo(localePath(locale, '/sign-in?joined=1'))
}

/** Makes a one-time link, which the returned state shows once. Fields: locale, email, role. */
export async function invite(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const values = textsOf(form, ['email', 'role'])
  const answer = (problems: FormProblem[]) => keepAnswer<FormState>('invite', { problems, values })
  const actor = await actorFor('people.manage')
  if (!actor.ok) return answer([inWords(locale, actor.problem)])
  const input = invitationInput.safeParse(values)
  if (!input.success) return answer(problemsOf(locale, input.error))
  const result = await mutations.invite(database(), actor.value, input.data)
  if (!result.ok) return answer([inWords(locale, result.problem)])
  const path = localePath(locale, `/join?token=${result.value.token}`)
  const invitation = { email: input.data.email, link: `${siteOrigin()}${path}` }
  return keepAnswer<FormState>('invite', { problems: [], values: {}, invitation })
}

/** Fields: locale, invitationId. */
export async function withdrawInvitation(form: FormData): Promise<void> {
  const locale = localeOf(form)
  const actor = await requireActor('people.manage', locale, localePath(locale, '/people'))
  const input = withdrawalInput.safeParse(textsOf(form, ['invitationId']))
  const result = input.success
    ? await mutations.withdrawInvitation(database(), actor, input.data)
    : null
  showPeople(locale, result, 'withdrawn')
}

/** Fields: locale, userId, active (`true` or `false`). */
export async function setActive(form: FormData): Promise<void> {
  const locale = localeOf(form)
  const actor = await requireActor('people.manage', locale, localePath(locale, '/people'))
  const input = activeInput.safeParse(textsOf(form, ['userId', 'active']))
  const result = input.success ? await mutations.setActive(database(), actor, input.data) : null
  showPeople(locale, result, input.data?.active ? 'activated' : 'deactivated')
}

/** Fields: locale, userId, role. */
export async function setRole(form: FormData): Promise<void> {
  const locale = localeOf(form)
  const actor = await requireActor('people.manage', locale, localePath(locale, '/people'))
  const input = roleInput.safeParse(textsOf(form, ['userId', 'role']))
  const result = input.success ? await mutations.setRole(database(), actor, input.data) : null
  showPeople(locale, result, 'roleChanged')
}

function showPeople(locale: Locale, result: Result<null> | null, done: string): never {
  const outcome = result?.ok ? `done=${done}` : `problem=${result?.problem.code ?? 'unknown'}`
  redirect(localePath(locale, `/people?${outcome}`))
}

function wrongAddress(): Problem {
  return { code: 'wrongAddress', params: { url: siteOrigin() } }
}

/** The field that a problem is about; problems not named here are about the form as a whole. */
const fieldOfProblem: Record<string, string> = {
  emailMissing: 'email',
  emailInvalid: 'email',
  emailOther: 'email',
  emailTaken: 'email',
  nameMissing: 'name',
  nameTooLong: 'name',
  nameInvalid: 'name',
  passwordMissing: 'password',
  passwordTooShort: 'password',
  passwordTooLong: 'password',
  passwordCommon: 'password',
  passwordIsAddress: 'password',
  passwordsDiffer: 'passwordAgain',
  roleMissing: 'role',
}

function inWords(locale: Locale, problem: Problem): FormProblem {
  const t = translator(locale, 'accounts.problems')
  const code = problem.code as Parameters<typeof t.has>[0]
  const text = t(t.has(code) ? code : 'unknown', {
    minimum: passwordMinimum,
    maximum: passwordMaximum,
    ...problem.params,
  })
  return { field: fieldOfProblem[problem.code] ?? null, text }
}

function problemsOf(locale: Locale, error: z.ZodError): FormProblem[] {
  return onePerField(error.issues.map(({ message }) => inWords(locale, { code: message })))
}

/** The first problem of each field is the one to mend first. */
function onePerField(problems: FormProblem[]): FormProblem[] {
  return [...new Map(problems.toReversed().map((one) => [one.field, one])).values()].toReversed()
}

async function forwardCookies(lines: string[]): Promise<void> {
  const store = await cookies()
  for (const line of lines) {
    for (const [name, attributes] of parseSetCookieHeader(line)) {
      store.set(name, attributes.value, toCookieOptions(attributes))
    }
  }
}
