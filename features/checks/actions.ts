'use server'

import { actorFor } from '@/features/accounts/data'
import { catalogue } from '@/features/catalogue/cached'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { Problem } from '@/lib/result'
import * as mutations from './mutations'
import { readRule } from './rules'
import { type RuleFormState, type RuleProblem, ruleFields } from './schema'

/**
 * Stores a rule, new or changed. Whatever stops it, the answer holds everything typed. Fields:
 * locale, version (that the form showed, 0 for a new rule), those of `TypedRule`.
 */
export async function saveRule(before: RuleFormState, form: FormData): Promise<RuleFormState> {
  const locale = localeOf(form)
  const state: RuleFormState = {
    attempt: typeof before?.attempt === 'number' ? before.attempt + 1 : 1,
    values: textsOf(form, ruleFields),
    version: textOf(form, 'version'),
    problems: [],
    goTo: null,
  }
  const answer = await store(locale, state).catch((error: unknown) => {
    console.error(error)
    return refused(locale, state, { code: 'unavailable' })
  })
  if (answer) return keepAnswer('rule', answer)
  const goTo = await leaveFor(localePath(locale, '/rules?done=saved'))
  return keepAnswer('rule', { ...state, goTo })
}

/** The form with its problems; null where it is stored. */
async function store(locale: Locale, state: RuleFormState): Promise<RuleFormState | null> {
  const actor = await actorFor('catalogue.edit')
  if (!actor.ok) return refused(locale, state, actor.problem)
  const names = await catalogue()
  const read = readRule(state.values, state.version, {
    indicators: names.indicators.map(({ code }) => code),
    units: names.units.map(({ code }) => code),
  })
  if (!read.ok) return { ...state, problems: read.problems.map((one) => inWords(locale, one)) }
  const stored = await mutations.saveRule(database(), actor.value, read.rule)
  return stored.ok ? null : refused(locale, state, stored.problem)
}

type Words = (key: string, values?: Problem['params']) => string

function inWords(locale: Locale, { field, from, code, params }: RuleProblem) {
  const t = translator(locale, `${from}.problems`) as Words
  return { field, text: t(code, params) }
}

function refused(locale: Locale, state: RuleFormState, problem: Problem): RuleFormState {
  const t = translator(locale, 'checks.problems')
  const code = problem.code as Parameters<typeof t>[0]
  const text = (t as Words)(t.has(code) ? code : 'unavailable', problem.params)
  return { ...state, problems: [{ field: problem.code === 'codeTaken' ? 'code' : null, text }] }
}
