import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Gate } from '@/features/accounts/components/gate'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { today } from '@/features/figures/cached'
import { figureWriter } from '@/features/figures/series'
import { CopyForm } from '@/features/sources/components/copy-form'
import { readSource } from '@/features/sources/data'
import { copyProblems, readSourceId } from '@/features/sources/schema'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/sources/[id]/copy'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'sources.copyForm')('title') } : {}
}

export default async function Page({ params, searchParams }: Props) {
  const { locale, id } = await params
  const number = readSourceId(id)
  if (!isLocale(locale) || number === null) notFound()
  const path = `/sources/${number}/copy`
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack">
        <Gate permission="sources.keep" locale={locale} path={localePath(locale, path)}>
          {async () => <Form locale={locale} id={number} query={await searchParams} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

type Query = Record<string, string | string[] | undefined>

async function Form({ locale, id, query }: { locale: Locale; id: number; query: Query }) {
  const source = await readSource(id)
  if (!source) notFound()
  const t = translator(locale, 'sources.copyForm')
  const writer = figureWriter(await catalogue(), locale)
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '')
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">
        <a href={writer.sourcePath(id)}>{writer.source(source)}</a>
        {source.title && (
          <>
            <br />
            <bdi>{source.title}</bdi>
          </>
        )}
      </p>
      <CopyForm
        locale={locale}
        sourceId={id}
        values={{ capturedOn: text('capturedOn') || (await today()), note: text('note') }}
        problem={copyProblems.find((code) => code === query.problem) ?? null}
      />
    </>
  )
}
