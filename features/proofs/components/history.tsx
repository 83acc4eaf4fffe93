import { DataTable } from '@/components/ui/data-table'
import { SourceCell } from '@/features/figures/components/source-cell'
import type { AttributedRevision, FigureHistory } from '@/features/figures/data'
import { orderRevisions } from '@/features/figures/rules'
import type { FigureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import type { Settings } from '@/features/settings/schema'
import { type Locale, translator } from '@/lib/i18n'
import { personText } from './facts'

/** Every revision of the figure, newest first: when, from what to what, why, by whom. */
export function History({
  locale,
  writer,
  history,
  settings,
}: {
  locale: Locale
  writer: FigureWriter
  history: FigureHistory
  settings: Settings
}) {
  const t = translator(locale, 'proof')
  const words = translator(locale, 'figures')
  const ordered = orderRevisions(history.revisions)
  const steps = ordered.map((revision, n) => ({ revision, before: ordered[n - 1] })).reverse()
  const shown = (revision: AttributedRevision) =>
    writer.value({ ...revision, unit: history.key.unit })
  return (
    <section aria-labelledby="history" className="section">
      <h2 id="history">{t('history')}</h2>
      <DataTable id="figure-history" caption={t('historyCaption')} captionHidden>
        <thead>
          <tr>
            <th scope="col">{words('revisions.released')}</th>
            <th scope="col" className="numeric">
              {words('revisions.old')}
            </th>
            <th scope="col" className="numeric">
              {words('revisions.new')}
            </th>
            <th scope="col">{words('table.source')}</th>
            <th scope="col">{t('why')}</th>
            <th scope="col">{t('by')}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ revision, before }) => (
            <tr key={revision.id} id={`r${revision.id}`}>
              <th scope="row">
                {revision.releasedOn ? formatDay(revision.releasedOn, locale) : words('noDate')}
              </th>
              <td className="numeric">{before ? shown(before) : words('revisions.first')}</td>
              <td className="numeric">{shown(revision)}</td>
              <td className="figure-source">
                <SourceCell citation={revision.source} writer={writer} />
              </td>
              <td>{revision.reason || '–'}</td>
              <td>{personText(revision.author, settings, locale)}</td>
            </tr>
          ))}
        </tbody>
      </DataTable>
    </section>
  )
}
