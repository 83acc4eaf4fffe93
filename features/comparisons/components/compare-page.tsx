import './compare.css'
import { ChartFigure } from '@/components/charts/chart-figure'
import { Notice } from '@/components/ui/notice'
import { type ChartContext, chartContext } from '@/features/charts/series'
import { type DownloadFilter, downloadQuery } from '@/features/downloads/schema'
import { TakeAway } from '@/features/embeds/components/take-away'
import { MarkLegend } from '@/features/figures/components/mark-legend'
import type { Figure } from '@/features/figures/schema'
import { flagsIn } from '@/features/figures/series'
import { LinkForm } from '@/features/permalinks/components/link-form'
import { inVintage, type Vintage, vintageQuery } from '@/features/vintages/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { packQuery } from '@/lib/packed-query'
import type { Problem } from '@/lib/result'
import type { ComparisonState } from '../data'
import { type CompareWords, compareQuery } from '../schema'
import {
  chosenSeries,
  comparisonCharts,
  type Offer,
  peopleAmong,
  seriesIn,
  suggestions,
} from '../series'
import { CompareForm } from './compare-form'
import { ComparedTable } from './compared-table'

/** Series side by side: their charts, their newest figures, and the form that chooses them. */
export function ComparePage({ locale, state }: { locale: Locale; state: ComparisonState }) {
  const { catalogue, words, vintage, figures } = state
  const t = translator(locale, 'compare')
  const context = chartContext(catalogue, locale, vintage)
  const offers = seriesIn(context, figures)
  const chosen = chosenSeries(offers, words)
  const missing = words.series.filter((code) => !offers.some((offer) => offer.code === code))
  const isEmpty = words.series.length === 0
  const path = `/compare${compareQuery({ ...words, indicators: [] })}`
  return (
    <>
      <header className="compare-head">
        <h1>{t('title')}</h1>
        <p className="lead">{t('lead')}</p>
      </header>
      <Problems
        locale={locale}
        problems={[
          ...state.problems,
          ...missing.map((value) => ({ code: 'missingSeries', params: { value } })),
        ]}
      />
      {chosen.length > 0 && (
        <Compared
          context={context}
          words={words}
          chosen={chosen}
          people={peopleAmong(figures, words)}
          vintage={vintage}
        />
      )}
      {!isEmpty && chosen.length === 0 && missing.length < words.series.length && (
        <Notice>
          <p>{t('emptyYears')}</p>
        </Notice>
      )}
      {isEmpty && words.indicators.length === 0 && (
        <Examples locale={locale} offers={offers} vintage={vintage} />
      )}
      <details className="compare-choose section screen-only" open={isEmpty}>
        <summary>
          <h2>{t('choose')}</h2>
        </summary>
        <CompareForm
          locale={locale}
          catalogue={catalogue}
          words={words}
          offers={isEmpty && words.indicators.length === 0 ? [] : offers}
          vintage={[...new URLSearchParams(vintageQuery(vintage))]}
        />
      </details>
      {chosen.length > 0 && (
        <section className="section screen-only" aria-label={t('stays')}>
          <p>
            <a href={localePath(locale, inVintage(path, frozen(state)))}>{t('stays')}</a>
          </p>
          <LinkForm locale={locale} path={inVintage(path, vintage)} />
        </section>
      )}
    </>
  )
}

/** The state that the page shows, as one that never changes. */
const frozen = ({ vintage, day, commit }: ComparisonState): Vintage => ({
  asOf: vintage?.asOf ?? day,
  commit: vintage?.commit ?? commit,
  isFrozen: true,
})

function Problems({ locale, problems }: { locale: Locale; problems: readonly Problem[] }) {
  const t = translator(locale, 'compare')
  if (problems.length === 0) return null
  return (
    <Notice tone="warning">
      {problems.map(({ code, params }) => (
        <p key={code + JSON.stringify(params)}>
          {t(`problems.${code}` as Parameters<typeof t>[0], params)}
        </p>
      ))}
    </Notice>
  )
}

function Compared({
  context,
  words,
  chosen,
  people,
  vintage,
}: {
  context: ChartContext
  words: CompareWords
  chosen: readonly Offer[]
  people: readonly Figure[]
  vintage: Vintage | null
}) {
  const { locale } = context
  const t = translator(locale, 'compare')
  const { charts, refused } = comparisonCharts(context, chosen, words, people)
  const page = `compare/${packQuery(compareQuery({ ...words, indicators: [] }))}`
  const csv = `/download/figures.csv${downloadQuery(filterOf(chosen), vintage)}`
  return (
    <section aria-labelledby="compared" className="section">
      <h2 id="compared">{t('chosen', { count: chosen.length })}</h2>
      {refused && (
        <Notice>
          <p>{t(`refused.${refused}`)}</p>
        </Notice>
      )}
      <div className="compare-charts" data-count={charts.length}>
        {charts.map((chart) => (
          <ChartFigure
            key={chart.id}
            model={chart}
            locale={locale}
            downloads={
              <TakeAway
                model={chart}
                page={page}
                download={filterOf(chosen)}
                locale={locale}
                vintage={vintage}
              />
            }
          />
        ))}
      </div>
      <ComparedTable context={context} words={words} offers={chosen} vintage={vintage} />
      <p>
        <a href={csv}>{t('download')}</a>
      </p>
      <MarkLegend locale={locale} flags={flagsIn(chosen.flatMap(({ figures }) => figures))} />
    </section>
  )
}

/** Every figure of the compared series, and of others that share all of these words. */
function filterOf(offers: readonly Offer[]): DownloadFilter {
  const figures = offers.flatMap((offer) => offer.figures.slice(0, 1))
  const parts = (part: 'indicator' | 'programme' | 'area') => [
    ...new Set(figures.map((figure) => figure[part])),
  ]
  return {
    indicator: parts('indicator'),
    programme: parts('programme'),
    area: parts('area'),
    role: ['actual'],
  }
}

function Examples({
  locale,
  offers,
  vintage,
}: {
  locale: Locale
  offers: readonly Offer[]
  vintage: Vintage | null
}) {
  const t = translator(locale, 'compare')
  const examples = suggestions(offers)
  return (
    <section aria-labelledby="examples" className="section">
      <p>{t('none')}</p>
      {examples.length > 0 && (
        <>
          <h2 id="examples">{t('begin')}</h2>
          <ul>
            {examples.map(({ name, words }) => (
              <li key={name}>
                <a href={localePath(locale, inVintage(`/compare${compareQuery(words)}`, vintage))}>
                  {t(`examples.${name}`)}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
