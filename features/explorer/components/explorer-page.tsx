import './explorer.css'
import { ButtonLink } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import type { Catalogue } from '@/features/catalogue/schema'
import { MarkLegend } from '@/features/figures/components/mark-legend'
import { NoRecord } from '@/features/figures/components/no-record'
import { type FigureWriter, figureWriter, flagsIn } from '@/features/figures/series'
import type { Vintage } from '@/features/vintages/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import type { Problem } from '@/lib/result'
import {
  type ExplorerData,
  type ExplorerState,
  explorerPath,
  mostInPivot,
  usualState,
} from '../schema'
import { chipsOf } from '../series'
import { FilterForm } from './filter-form'
import { PageLinks } from './page-links'
import { PivotTable } from './pivot-table'
import { ResultTable } from './result-table'
import { TakeAway } from './take-away'

/** What the parts of the explorer are made of. */
export interface ExplorerView {
  locale: Locale
  writer: FigureWriter
  state: ExplorerState
  data: ExplorerData
  vintage: Vintage | null
  /** The state of the record as it is now, or the past one: what a fixed link names. */
  frozen: Vintage
  /** The present day in Karachi. */
  today: string
}

/** Every figure of the record, filtered, sorted, in pages or as a cross table. */
export function ExplorerPage({
  locale,
  catalogue,
  problems = [],
  ...rest
}: Omit<ExplorerView, 'writer'> & {
  catalogue: Catalogue
  /** What could not be read of the address. */
  problems?: readonly Problem[]
}) {
  const t = translator(locale, 'explorer')
  const view = { locale, writer: figureWriter(catalogue, locale, rest.vintage), ...rest }
  const isEmpty = view.data.facets.indicator.length === 0
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      <Problems problems={problems} view={view} />
      {isEmpty ? (
        <NoRecord locale={locale} vintage={view.vintage} />
      ) : (
        <>
          <FilterForm view={view} />
          <Results view={view} />
          <script src="/explorer.js" async />
        </>
      )}
    </>
  )
}

function Problems({ problems, view }: { problems: readonly Problem[]; view: ExplorerView }) {
  // public/explorer.js puts here what it finds.
  if (problems.length === 0) return <div id="explorer-problems" />
  const t = translator(view.locale, 'explorer')
  const filters = translator(view.locale, 'downloads')
  const text = ({ code, params }: Problem) =>
    isOwnProblem(code)
      ? t(`problems.${code}` as Parameters<typeof t>[0], params)
      : filters(`problems.${code}` as Parameters<typeof filters>[0], params)
  return (
    <div id="explorer-problems" className="explorer-problems">
      <Notice tone="warning" title={t('problemTitle')}>
        <ul>
          {problems.map((problem) => (
            <li key={text(problem)}>{text(problem)}</li>
          ))}
        </ul>
        <p>
          <a href={localePath(view.locale, explorerPath(view.state, view.vintage))}>
            {t('withoutIt')}
          </a>
        </p>
      </Notice>
    </div>
  )
}

const isOwnProblem = (code: string) =>
  ['unknownWord', 'invalidWord', 'unknownCode', 'tooManyToSort'].includes(code)

function Results({ view }: { view: ExplorerView }) {
  const { locale, state, data } = view
  const t = translator(locale, 'explorer')
  return (
    <section id="explorer-results" aria-labelledby="explorer-count" className="explorer-results">
      <h2 id="explorer-count" tabIndex={-1}>
        {t(data.size.isMore ? 'countMore' : 'count', { count: data.total })}
      </h2>
      <Chips view={view} />
      {data.total === 0 ? (
        <NoResult view={view} />
      ) : data.isTooMany ? (
        <Notice>
          <p>
            {t(data.size.isMore ? 'tooManyMore' : 'tooMany', {
              count: data.total,
              most: formatNumber(mostInPivot, locale),
            })}
          </p>
        </Notice>
      ) : (
        <>
          {state.view === 'pivot' ? <PivotTable view={view} /> : <ResultTable view={view} />}
          {state.view === 'table' && <PageLinks view={view} />}
        </>
      )}
      {data.total > 0 && <TakeAway view={view} />}
      <MarkLegend flags={flagsIn(data.figures)} locale={locale} />
    </section>
  )
}

const formatNumber = (number: number, locale: Locale) => formatDecimal(String(number), { locale })

function Chips({ view: { locale, state, vintage, writer } }: { view: ExplorerView }) {
  const chips = chipsOf(state, vintage, writer)
  if (chips.length === 0) return null
  const t = translator(locale, 'explorer')
  return (
    <ul className="explorer-chips screen-only" aria-label={t('chosen')}>
      {chips.map(({ text, href }) => (
        <li key={href}>
          <a
            href={href}
            className="explorer-chip"
            data-explore
            aria-label={t('remove', { filter: text })}
          >
            {text} <span aria-hidden="true">×</span>
          </a>
        </li>
      ))}
      <li>
        <a
          href={localePath(locale, explorerPath({ ...state, filter: {}, page: 1 }, vintage))}
          data-explore
        >
          {t('clear')}
        </a>
      </li>
    </ul>
  )
}

/** Says what to do where nothing answers the filter. */
function NoResult({ view: { locale, state, vintage } }: { view: ExplorerView }) {
  const t = translator(locale, 'explorer')
  const isFiltered = Object.keys(state.filter).length > 0
  return (
    <div className="message">
      <p className="lead">{t('nothing')}</p>
      <ul className="explorer-advice">
        <li>{t('advice.fewer')}</li>
        <li>{t('advice.words')}</li>
        <li>{t('advice.period')}</li>
      </ul>
      {isFiltered && (
        <p className="message-actions">
          <ButtonLink
            rank="secondary"
            href={localePath(locale, explorerPath(usualState, vintage))}
            data-explore
          >
            {t('showAll')}
          </ButtonLink>
        </p>
      )}
    </div>
  )
}
