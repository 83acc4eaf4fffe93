import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { Follow } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { type FigureWriter, figureWriter } from '@/features/figures/series'
import { Formers, LedTo, sourceName } from '@/features/sources/components/led'
import { CorrectionForm, MergerForms, StateForm } from '@/features/sources/components/source-desk'
import { readDeskSources, readEditedSource } from '@/features/sources/data'
import {
  type EditedSource,
  readSearch,
  readSourceId,
  type SourceFormState,
} from '@/features/sources/schema'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/catalogue/sources/[id]'>
type Query = Record<string, string | string[] | undefined>

const forms = ['sourceCorrection', 'sourceMerger', 'sourceState'] as const
const outcomes = ['corrected', 'merged', 'archived', 'reopened'] as const

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, id } = await params
  return isLocale(locale) ? { title: translator(locale, 'sources')('sourceTitle', { id }) } : {}
}

export default async function SourceDeskPage({ params, searchParams }: Props) {
  const { locale, id } = await params
  if (!isLocale(locale)) notFound()
  const path = `/catalogue/sources/${id}`
  const answers = await Promise.all(forms.map((form) => keptAnswer<SourceFormState>(form)))
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={answers.find((answer) => answer)?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="catalogue.edit" locale={locale} path={localePath(locale, path)}>
          {async () => <Desk locale={locale} id={id} query={await searchParams} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Desk({ locale, id, query }: { locale: Locale; id: string; query: Query }) {
  const t = translator(locale, 'sources.desk')
  const list = localePath(locale, '/catalogue/sources')
  const number = readSourceId(id)
  const source = number && (await readEditedSource(number))
  const way = translator(locale, 'catalogue')
  const crumbs = [
    { text: way('admin'), href: localePath(locale, '/admin') },
    { text: translator(locale, 'sources')('title'), href: list },
  ]
  if (!source) {
    return (
      <>
        <Breadcrumbs label={way('way')} crumbs={crumbs} current={t('gone.title')} />
        <h1>{t('gone.title')}</h1>
        <p className="lead">{t('gone.text')}</p>
      </>
    )
  }
  const writer = figureWriter(await catalogue(), locale)
  const done = outcomes.find((one) => one === query.done)
  return (
    <>
      <Breadcrumbs label={way('way')} crumbs={crumbs} current={`[${source.id}]`} />
      <h1>
        <bdi>{sourceName(locale, source)}</bdi>
      </h1>
      {done && (
        <Notice tone="success">
          <p>{t(`done.${done}`)}</p>
        </Notice>
      )}
      <p className="lead">
        {t('cited', { count: source.figures })}{' '}
        <a href={writer.sourcePath(source.id)}>{t('public')}</a>
      </p>
      <SourceForms locale={locale} writer={writer} source={source} query={query} />
      <Formers locale={locale} writer={writer} former={source.former} />
    </>
  )
}

async function SourceForms({
  locale,
  writer,
  source,
  query,
}: {
  locale: Locale
  writer: FigureWriter
  source: EditedSource
  query: Query
}) {
  const t = translator(locale, 'sources.desk')
  const { now, state } = source
  if (now) {
    return (
      <>
        <Notice tone="warning">
          <p>
            <LedTo locale={locale} writer={writer} now={now} />
          </p>
        </Notice>
        <section aria-labelledby="undo" className="section stack">
          <h2 id="undo">{t('undo.title')}</h2>
          <p className="max-w-text">{t('undo.text')}</p>
          <StateForm locale={locale} source={source} />
        </section>
      </>
    )
  }
  const typed = readSearch(query)
  const found = await readDeskSources(typed || source.publisher)
  return (
    <>
      <section aria-labelledby="correct" className="section stack">
        <h2 id="correct">{t('correct.title')}</h2>
        <p className="max-w-text">{t('correct.text')}</p>
        <CorrectionForm locale={locale} source={source} />
      </section>
      <section aria-labelledby="merge" className="section stack">
        <h2 id="merge">{t('merge.title')}</h2>
        <p className="max-w-text">{t('merge.text')}</p>
        <MergerForms locale={locale} source={source} search={typed} found={found} />
      </section>
      <section aria-labelledby="archive" className="section stack">
        <h2 id="archive">{t(state ? 'restore.title' : 'archive.title')}</h2>
        <p className="max-w-text">{t(state ? 'restore.text' : 'archive.text')}</p>
        <StateForm locale={locale} source={source} />
      </section>
    </>
  )
}
