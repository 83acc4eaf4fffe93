import './indicators.css'
import type { Catalogue } from '@/features/catalogue/schema'
import type { Figure } from '@/features/figures/schema'
import { type FigureWriter, figureWriter } from '@/features/figures/series'
import type { Vintage } from '@/features/vintages/schema'
import { type Locale, translator } from '@/lib/i18n'
import { indicatorsByTheme, type ThemeGroup } from '../series'

/** Everything that is counted, by theme, each with its newest figure. */
export function IndicatorList({
  locale,
  catalogue,
  figures,
  vintage = null,
}: {
  locale: Locale
  catalogue: Catalogue
  figures: readonly Figure[]
  vintage?: Vintage | null
}) {
  const t = translator(locale, 'indicator')
  const writer = figureWriter(catalogue, locale, vintage)
  return (
    <>
      <h1>{t('listTitle')}</h1>
      <p className="lead">{t('listLead')}</p>
      {indicatorsByTheme(catalogue, figures).map((group) => (
        <ThemeSection key={group.theme} group={group} writer={writer} locale={locale} />
      ))}
    </>
  )
}

function ThemeSection({
  group,
  writer,
  locale,
}: {
  group: ThemeGroup
  writer: FigureWriter
  locale: Locale
}) {
  const t = translator(locale, 'indicator')
  return (
    <section aria-labelledby={`theme-${group.theme}`} className="theme">
      <h2 id={`theme-${group.theme}`}>{t(`theme.${group.theme}`)}</h2>
      <ul className="indicator-list">
        {group.rows.map(({ indicator, count, newest }) => (
          <li key={indicator.code}>
            <h3>
              <a href={writer.indicatorPath(indicator.code)}>
                {writer.names.indicator(indicator.code)}
              </a>
            </h3>
            <p className="indicator-newest">
              {newest ? (
                <>
                  <a href={writer.figurePath(newest)}>{writer.value(newest)}</a>{' '}
                  <span className="eyebrow">{placeOf(newest, writer, locale)}</span>
                </>
              ) : (
                <span className="eyebrow">{t(count === 0 ? 'noFigures' : 'noDate')}</span>
              )}
            </p>
            <p className="eyebrow">{t('count', { count })}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Whose figure it is, where not the whole country's, and of when. */
function placeOf(figure: Figure, writer: FigureWriter, locale: Locale): string {
  const parts = [
    figure.programme !== '_Z' && writer.names.programme(figure.programme),
    figure.area !== 'PK' && writer.names.area(figure.area),
    (figure.sex === 'F' || figure.sex === 'M') &&
      translator(locale, 'figures')(`sex.${figure.sex}`),
    writer.period(figure),
  ]
  return parts.filter(Boolean).join(' · ')
}
