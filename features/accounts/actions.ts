'use server'

import { updateTag } from 'next/cache'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { z } from 'zod'
import type { Followed } from '@/components/ui/follow'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { publicTag } from '@/lib/public-tag'
import type { Problem, Result } from '@/lib/result'
import {
  actorFor,
  currentSession,
  fromOwnPage,
  keepHalfWay,
  requireActor,
  setCookies,
  siteOrigin,
} from './data'
import * as mutations from './mutations'
import { passwordMaximum, passwordMinimum, passwordProblem, safeNext } from './rules'
import {
  acceptanceInput,
  activeInput,
  type FormProblem,
  type FormState,
  invitationInput,
  nameInput,
  passwordInput,
  personInput,
  resetInput,
  roleInput,
  scopesInput,
  sessionInput,
  signInInput,
  withdrawalInput,
} from './schema'

// Every function here is an endpoint that anybody can call with anything.

/**
 * Signs in and goes on to `next`, or first to the page that asks for a code. Fields: locale, next,
 * email, password, and `stay`: `yes` where a page asks for the code itself.
 */
export async function signIn(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const answer = (problems: FormProblem[]) =>
    keepAnswer<FormState>('signIn', { problems, values: textsOf(form, ['email']) })
  if (!(await fromOwnPage())) return answer([inWords(locale, wrongAddress())])
  const input = signInInput.safeParse(textsOf(form, ['email', 'password']))
  if (!input.success) return answer(problemsOf(locale, input.error))
  const result = await mutations.signIn(database(), await headers(), input.data)
  const next = safeNext(textOf(form, 'next'), localePath(locale, '/entry'))
  if (!result.ok) {
    const { code, params } = result.problem
    if (code !== 'codeNeeded') return answer([inWords(locale, result.problem)])
    await keepHalfWay(String(params?.halfWay))
    if (textOf(form, 'stay') === 'yes') return { problems: [], values: {}, isHalfWay: true }
    return leaveTo(localePath(locale, `/sign-in/code?${new URLSearchParams({ next })}`))
  }
  await setCookies(result.value)
  return leaveTo(next)
}

async function leaveTo(address: string): Promise<FormState> {
  return { problems: [], values: {}, goTo: await leaveFor(address) }
}

