import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Follow, type Followed } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import type { AnswerState } from '@/features/sets/schema'
import { ChooseForm } from '@/features/sheets/components/choose-form'
import { MyGrids } from '@/features/sheets/components/my-grids'
import { OldDraftsNotice } from '@/features/sheets/components/old-drafts'
import { SheetPage } from '@/features/sheets/components/sheet-page'
import {
  frameFor,
  openSheets,
  readOldDrafts,
  readSheet,
  withFindings,
} from '@/features/sheets/data'
import { readSelection, sheetAddress, typedSelection } from '@/features/sheets/rules'
import type { SelectionProblem } from '@/features/sheets/schema'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry/grid'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'sheets')('title') } : {}
}

export default async function GridPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const query = await searchParams
  const address = sheetAddress(query)
  const path = address ? `/entry/grid?${address}` : '/entry/grid'
  const answer = await keptAnswer<AnswerState>('block')
  const kept = await keptAnswer<Followed>('old')
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={kept?.goTo ?? null} />
      <div className="stack">
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
          {(actor) => <Content locale={locale} actor={actor} query={query} answer={answer} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Content({
  locale,
  actor,
  query,
  answer,
}: {
  locale: Locale
  actor: Actor
  query: Record<string, string | string[] | undefined>
  answer: AnswerState | undefined
}) {
  const t = translator(locale, 'sheets')
  const names = await catalogue()
  const typed = typedSelection(query)
  const isAsked = sheetAddress(query) !== ''
  const read = readSelection(typed, names)
  const frame = read.ok ? await frameFor(read.selection, names) : null
  const isChoosing = query.choose === '1'
  if (frame && !isChoosing) {
    const sheet = await readSheet(frame, actor)
    const facts = await withFindings(frame, actor, sheet.facts)
    return (
      <>
        {query.kept === '1' && (
          <Notice tone="success">
            <p>{t('sheet.kept')}</p>
          </Notice>
        )}
        <SheetPage
          locale={locale}
          actor={actor}
          sheet={{ ...sheet, facts }}
          writer={figureWriter(names, locale)}
          answer={answer}
        />
      </>
    )
  }
  const noRows: SelectionProblem[] =
    read.ok && !frame ? [{ field: 'programme', from: 'sheets', code: 'noRows' }] : []
  const problems = read.ok ? noRows : isAsked ? read.problems : []
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      {query.old === 'kept' && (
        <Notice tone="success">
          <p>{t('old.kept')}</p>
        </Notice>
      )}
      {query.old === 'failed' && (
        <Notice tone="warning">
          <p>{t('old.keepFailed')}</p>
        </Notice>
      )}
      <OldDraftsNotice locale={locale} catalogue={names} {...(await readOldDrafts(actor))} />
      <MyGrids
        locale={locale}
        writer={figureWriter(names, locale)}
        sheets={await openSheets(actor)}
      />
      <h2>{t('choose.title')}</h2>
      <ChooseForm
        locale={locale}
        catalogue={names}
        typed={typed}
        problems={isChoosing ? [] : problems}
      />
    </>
  )
}
