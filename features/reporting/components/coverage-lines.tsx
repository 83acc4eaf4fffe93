import type { Catalogue } from '@/features/catalogue/schema'
import { figureWriter } from '@/features/figures/series'
import type { Vintage } from '@/features/vintages/schema'
import { type Locale, translator } from '@/lib/i18n'
import type { CoverageLine } from '../schema'
import { lineText, periodText, rowSentences } from './words'

/** What academies of a subject have reported, in sentences; nothing where none has. */
export function CoverageLines({
  locale,
  catalogue,
  lines,
  of,
  vintage = null,
}: {
  locale: Locale
  catalogue: Catalogue
  lines: readonly CoverageLine[]
  /** The subject of the page; what is left out is not narrowed, but for the country as a whole. */
  of: { indicator: string } | { programme: string } | { area: string }
  vintage?: Vintage | null
}) {
  const isOfSubject = ({ line, programme, row }: CoverageLine) => {
    if ('area' in of) return row.area === of.area
    const isCountry = catalogue.areas.find(({ code }) => code === row.area)?.parent === null
    return (
      isCountry &&
      ('programme' in of ? programme === of.programme : line.indicator === of.indicator)
    )
  }
  const own = lines.filter(isOfSubject)
  if (own.length === 0) return null
  const t = translator(locale, 'reporting.public')
  const writer = figureWriter(catalogue, locale, vintage)
  return (
    <section aria-labelledby="academies-reported" className="section prose">
      <h2 id="academies-reported">{t('title')}</h2>
      {own.map(({ line, programme, period, row }) => (
        <p key={`${line.indicator} ${programme}`}>
          <strong>
            {t('line', {
              indicator: lineText(locale, writer, line),
              programme: writer.names.programme(programme),
              area: writer.names.area(row.area),
              period: periodText(locale, period),
            })}
          </strong>{' '}
          {rowSentences(locale, writer, row, line.unit).join(' ')}
        </p>
      ))}
    </section>
  )
}
