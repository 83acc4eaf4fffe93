import { type Flag, flagSymbols } from '@/components/charts/model'
import { type Locale, translator } from '@/lib/i18n'

/** Explains the marks that a page uses; nothing where it uses none. */
export function MarkLegend({ flags, locale }: { flags: readonly Flag[]; locale: Locale }) {
  if (flags.length === 0) return null
  const t = translator(locale, 'figures')
  const marks = flags.map((flag) => ({
    symbol: flagSymbols[flag],
    name: t(`flags.${flag}`),
    text: t(`legend.texts.${flag}`),
  }))
  return (
    <section aria-labelledby="marks" className="section">
      <h2 id="marks">{t('legend.title')}</h2>
      <dl className="mark-legend">
        {marks.map(({ symbol, name, text }) => (
          <div key={symbol}>
            <dt>
              <span className="status-mark-symbol">{symbol}</span> {name}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
        {flags.some((flag) => flag === 'estimated' || flag === 'rounded' || flag === 'about') && (
          <div>
            <dt>≈</dt>
            <dd>{t('legend.approximate')}</dd>
          </div>
        )}
      </dl>
    </section>
  )
}
