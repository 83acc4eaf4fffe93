import { DataTable } from '@/components/ui/data-table'
import { AboutFigure } from '@/features/figures/components/about-figure'
import { SourceCell } from '@/features/figures/components/source-cell'
import type { RevisionOfKey } from '@/features/figures/data'
import { orderRevisions } from '@/features/figures/rules'
import type { FigureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { type Locale, translator } from '@/lib/i18n'
import { mostRows } from './figure-table'

/** Keys with more than one revision: what each was before and became, in order of release. */
export function RevisionTable({
  locale,
  writer,
  name,
  revisions,
}: {
  locale: Locale
  writer: FigureWriter
  name: string
  revisions: readonly RevisionOfKey[]
}) {
  const t = translator(locale, 'figures.revisions')
  const columns = translator(locale, 'figures.table')
  const changes = revisionSteps(revisions).slice(0, mostRows)
  if (changes.length === 0) return <p className="eyebrow">{t('none')}</p>
  return (
    <DataTable id="all-revisions" caption={t('caption', { indicator: name })} captionHidden>
      <thead>
        <tr>
          <th scope="col">{columns('period')}</th>
          <th scope="col">{columns('about')}</th>
          <th scope="col">{t('released')}</th>
          <th scope="col" className="numeric">
            {t('old')}
          </th>
          <th scope="col" className="numeric">
            {t('new')}
          </th>
          <th scope="col">{columns('source')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ before, revision }) => (
          <tr key={revision.id}>
            <th scope="row">{writer.period(revision.key)}</th>
            <td>
              <AboutFigure figure={revision.key} writer={writer} locale={locale} />
            </td>
            <td>
              {revision.releasedOn
                ? formatDay(revision.releasedOn, locale)
                : translator(locale, 'figures')('noDate')}
            </td>
            <td className="numeric">{before ? shown(before) : t('first')}</td>
            <td className="numeric">
              <a href={writer.figurePath({ id: revision.observation })}>{shown(revision)}</a>
            </td>
            <td className="figure-source">
              <SourceCell citation={revision.source} writer={writer} />
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )

  function shown(revision: RevisionOfKey): string {
    return writer.value({ ...revision, unit: revision.key.unit })
  }
}

/** Each revision beside the one it followed, newest first, of keys that have several. */
function revisionSteps(revisions: readonly RevisionOfKey[]) {
  const byKey = new Map<number, RevisionOfKey[]>()
  for (const revision of revisions) {
    byKey.set(revision.observation, [...(byKey.get(revision.observation) ?? []), revision])
  }
  return [...byKey.values()]
    .filter((history) => history.length > 1)
    .flatMap((history) => {
      const ordered = orderRevisions(history)
      return ordered.map((revision, n) => ({ revision, before: ordered[n - 1] }))
    })
    .sort(
      (a, b) =>
        (b.revision.releasedOn ?? '').localeCompare(a.revision.releasedOn ?? '') ||
        b.revision.id - a.revision.id,
    )
}
