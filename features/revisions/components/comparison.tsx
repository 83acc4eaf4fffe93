import './revisions.css'
import { ChartFigure } from '@/components/charts/chart-figure'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { Notice } from '@/components/ui/notice'
import type { Indicator } from '@/features/catalogue/schema'
import { chartContext } from '@/features/charts/series'
import { formatDay } from '@/features/periods/rules'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import type { Compared, ComparisonData } from '../data'
import type { ChangeKind } from '../rules'
import { comparisonCharts } from '../series'
import { ChangeTable } from './change-table'
import { CompareForm } from './compare-form'

/** Two days of one indicator over each other: charts of both states, and each change. */
export function Comparison({
  locale,
  indicator,
  data,
}: {
  locale: Locale
  indicator: Indicator
  data: ComparisonData
}) {
  const t = translator(locale, 'comparison')
  const words = translator(locale, 'indicator')
  const name = inLocale(indicator.name, locale)
  return (
    <>
      <Breadcrumbs
        label={words('way')}
        crumbs={[
          { text: words('all'), href: localePath(locale, '/indicators') },
          { text: name, href: localePath(locale, `/indicators/${indicator.code}`) },
        ]}
        current={t('crumb')}
      />
      <h1>{t('title', { indicator: name })}</h1>
      <CompareForm
        locale={locale}
        indicator={indicator.code}
        words={data.words}
        today={data.today}
        problems={data.problems}
      />
      {data.compared && (
        <Changes locale={locale} name={name} compared={data.compared} today={data.today} />
      )}
    </>
  )
}

function Changes({
  locale,
  name,
  compared,
  today,
}: {
  locale: Locale
  name: string
  compared: Compared
  today: string
}) {
  const t = translator(locale, 'comparison')
  const { catalogue, earlier, later, changes } = compared
  const [from, to] = [earlier.vintage, later.vintage]
  const days = { from: formatDay(from.asOf, locale), to: formatDay(to.asOf, locale) }
  const before = chartContext(catalogue, locale, from)
  const after = chartContext(catalogue, locale, to.asOf === today ? null : to)
  const charts = comparisonCharts(
    { context: before, day: from.asOf, figures: earlier.figures },
    { context: after, day: to.asOf, figures: later.figures },
  )
  const count = (kind: ChangeKind) => changes.filter((change) => change.kind === kind).length
  if (changes.length === 0) {
    return (
      <div className="section">
        <Notice>
          <p>{t('nothing', days)}</p>
        </Notice>
      </div>
    )
  }
  return (
    <>
      <section aria-labelledby="changes" className="section">
        <h2 id="changes">{t('changes', days)}</h2>
        <p className="lead compare-counts">
          {t('counts', {
            added: count('added'),
            revised: count('revised'),
            restated: count('restated'),
            withdrawn: count('withdrawn'),
          })}
        </p>
        <div className="stories">
          {charts.map((chart) => (
            <ChartFigure key={chart.id} model={chart} locale={locale} />
          ))}
        </div>
      </section>
      <section aria-labelledby="each" className="section">
        <h2 id="each">{t('each')}</h2>
        <ChangeTable
          locale={locale}
          caption={t('caption', { indicator: name, ...days })}
          changes={changes}
          before={before.writer}
          after={after.writer}
        />
      </section>
    </>
  )
}
