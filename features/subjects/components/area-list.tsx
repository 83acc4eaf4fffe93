import './subjects.css'
import type { Area, Catalogue } from '@/features/catalogue/schema'
import { extentOf } from '@/features/extents/rules'
import type { RecordExtent } from '@/features/extents/schema'
import { NoRecord } from '@/features/figures/components/no-record'
import { figureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import type { Vintage } from '@/features/vintages/schema'
import { inLocale, type Locale, translator } from '@/lib/i18n'

/** The country and its units, then what is only context, each with the number of its figures. */
export function AreaList({
  locale,
  catalogue,
  extent,
  vintage = null,
}: {
  locale: Locale
  catalogue: Catalogue
  /** What the record covers; null where that was not counted. */
  extent: RecordExtent | null
  vintage?: Vintage | null
}) {
  const t = translator(locale, 'subject')
  const writer = figureWriter(catalogue, locale, vintage)
  const isContext = ({ code }: Area) => code === '001'
  const list = (areas: readonly Area[]) => (
    <ul className="subject-list">
      {areas.map((area) => (
        <li key={area.code}>
          <p>
            <a className="subject-name" href={writer.areaPath(area.code)}>
              {inLocale(area.name, locale)}
            </a>{' '}
            {extent && (
              <span className="eyebrow">
                {translator(locale, 'indicator')('count', {
                  count: extentOf(extent.areas, area.code).figures,
                })}
              </span>
            )}
          </p>
          {area.endedOn && (
            <p className="subject-text">{t('until', { day: formatDay(area.endedOn, locale) })}</p>
          )}
        </li>
      ))}
    </ul>
  )
  return (
    <>
      <h1>{t('areas')}</h1>
      <p className="lead">{t('areasLead')}</p>
      {extent?.whole.figures === 0 && <NoRecord locale={locale} vintage={vintage} />}
      <div className="section">{list(catalogue.areas.filter((area) => !isContext(area)))}</div>
      <section aria-labelledby="context" className="section">
        <h2 id="context">{t('context')}</h2>
        {list(catalogue.areas.filter(isContext))}
      </section>
    </>
  )
}
