import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Follow } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { entryStep } from '@/features/proposals/rules'
import { AcademyHead } from '@/features/reporting/components/academy-head'
import { AcademyReport } from '@/features/reporting/components/academy-report'
import { readAcademyPage } from '@/features/reporting/data'
import type { ReportState } from '@/features/reporting/schema'
import { queryText } from '@/features/reporting/series'
import { readSet } from '@/features/sets/data'
import { readSettings } from '@/features/settings/data'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry/academy/[code]'>
type Query = Record<string, string | string[] | undefined>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'reporting.academy')('title') } : {}
}

export default async function AcademyEntryPage({ params, searchParams }: Props) {
  const { locale, code } = await params
  if (!isLocale(locale)) notFound()
  const query = await searchParams
  const words = queryText(query)
  const path = `/entry/academy/${encodeURIComponent(code)}${words && `?${words}`}`
  const answer = await keptAnswer<ReportState>('report')
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={answer?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
          {(actor) => <Content {...{ locale, actor, code, query, answer }} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Content({
  locale,
  actor,
  code,
  query,
  answer,
}: {
  locale: Locale
  actor: Actor
  code: string
  query: Query
  answer: ReportState | undefined
}) {
  const t = translator(locale, 'reporting.academy')
  const names = await catalogue()
  const done = typeof query.done === 'string' ? query.done : ''
  const [page, { fourEyes }, set] = await Promise.all([
    readAcademyPage(actor, code, query, names),
    readSettings(),
    done ? readSet(done) : null,
  ])
  if (!page) notFound()
  const writer = figureWriter(names, locale)
  const { sheet } = page
  return (
    <>
      <AcademyHead locale={locale} writer={writer} catalogue={names} page={page} />
      {set && (
        <Notice tone="success">
          <p>
            {t(set.state === 'published' ? 'published' : 'sent', { count: set.count })}{' '}
            <a href={localePath(locale, `/entry/grid/set/${set.id}`)}>{t('look')}</a>
          </p>
        </Notice>
      )}
      {sheet && !sheet.isInScope && (
        <Notice tone="warning">
          <p>{t('outOfScope')}</p>
        </Notice>
      )}
      {sheet?.isInScope && sheet.facts.length === 0 && <p>{t('noLines')}</p>}
      {sheet?.isInScope && sheet.facts.length > 0 && (
        <AcademyReport
          locale={locale}
          writer={writer}
          sheet={sheet}
          step={entryStep(actor, fourEyes) ?? 'send'}
          id={randomUUID()}
          answer={answer}
        />
      )}
    </>
  )
}
