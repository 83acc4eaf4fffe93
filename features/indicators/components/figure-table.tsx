import { DataTable } from '@/components/ui/data-table'
import { counterpart } from '@/features/computed/rules'
import { differenceText } from '@/features/computed/series'
import { type DownloadFilter, downloadQuery } from '@/features/downloads/schema'
import { AboutFigure } from '@/features/figures/components/about-figure'
import { FlagMarks } from '@/features/figures/components/flag-marks'
import { SourceCell } from '@/features/figures/components/source-cell'
import { newestFirst } from '@/features/figures/rules'
import type { Figure } from '@/features/figures/schema'
import { type FigureWriter, figureNumber, flagsOf } from '@/features/figures/series'
import type { Vintage } from '@/features/vintages/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'

/** Rows that a reader looks through; the explorer pages through the rest. */
export const mostRows = 250

/** Figures of one subject, newest first, with status and source. */
export function FigureTable({
  locale,
  writer,
  name,
  figures,
  download,
  vintage,
  namesIndicator = false,
}: {
  locale: Locale
  writer: FigureWriter
  /** What the figures are of. */
  name: string
  figures: readonly Figure[]
  /** The filter of all of them. */
  download: DownloadFilter
  vintage: Vintage | null
  /** Where they are of several indicators. */
  namesIndicator?: boolean
}) {
  const t = translator(locale, 'figures.table')
  const rows = newestFirst(figures)
  return (
    <>
      {(rows.length > mostRows || rows.some(({ hasOlder }) => hasOlder)) && (
        <p>
          {t('newestOnly', { count: Math.min(rows.length, mostRows) })}{' '}
          <a href={localePath(locale, `/data${downloadQuery(download, vintage)}`)}>
            {t('explorer')}
          </a>
        </p>
      )}
      <DataTable id="all-figures" caption={t('caption', { indicator: name })} captionHidden>
        <thead>
          <tr>
            {namesIndicator && <th scope="col">{t('indicator')}</th>}
            <th scope="col">{t('period')}</th>
            <th scope="col" className="numeric">
              {t('value')}
            </th>
            <th scope="col">{t('about')}</th>
            <th scope="col">{t('status')}</th>
            <th scope="col">{t('source')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, mostRows).map((figure) => (
            <FigureRow
              key={figureNumber(figure)}
              figure={figure}
              figures={figures}
              writer={writer}
              locale={locale}
              namesIndicator={namesIndicator}
            />
          ))}
        </tbody>
      </DataTable>
    </>
  )
}

function FigureRow({
  figure,
  figures,
  writer,
  locale,
  namesIndicator,
}: {
  figure: Figure
  figures: readonly Figure[]
  writer: FigureWriter
  locale: Locale
  namesIndicator: boolean
}) {
  const published = figure.computed && counterpart(figure, figures)
  const difference = published && differenceText(locale, figure, published)
  return (
    <tr id={`f${figureNumber(figure)}`} className="figure-row">
      {namesIndicator && (
        <td>
          <a href={writer.indicatorPath(figure.indicator)}>
            {writer.names.indicator(figure.indicator)}
          </a>
        </td>
      )}
      <th scope="row">{writer.period(figure)}</th>
      <td className="numeric">
        <a href={writer.figurePath(figure)}>{writer.value(figure)}</a>
        {difference && <span className="figure-difference">{difference}</span>}
      </td>
      <td>
        <AboutFigure figure={figure} writer={writer} locale={locale} />
      </td>
      <td>
        <span className="figure-row-marks">
          <FlagMarks flags={flagsOf(figure)} locale={locale} />
        </span>
      </td>
      <td className="figure-source">
        <SourceCell citation={figure.current.source} writer={writer} />
      </td>
    </tr>
  )
}
