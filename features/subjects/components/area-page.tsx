import './subjects.css'
import { DataTable } from '@/components/ui/data-table'
import type { Area, Catalogue } from '@/features/catalogue/schema'
import { chartContext } from '@/features/charts/series'
import type { Figure } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import type { TargetChange } from '@/features/targets/schema'
import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { formatPercent } from '@/lib/number'
import { type Comparison, compareWithCountry } from '../series'
import { SubjectPage } from './subject-page'

/** One area: its newest figures, beside the country's, its charts, every figure with its source. */
export function AreaPage({
  locale,
  catalogue,
  area,
  figures,
  today,
  changes,
  vintage = null,
}: {
  locale: Locale
  catalogue: Catalogue
  area: Area
  /** Of this area and of the country. */
  figures: readonly Figure[]
  today: string
  /** The changes of targets by their revisions. */
  changes: readonly TargetChange[]
  vintage?: Vintage | null
}) {
  const t = translator(locale, 'subject')
  const context = chartContext(catalogue, locale, vintage)
  const name = inLocale(area.name, locale)
  const comparison = compareWithCountry(figures, area.code)
  return (
    <SubjectPage
      context={context}
      name={name}
      lead={area.endedOn ? t('until', { day: formatDay(area.endedOn, locale) }) : ''}
      crumbs={[{ text: t('allAreas'), href: localePath(locale, `/areas${vintageQuery(vintage)}`) }]}
      figures={figures.filter((figure) => figure.area === area.code)}
      tells="programme"
      page={`areas/${area.code}`}
      download={{ area: [area.code] }}
      today={today}
      changes={changes}
      vintage={vintage}
    >
      {comparison.length > 0 && (
        <section aria-labelledby="comparison" className="section">
          <h2 id="comparison">{t('comparison')}</h2>
          <ComparisonTable
            rows={comparison}
            name={name}
            country={context.writer.names.area('PK')}
            writer={context.writer}
            locale={locale}
          />
        </section>
      )}
    </SubjectPage>
  )
}

function ComparisonTable({
  rows,
  name,
  country,
  writer,
  locale,
}: {
  rows: readonly Comparison[]
  name: string
  country: string
  writer: FigureWriter
  locale: Locale
}) {
  const t = translator(locale, 'subject')
  const columns = translator(locale, 'figures.table')
  return (
    <DataTable id="with-country" caption={t('comparisonCaption', { area: name })} captionHidden>
      <thead>
        <tr>
          <th scope="col">{columns('indicator')}</th>
          <th scope="col">{columns('programme')}</th>
          <th scope="col">{columns('period')}</th>
          <th scope="col" className="numeric">
            {name}
          </th>
          <th scope="col" className="numeric">
            {country}
          </th>
          <th scope="col" className="numeric">
            {t('share')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ own, country, share }) => (
          <tr key={own.id}>
            <th scope="row">
              <a href={writer.indicatorPath(own.indicator)}>
                {writer.names.indicator(own.indicator)}
              </a>
            </th>
            <td>
              {own.programme === '_Z' ? (
                '–'
              ) : (
                <a href={writer.programmePath(own.programme)}>
                  {writer.names.programme(own.programme)}
                </a>
              )}
            </td>
            <td>{writer.period(own)}</td>
            <td className="numeric">
              <a href={writer.figurePath(own)}>{writer.value(own)}</a>
            </td>
            <td className="numeric">
              <a href={writer.figurePath(country)}>{writer.value(country)}</a>
            </td>
            <td className="numeric">{share === null ? '–' : formatPercent(share, locale)}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}
