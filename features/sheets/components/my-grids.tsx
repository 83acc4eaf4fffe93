import './sheets.css'
import type { FigureWriter } from '@/features/figures/series'
import { type Locale, listed, localePath, translator } from '@/lib/i18n'
import type { OpenSheet } from '../schema'

const mostNamed = 4

/** The grids that somebody has left, the newest first. */
export function MyGrids({
  locale,
  writer,
  sheets,
}: {
  locale: Locale
  writer: FigureWriter
  sheets: readonly OpenSheet[]
}) {
  if (sheets.length === 0) return null
  const t = translator(locale, 'sheets.mine')
  return (
    <section className="stack" aria-labelledby="my-grids">
      <h2 id="my-grids">{t('title')}</h2>
      <ul className="stack">
        {sheets.map(({ address, programme, indicators, periods, count }) => (
          <li key={address}>
            <a className="inline-block py-2" href={localePath(locale, `/entry/grid?${address}`)}>
              {t('name', {
                programme: writer.names.programme(programme),
                indicators: listed(
                  indicators.slice(0, mostNamed).map(writer.names.indicator),
                  locale,
                ),
                periods: listed(
                  periods.slice(0, mostNamed).map((period) => writer.period({ period })),
                  locale,
                ),
              })}
            </a>{' '}
            <span className="text-muted">{t('count', { count })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
