import './reporting.css'
import { DataTable } from '@/components/ui/data-table'
import { Notice } from '@/components/ui/notice'
import { findIndicator } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import type { FigureWriter } from '@/features/figures/series'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import type { RollUp, RollUpRow } from '../schema'
import { questionWords } from '../series'
import { CoverageBar } from './coverage-bar'
import { differenceText, lineText, periodText, rowSentences, sumText } from './words'

/** Figures of academies added up, beside who has reported and what was published. */
export function RollUpResult({
  locale,
  catalogue,
  writer,
  result,
  asOf,
}: {
  locale: Locale
  catalogue: Catalogue
  writer: FigureWriter
  result: RollUp
  /** Of a past state; empty for today's. */
  asOf: string
}) {
  const t = translator(locale, 'reporting')
  const { country, areas, line, programme, period, missing, noTotal } = result
  const words = questionWords({ programme, period, lines: [line] })
  const file = `${words}${asOf && `&asOf=${asOf}`}`
  const rows = [...areas, country]
  return (
    <section className="stack" aria-labelledby="result">
      <h2 id="result">
        {t('resultTitle', {
          indicator: lineText(locale, writer, line),
          programme: writer.names.programme(programme),
          period: periodText(locale, period),
        })}
      </h2>
      {noTotal && <NoTotalNotice locale={locale} catalogue={catalogue} result={result} />}
      <p>{rowSentences(locale, writer, country, line.unit).join(' ')}</p>
      {rows.length > 1 || country.coverage.expected > 0 ? (
        <DataTable id="roll-up" caption={t('table.caption')}>
          <thead>
            <tr>
              <th scope="col">{t('table.area')}</th>
              <th scope="col">{t('table.coverage')}</th>
              <th scope="col" className="numeric">
                {t('table.sum')}
              </th>
              <th scope="col" className="numeric">
                {t('table.published')}
              </th>
              <th scope="col" className="numeric">
                {t('table.difference')}
              </th>
            </tr>
          </thead>
          <tbody>
            {areas.map((row) => (
              <Row key={row.area} locale={locale} writer={writer} row={row} unit={line.unit} />
            ))}
          </tbody>
          <tfoot>
            <Row locale={locale} writer={writer} row={country} unit={line.unit} />
          </tfoot>
        </DataTable>
      ) : (
        <p>{t('nobodyExpected')}</p>
      )}
      <p className="text-small text-muted">{t('method')}</p>
      <p className="flex flex-wrap gap-3">
        <a className="button-secondary" href={localePath(locale, `/reporting/file?${file}`)}>
          {t('download')}
        </a>
        <a className="button-secondary" href={localePath(locale, `/reporting/reminders?${words}`)}>
          {t('remind')}
        </a>
      </p>
      {missing.length > 0 && (
        <details open={missing.length <= 30 || undefined}>
          <summary className="min-h-11 py-2">
            <h3 className="inline">{t('missing', { count: missing.length })}</h3>
          </summary>
          <ul className="reporting-list">
            {missing.map(({ code, area }) => (
              <li key={code}>
                <a
                  href={localePath(
                    locale,
                    `/entry/academy/${code}?${new URLSearchParams({ period })}`,
                  )}
                >
                  {writer.names.academy(code)}
                </a>{' '}
                <span className="text-muted">
                  {t('place', { code, area: writer.names.area(area) })}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function Row({
  locale,
  writer,
  row,
  unit,
}: {
  locale: Locale
  writer: FigureWriter
  row: RollUpRow
  unit: string
}) {
  const none = translator(locale, 'reporting')('none')
  const { others } = row.coverage
  return (
    <tr>
      <th scope="row">{writer.names.area(row.area)}</th>
      <td>
        <CoverageBar locale={locale} coverage={row.coverage} />
        {others > 0 && (
          <span className="text-small text-muted">
            {translator(locale, 'reporting')('othersShort', { count: others })}
          </span>
        )}
      </td>
      <td className="numeric">{sumText(writer, row, unit) || none}</td>
      <td className="numeric">
        {row.published ? (
          <a className="inline-block py-1" href={writer.figurePath(row.published)}>
            {writer.value(row.published)}
          </a>
        ) : (
          none
        )}
      </td>
      <td className="numeric">
        <bdi>{differenceText(locale, row) ?? none}</bdi>
      </td>
    </tr>
  )
}

function NoTotalNotice({
  locale,
  catalogue,
  result: { noTotal, line },
}: {
  locale: Locale
  catalogue: Catalogue
  result: RollUp
}) {
  const t = translator(locale, 'reporting.noTotal')
  const indicator = findIndicator(catalogue, line.indicator)
  const name = (code: string | null | undefined) => {
    const part = code ? findIndicator(catalogue, code) : undefined
    return part ? inLocale(part.name, locale) : null
  }
  const numerator = name(indicator?.numerator)
  const denominator = name(indicator?.denominator)
  return (
    <Notice title={t('title')}>
      <p>
        {noTotal === 'share'
          ? numerator && denominator
            ? t('shareOf', { numerator, denominator })
            : t('share')
          : t('notAdditive')}
      </p>
    </Notice>
  )
}
