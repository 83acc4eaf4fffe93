import './proof.css'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'

import { Notice } from '@/components/ui/notice'
import { DueText } from '@/features/cadence/components/due-text'
import { dueOf } from '@/features/cadence/rules'
import { FigureValue } from '@/features/figures/components/figure-value'
import { FlagMarks } from '@/features/figures/components/flag-marks'
import { MarkLegend } from '@/features/figures/components/mark-legend'
import { orderRevisions } from '@/features/figures/rules'
import { figureWriter, flagsOf, subjectText } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'

import type { FigureProof } from '@/features/record/data'
import { FigureReportsSection } from '@/features/reports/components/report-answer'
import type { FigureReports } from '@/features/reports/schema'
import type { Settings } from '@/features/settings/schema'
import type { SourceNote } from '@/features/sources/schema'
import type { TargetChange } from '@/features/targets/schema'
import { vintageQuery } from '@/features/vintages/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { citationTexts } from '../series'
import { Citation } from './citation'
import { ComputedBeside } from './computed-beside'
import { Facts } from './facts'
import { History } from './history'
import { RelatedTargets } from './related-targets'

/** One figure and everything that stands behind it. */
export function FigurePage({
  locale,
  proof,
  settings,
  changes,
  commit,
  origin,
  sources,
  reports,
}: {
  locale: Locale
  proof: FigureProof
  settings: Settings
  /** The changes of targets by their revisions. */
  changes: readonly TargetChange[]
  /** The newest commit, for the citation of today's state. */
  commit: number
  origin: string
  sources: ReadonlyMap<number, SourceNote>
  reports: FigureReports | null
}) {
  const t = translator(locale, 'proof')
  const { catalogue, vintage, history, figure } = proof
  const writer = figureWriter(catalogue, locale, vintage)
  const indicator = writer.names.indicator(history.key.indicator)
  const current = orderRevisions(history.revisions).at(-1)
  const due = figure && dueOf(catalogue, proof.related, figure, proof.day)
  const crumbs = [
    {
      text: translator(locale, 'indicator')('all'),
      href: localePath(locale, `/indicators${vintageQuery(vintage)}`),
    },
    { text: indicator, href: writer.indicatorPath(history.key.indicator) },
  ]
  return (
    <>
      <Breadcrumbs
        label={translator(locale, 'indicator')('way')}
        crumbs={crumbs}
        current={writer.period(history.key)}
      />
      <header className="proof-head">
        <h1 className="proof-title">
          <span className="eyebrow">{subjectText(history.key, writer, locale)}</span>
          <span className="proof-value">
            {figure ? <FigureValue parts={writer.parts(figure)} /> : t('withdrawn')}
          </span>
          <span className="proof-period">{writer.period(history.key)}</span>
        </h1>
        {figure && (
          <p className="eyebrow">
            {writer.age(figure, proof.day)}
            {due && due.kind !== 'superseded' && (
              <>
                {' · '}
                <DueText due={due} locale={locale} />
              </>
            )}
          </p>
        )}
        {figure && (
          <p className="card-marks">
            <FlagMarks flags={flagsOf(figure)} locale={locale} />
          </p>
        )}
      </header>
      {current?.value === null && (
        <div className="py-4">
          <Notice
            tone="warning"
            title={t('withdrawnOn', { day: formatDay(current.knownOn, locale) })}
          >
            <p>
              <bdi>{current.reason}</bdi>
            </p>
          </Notice>
        </div>
      )}
      <Facts locale={locale} writer={writer} proof={proof} settings={settings} sources={sources} />
      <History locale={locale} writer={writer} history={history} settings={settings} />
      {figure && (
        <ComputedBeside locale={locale} writer={writer} figure={figure} related={proof.related} />
      )}
      <RelatedTargets locale={locale} writer={writer} proof={proof} changes={changes} />
      {reports && (
        <FigureReportsSection locale={locale} writer={writer} figure={history.id} {...reports} />
      )}
      <MarkLegend locale={locale} flags={figure ? flagsOf(figure) : []} />
      {figure && (
        <Citation
          locale={locale}
          texts={citationTexts(
            figure,
            writer,
            vintage ?? { asOf: proof.day, commit, isFrozen: true },
            { locale, origin },
          )}
        />
      )}
    </>
  )
}
