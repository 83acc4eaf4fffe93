import './sources.css'
import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { InputField } from '@/components/ui/field'
import type { FigureWriter } from '@/features/figures/series'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import type { DeskSource } from '../schema'

/** All sources, each with how many figures cite it and what became of it; a link to its forms. */
export function DeskSourceList({
  locale,
  writer,
  search,
  sources,
}: {
  locale: Locale
  writer: FigureWriter
  search: string
  sources: readonly DeskSource[]
}) {
  const t = translator(locale, 'sources')
  const desk = translator(locale, 'sources.desk')
  const path = localePath(locale, '/catalogue/sources')
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: search is not known to all browsers yet */}
      <form role="search" action={path} className="source-search">
        <InputField id="q" name="q" type="search" label={t('search')} defaultValue={search} />
        <Button rank="secondary">{t('find')}</Button>
      </form>
      <p className="text-muted">
        {search === ''
          ? desk('count', { count: sources.length })
          : t('found', { sources: sources.length, search })}{' '}
        {search !== '' && <a href={path}>{t('all')}</a>}
      </p>
      {sources.length > 0 && (
        <DataTable id="sources" caption={t('title')} captionHidden>
          <thead>
            <tr>
              <th scope="col">{t('pageTitle')}</th>
              <th scope="col">{t('publisher')}</th>
              <th scope="col">{t('date')}</th>
              <th scope="col" className="numeric">
                {translator(locale, 'catalogue.table')('figures')}
              </th>
              <th scope="col">{desk('state')}</th>
            </tr>
          </thead>
          <tbody>
            {sources.map((source) => (
              <tr key={source.id}>
                <th scope="row" className="source-title">
                  <a href={`${path}/${source.id}`}>
                    <bdi>{source.title || t('untitled', { id: source.id })}</bdi>
                  </a>
                </th>
                <td>
                  <bdi>{source.publisher}</bdi>
                </td>
                <td>{writer.published(source) || '–'}</td>
                <td className="numeric">{formatDecimal(String(source.figures), { locale })}</td>
                <td>
                  {desk(`states.${source.state?.kind ?? 'open'}`)}
                  {source.state?.into && (
                    <>
                      {' '}
                      <a href={`${path}/${source.state.into}`}>[{source.state.into}]</a>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </DataTable>
      )}
    </>
  )
}
