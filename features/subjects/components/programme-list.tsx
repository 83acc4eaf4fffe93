import './subjects.css'
import type { Catalogue } from '@/features/catalogue/schema'
import type { RecordExtent } from '@/features/extents/schema'
import { NoRecord } from '@/features/figures/components/no-record'
import { type FigureWriter, figureWriter } from '@/features/figures/series'
import type { Vintage } from '@/features/vintages/schema'
import { inLocale, type Locale, translator } from '@/lib/i18n'
import { type ProgrammeNode, programmeTree } from '../series'

/** Every programme under its parent, with what it is and how many figures it has. */
export function ProgrammeList({
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
  return (
    <>
      <h1>{t('programmes')}</h1>
      <p className="lead">{t('programmesLead')}</p>
      {extent?.whole.figures === 0 && <NoRecord locale={locale} vintage={vintage} />}
      <div className="section">
        <ProgrammeNodes
          nodes={programmeTree(catalogue, extent)}
          writer={figureWriter(catalogue, locale, vintage)}
          locale={locale}
        />
      </div>
    </>
  )
}

export function ProgrammeNodes({
  nodes,
  writer,
  locale,
}: {
  nodes: readonly ProgrammeNode[]
  writer: FigureWriter
  locale: Locale
}) {
  const t = translator(locale, 'indicator')
  return (
    <ul className="subject-list">
      {nodes.map(({ programme, count, children }) => (
        <li key={programme.code}>
          <p>
            <a className="subject-name" href={writer.programmePath(programme.code)}>
              {inLocale(programme.name, locale)}
            </a>{' '}
            {count !== null && <span className="eyebrow">{t('count', { count })}</span>}
          </p>
          {inLocale(programme.description, locale) && (
            <p className="subject-text">{inLocale(programme.description, locale)}</p>
          )}
          {children.length > 0 && (
            <ProgrammeNodes nodes={children} writer={writer} locale={locale} />
          )}
        </li>
      ))}
    </ul>
  )
}