/** Signs out and goes to the overview. Field: locale. */
export async function signOut(_: Followed, form: FormData): Promise<Followed> {
  if (await fromOwnPage()) {
    await setCookies(await mutations.signOut(database(), await headers()))
  }
  return keepAnswer('signOut', { goTo: await leaveFor(localePath(localeOf(form), '/')) })
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

/**
 * Makes a one-time link, which the returned state shows once. Fields: locale, email, role,
 * programmes, academies.
 */
export async function invite(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const values = { ...textsOf(form, ['email', 'role']), ...chosenIn(form) }
  const answer = (problems: FormProblem[]) => keepAnswer<FormState>('invite', { problems, values })
  const actor = await actorFor('people.manage')
  if (!actor.ok) return answer([inWords(locale, actor.problem)])
  const { email, role } = values
  const input = invitationInput.safeParse({ email, role, scopes: scopesIn(form) })
  if (!input.success) return answer(problemsOf(locale, input.error))
  const result = await mutations.invite(database(), actor.value, input.data)
  if (!result.ok) return answer([inWords(locale, result.problem)])
  const path = localePath(locale, `/join?token=${result.value.token}`)
  const invitation = { email: input.data.email, link: `${siteOrigin()}${path}` }
  return keepAnswer<FormState>('invite', { problems: [], values: {}, invitation })
}

/** Makes a new link of an invitation, which the returned state shows once. Fields: locale, invitationId. */
export async function renewInvitation(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const values = textsOf(form, ['invitationId'])
  const answer = (problem: Problem) =>
    keepAnswer<FormState>('renew', { problems: [inWords(locale, problem)], values })
  const actor = await actorFor('people.manage')
  if (!actor.ok) return answer(actor.problem)
  const input = withdrawalInput.safeParse(values)
  if (!input.success) return answer({ code: 'linkInvalid' })
  const result = await mutations.renewInvitation(database(), actor.value, input.data)
  if (!result.ok) return answer(result.problem)
  const { token, email } = result.value
  const link = `${siteOrigin()}${localePath(locale, `/join?token=${token}`)}`
  return keepAnswer<FormState>('renew', { problems: [], values, invitation: { email, link } })
}

/** The codes that were ticked, as one text for the form to come back with. */
function chosenIn(form: FormData): { programmes: string; academies: string } {
  const { programmes, academies } = scopesIn(form)
  return { programmes: programmes.join(' '), academies: academies.join(' ') }
}

function scopesIn(form: FormData): { programmes: string[]; academies: string[] } {
  const codes = (name: string) => form.getAll(name).filter((value) => typeof value === 'string')
  return { programmes: codes('programmes'), academies: codes('academies') }
}

/** Changes what somebody is limited to. Fields: locale, userId, programmes, academies. */
export async function setScopes(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const userId = textOf(form, 'userId')
  const values = chosenIn(form)
  const answer = (problem: Problem) =>
    keepAnswer<FormState>('scopes', { problems: [inWords(locale, problem)], values })
  const actor = await actorFor('people.manage')
  if (!actor.ok) return answer(actor.problem)
  const input = scopesInput.safeParse({ userId, scopes: scopesIn(form) })
  if (!input.success) return answer({ code: 'scopeUnknown' })
  const result = await mutations.setScopes(database(), actor.value, input.data)
  if (!result.ok) return answer(result.problem)
  return leaveTo(personPath(locale, userId, 'limited'))
}

const personPath = (locale: Locale, userId: string, done: string) =>
  localePath(locale, `/people/${encodeURIComponent(userId)}?${new URLSearchParams({ done })}`)

/** Corrects somebody's name. Fields: locale, userId, name. */
export async function rename(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const values = textsOf(form, ['name'])
  const answer = (problems: FormProblem[]) => keepAnswer<FormState>('rename', { problems, values })
  const actor = await actorFor('people.manage')
  if (!actor.ok) return answer([inWords(locale, actor.problem)])
  const input = nameInput.safeParse(textsOf(form, ['userId', 'name']))
  if (!input.success) return answer(problemsOf(locale, input.error))
  const result = await mutations.rename(database(), actor.value, input.data)
  if (!result.ok) return answer([inWords(locale, result.problem)])
  // The name stands beside public figures.
  updateTag(publicTag)
  return leaveTo(personPath(locale, input.data.userId, 'renamed'))
}

/** Makes a one-time link to a new password, which the returned state shows once. Fields: locale, userId. */
export async function issueReset(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const answer = (problem: Problem) =>
    keepAnswer<FormState>('issueReset', { problems: [inWords(locale, problem)], values: {} })
  const actor = await actorFor('people.manage')
  if (!actor.ok) return answer(actor.problem)
  const input = personInput.safeParse(textsOf(form, ['userId']))
  if (!input.success) return answer({ code: 'personUnknown' })
  const result = await mutations.issueReset(database(), actor.value, input.data)
  if (!result.ok) return answer(result.problem)
  const { token, email } = result.value
  const link = `${siteOrigin()}${localePath(locale, `/reset?token=${token}`)}`
  return keepAnswer<FormState>('issueReset', {
    problems: [],
    values: {},
    invitation: { email, link },
  })
}

/** Takes a lost second step away from somebody. Fields: locale, userId. */
export async function takeSecondStep(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const answer = (problem: Problem) =>
    keepAnswer<FormState>('takeSecondStep', { problems: [inWords(locale, problem)], values: {} })
  const actor = await actorFor('people.manage')
  if (!actor.ok) return answer(actor.problem)
  const input = personInput.safeParse(textsOf(form, ['userId']))
  if (!input.success) return answer({ code: 'personUnknown' })
  const result = await mutations.takeSecondStep(database(), actor.value, input.data)
  if (!result.ok) return answer(result.problem)
  return leaveTo(personPath(locale, input.data.userId, 'secondStepTaken'))
}

/** Sets a new password by a one-time link. Fields: locale, token, password, passwordAgain. */
export async function resetPassword(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const answer = (problems: FormProblem[]) =>
    keepAnswer<FormState>('resetPassword', { problems, values: {} })
  if (!(await fromOwnPage())) return answer([inWords(locale, wrongAddress())])
  const input = resetInput.safeParse(textsOf(form, ['token', 'password']))
  const problems = onePerField([
    ...(input.success ? [] : problemsOf(locale, input.error)),
    ...differenceIn(locale, form),
  ])
  if (!input.success || problems.length > 0) return answer(problems)
  const result = await mutations.resetPassword(database(), input.data)
  if (!result.ok) return answer([inWords(locale, result.problem)])
  return leaveTo(localePath(locale, '/sign-in?reset=1'))
}

function differenceIn(locale: Locale, form: FormData): FormProblem[] {
  const { password, passwordAgain } = textsOf(form, ['password', 'passwordAgain'])
  return password === passwordAgain ? [] : [inWords(locale, { code: 'passwordsDiffer' })]
}

/** Changes one's own password. Fields: locale, current, password, passwordAgain. */
export async function changePassword(_: FormState, form: FormData): Promise<FormState> {
  const locale = localeOf(form)
  const answer = (problems: FormProblem[]) =>
    keepAnswer<FormState>('changePassword', { problems, values: {} })
  if (!(await fromOwnPage())) return answer([inWords(locale, wrongAddress())])
  const own = await currentSession()
  if (!own) return answer([inWords(locale, { code: 'signedOut' })])
  const { current, password } = textsOf(form, ['current', 'password'])
  const input = passwordInput.safeParse({ current, password })
  const problems = onePerField([
    ...(current === '' ? [inWords(locale, { code: 'currentMissing' })] : []),
    ...(password === '' ? [inWords(locale, { code: 'passwordMissing' })] : []),
    ...differenceIn(locale, form),
  ])
  if (problems.length > 0) return answer(problems)
  // What is left to refuse is a text of more than any password's length.
  if (!input.success) return answer([inWords(locale, { code: 'passwordTooLong' })])
  const result = await mutations.changePassword(database(), own, input.data)
  if (!result.ok) return answer([inWords(locale, result.problem)])
  return leaveTo(localePath(locale, '/account?done=changed'))
}

/** Ends one session of one's own, or all others. Fields: locale, sessionId (empty for all others). */
export async function endSession(_: Followed, form: FormData): Promise<Followed> {
  const locale = localeOf(form)
  const path = localePath(locale, '/account')
  await requireActor('figures.propose', locale, path)
  const own = await currentSession()
  const sessionId = textOf(form, 'sessionId')
  if (own && (sessionId === '' || sessionInput.safeParse({ sessionId }).success)) {
    await mutations.endSessions(database(), own, sessionId || null)
  }
  return keepAnswer('endSession', { goTo: await leaveFor(`${path}?done=ended`) })
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
  scopeUnknown: 'limits',
  currentMissing: 'current',
  currentWrong: 'current',
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
