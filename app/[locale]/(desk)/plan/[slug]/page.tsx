import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Follow, type Followed } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { Outcome, releasePath, Times } from '@/features/releases/components/calendar'
import { Planning } from '@/features/releases/components/planning'
import {
  CancelRelease,
  Checklist,
  PublishNow,
  ReleaseFigures,
} from '@/features/releases/components/release-desk'
import { readChecklist, releaseBySlug } from '@/features/releases/data'
import type { Release, ReleaseFormState } from '@/features/releases/schema'
import { keptAnswer } from '@/lib/form-answer'
import { inLocale, isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/plan/[slug]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'releases.desk')('title') } : {}
}

export default async function ReleaseDeskPage({ params, searchParams }: Props) {
  const { locale, slug } = await params
  if (!isLocale(locale)) notFound()
  const path = `/plan/${slug}`
  const answer = await keptAnswer<ReleaseFormState>('releaseForm')
  const left = await keptAnswer<Followed>('release')
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={answer?.goTo ?? left?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="releases.plan" locale={locale} path={localePath(locale, path)}>
          {async (actor) => {
            const release = await releaseBySlug(slug)
            if (!release) notFound()
            const query = await searchParams
            return (
              <>
                <h1>{inLocale(release.title, locale)}</h1>
                <Said locale={locale} query={query} />
                <Times locale={locale} release={release} />
                <p>
                  <a href={releasePath(locale, release)}>
                    {translator(locale, 'releases.desk')('public')}
                  </a>
                </p>
                {release.state === 'planned' || release.state === 'late' ? (
                  <Desk
                    locale={locale}
                    actor={actor}
                    release={release}
                    answer={answer}
                    problem={String(query.problem ?? '')}
                  />
                ) : (
                  <Outcome locale={locale} release={release} />
                )}
              </>
            )
          }}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Desk({
  locale,
  actor,
  release,
  answer,
  problem,
}: {
  locale: Locale
  actor: Actor
  release: Release
  answer: ReleaseFormState | undefined
  problem: string
}) {
  const [names, { figures, items }] = await Promise.all([catalogue(), readChecklist(release.id)])
  const t = translator(locale, 'releases.desk')
  const writer = figureWriter(names, locale)
  const isReady = items.every(({ level }) => level !== 'error')
  return (
    <>
      <h2 className="pt-4">{t('checklist')}</h2>
      <Checklist locale={locale} writer={writer} items={items} />
      <h2 className="pt-4">{t('figures')}</h2>
      <ReleaseFigures
        locale={locale}
        writer={writer}
        release={release}
        figures={figures}
        userId={actor.userId}
      />
      <h2 className="pt-4">{t('publish')}</h2>
      <PublishNow locale={locale} release={release} isReady={isReady} />
      <h2 className="pt-4">{t('change')}</h2>
      <Planning locale={locale} release={release} answer={answer} />
      <h2 className="pt-4">{t('cancel')}</h2>
      <CancelRelease
        locale={locale}
        release={release}
        problem={
          problem === 'reasonMissing'
            ? translator(locale, 'releases.problems')('reasonMissing')
            : undefined
        }
      />
    </>
  )
}

type Query = Record<string, string | string[] | undefined>

/** What the change that led back here did. Anybody can write the address: only known words. */
function Said({ locale, query }: { locale: Locale; query: Query }) {
  const done = translator(locale, 'releases.done')
  const problems = translator(locale, 'releases.problems')
  const doneCode = String(query.done) as Parameters<typeof done>[0]
  if (query.done && done.has(doneCode)) {
    return (
      <Notice tone="success">
        <p>{done(doneCode)}</p>
      </Notice>
    )
  }
  const code = String(query.problem) as Parameters<typeof problems>[0]
  if (!query.problem) return null
  return (
    <Notice tone="warning">
      <p>{problems(problems.has(code) ? code : 'unavailable', { most: 0, value: '', url: '' })}</p>
    </Notice>
  )
}
