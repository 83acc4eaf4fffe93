import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Gate } from '@/features/accounts/components/gate'
import type { Actor } from '@/features/accounts/schema'
import { DeskPage } from '@/features/desk/components/desk-page'
import { type Query, UploadPage } from '@/features/uploads/components/upload-page'
import { readUpload } from '@/features/uploads/data'
import { readUploadId } from '@/features/uploads/schema'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry/import/[id]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'imports')('title') } : {}
}

export default async function Page({ params, searchParams }: Props) {
  const { locale, id: word } = await params
  const id = readUploadId(word)
  if (!isLocale(locale) || id === null) notFound()
  const path = `/entry/import/${id}`
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack import-page">
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
          {async (actor) => (
            <File locale={locale} actor={actor} id={id} query={await searchParams} />
          )}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function File({
  locale,
  actor,
  id,
  query,
}: {
  locale: Locale
  actor: Actor
  id: string
  query: Query
}) {
  const upload = await readUpload(actor, id)
  if (upload) return <UploadPage locale={locale} actor={actor} upload={upload} query={query} />
  const t = translator(locale, 'imports')
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('problems.missing')}</p>
      <p>
        <a href={localePath(locale, '/entry/import')}>{t('mine.title')}</a>
      </p>
    </>
  )
}
