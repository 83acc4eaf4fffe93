import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Gate } from '@/features/accounts/components/gate'
import type { Actor } from '@/features/accounts/schema'
import { catalogue as catalogueNow } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { QuestionForm } from '@/features/reporting/components/question-form'
import { ReminderList } from '@/features/reporting/components/reminder-list'
import { readAsked, readReminders } from '@/features/reporting/data'
import { programmesWithAcademies, queryText } from '@/features/reporting/series'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/reporting/reminders'>
type Query = Record<string, string | string[] | undefined>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'reporting.reminders')('title') } : {}
}

export default async function RemindersPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const query = await searchParams
  const words = queryText(query)
  const path = words ? `/reporting/reminders?${words}` : '/reporting/reminders'
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
          {(actor) => <Content locale={locale} actor={actor} query={query} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Content({ locale, actor, query }: { locale: Locale; actor: Actor; query: Query }) {
  const t = translator(locale, 'reporting.reminders')
  const catalogue = await catalogueNow()
  const page = await readAsked(query, catalogue, { one: false })
  const { asked } = page
  const reminders = asked ? await readReminders(actor, asked, catalogue) : null
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      {programmesWithAcademies(catalogue).length === 0 ? (
        <p>{translator(locale, 'reporting')('noAcademies')}</p>
      ) : (
        <>
          <QuestionForm
            locale={locale}
            path="/reporting/reminders"
            catalogue={catalogue}
            typed={page.typed}
            custom={page.custom}
            problems={page.problems}
            anyIndicator
          />
          {asked && reminders && (
            <ReminderList
              locale={locale}
              actor={actor}
              writer={figureWriter(catalogue, locale)}
              asked={asked}
              reminders={reminders}
            />
          )}
        </>
      )}
    </>
  )
}
