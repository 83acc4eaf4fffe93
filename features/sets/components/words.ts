import { isolated } from '@/features/proposals/components/words'
import { type Locale, translator } from '@/lib/i18n'
import type { Problem } from '@/lib/result'
import type { AnswerState, SetFinding } from '../schema'

/** A form's state with what was typed. The state before comes back from the browser. */
export function answerOf(
  before: { attempt?: unknown } | null,
  values: AnswerState['values'],
): AnswerState {
  const attempt = typeof before?.attempt === 'number' ? before.attempt + 1 : 1
  return { attempt, values, problems: [], isSignedOut: false, goTo: null }
}

export function setProblem(
  locale: Locale,
  { code, params }: Problem,
  field: string | null = null,
): Pick<AnswerState, 'problems' | 'isSignedOut'> {
  const t = translator(locale, 'sets.problems')
  const known = code as Parameters<typeof t>[0]
  return {
    isSignedOut: code === 'signedOut',
    problems: [{ field, text: t(t.has(known) ? known : 'unavailable', params) }],
  }
}

/** What findings ask for that a form has not answered. */
export const findingProblem = (findings: readonly SetFinding[]): Problem => ({
  code: findings.some(({ severity }) => severity === 'error') ? 'blocked' : 'changed',
})

export const emptyAnswer = (values: AnswerState['values'] = {}): AnswerState => ({
  attempt: 0,
  values,
  problems: [],
  isSignedOut: false,
  goTo: null,
})

export const noteText = (locale: Locale, note: string) =>
  translator(locale, 'sets.table')('noteOf', { note: isolated(note) })
