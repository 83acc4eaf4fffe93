import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Follow } from '@/components/ui/follow'
import { Gate } from '@/features/accounts/components/gate'
import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { SetPage } from '@/features/sets/components/set-page'
import { readMembers, readPublic, readSet } from '@/features/sets/data'
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
  const isDone = (await searchParams).done === '1'
  const answer = await keptAnswer<AnswerState>('decide')
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={answer?.goTo ?? null} />
      <div className="stack">
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
          {(actor) => <Content locale={locale} actor={actor} id={id} isDone={isDone} />}
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
}: {
  locale: Locale
  actor: Actor
  id: string
  isDone: boolean
}) {
  const set = await readSet(id)
  const isOwn = set?.author.id === actor.userId
  const mayReview = may(actor.role, 'proposals.review')
  if (!set || !(isOwn || mayReview)) notFound()
  const [names, members, { fourEyes }] = await Promise.all([
    catalogue(),
    readMembers(id),
    readSettings(),
  ])
  const known = await readPublic(members)
  return (
    <SetPage
      locale={locale}
      writer={figureWriter(names, locale)}
      set={set}
      members={members}
      known={known}
      seen={seenOf(known)}
      may={{ decide: mayReview && (!isOwn || fourEyes === 'off'), own: isOwn }}
      isDone={isDone}
      answer={await keptAnswer<AnswerState>('decide')}
      resume={
        <ResumeForm locale={locale} set={set} answer={await keptAnswer<AnswerState>('resume')} />
      }
    />
  )
}
