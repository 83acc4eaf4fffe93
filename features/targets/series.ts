import type { ChartContext } from '@/features/charts/series'
import type { Figure } from '@/features/figures/schema'
import { formatDay } from '@/features/periods/rules'
import { translator } from '@/lib/i18n'
import { compareDecimals, formatDecimal, formatPercent } from '@/lib/number'
import { type Growth, type Pace, progressOf, type TargetPair, type TargetProgress } from './rules'
import type { TargetChange } from './schema'

/** How a target stands, in words: each text is empty where there is nothing to say. */
export interface TargetWords {
  /** `6.8% of the target of 300,000 persons (30 June 2027)` */
  share: string
  /** `needs 12,000 persons a year until 30 Jun 2027; it has grown by 8,000 a year …; behind` */
  course: string
  /** `279,685 persons to go, 582 days left` */
  rest: string
  /** `raised from 300,000 to 500,000 persons on 1 Jul 2025` */
  changed: string
}

type Words = Pick<ChartContext, 'locale' | 'writer'>

export function targetWords(context: Words, progress: TargetProgress): TargetWords {
  const t = translator(context.locale, 'targets')
  return {
    share: shareText(context, progress),
    course: courseClauses(context, progress).join(t('separator')),
    rest: restText(context, progress),
    changed: changedText(context, progress),
  }
}

const amountIn = ({ writer }: Words, { target }: TargetProgress, value: string) =>
  writer.value({ value, unit: target.unit, precision: 'exact', status: 'A' })

function shareText({ locale, writer }: Words, progress: TargetProgress): string {
  const t = translator(locale, 'targets')
  const { target, share, growth, actual, deadline } = progress
  const named = { target: writer.value(target), period: writer.period(target) }
  if (!share) return t('alone', named)
  const percent = formatPercent(share, locale)
  if (!actual && growth) {
    return t('shareOfBase', { ...named, share: percent, base: writer.period(growth.base) })
  }
  return t(deadline === null ? 'shareNoDate' : 'share', { ...named, share: percent })
}

function courseClauses(context: Words, progress: TargetProgress): string[] {
  const t = translator(context.locale, 'targets')
  const { state, remaining, pace, growth, actual } = progress
  if (state === 'met' || state === 'unreported') return [t(`state.${state}`)]
  if (state === 'missed') {
    return [t('state.missed', { amount: amountIn(context, progress, remaining ?? '0') })]
  }
  return [
    ...(pace ? paceClauses(context, progress, pace) : []),
    ...(growth ? growthClauses(context, growth) : []),
    ...(actual || growth ? [] : [t('state.unmeasured')]),
    ...(state === 'open' ? [] : [t(`state.${state}`)]),
  ]
}

function paceClauses(context: Words, progress: TargetProgress, pace: Pace): string[] {
  const { locale } = context
  const t = translator(locale, 'targets')
  const words = {
    amount: amountIn(context, progress, pace.needed),
    date: formatDay(progress.deadline ?? '', locale),
  }
  const needed = t(`needed.${pace.per}`, words)
  if (!pace.recent || pace.per === 'rest') return [needed]
  const recent = t(`recent.${pace.per}`, {
    amount: formatDecimal(pace.recent.amount, { locale, sign: 'always' }),
    date: formatDay(pace.recent.since, locale),
  })
  return [needed, recent]
}

function growthClauses({ locale, writer }: Words, { base, needed, recent }: Growth): string[] {
  const t = translator(locale, 'targets')
  const clause = t('neededGrowth', {
    percent: formatPercent(needed, locale),
    period: writer.period(base),
  })
  return recent === null
    ? [clause]
    : [clause, t('recentGrowth', { percent: formatPercent(recent, locale) })]
}

function restText(context: Words, progress: TargetProgress): string {
  const { remaining, daysLeft, state } = progress
  if (remaining === null || state === 'missed') return ''
  const t = translator(context.locale, 'targets')
  const amount = amountIn(context, progress, remaining)
  return daysLeft === null ? t('rest', { amount }) : t('restInDays', { amount, days: daysLeft })
}

function changedText(context: Words, { target, changed }: TargetProgress): string {
  if (!changed) return ''
  const { locale, writer } = context
  const isRaised = compareDecimals(target.value, changed.before) > 0
  return translator(locale, 'targets')(isRaised ? 'raised' : 'lowered', {
    before: formatDecimal(changed.before, { locale }),
    after: writer.value(target),
    date: formatDay(changed.on, locale),
  })
}

/** Pairs for the chart of targets, each with its former value where it was changed. */
export function withChanges(
  context: Words,
  pairs: readonly TargetPair[],
  { figures, today, changes }: ChangedState,
) {
  return pairs.map((pair) => {
    const progress = progressOf(figures, pair.target, today, changes)
    const text = changedText(context, progress)
    return {
      ...pair,
      ...(progress.changed && { changed: { before: progress.changed.before, text } }),
    }
  })
}

interface ChangedState {
  figures: readonly Figure[]
  today: string
  changes: readonly TargetChange[]
}
