import './indicators.css'
import { ChartFigure } from '@/components/charts/chart-figure'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { DueText } from '@/features/cadence/components/due-text'
import { dueOf } from '@/features/cadence/rules'
import type { Catalogue, Indicator } from '@/features/catalogue/schema'
import { type ChartContext, chartContext, targetBullets } from '@/features/charts/series'
import { TakeAway } from '@/features/embeds/components/take-away'
import { MarkLegend } from '@/features/figures/components/mark-legend'
import type { RevisionOfKey } from '@/features/figures/data'
import type { Figure } from '@/features/figures/schema'
import { flagsIn } from '@/features/figures/series'
import { Files } from '@/features/files/components/file-list'
import { TargetList } from '@/features/targets/components/target-list'
import { changesIn, progressOfAll } from '@/features/targets/rules'
import { withChanges } from '@/features/targets/series'
import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { headlineFigure, indicatorCharts } from '../series'
import { FigureTable } from './figure-table'
import { RevisionTable } from './revision-table'

/** One indicator: what it counts, its charts, every figure with its source, every revision. */
export function IndicatorPage({
  locale,
  catalogue,
  indicator,
  figures,
  revisions,
  today,
  vintage = null,
}: {
  locale: Locale
  catalogue: Catalogue
  indicator: Indicator
  figures: readonly Figure[]
  revisions: readonly RevisionOfKey[]
  /** The day that ages and what is left of a target's time are counted to. */
  today: string
  vintage?: Vintage | null
}) {
  const t = translator(locale, 'indicator')
  const context = chartContext(catalogue, locale, vintage)
  const name = inLocale(indicator.name, locale)
  const charts = indicatorCharts(context, indicator, figures)
  const notes = catalogue.caveats.filter((caveat) => caveat.indicator === indicator.code)
  return (
    <>
      <Breadcrumbs
        label={t('way')}
        crumbs={[
          { text: t('all'), href: localePath(locale, `/indicators${vintageQuery(vintage)}`) },
        ]}
        current={name}
      />
      <header className="indicator-head">
        <h1>{name}</h1>
        <p className="lead">{inLocale(indicator.definition, locale)}</p>
        <Newest context={context} figures={figures} today={today} />
      </header>

      <section aria-labelledby="charts" className="section">
        <h2 id="charts">{t('chart')}</h2>
        {charts.length === 0 && <p className="eyebrow">{t('noChart')}</p>}
        <div className="stories">
          {charts.map((chart) => (
            <ChartFigure
              key={chart.id}
              model={chart}
              locale={locale}
              downloads={
                <TakeAway
                  model={chart}
                  page={`indicators/${indicator.code}`}
                  download={{ indicator: [indicator.code] }}
                  locale={locale}
                  vintage={vintage}
                />
              }
            />
          ))}
        </div>
      </section>

      <Targets context={context} figures={figures} revisions={revisions} today={today} />

      {notes.length > 0 && (
        <section aria-labelledby="notes" className="section prose">
          <h2 id="notes">{t('notes')}</h2>
          {notes.map((note) => (
            <p key={note.code}>{inLocale(note.text, locale)}</p>
          ))}
        </section>
      )}

      <section aria-labelledby="figures" className="section">
        <h2 id="figures">{t('figures')}</h2>
        <FigureTable
          locale={locale}
          writer={context.writer}
          name={name}
          figures={figures}
          download={{ indicator: [indicator.code] }}
          vintage={vintage}
        />
        <Files filter={{ indicator: [indicator.code] }} vintage={vintage} locale={locale} />
      </section>

      <MarkLegend locale={locale} flags={flagsIn(figures)} />

      <section aria-labelledby="revisions" className="section">
        <h2 id="revisions">{t('revisions')}</h2>
        <RevisionTable locale={locale} writer={context.writer} name={name} revisions={revisions} />
      </section>
    </>
  )
}

function Targets({
  context,
  figures,
  revisions,
  today,
}: {
  context: ChartContext
  figures: readonly Figure[]
  revisions: readonly RevisionOfKey[]
  today: string
}) {
  const t = translator(context.locale, 'targets')
  const changes = changesIn(revisions)
  const targets = progressOfAll(figures, today, changes)
  if (targets.length === 0) return null
  const pairs = withChanges(context, targets, { figures, today, changes })
  const chart = targetBullets(context, pairs, {
    id: 'chart-targets',
    title: t('chartTitle'),
    unit: t('chartUnit'),
  })
  return (
    <section aria-labelledby="targets" className="section">
      <h2 id="targets">{t('title')}</h2>
      <TargetList context={context} targets={targets} />
      <div className="stories">
        <ChartFigure model={chart} locale={context.locale} />
      </div>
    </section>
  )
}

/** The figure that stands for the indicator, how old it is, and when the next one is due. */
function Newest({
  context,
  figures,
  today,
}: {
  context: ChartContext
  figures: readonly Figure[]
  today: string
}) {
  const { catalogue, locale, writer } = context
  const figure = headlineFigure(figures)
  if (!figure) return null
  return (
    <p className="indicator-newest">
      {translator(locale, 'cadence')('newest')}{' '}
      <a href={writer.figurePath(figure)}>{writer.value(figure)}</a>{' '}
      <span className="eyebrow">
        {writer.period(figure)} · {writer.age(figure, today)} ·{' '}
        <DueText due={dueOf(catalogue, figures, figure, today)} locale={locale} />
      </span>
    </p>
  )
}
