import { readNewestCommit } from '@/features/catalogue/data'
import { inCurrencyOf } from '@/features/currencies/data'
import type { Figure } from '@/features/figures/schema'
import { figuresOfIndicators, type RecordState, type VintageWords } from '@/features/record/data'
import { publicDatabase } from '@/lib/db/replica'
import type { Locale } from '@/lib/i18n'
import type { Problem, Result } from '@/lib/result'
import { ok } from '@/lib/result'
import { type CompareWords, codesToRead, indicatorsOf, readCompareWords } from './schema'
import { suggestedIndicators } from './series'

export interface ComparisonState extends RecordState {
  words: CompareWords
  problems: Problem[]
  figures: readonly Figure[]
  /** The newest commit, or that of the vintage. */
  commit: number
}

/** What an address asks to compare, in the state it asks for. */
export async function readComparisonState(
  query: URLSearchParams,
  locale: Locale,
): Promise<Result<ComparisonState>> {
  const { words, problems } = readCompareWords(query)
  const vintage: VintageWords = {
    asOf: query.get('asOf') ?? undefined,
    v: query.get('v') ?? undefined,
  }
  const asked = codesToRead(words)
  const codes = indicatorsOf(words).length > 0 ? asked : suggestedIndicators
  const [record, newest] = await Promise.all([
    figuresOfIndicators(codes, vintage),
    readNewestCommit(publicDatabase()),
  ])
  if (!record.ok) return record
  const { vintage: state, figures } = record.value
  return ok({
    ...record.value,
    figures: await inCurrencyOf(state, figures, locale),
    words,
    problems,
    commit: record.value.vintage?.commit ?? newest,
  })
}
