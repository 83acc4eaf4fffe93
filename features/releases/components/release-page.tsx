import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { DataTable } from '@/components/ui/data-table'
import type { FigureWriter } from '@/features/figures/series'
import { figureName } from '@/features/proposals/components/words'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import type { Release, ReleasedFigure } from '../schema'
import { Note, Outcome, Times } from './calendar'

/** One release: its time, and after it its figures as they were published. */
export function ReleasePage({
  locale,
  writer,
  release,
  figures,
}: {
  locale: Locale
  writer: FigureWriter
  release: Release
  figures: readonly ReleasedFigure[]
}) {
  const t = translator(locale, 'releases')
  const isOpen = release.state === 'planned' || release.state === 'late'
  return (
    <>
      <Breadcrumbs
        label={translator(locale, 'indicator')('way')}
        crumbs={[{ text: t('title'), href: localePath(locale, '/releases') }]}
        current={inLocale(release.title, locale)}
      />
      <div className="stack">
        <h1>{inLocale(release.title, locale)}</h1>
        <Times locale={locale} release={release} />
        <Note locale={locale} release={release} />
        {isOpen ? (
          <p className="lead">{t('toCome')}</p>
        ) : (
          <Outcome locale={locale} release={release} />
        )}
      </div>
      {figures.length > 0 && (
        <DataTable id="released-figures" caption={t('figuresCaption')}>
          <thead>
            <tr>
              <th scope="col">{t('figure')}</th>
              <th scope="col">{t('period')}</th>
              <th scope="col" className="numeric">
                {t('value')}
              </th>
            </tr>
          </thead>
          <tbody>
            {figures.map((figure) => (
              <tr key={`${figure.observation} ${figure.value}`}>
                <th scope="row">
                  <a href={writer.figurePath({ id: figure.observation })}>
                    {figureName(locale, writer, figure)}
                  </a>
                </th>
                <td>{writer.period(figure)}</td>
                <td className="numeric">{writer.value(figure)}</td>
              </tr>
            ))}
          </tbody>
        </DataTable>
      )}
    </>
  )
}
