import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ButtonLink } from '@/components/ui/button'
import { DefinitionList } from '@/components/ui/definition-list'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { likePath } from '@/features/proposals/components/my-proposals'
import { figureName, proposedText } from '@/features/proposals/components/words'
import { isCurrent, ownProposal } from '@/features/proposals/data'
import { inLocale, isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry/done'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'entry')('title') } : {}
}

export default async function DonePage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const id = String((await searchParams).id)
  const path = `/entry/done?${new URLSearchParams({ id })}`
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
          {(actor) => <Done locale={locale} id={id} userId={actor.userId} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Done({ locale, id, userId }: { locale: Locale; id: string; userId: string }) {
  const t = translator(locale, 'entry')
  const proposal = await ownProposal(id, userId)
  const other = (
    <ButtonLink rank="secondary" href={localePath(locale, '/entry')}>
      {t('done.other')}
    </ButtonLink>
  )
  if (!proposal) {
    return (
      <>
        <h1>{t('done.unknown')}</h1>
        <p className="lead">{t('done.unknownText')}</p>
        <p>{other}</p>
      </>
    )
  }
  const writer = figureWriter(await catalogue(), locale)
  const { state, release } = proposal
  const isWithdrawn = proposal.purpose === 'withdrawal' && state === 'published'
  const isHistory = state === 'published' && !(await isCurrent(proposal))
  return (
    <>
      <h1>{isWithdrawn ? t('done.withdrawn') : t(`done.${state}`)}</h1>
      <Notice tone={state === 'returned' ? 'warning' : 'success'}>
        <p>{isWithdrawn ? t('done.withdrawnText') : t(`done.${state}Text`)}</p>
        {isHistory && <p>{t('done.history')}</p>}
      </Notice>
      <DefinitionList
        definitions={[
          { term: t('mine.figure'), detail: figureName(locale, writer, proposal) },
          { term: t('mine.period'), detail: writer.period(proposal) },
          {
            term: t('mine.value'),
            detail: <strong>{proposedText(locale, writer, proposal)}</strong>,
          },
          {
            term: t('form.source'),
            detail: proposal.source.publisher && writer.source(proposal.source),
          },
          { term: t('fields.release'), detail: release && inLocale(release.title, locale) },
        ]}
      />
      <p className="flex flex-wrap gap-3">
        <ButtonLink href={likePath(locale, proposal)}>{t('done.next')}</ButtonLink>
        {other}
        <ButtonLink rank="secondary" href={writer.indicatorPath(proposal.indicator)}>
          {t('done.indicator', { indicator: writer.names.indicator(proposal.indicator) })}
        </ButtonLink>
        <ButtonLink rank="secondary" href={localePath(locale, '/')}>
          {t('done.overview')}
        </ButtonLink>
      </p>
    </>
  )
}
