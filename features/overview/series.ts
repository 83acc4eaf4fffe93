import type { ChartModel, Flag, SparklineModel } from '@/components/charts/model'
import { type Due, dueOf } from '@/features/cadence/rules'
import {
  areaTiles,
  breakNotes,
  type ChartContext,
  levelSteps,
  monthLine,
  rateDots,
  rowBars,
  sparkline,
  targetBullets,
  yearColumns,
} from '@/features/charts/series'
import { withComputed, withoutRepeats } from '@/features/computed/rules'
import type { DownloadFilter } from '@/features/downloads/schema'
import { newest, newestByProgramme } from '@/features/figures/rules'
import type { Figure } from '@/features/figures/schema'
import { type Change, flagsOf, seriesOf, type ValueParts } from '@/features/figures/series'
import { pairTargets, progressOf, targetOf } from '@/features/targets/rules'
import type { TargetChange } from '@/features/targets/schema'
import { targetWords, withChanges } from '@/features/targets/series'
import { translator } from '@/lib/i18n'
import { academies, exports, headline, latest, newestSince, select } from './rules'

/** A figure as a card shows it, in the reader's language. */
export interface CardModel {
  id: number
  label: string
  /** The programme, where the figure has one of its own. */
  scope: string
  scopeHref: string
  value: ValueParts
  period: string
  age: string
  due: Due
  change: Change | null
  flags: Flag[]
  source: string
  sourceUrl: string
  /** The figure's proof. */
  href: string
  /** Each text a line of its own; `share` is only drawn. */
  target: { texts: string[]; share: number } | null
  indicatorHref: string
  sparkline: SparklineModel | null
}

export interface HeadlineModel {
  pinned: CardModel
  /** The newest figure of the same series after the pinned one. */
  since: CardModel | null
  claim: CardModel | null
}

export interface StoryModel {
  chart: ChartModel
  download: DownloadFilter
}

/** What cards are made of: the figures, the day, and the changes of targets by their revisions. */
export interface State {
  figures: readonly Figure[]
  today: string
  changes: readonly TargetChange[]
}

export function headlineCards(context: ChartContext, state: State): HeadlineModel[] {
  const { figures } = state
  return headline.flatMap(({ pinned, claim }) => {
    const figure = select(figures, pinned)[0]
    if (!figure) return []
    const since = newestSince(figures, figure)
    const claimed = claim && select(figures, claim)[0]
    return [
      {
        pinned: card(context, state, figure),
        since: since ? card(context, state, since) : null,
        claim: claimed ? card(context, state, claimed) : null,
      },
    ]
  })
}

export function latestCards(context: ChartContext, state: State): CardModel[] {
  const { figures } = state
  return latest.flatMap((selection) => {
    const figure = newest(select(figures, selection))
    return figure ? [card(context, state, figure)] : []
  })
}

/** A figure with its age, change, target and line, out of all figures of its series. */
export function card(context: ChartContext, state: State, figure: Figure): CardModel {
  const { writer } = context
  const { figures, today } = state
  const series = seriesOf(figures, figure)
  return {
    id: figure.id,
    label: writer.names.indicator(figure.indicator),
    scope: figure.programme === '_Z' ? '' : writer.names.programme(figure.programme),
    scopeHref: writer.programmePath(figure.programme),
    value: writer.parts(figure),
    period: writer.period(figure),
    age: writer.age(figure, today),
    due: dueOf(context.catalogue, figures, figure, today),
    change: writer.change(series, figure),
    flags: flagsOf(figure),
    source: writer.source(figure.current.source),
    sourceUrl: figure.current.source?.url ?? '',
    href: writer.figurePath(figure),
    target: targetProgress(context, state, figure),
    indicatorHref: writer.indicatorPath(figure.indicator),
    sparkline: sparkline(context, series),
  }
}

function targetProgress(
  context: ChartContext,
  { figures, today, changes }: State,
  figure: Figure,
): CardModel['target'] {
  const target = targetOf(figures, figure, today)
  if (!target) return null
  const progress = progressOf(figures, target, today, changes)
  if (!progress.share) return null
  const { share, course, changed } = targetWords(context, progress)
  return {
    texts: [share, course, changed].filter(Boolean),
    share: Number(progress.share) / 100,
  }
}

/** The charts of the overview, in the order in which they tell the story. */
export function storyCharts(context: ChartContext, state: State): StoryModel[] {
  const { figures } = state
  return [
    exportsByYear(context, figures),
    exportsByMonth(context, figures),
    academiesOverTime(context, figures),
    trained(context, figures),
    companies(context, figures),
    femaleShare(context, figures),
    targets(context, state),
  ].filter((story): story is StoryModel => story !== null)
}

function exportsByYear(context: ChartContext, all: readonly Figure[]): StoryModel | null {
  const figures = select(all, { ...exports, rhythm: 'fiscal' })
  if (figures.length === 0) return null
  const { t, unit } = wording(context, figures)
  const chart = yearColumns(
    context,
    figures,
    {
      id: 'exports-by-year',
      title: t('exportsByYear.title'),
      unit: t('fiscalYears', { unit }),
      note: t('noteYears'),
    },
    select(all, { indicator: 'ICT_EXPORTS', role: 'claim' }),
  )
  return { chart, download: { indicator: ['ICT_EXPORTS'] } }
}

