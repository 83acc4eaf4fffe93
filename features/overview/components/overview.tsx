import './overview.css'
import { ChartFigure } from '@/components/charts/chart-figure'
import type { Catalogue } from '@/features/catalogue/schema'
import { type ChartContext, chartContext } from '@/features/charts/series'
import { withComputed } from '@/features/computed/rules'
import { downloadQuery } from '@/features/downloads/schema'
import { TakeAway } from '@/features/embeds/components/take-away'
import type { Extent } from '@/features/extents/schema'
import { MarkLegend } from '@/features/figures/components/mark-legend'
import { NoRecord } from '@/features/figures/components/no-record'
import type { Figure } from '@/features/figures/schema'
import { flagsIn } from '@/features/figures/series'
import type { TargetChange } from '@/features/targets/schema'
import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import { headlineCards, latestCards, type State, type StoryModel, storyCharts } from '../series'
import { HeadlineFigures } from './headline-figures'
import { LatestFigures } from './latest-figures'

interface Counted {
  extent: Extent
  publishers: number
}

/** The whole record at a glance. Takes data, so that any vintage of it can be shown. */
export function Overview({
  locale,
  catalogue,
  figures,
  counted,
  today,
  changes,
  vintage = null,
}: {
  locale: Locale
  catalogue: Catalogue
  /** Of the series that the overview shows: see `overviewSelections`. */
  figures: readonly Figure[]
  /** What the whole record covers; null where that was not counted. */
  counted: Counted | null
  /** The day that ages are counted to. */
  today: string
  /** The changes of targets by their revisions. */
  changes: readonly TargetChange[]
  vintage?: Vintage | null
}) {
  const context = chartContext(catalogue, locale, vintage)
  const state = { figures, today, changes }
  return (
    <>
      <OverviewHead locale={locale} counted={counted} vintage={vintage} />
      {figures.length === 0 ? (
        <NoRecord locale={locale} vintage={vintage} />
      ) : (
        <ToldRecord context={context} state={state} vintage={vintage} />
      )}
    </>
  )
}

/** What the figures tell: newest values, charts, marks, caveats. */
function ToldRecord({
  context,
  state,
  vintage,
}: {
  context: ChartContext
  state: State
  vintage: Vintage | null
}) {
  const { locale, catalogue } = context
  const { figures } = state
  const t = translator(locale, 'overview')
  return (
    <>
      <HeadlineFigures cards={headlineCards(context, state)} locale={locale} />
      <LatestFigures cards={latestCards(context, state)} locale={locale} />
      <section aria-labelledby="stories" className="section">
        <div className="overview-section-head">
          <h2 id="stories">{t('stories.title')}</h2>
        </div>
        <div className="stories">
          {storyCharts(context, state).map((story) => (
            <Story key={story.chart.id} story={story} locale={locale} vintage={vintage} />
          ))}
        </div>
      </section>
      <MarkLegend locale={locale} flags={flagsIn(withComputed(catalogue, figures))} />
      <section aria-labelledby="caveats" className="section">
        <div className="overview-section-head">
          <h2 id="caveats">{t('caveats.title')}</h2>
        </div>
        <ul className="prose caveats">
          {catalogue.caveats.map((caveat) => (
            <li key={caveat.code}>{inLocale(caveat.text, locale)}</li>
          ))}
        </ul>
      </section>
    </>
  )
}

function OverviewHead({
  locale,
  counted,
  vintage,
}: {
  locale: Locale
  counted: Counted | null
  vintage: Vintage | null
}) {
  const t = translator(locale, 'overview')
  return (
    <header className="overview-head">
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      {counted?.extent.figures !== 0 && (
        <p className="overview-counted">
          {counted &&
            `${t('counted', {
              figures: formatDecimal(String(counted.extent.figures), { locale }),
              publishers: formatDecimal(String(counted.publishers), { locale }),
              from: counted.extent.from?.slice(0, 4) ?? '',
              to: counted.extent.to?.slice(0, 4) ?? '',
            })} `}
          <a href={`/download/figures.csv${downloadQuery({}, vintage)}`}>{t('downloadAll')}</a>
          {' · '}
          <a href={localePath(locale, `/briefing${vintageQuery(vintage)}`)}>{t('briefing')}</a>
        </p>
      )}
    </header>
  )
}

function Story({
  story,
  locale,
  vintage,
}: {
  story: StoryModel
  locale: Locale
  vintage: Vintage | null
}) {
  return (
    <ChartFigure
      model={story.chart}
      locale={locale}
      downloads={
        <TakeAway
          model={story.chart}
          page="overview"
          download={story.download}
          locale={locale}
          vintage={vintage}
        />
      }
    />
  )
}
