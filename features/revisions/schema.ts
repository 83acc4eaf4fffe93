import type { Problem } from '@/lib/result'

/** Two days as somebody typed them. */
export interface ComparisonWords {
  from: string
  to: string
}

/** What is wrong with a day; `field` names the control. */
export interface ComparisonProblem {
  field: keyof ComparisonWords
  problem: Problem
}

const only = (word: string | string[] | undefined) => (Array.isArray(word) ? word[0] : word)

/** Reads the two days of an address; a day that is left out is the one that stands for it. */
export function readComparisonWords(
  query: Record<string, string | string[] | undefined>,
  otherwise: ComparisonWords,
): ComparisonWords {
  return { from: only(query.from) ?? otherwise.from, to: only(query.to) ?? otherwise.to }
}
