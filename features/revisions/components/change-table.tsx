import { DataTable } from '@/components/ui/data-table'
import { AboutFigure } from '@/features/figures/components/about-figure'
import { SourceCell } from '@/features/figures/components/source-cell'
import type { RevisionOfKey } from '@/features/figures/data'
import type { FigureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { type Locale, translator } from '@/lib/i18n'
import type { Change } from '../rules'
import { differenceText } from '../series'
import { CommitLink } from './commit-link'

/** Each figure that is another one on the second day: old and new value, when, by what, why. */
export function ChangeTable({
  locale,
  caption,
  changes,
  before,
  after,
}: {
  locale: Locale
  caption: string
  changes: readonly Change<RevisionOfKey>[]
  /** Writes with links into the first day. */
  before: FigureWriter
  /** Writes with links into the second day. */
  after: FigureWriter
}) {
  const t = translator(locale, 'comparison')
  const columns = translator(locale, 'figures.table')
  const words = translator(locale, 'figures')
  const value = (writer: FigureWriter, revision: RevisionOfKey | null) => {
    if (!revision) return '–'
    const text = writer.value({ ...revision, unit: revision.key.unit })
    if (revision.value === null) return text
    return <a href={writer.figurePath({ id: revision.observation })}>{text}</a>
  }
  return (
    <DataTable id="all-changes" caption={caption} captionHidden>
      <thead>
        <tr>
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
          <th scope="col">{words('revisions.recorded')}</th>
          <th scope="col">{t('why')}</th>
          <th scope="col">{columns('source')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.observation}>
            <th scope="row">
              <a href={after.figurePath({ id: change.observation })}>
                {after.period(change.after.key)}
              </a>
            </th>
            <td>
              <AboutFigure figure={change.after.key} writer={after} locale={locale} />
            </td>
            <td className="numeric">{value(before, change.before)}</td>
            <td className="numeric">{value(after, change.after)}</td>
            <td className="numeric">{difference(change)}</td>
            <td>{t(`kind.${change.kind}`)}</td>
            <td>{formatDay(change.after.knownOn, locale)}</td>
            <td>
              <CommitLink commit={change.after.commit} locale={locale} />
            </td>
            <td>{change.after.reason || '–'}</td>
            <td className="figure-source">
              <SourceCell citation={change.after.source} writer={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )

  function difference({ before: old, after: now }: Change<RevisionOfKey>): string {
    if (!old || old.value === null || now.value === null || old.value === now.value) return '–'
    return differenceText(old.value, now.value, locale)
  }
}
