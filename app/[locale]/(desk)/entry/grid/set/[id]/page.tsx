import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Follow } from '@/components/ui/follow'
import { Gate } from '@/features/accounts/components/gate'
import { scopesOf } from '@/features/accounts/data'
import { inScope, may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { SetPage } from '@/features/sets/components/set-page'
import { readBefore, readMembers, readPublic, readSet } from '@/features/sets/data'
import { seenOf } from '@/features/sets/rules'
import type { AnswerState } from '@/features/sets/schema'
import { readSettings } from '@/features/settings/data'
import { ResumeForm } from '@/features/sheets/components/resume-form'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry/grid/set/[id]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'sets')('title') } : {}
}

export default async function FigureSetPage({ params, searchParams }: Props) {
  const { locale, id } = await params
  if (!isLocale(locale)) notFound()
  const path = `/entry/grid/set/${id}`
  const { done, show } = await searchParams
  const answer = await keptAnswer<AnswerState>('decide')
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={answer?.goTo ?? null} />
      <div className="stack">
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
          {(actor) => (
            <Content
              locale={locale}
              actor={actor}
              id={id}
              isDone={done === '1'}
              isOnlyWarned={show === 'warnings'}
            />
          )}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Content({
  locale,
  actor,
  id,
  isDone,
  isOnlyWarned,
}: {
  locale: Locale
  actor: Actor
  id: string
  isDone: boolean
  isOnlyWarned: boolean
}) {
  const set = await readSet(id)
  const isOwn = set?.author.id === actor.userId
  const mayReview = may(actor.role, 'proposals.review')
  if (!set || !(isOwn || mayReview)) notFound()
  const [names, members, scopes, { fourEyes }] = await Promise.all([
    catalogue(),
    readMembers(id),
    scopesOf(actor.userId),
    readSettings(),
  ])
  const isPublic = set.commit !== null
  // What is not public yet is no business of somebody limited to other places.
  if (!isOwn && !isPublic && !members.every((member) => inScope(scopes, member))) notFound()
  const known = await readPublic(members)
  return (
    <SetPage
      locale={locale}
      writer={figureWriter(names, locale)}
      set={set}
      members={members}
      known={known}
      before={set.commit === null ? known : await readBefore(set.commit, members)}
      seen={seenOf(known)}
      may={{ decide: mayReview && (!isOwn || fourEyes === 'off'), own: isOwn }}
      isDone={isDone}
      isOnlyWarned={isOnlyWarned}
      answer={await keptAnswer<AnswerState>('decide')}
      resume={
        <ResumeForm locale={locale} set={set} answer={await keptAnswer<AnswerState>('resume')} />
      }
    />
  )
}
