import { DataTable } from '@/components/ui/data-table'
import { AboutFigure } from '@/features/figures/components/about-figure'
import { SourceCell } from '@/features/figures/components/source-cell'
import type { FigureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { personText } from '@/features/proofs/components/facts'
import type { Settings } from '@/features/settings/schema'
import { type Locale, translator } from '@/lib/i18n'
import type { LoggedRevision } from '../data'
import { kindOf } from '../rules'
import { differenceText } from '../series'

/** The revisions of one commit: from what to what, why, by whom, out of which source. */
export function LogTable({
  locale,
  commit,
  revisions,
  writer,
  settings,
}: {
  locale: Locale
  commit: number
  revisions: readonly LoggedRevision[]
  writer: FigureWriter
  settings: Settings
}) {
  const t = translator(locale, 'revision')
  const columns = translator(locale, 'figures.table')
  const words = translator(locale, 'figures')
  return (
    <DataTable id={`commit-${commit}`} caption={t('caption', { commit })} captionHidden>
      <thead>
        <tr>
          <th scope="col">{columns('indicator')}</th>
          <th scope="col">{columns('period')}</th>
          <th scope="col">{columns('about')}</th>
          <th scope="col" className="numeric">
            {words('revisions.old')}
          </th>
          <th scope="col" className="numeric">
            {words('revisions.new')}
          </th>
          <th scope="col" className="numeric">
            {columns('change')}
          </th>
          <th scope="col">{t('what')}</th>
          <th scope="col">{words('revisions.released')}</th>
          <th scope="col">{t('why')}</th>
          <th scope="col">{t('entered')}</th>
          <th scope="col">{columns('source')}</th>
        </tr>
      </thead>
      <tbody>
        {revisions.map((revision) => (
          <tr key={revision.id} id={`r${revision.id}`}>
            <th scope="row">{writer.names.indicator(revision.key.indicator)}</th>
            <td>{writer.period(revision.key)}</td>
            <td>
              <AboutFigure figure={revision.key} writer={writer} locale={locale} />
            </td>
            <td className="numeric">
              {revision.before ? valueText(revision, revision.before) : words('revisions.first')}
            </td>
            <td className="numeric">
              <a href={`${writer.figurePath({ id: revision.observation })}#r${revision.id}`}>
                {valueText(revision, revision)}
              </a>
            </td>
            <td className="numeric">{difference(revision)}</td>
            <td>
              {revision.tookOver
                ? t(`change.${kindOf(revision.before, revision)}`)
                : t('change.history')}
            </td>
            <td>
              {revision.releasedOn ? formatDay(revision.releasedOn, locale) : words('noDate')}
            </td>
            <td>{revision.reason || '–'}</td>
            <td>{personText(revision.author, settings, locale)}</td>
            <td className="figure-source">
              <SourceCell citation={revision.source} writer={writer} />
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )

  function valueText(
    { key }: LoggedRevision,
    said: Pick<LoggedRevision, 'value' | 'status' | 'precision'>,
  ): string {
    return writer.value({ ...said, unit: key.unit })
  }

  function difference({ before, value }: LoggedRevision): string {
    if (!before || before.value === null || value === null || before.value === value) return '–'
    return differenceText(before.value, value, locale)
  }
}
