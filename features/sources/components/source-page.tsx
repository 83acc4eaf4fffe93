import './sources.css'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { DataTable } from '@/components/ui/data-table'
import { DefinitionList } from '@/components/ui/definition-list'
import { Notice } from '@/components/ui/notice'
import { AboutFigure } from '@/features/figures/components/about-figure'
import type { Status } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { SourceCopy, SourceDetails, SourcedFigure } from '../schema'
import { Formers, LedTo } from './led'
import { LinkState } from './link-state'

/** One source: its citation, its link and copies, and every figure that rests on it. */
export function SourcePage({
  locale,
  writer,
  source,
}: {
  locale: Locale
  writer: FigureWriter
  source: SourceDetails
}) {
  const t = translator(locale, 'sources')
  const name = source.title || t('untitled', { id: source.id })
  return (
    <>
      <Breadcrumbs
        label={translator(locale, 'indicator')('way')}
        crumbs={[{ text: t('title'), href: localePath(locale, '/sources') }]}
        current={`[${source.id}]`}
      />
      <h1>
        <span className="eyebrow block">
          <bdi>{source.publisher}</bdi>
        </span>
        <bdi>{name}</bdi>
      </h1>
      <div className="source-citation">
        <DefinitionList
          definitions={[
            { term: t('publisher'), detail: <bdi>{source.publisher}</bdi> },
            { term: t('pageTitle'), detail: source.title && <bdi>{source.title}</bdi> },
            {
              term: t('date'),
              detail: writer.published(source) || translator(locale, 'figures')('noDate'),
            },
            { term: t('address'), detail: <Address locale={locale} source={source} /> },
          ]}
        />
      </div>
      {source.now && (
        <Notice tone="warning">
          <p>
            <LedTo locale={locale} writer={writer} now={source.now} />
          </p>
        </Notice>
      )}
      <Copies locale={locale} source={source} />
      <section aria-labelledby="figures" className="section">
        <h2 id="figures">{t('figures')}</h2>
        <SourcedFigures locale={locale} writer={writer} figures={source.figures} />
      </section>
      <Formers locale={locale} writer={writer} former={source.former} />
    </>
  )
}

function Address({
  locale,
  source: { url, check, copies },
}: {
  locale: Locale
  source: SourceDetails
}) {
  const t = translator(locale, 'sources')
  if (!url) return t('noAddress')
  return (
    <>
      <a href={url} rel="noopener" className="source-hash" dir="ltr">
        {url}
      </a>
      <br />
      {check ? <LinkState locale={locale} check={check} /> : t('link.unchecked')}
      {check?.outcome === 'moved' && check.finalUrl && (
        <>
          <br />
          {t('movedTo')}{' '}
          <a href={check.finalUrl} rel="noopener" className="source-hash" dir="ltr">
            {check.finalUrl}
          </a>
        </>
      )}
      {check && check.outcome !== 'alive' && copies.length > 0 && (
        <>
          <br />
          <a href="#copies">{t('copyBelow')}</a>
        </>
      )}
    </>
  )
}

function Copies({ locale, source }: { locale: Locale; source: SourceDetails }) {
  const t = translator(locale, 'sources')
  return (
    <section aria-labelledby="copies" className="section">
      <h2 id="copies">{t('copies')}</h2>
      {source.copies.length === 0 ? (
        <p className="text-muted">{t('noCopies')}</p>
      ) : (
        <>
          <p className="prose text-muted">{t('copyRights')}</p>
          <ul className="mt-4">
            {source.copies.map((copy) => (
              <li key={`${copy.source}-${copy.sha256}`} className="source-item">
                <Copy locale={locale} sourceId={copy.source} copy={copy} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Copy({ locale, sourceId, copy }: { locale: Locale; sourceId: number; copy: SourceCopy }) {
  const t = translator(locale, 'sources')
  return (
    <>
      <p>
        <a
          href={`/sources/${sourceId}/copies/${copy.sha256}`}
          rel="nofollow"
          download={copy.fileName}
        >
          <bdi>{copy.fileName}</bdi>
        </a>
      </p>
      <p className="source-facts">
        <span>{t('captured', { day: formatDay(copy.capturedOn, locale) })}</span>
        <span>{sizeText(copy.size, locale)}</span>
      </p>
      {copy.note && (
        <p>
          <bdi>{copy.note}</bdi>
        </p>
      )}
      <p className="source-hash text-muted">
        SHA-256: <code dir="ltr">{copy.sha256}</code>
      </p>
    </>
  )
}

/** Bytes, or thousands or millions of them with one decimal. */
export function sizeText(bytes: number, locale: Locale): string {
  const t = translator(locale, 'sources.size')
  if (bytes < 1000) return t('bytes', { size: bytes })
  const [unit, divisor] = bytes < 1_000_000 ? (['kb', 100] as const) : (['mb', 100_000] as const)
  const tenths = Math.max(1, Math.round(bytes / divisor))
  return t(unit, { size: `${Math.floor(tenths / 10)}.${tenths % 10}` })
}

function SourcedFigures({
  locale,
  writer,
  figures,
}: {
  locale: Locale
  writer: FigureWriter
  figures: readonly SourcedFigure[]
}) {
  const t = translator(locale, 'sources')
  const words = translator(locale, 'figures')
  return (
    <DataTable id="sourced-figures" caption={t('figuresCaption')} captionHidden>
      <thead>
        <tr>
          <th scope="col">{t('figure')}</th>
          <th scope="col">{words('table.period')}</th>
          <th scope="col" className="numeric">
            {words('table.value')}
          </th>
          <th scope="col">{t('today')}</th>
        </tr>
      </thead>
      <tbody>
        {figures.map((figure) => (
          <tr key={figure.revision}>
            <th scope="row">
              {writer.names.indicator(figure.indicator)}
              <span className="block text-small text-muted">
                <AboutFigure figure={figure} writer={writer} locale={locale} />
              </span>
            </th>
            <td>{writer.period(figure)}</td>
            <td className="numeric">
              <a href={`${writer.figurePath(figure)}#r${figure.revision}`}>
                {writer.value({ ...figure, status: figure.status as Status })}
              </a>
            </td>
            <td>{t(figure.isCurrent ? 'current' : 'earlier')}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}
