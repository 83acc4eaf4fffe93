import './proof.css'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { DataTable } from '@/components/ui/data-table'
import { differenceText, formulaWords, partName } from '@/features/computed/series'
import { FigureValue } from '@/features/figures/components/figure-value'
import { FlagMarks } from '@/features/figures/components/flag-marks'
import { MarkLegend } from '@/features/figures/components/mark-legend'
import { SourceCell } from '@/features/figures/components/source-cell'
import {
  type FigureWriter,
  figureWriter,
  flagsIn,
  flagsOf,
  subjectText,
} from '@/features/figures/series'
import type { ComputedProof } from '@/features/record/data'
import { vintageQuery } from '@/features/vintages/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { citationTexts } from '../series'
import { Citation } from './citation'

/** A computed value and the two figures that it was made of, each with its proof. */
export function ComputedPage({
  locale,
  proof,
  commit,
  origin,
}: {
  locale: Locale
  proof: ComputedProof
  /** The newest commit, for the citation of today's state. */
  commit: number
  origin: string
}) {
  const t = translator(locale, 'computed')
  const { catalogue, vintage, figure, parts, published } = proof
  const writer = figureWriter(catalogue, locale, vintage)
  const formula = formulaWords(locale, writer, parts, figure)
  const crumbs = [
    {
      text: translator(locale, 'indicator')('all'),
      href: localePath(locale, `/indicators${vintageQuery(vintage)}`),
    },
    {
      text: writer.names.indicator(figure.indicator),
      href: writer.indicatorPath(figure.indicator),
    },
  ]
  const facts: [string, string][] = [
    [translator(locale, 'proof')('definition'), writer.names.definition(figure.indicator)],
    [t('method'), formula.words],
    [t('inNumbers'), formula.numbers],
  ]
  return (
    <>
      <Breadcrumbs
        label={translator(locale, 'indicator')('way')}
        crumbs={crumbs}
        current={writer.period(figure)}
      />
      <header className="proof-head">
        <h1 className="proof-title">
          <span className="eyebrow">{subjectText(figure, writer, locale)}</span>
          <span className="proof-value">
            <FigureValue parts={writer.parts(figure)} />
          </span>
          <span className="proof-period">{writer.period(figure)}</span>
        </h1>
        <p className="card-marks">
          <FlagMarks flags={flagsOf(figure)} locale={locale} />
        </p>
      </header>
      <dl className="definition-list proof-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {published && (
          <div>
            <dt>{t('published')}</dt>
            <dd>
              <a href={writer.figurePath(published)}>{writer.value(published)}</a>{' '}
              {differenceText(locale, figure, published)}
            </dd>
          </div>
        )}
      </dl>
      <PartsTable locale={locale} writer={writer} parts={parts} />
      <MarkLegend locale={locale} flags={flagsIn([figure, parts.numerator, parts.denominator])} />
      <Citation
        locale={locale}
        texts={citationTexts(
          figure,
          writer,
          vintage ?? { asOf: proof.day, commit, isFrozen: true },
          { locale, origin },
        )}
      />
    </>
  )
}

function PartsTable({
  locale,
  writer,
  parts,
}: {
  locale: Locale
  writer: FigureWriter
  parts: ComputedProof['parts']
}) {
  const t = translator(locale, 'computed')
  const columns = translator(locale, 'figures.table')
  return (
    <section aria-labelledby="parts" className="section">
      <h2 id="parts">{t('parts')}</h2>
      <DataTable id="computed-parts" caption={t('partsCaption')} captionHidden>
        <thead>
          <tr>
            <th scope="col">{columns('about')}</th>
            <th scope="col" className="numeric">
              {columns('value')}
            </th>
            <th scope="col">{columns('period')}</th>
            <th scope="col">{columns('status')}</th>
            <th scope="col">{columns('source')}</th>
          </tr>
        </thead>
        <tbody>
          {[parts.numerator, parts.denominator].map((part) => (
            <tr key={part.id}>
              <th scope="row">{partName(locale, writer, part)}</th>
              <td className="numeric">
                <a href={writer.figurePath(part)}>{writer.value(part)}</a>
              </td>
              <td>{writer.period(part)}</td>
              <td>
                <FlagMarks flags={flagsOf(part)} locale={locale} />
              </td>
              <td className="figure-source">
                <SourceCell citation={part.current.source} writer={writer} />
              </td>
            </tr>
          ))}
        </tbody>
      </DataTable>
    </section>
  )
}
