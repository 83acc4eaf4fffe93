import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Follow } from '@/components/ui/follow'
import { Gate } from '@/features/accounts/components/gate'
import { DeskPage } from '@/features/desk/components/desk-page'
import { Times } from '@/features/releases/components/calendar'
import { Planning } from '@/features/releases/components/planning'
import { readCalendar } from '@/features/releases/data'
import type { Release, ReleaseFormState } from '@/features/releases/schema'
import { keptAnswer } from '@/lib/form-answer'
import { inLocale, isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/plan'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'releases.desk')('title') } : {}
}

export default async function PlanPage({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const answer = await keptAnswer<ReleaseFormState>('releaseForm')
  const t = translator(locale, 'releases.desk')
  return (
    <DeskPage locale={locale} path="/plan">
      <Follow goTo={answer?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="releases.plan" locale={locale} path={localePath(locale, '/plan')}>
          {async () => {
            const { next } = await readCalendar()
            return (
              <>
                <h1>{t('title')}</h1>
                <p className="lead">{t('lead')}</p>
                {next.length === 0 && <p className="text-muted">{t('openNone')}</p>}
                {next.map((release) => (
                  <Card key={release.id} locale={locale} release={release} />
                ))}
                <h2 className="pt-8">{t('new')}</h2>
                <Planning locale={locale} release={null} answer={answer} />
              </>
            )
          }}
        </Gate>
      </div>
    </DeskPage>
  )
}

function Card({ locale, release }: { locale: Locale; release: Release }) {
  return (
    <article className="card stack" aria-labelledby={`r-${release.id}`}>
      <h2 id={`r-${release.id}`} className="text-h3">
        <a href={localePath(locale, `/plan/${release.slug}`)}>{inLocale(release.title, locale)}</a>
      </h2>
      <Times locale={locale} release={release} />
    </article>
  )
}