function exportsByMonth(context: ChartContext, all: readonly Figure[]): StoryModel | null {
  const figures = select(all, { ...exports, rhythm: 'M' })
  if (figures.length === 0) return null
  const { t, unit } = wording(context, figures)
  const chart = monthLine(context, figures, {
    id: 'exports-by-month',
    title: t('exportsByMonth.title'),
    unit: t('months', { unit }),
    note: t('noteMonths'),
  })
  return { chart, download: { indicator: ['ICT_EXPORTS'] } }
}

function academiesOverTime(context: ChartContext, all: readonly Figure[]): StoryModel | null {
  const figures = select(all, { ...academies, rhythm: 'dated' })
  const first = figures[0]
  if (!first) return null
  const { t, unit } = wording(context, figures)
  const chart = levelSteps(context, figures, {
    id: 'academies',
    title: t('academies.title'),
    unit: t('onDate', { unit }),
    note: breakNotes(context, first).join(' '),
  })
  return { chart, download: { indicator: ['ACADEMIES'], area: ['PK'] } }
}

function trained(context: ChartContext, all: readonly Figure[]): StoryModel | null {
  const selection = {
    role: 'actual',
    indicator: 'TRAINED',
    sex: '_T',
    kind: 'cumulative',
    unit: 'PERSONS',
  } as const
  const figures = newestByProgramme(
    select(all, selection).filter((figure) => figure.area !== '001'),
  ).filter((figure) => !partOfAnother(context, figure, all))
  if (figures.length === 0) return null
  const { t, unit } = wording(context, figures)
  const chart = rowBars(context, figures, {
    id: 'trained',
    title: t('trained.title'),
    unit: t('newest', { unit }),
    note: t('noteTrained'),
  })
  return { chart, download: { indicator: ['TRAINED'] } }
}

/** Whether a figure is counted again in one of the same span for the whole programme or country. */
function partOfAnother(
  { catalogue }: ChartContext,
  figure: Figure,
  all: readonly Figure[],
): boolean {
  const parent = catalogue.programmes.find(({ code }) => code === figure.programme)?.parent
  return all.some(
    (other) =>
      other.id !== figure.id &&
      other.role === figure.role &&
      other.indicator === figure.indicator &&
      other.kind === figure.kind &&
      other.unit === figure.unit &&
      other.sex === figure.sex &&
      ((other.programme === parent &&
        other.area === figure.area &&
        other.period === figure.period) ||
        (other.programme === figure.programme && other.area === 'PK' && figure.area !== 'PK')),
  )
}

function companies(context: ChartContext, all: readonly Figure[]): StoryModel | null {
  const known = select(all, { role: 'actual', indicator: 'IT_COMPANIES_PSEB', sex: '_T' }).filter(
    (figure) => figure.area.startsWith('PK-'),
  )
  const first = newest(known)
  if (!first) return null
  const figures = known.filter(({ period }) => period === first.period)
  const { t, unit } = wording(context, figures)
  const chart = areaTiles(context, figures, {
    id: 'companies',
    title: t('companies.title'),
    unit: `${unit}, ${context.writer.period(first)}`,
    note: t('noteTiles'),
  })
  return { chart, download: { indicator: ['IT_COMPANIES_PSEB'] } }
}

function femaleShare(context: ChartContext, all: readonly Figure[]): StoryModel | null {
  const shares = withoutRepeats(withComputed(context.catalogue, all))
  const figures = newestByProgramme(
    select(shares, { role: 'actual', indicator: 'FEMALE_SHARE' }).filter(
      (figure) => figure.area !== '001',
    ),
  )
  if (figures.length === 0) return null
  const { t, unit } = wording(context, figures)
  const chart = rateDots(
    context,
    figures,
    {
      id: 'female-share',
      title: t('female.title'),
      unit: t('newest', { unit }),
      note: t('noteFemale'),
    },
    t('parity'),
  )
  return { chart, download: { indicator: ['FEMALE_SHARE'] } }
}

function targets(context: ChartContext, { figures, today, changes }: State): StoryModel | null {
  const pairs = pairTargets(figures, today)
  if (pairs.length === 0) return null
  const { t } = wording(context, figures)
  const chart = targetBullets(context, withChanges(context, pairs, { figures, today, changes }), {
    id: 'targets',
    title: t('targets.title'),
    unit: t('targetsUnit'),
    note: t('noteTargets'),
  })
  return { chart, download: { role: ['target'] } }
}

function wording({ locale, writer }: ChartContext, figures: readonly Figure[]) {
  const unit = writer.names.shownUnit(figures[0]?.unit ?? '')
  return {
    t: translator(locale, 'overview.charts'),
    unit: unit.charAt(0).toUpperCase() + unit.slice(1),
  }
}
