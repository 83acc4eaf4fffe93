import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Gate } from '@/features/accounts/components/gate'
import { catalogue as catalogueNow } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { recordState } from '@/features/record/data'
import { QuestionForm } from '@/features/reporting/components/question-form'
import { RollUpResult } from '@/features/reporting/components/roll-up-result'
import { readAsked, readRollUp } from '@/features/reporting/data'
import { programmesWithAcademies, queryText } from '@/features/reporting/series'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/reporting'>
type Query = Record<string, string | string[] | undefined>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'reporting')('title') } : {}
}

export default async function ReportingPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const query = await searchParams
  const words = queryText(query)
  const path = words ? `/reporting?${words}` : '/reporting'
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
          {() => <Content locale={locale} query={query} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Content({ locale, query }: { locale: Locale; query: Query }) {
  const t = translator(locale, 'reporting')
  const asOf = [query.asOf ?? []].flat()[0] ?? ''
  const state = asOf ? await recordState({ asOf }) : null
  const vintage = state?.ok ? state.value.vintage : null
  const catalogue = state?.ok ? state.value.catalogue : await catalogueNow()
  const { typed, custom, asked, problems } = await readAsked(query, catalogue, {
    vintage,
    one: true,
  })
  const [line] = asked?.lines ?? []
  const isAnswered = asked && line && (state === null || state.ok)
  const result = isAnswered ? await readRollUp({ ...asked, line }, catalogue, vintage) : null
  const writer = figureWriter(catalogue, locale, vintage)
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      {programmesWithAcademies(catalogue).length === 0 ? (
        <p>{t('noAcademies')}</p>
      ) : (
        <>
          <QuestionForm
            locale={locale}
            path="/reporting"
            catalogue={catalogue}
            typed={typed}
            custom={custom}
            problems={
              state && !state.ok
                ? [...problems, { field: 'asOf', from: 'vintage', ...state.problem }]
                : problems
            }
            asOf={asOf}
          />
          {result && (
            <RollUpResult
              locale={locale}
              catalogue={catalogue}
              writer={writer}
              result={result}
              asOf={vintage ? asOf : ''}
            />
          )}
        </>
      )}
    </>
  )
}
