import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { Follow } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import {
  AcademyEditor,
  ActSections,
  History,
  Mergers,
} from '@/features/academies/components/academy-desk'
import { stateOf } from '@/features/academies/components/registry-list'
import { readKeptAcademy } from '@/features/academies/data'
import { academyValues } from '@/features/academies/rules'
import { type AcademyFormState, type ActFormState, actNames } from '@/features/academies/schema'
import { Gate } from '@/features/accounts/components/gate'
import type { Actor } from '@/features/accounts/schema'
import { readCatalogueNow } from '@/features/catalogue/data'
import { catalogueNames } from '@/features/catalogue/rules'
import { DeskPage } from '@/features/desk/components/desk-page'
import { keptAnswer } from '@/lib/form-answer'
import { inLocale, isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/registry/[code]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, code } = await params
  if (!isLocale(locale)) return {}
  const t = translator(locale, 'academies')
  return { title: code === 'new' ? t('add') : `${code} · ${t('title')}` }
}

interface Answers {
  saved: AcademyFormState | undefined
  act: ActFormState | undefined
}

export default async function AcademyDeskPage({ params, searchParams }: Props) {
  const { locale, code } = await params
  if (!isLocale(locale)) notFound()
  const path = `/registry/${code}`
  const answers: Answers = {
    saved: await keptAnswer<AcademyFormState>('academy'),
    act: await keptAnswer<ActFormState>('academy-act'),
  }
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={answers.saved?.goTo ?? answers.act?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="academies.keep" locale={locale} path={localePath(locale, path)}>
          {async (actor) => {
            const { done } = await searchParams
            return code === 'new' ? (
              <NewAcademy locale={locale} answer={answers.saved} />
            ) : (
              <Desk {...{ locale, actor, code, answers, done }} />
            )
          }}
        </Gate>
      </div>
    </DeskPage>
  )
}

function Way({ locale, current }: { locale: Locale; current: string }) {
  const t = translator(locale, 'academies')
  const crumbs = [{ text: t('register'), href: localePath(locale, '/registry') }]
  return <Breadcrumbs label={t('way')} crumbs={crumbs} current={current} />
}

const blank = (): AcademyFormState => ({
  attempt: 0,
  values: {},
  ticket: { id: randomUUID(), version: '0' },
  problems: [],
  goTo: null,
})

async function NewAcademy({
  locale,
  answer,
}: {
  locale: Locale
  answer: AcademyFormState | undefined
}) {
  const t = translator(locale, 'academies')
  return (
    <>
      <Way locale={locale} current={t('add')} />
      <h1>{t('add')}</h1>
      <AcademyEditor
        locale={locale}
        catalogue={await readCatalogueNow()}
        code=""
        initial={answer ?? blank()}
      />
    </>
  )
}

async function Desk({
  locale,
  actor,
  code,
  answers,
  done,
}: {
  locale: Locale
  actor: Actor
  code: string
  answers: Answers
  done: string | string[] | undefined
}) {
  const t = translator(locale, 'academies')
  const [catalogue, kept] = await Promise.all([readCatalogueNow(), readKeptAcademy(actor, code)])
  if (!kept) {
    return (
      <>
        <Way locale={locale} current={t('gone.title')} />
        <h1>{t('gone.title')}</h1>
        <p className="lead">{t('gone.text')}</p>
      </>
    )
  }
  const { academy, contact, merged, history } = kept
  const name = inLocale(academy.name, locale)
  const act = actNames.find((known) => known === done)
  const initial: AcademyFormState = answers.saved ?? {
    ...blank(),
    values: { ...academyValues(academy), contact },
    ticket: { id: randomUUID(), version: String(academy.version) },
  }
  return (
    <>
      <Way locale={locale} current={name} />
      <h1>
        <bdi>{name}</bdi>
      </h1>
      <p className="text-muted">{stateOf(locale, catalogueNames(catalogue, locale), academy)}</p>
      {act && (
        <Notice tone="success">
          <p>{t(`done.${act}`)}</p>
        </Notice>
      )}
      <Mergers {...{ locale, catalogue, academy, merged }} />
      <AcademyEditor locale={locale} catalogue={catalogue} code={code} initial={initial} />
      <ActSections {...{ locale, catalogue, academy }} answer={answers.act} />
      <History locale={locale} history={history} />
    </>
  )
}
