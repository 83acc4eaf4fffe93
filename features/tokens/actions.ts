'use server'

import type { Followed } from '@/components/ui/follow'
import { actorFor, requireActor, siteOrigin } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { Problem } from '@/lib/result'
import { createToken, revokeToken } from './mutations'
import { revocationInput, type TokenFormState, tokenInput } from './schema'

// Every function here is an endpoint that anybody can call with anything.

/**
 * Makes a token, which the returned state shows once. Fields: locale, name, lifetime, mayPublish,
 * programmes, academies, current (the password).
 */
export async function makeToken(_: TokenFormState, form: FormData): Promise<TokenFormState> {
  const locale = localeOf(form)
  const codes = (name: string) => form.getAll(name).filter((value) => typeof value === 'string')
  const [programmes, academies] = [codes('programmes'), codes('academies')]
  const mayPublish = textOf(form, 'mayPublish')
  const values = {
    ...textsOf(form, ['name', 'lifetime']),
    mayPublish,
    programmes: programmes.join(' '),
    academies: academies.join(' '),
  }
  const refuse = (problems: readonly Problem[]) =>
    keepAnswer<TokenFormState>('makeToken', {
      problems: problems.map((problem) => inWords(locale, problem)),
      values,
    })
  const actor = await actorFor('figures.propose')
  if (!actor.ok) return refuse([actor.problem])
  const input = tokenInput.safeParse({
    ...textsOf(form, ['name', 'lifetime']),
    mayPublish: mayPublish === 'yes',
    programmes,
    academies,
  })
  const password = textOf(form, 'current')
  const codesOfProblems = [
    ...(input.error?.issues.map(({ message }) => message) ?? []),
    ...(password === '' ? ['currentMissing'] : []),
  ]
  const problems = [...new Set(codesOfProblems)].map((code) => ({ code }))
  if (!input.success || problems.length > 0) return refuse(problems)
  // No password is longer, and hashing is dear.
  const made = await createToken(database(), actor.value, input.data, password.slice(0, 200))
  if (!made.ok) return refuse([made.problem])
  return keepAnswer<TokenFormState>('makeToken', {
    problems: [],
    values: {},
    made: { name: input.data.name, secret: made.value.secret },
  })
}

/**
 * Ends a token of one's own, or as an administrator of anybody. Fields: locale, tokenId, `from`: the
 * person whose page it was sent from, empty for one's own.
 */
export async function revoke(_: Followed, form: FormData): Promise<Followed> {
  const locale = localeOf(form)
  const from = textOf(form, 'from')
  const path = from === '' ? '/account' : `/people/${encodeURIComponent(from)}`
  const actor = await requireActor('figures.propose', locale, localePath(locale, path))
  const input = revocationInput.safeParse(textsOf(form, ['tokenId']))
  const ended = input.success
    ? await revokeToken(database(), actor, input.data.tokenId).catch(unavailable)
    : null
  const isOwn = from === '' || !may(actor.role, 'people.manage')
  const query = `done=${ended?.ok ? 'revoked' : 'notRevoked'}`
  const goTo = await leaveFor(localePath(locale, `${isOwn ? '/account' : path}?${query}`))
  return keepAnswer('revokeToken', { goTo })
}

function unavailable(error: unknown): null {
  console.error(error)
  return null
}

const fieldOfProblem: Record<string, string> = {
  nameMissing: 'name',
  nameTooLong: 'name',
  nameInvalid: 'name',
  lifetimeMissing: 'lifetime',
  scopeUnknown: 'limits',
  currentMissing: 'current',
  currentWrong: 'current',
}

function inWords(locale: Locale, { code, params }: Problem) {
  const t = translator(locale, 'tokens.problems')
  const known = code as Parameters<typeof t.has>[0]
  return {
    field: fieldOfProblem[code] ?? null,
    text: t(t.has(known) ? known : 'unavailable', { url: siteOrigin(), most: '', ...params }),
  }
}
