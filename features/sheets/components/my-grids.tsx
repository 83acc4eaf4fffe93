import './sheets.css'
import type { FigureWriter } from '@/features/figures/series'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { OpenSheet } from '../schema'
import { sheetName } from './words'

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
        {sheets.map((sheet) => (
          <li key={sheet.address}>
            <a
              className="inline-block py-2"
              href={localePath(locale, `/entry/grid?${sheet.address}`)}
            >
              {sheetName(locale, writer, sheet)}
            </a>{' '}
            <span className="text-muted">{t('count', { count: sheet.count })}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
