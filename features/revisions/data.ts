import type { Catalogue } from '@/features/catalogue/schema'
import { type RevisionOfKey, readRevisions } from '@/features/figures/data'
import type { Figure } from '@/features/figures/schema'
import { readToday } from '@/features/imports/data'
import { recordAsOf } from '@/features/record/data'
import type { Vintage } from '@/features/vintages/schema'
import { type Database, database as sharedDatabase } from '@/lib/db/client'
import { type Change, changesBetween } from './rules'
import { type ComparisonProblem, type ComparisonWords, readComparisonWords } from './schema'
import { usualDays } from './series'

export interface DayOfRecord {
  vintage: Vintage
  figures: Figure[]
}

export interface Compared {
  /** With the names of the later day. */
  catalogue: Catalogue
  earlier: DayOfRecord
  later: DayOfRecord
  changes: Change<RevisionOfKey>[]
}

export interface ComparisonData {
  words: ComparisonWords
  today: string
  problems: ComparisonProblem[]
  /** Null where a day cannot be shown. */
  compared: Compared | null
}

/** The figures of an indicator on two days, and what changed between them. */
export async function readComparison(
  indicator: string,
  query: Record<string, string | string[] | undefined>,
  database: Database = sharedDatabase(),
): Promise<ComparisonData> {
  const [today, revisions] = await Promise.all([
    readToday(database),
    readRevisions(database, indicator),
  ])
  const words = readComparisonWords(query, usualDays(revisions, today))
  const [from, to] = await Promise.all(
    [words.from, words.to].map((asOf) => recordAsOf({ asOf }, { indicator }, database)),
  )
  const problems: ComparisonProblem[] = [
    ...(from && !from.ok ? [{ field: 'from' as const, problem: from.problem }] : []),
    ...(to && !to.ok ? [{ field: 'to' as const, problem: to.problem }] : []),
  ]
  if (!from?.ok || !to?.ok) return { words, today, problems, compared: null }
  const [earlier, later] = [from.value, to.value]
  if (earlier.vintage.asOf > later.vintage.asOf) {
    problems.push({ field: 'from', problem: { code: 'order', params: { ...words } } })
    return { words, today, problems, compared: null }
  }
  const changes = changesBetween(revisions, earlier.vintage.asOf, later.vintage.asOf)
  const compared = { catalogue: later.catalogue, earlier, later, changes }
  return { words, today, problems, compared }
}
