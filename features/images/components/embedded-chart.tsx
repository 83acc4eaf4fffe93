import './embedded-chart.css'
import { ChartFigure } from '@/components/charts/chart-figure'
import { pagePath } from '@/features/embeds/series'
import { formatDay } from '@/features/periods/rules'
import { inVintage } from '@/features/vintages/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { PlacedChart } from '../data'
import type { ChartPlace } from '../schema'

/** A chart for somebody else's page: title, source, table, and the way to the page it is from. */
export function EmbeddedChart({
  chart: { model, asked, shown },
  place: { page, code },
  locale,
}: {
  chart: PlacedChart
  place: ChartPlace
  locale: Locale
}) {
  const t = translator(locale, 'take')
  const path = pagePath(page === 'overview' ? page : `${page}/${code}`)
  const day = formatDay(shown.asOf, locale)
  return (
    <main className="embedded">
      <ChartFigure model={model} locale={locale} headingLevel={1} />
      <p className="embedded-from">
        {asked && <>{translator(locale, 'charts')('known', { day, commit: shown.commit })} · </>}
        <a href={localePath(locale, `${inVintage(path, asked)}#${model.id}`)}>{t('from')}</a>
      </p>
    </main>
  )
}
