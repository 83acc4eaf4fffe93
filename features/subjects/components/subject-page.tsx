import type { ReactNode } from 'react'
import { ChartFigure } from '@/components/charts/chart-figure'
import { Breadcrumbs, type Crumb } from '@/components/ui/breadcrumbs'
import type { Caveat } from '@/features/catalogue/schema'
import type { ChartContext } from '@/features/charts/series'
import { withComputed } from '@/features/computed/rules'
import type { DownloadFilter } from '@/features/downloads/schema'
import { TakeAway } from '@/features/embeds/components/take-away'
import { MarkLegend } from '@/features/figures/components/mark-legend'
import type { Figure } from '@/features/figures/schema'
import { flagsIn } from '@/features/figures/series'
import { Files } from '@/features/files/components/file-list'
import { FigureTable } from '@/features/indicators/components/figure-table'
import { LatestCard } from '@/features/overview/components/latest-figures'
import type { TargetChange } from '@/features/targets/schema'
import type { Vintage } from '@/features/vintages/schema'
import { inLocale, translator } from '@/lib/i18n'
import { newestCards, subjectCharts } from '../series'

/** What a programme's page and an area's have in common: newest figures, charts, every figure. */
export function SubjectPage({
  context,
  name,
  lead,
  crumbs,
  notes = [],
  figures: published,
  tells,
  page,
  download,
  today,
  changes,
  vintage,
  children,
}: {
  context: ChartContext
  name: string
  lead: ReactNode
  crumbs: readonly Crumb[]
  notes?: readonly Caveat[]
  figures: readonly Figure[]
  /** What cards say beside the indicator. */
  tells: 'programme' | 'area'
  /** `programmes/DIGISKILLS`, as in the addresses of its charts. */
  page: string
  /** The filter of the same figures as a file. */
  download: DownloadFilter
  /** The day that ages are counted to. */
  today: string
  /** The changes of targets by their revisions. */
  changes: readonly TargetChange[]
  vintage: Vintage | null
  children?: ReactNode
}) {
  const { locale, writer } = context
  const t = translator(locale, 'subject')
  const figures = withComputed(context.catalogue, published)
  const cards = newestCards(context, { figures, today, changes }, tells)
  const charts = subjectCharts(context, figures)
  return (
    <>
      <Breadcrumbs label={translator(locale, 'indicator')('way')} crumbs={crumbs} current={name} />
      <header className="subject-head">
        <h1>{name}</h1>
        {lead && <p className="lead">{lead}</p>}
      </header>
      {cards.length > 0 && (
        <section aria-labelledby="newest" className="section">
          <h2 id="newest">{t('newest')}</h2>
          <div className="cards">
            {cards.map((card) => (
              <LatestCard key={card.id} card={card} locale={locale} />
            ))}
          </div>
        </section>
      )}
      {charts.length > 0 && (
        <section aria-labelledby="charts" className="section">
          <h2 id="charts">{t('charts')}</h2>
          <div className="stories">
            {charts.map((chart) => (
              <ChartFigure
                key={chart.id}
                model={chart}
                locale={locale}
                downloads={
                  <TakeAway
                    model={chart}
                    page={page}
                    download={download}
                    locale={locale}
                    vintage={vintage}
                  />
                }
              />
            ))}
          </div>
        </section>
      )}
      {children}
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
        {figures.length === 0 ? (
          <p>{t('noFigures')}</p>
        ) : (
          <>
            <FigureTable
              locale={locale}
              writer={writer}
              name={name}
              figures={figures}
              download={download}
              vintage={vintage}
              namesIndicator
            />
            <Files filter={download} vintage={vintage} locale={locale} />
          </>
        )}
      </section>
      <MarkLegend flags={flagsIn(figures)} locale={locale} />
    </>
  )
}
