import { DataTable } from '@/components/ui/data-table'
import type { ChartContext } from '@/features/charts/series'
import { ChangeText } from '@/features/figures/components/change-text'
import { FlagMarks } from '@/features/figures/components/flag-marks'
import { flagsOf } from '@/features/figures/series'
import { inVintage, type Vintage } from '@/features/vintages/schema'
import { localePath, translator } from '@/lib/i18n'
import { type CompareWords, compareQuery } from '../schema'
import { comparedRows, type Offer } from '../series'

/** The compared series one under the other, each with its newest figure and a way to take it out. */
export function ComparedTable({
  context,
  words,
  offers,
  vintage,
}: {
  context: ChartContext
  words: CompareWords
  offers: readonly Offer[]
  vintage: Vintage | null
}) {
  const { locale, writer } = context
  const t = translator(locale, 'compare')
  const without = (code: string) => {
    const left = { ...words, series: words.series.filter((one) => one !== code) }
    return localePath(locale, inVintage(`/compare${compareQuery(left)}`, vintage))
  }
  return (
    <DataTable id="compared-table" caption={t('table')}>
      <thead>
        <tr>
          <th scope="col">{t('series')}</th>
          <th scope="col" className="numeric">
            {t('newest')}
          </th>
          <th scope="col">{t('change')}</th>
          <th scope="col">{t('source')}</th>
          <td className="screen-only" />
        </tr>
      </thead>
      <tbody>
        {comparedRows(context, offers).map(({ offer, newest, change }) => (
          <tr key={offer.code}>
            <th scope="row">
              <a href={writer.indicatorPath(newest.indicator)}>{offer.title}</a>
              <small className="compare-extent">{offer.extent}</small>
            </th>
            <td className="numeric">
              <a href={writer.figurePath(newest)}>{writer.value(newest)}</a>
              <FlagMarks flags={flagsOf(newest)} locale={locale} />
              <small className="compare-extent">{writer.period(newest)}</small>
            </td>
            <td>{change && <ChangeText change={change} />}</td>
            <td>{writer.source(newest.current.source)}</td>
            <td className="screen-only">
              <a href={without(offer.code)} aria-label={t('takeOut', { series: offer.title })}>
                {t('takeOutShort')}
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}
