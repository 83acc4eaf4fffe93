import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Gate } from '@/features/accounts/components/gate'
import type { Actor } from '@/features/accounts/schema'
import { DeskPage } from '@/features/desk/components/desk-page'
import { UploadForm, UploadList } from '@/features/uploads/components/upload-form'
import { importProblemText } from '@/features/uploads/components/words'
import { uploadsFor } from '@/features/uploads/data'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry/import'>

const mostShown = 50

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'imports')('title') } : {}
}

export default async function ImportPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const path = '/entry/import'
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack">
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
          {async (actor) => <Desk locale={locale} actor={actor} query={await searchParams} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

type Query = Record<string, string | string[] | undefined>

async function Desk({ locale, actor, query }: { locale: Locale; actor: Actor; query: Query }) {
  const t = translator(locale, 'imports')
  const texts = Object.fromEntries(
    Object.entries(query).flatMap(([name, text]) =>
      typeof text === 'string' ? [[name, text.slice(0, 200)]] : [],
    ),
  )
  const { problem } = texts
  const text = problem ? importProblemText(locale, { code: problem, params: texts }) : null
  const uploads = await uploadsFor(actor, mostShown)
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      <section className="stack max-w-text pt-4" aria-labelledby="choose">
        <h2 id="choose">{t('upload.title')}</h2>
        <UploadForm locale={locale} problem={text} />
      </section>
      <section className="stack pt-8" aria-labelledby="mine">
        <h2 id="mine">{t('mine.title')}</h2>
        <UploadList locale={locale} uploads={uploads} />
      </section>
    </>
  )
}
