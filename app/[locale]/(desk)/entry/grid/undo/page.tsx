import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Follow } from '@/components/ui/follow'
import { Gate } from '@/features/accounts/components/gate'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { entryStep } from '@/features/proposals/rules'
import { UndoPage } from '@/features/sets/components/undo-page'
import { readUndo } from '@/features/sets/data'
import type { AnswerState } from '@/features/sets/schema'
import { readSettings } from '@/features/settings/data'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry/grid/undo'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'sets')('undoTitle') } : {}
}

export default async function UndoCommitPage({ params, searchParams }: Props) {
  const { locale } = await params
  const commit = Number(/^\d{1,9}$/.exec(String((await searchParams).commit))?.[0] ?? 0)
  if (!isLocale(locale) || commit === 0) notFound()
  const path = `/entry/grid/undo?commit=${commit}`
  const answer = await keptAnswer<AnswerState>('undo')
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={answer?.goTo ?? null} />
      <div className="stack">
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
          {(actor) => <Content locale={locale} actor={actor} commit={commit} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Content({
  locale,
  actor,
  commit,
}: {
  locale: Locale
  actor: Actor
  commit: number
}) {
  const [names, plan, { fourEyes }] = await Promise.all([
    catalogue(),
    readUndo(commit),
    readSettings(),
  ])
  if (!plan) notFound()
  return (
    <UndoPage
      locale={locale}
      writer={figureWriter(names, locale)}
      plan={plan}
      id={randomUUID()}
      step={entryStep(actor, fourEyes) ?? 'send'}
      answer={await keptAnswer<AnswerState>('undo')}
    />
  )
}
