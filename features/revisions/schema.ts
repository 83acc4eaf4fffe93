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

/** Which page of the log: before a commit, or one commit, after a revision of it. */
export interface RevisionsRequest {
  before: number | null
  commit: number | null
  after: number
}

/** Null where a word is no number: there is no such page. */
export function readRevisionsRequest(
  query: Record<string, string | string[] | undefined>,
): RevisionsRequest | null {
  const words = [query.before, query.commit, query.after].map(only)
  if (words.some((word) => word !== undefined && !/^[1-9]\d{0,8}$/.test(word))) return null
  const [before = null, commit = null, after = 0] = words.map((word) => word && Number(word))
  return { before: before || null, commit: commit || null, after: after || 0 }
}
