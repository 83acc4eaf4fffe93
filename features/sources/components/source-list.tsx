import './sources.css'
import { Button } from '@/components/ui/button'
import { InputField } from '@/components/ui/field'
import type { FigureWriter } from '@/features/figures/series'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { SourceItem } from '../schema'
import { LinkState } from './link-state'

/** All sources by publisher, or those that a search found. */
export function SourceList({
  locale,
  writer,
  search,
  sources,
}: {
  locale: Locale
  writer: FigureWriter
  search: string
  sources: readonly SourceItem[]
}) {
  const t = translator(locale, 'sources')
  const path = localePath(locale, '/sources')
  const publishers = new Map<string, SourceItem[]>()
  for (const source of sources) {
    publishers.set(source.publisher, [...(publishers.get(source.publisher) ?? []), source])
  }
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: search is not known to all browsers yet */}
      <form role="search" action={path} className="source-search">
        <InputField id="q" name="q" type="search" label={t('search')} defaultValue={search} />
        <Button rank="secondary">{t('find')}</Button>
      </form>
      <p className="mt-4 text-muted">
        {search === ''
          ? t('count', { sources: sources.length, publishers: publishers.size })
          : t('found', { sources: sources.length, search })}{' '}
        {search !== '' && <a href={path}>{t('all')}</a>}
      </p>
      {[...publishers].map(([publisher, items]) => (
        <section key={publisher} className="source-publisher">
          <h2 className="mb-2 text-h3">
            <bdi>{publisher}</bdi>
          </h2>
          <ul>
            {items.map((source) => (
              <li key={source.id} className="source-item">
                <p>
                  <a href={writer.sourcePath(source.id)}>
                    <bdi>{source.title || t('untitled', { id: source.id })}</bdi>
                  </a>
                </p>
                <p className="source-facts">
                  <span>{writer.published(source) || translator(locale, 'figures')('noDate')}</span>
                  <span>{t('figureCount', { count: source.figures })}</span>
                  {source.copies > 0 && <span>{t('copyCount', { count: source.copies })}</span>}
                  {source.check && <LinkState locale={locale} check={source.check} />}
                </p>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
