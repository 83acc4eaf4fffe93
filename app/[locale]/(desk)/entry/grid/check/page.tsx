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
import type { AnswerState } from '@/features/sets/schema'
import { readSettings } from '@/features/settings/data'
import { CheckPage } from '@/features/sheets/components/check-page'
import { readDiff, readFrame } from '@/features/sheets/data'
import { sheetAddress } from '@/features/sheets/rules'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry/grid/check'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'sheets.check')('title') } : {}
}

export default async function SheetCheckPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const query = await searchParams
  const address = sheetAddress(query)
  const path = `/entry/grid/check?${address}`
  const answer = await keptAnswer<AnswerState>('submit')
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={answer?.goTo ?? null} />
      <div className="stack">
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
          {(actor) => (
            <Content
              locale={locale}
              actor={actor}
              address={address}
              isOnlyWarned={query.show === 'warnings'}
              answer={answer}
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
  address,
  isOnlyWarned,
  answer,
}: {
  locale: Locale
  actor: Actor
  address: string
  isOnlyWarned: boolean
  answer: AnswerState | undefined
}) {
  const names = await catalogue()
  const frame = await readFrame(address, names)
  if (!frame) notFound()
  const [diff, { fourEyes }] = await Promise.all([readDiff(frame, actor), readSettings()])
  return (
    <CheckPage
      locale={locale}
      writer={figureWriter(names, locale)}
      frame={frame}
      diff={diff}
      step={entryStep(actor, fourEyes) ?? 'send'}
      id={randomUUID()}
      isOnlyWarned={isOnlyWarned}
      answer={answer}
    />
  )
}
