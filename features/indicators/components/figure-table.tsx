import { DataTable } from '@/components/ui/data-table'
import { counterpart } from '@/features/computed/rules'
import { differenceText } from '@/features/computed/series'
import { FlagMarks } from '@/features/figures/components/flag-marks'
import { SourceCell } from '@/features/figures/components/source-cell'
import { newestFirst } from '@/features/figures/rules'
import type { Figure, FigureKey } from '@/features/figures/schema'
import { type FigureWriter, figureNumber, flagsOf } from '@/features/figures/series'
import { type Locale, translator } from '@/lib/i18n'

/** Every figure of an indicator, newest first, with its status and its source. */
export function FigureTable({
  locale,
  writer,
  name,
  figures,
}: {
  locale: Locale
  writer: FigureWriter
  name: string
  figures: readonly Figure[]
}) {
  const t = translator(locale, 'figures.table')
  return (
    <DataTable id="all-figures" caption={t('caption', { indicator: name })} captionHidden>
      <thead>
        <tr>
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
        {newestFirst(figures).map((figure) => (
          <FigureRow
            key={figureNumber(figure)}
            figure={figure}
            figures={figures}
            writer={writer}
            locale={locale}
          />
        ))}
      </tbody>
    </DataTable>
  )
}

function FigureRow({
  figure,
  figures,
  writer,
  locale,
}: {
  figure: Figure
  figures: readonly Figure[]
  writer: FigureWriter
  locale: Locale
}) {
  const published = figure.computed && counterpart(figure, figures)
  const difference = published && differenceText(locale, figure, published)
  return (
    <tr id={`f${figureNumber(figure)}`} className="figure-row">
      <th scope="row">{writer.period(figure)}</th>
      <td className="numeric">
        <a href={writer.figurePath(figure)}>{writer.value(figure)}</a>
        {difference && <span className="figure-difference">{difference}</span>}
      </td>
      <td>{aboutText(figure, writer, locale)}</td>
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

/** Role, programme, area, sex and kind, where they say more than the page does. */
export function aboutText(figure: FigureKey, { names }: FigureWriter, locale: Locale): string {
  const t = translator(locale, 'figures')
  const parts = [
    figure.role !== 'actual' && t(`role.${figure.role}`),
    figure.programme !== '_Z' && names.programme(figure.programme),
    names.area(figure.area),
    (figure.sex === 'F' || figure.sex === 'M') && t(`sex.${figure.sex}`),
    t(`kind.${figure.kind}`),
  ]
  return parts.filter(Boolean).join(' · ')
}
