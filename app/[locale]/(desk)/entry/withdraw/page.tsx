import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DefinitionList } from '@/components/ui/definition-list'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { currentActor } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { WithdrawalForm } from '@/features/proposals/components/withdrawal-form'
import { figureName, isolated, signInBeside } from '@/features/proposals/components/words'
import { ownProposal } from '@/features/proposals/data'
import { entryStep, newestRevision } from '@/features/proposals/rules'
import type { WithdrawalState } from '@/features/proposals/schema'
import { figureProof } from '@/features/record/data'
import { readSettings } from '@/features/settings/data'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/entry/withdraw'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'entry.withdrawal')('title') } : {}
}

export default async function WithdrawPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const query = await searchParams
  const figure = String(query.figure ?? '')
  const proposal = String(query.proposal ?? '')
  const path = `/entry/withdraw?${new URLSearchParams({ figure, proposal })}`
  const answer = await keptAnswer<WithdrawalState>('withdrawal')
  const page = { locale, figure, proposalId: proposal }
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        {answer ? (
          // Whoever sent the form gets it back, also when their session ended while they typed.
          <Withdraw {...page} actor={await currentActor()} answer={answer} />
        ) : (
          <Gate permission="figures.propose" locale={locale} path={localePath(locale, path)}>
            {(actor) => <Withdraw {...page} actor={actor} answer={undefined} />}
          </Gate>
        )}
      </div>
    </DeskPage>
  )
}

async function Withdraw({
  locale,
  figure: id,
  proposalId,
  actor,
  answer,
}: {
  locale: Locale
  figure: string
  proposalId: string
  actor: Actor | null
  answer: WithdrawalState | undefined
}) {
  const t = translator(locale, 'entry')
  const isId = /^[1-9]\d{0,8}$/.test(id)
  const [proof, edited, settings] = await Promise.all([
    isId ? figureProof(Number(id), {}) : null,
    ownProposal(proposalId, actor?.userId ?? ''),
    readSettings(),
  ])
  const found = proof?.ok ? proof.value : null
  if (!found?.figure) {
    return (
      <>
        <h1>{t('withdrawal.title')}</h1>
        <p className="lead">{found ? t('withdrawal.already') : t('withdrawal.unknown')}</p>
      </>
    )
  }
  const { figure, history, catalogue } = found
  const writer = figureWriter(catalogue, locale)
  const returned = edited?.state === 'returned' && edited.observation === figure.id ? edited : null
  const step = returned ? 'send' : ((actor && entryStep(actor, settings.fourEyes)) ?? 'send')
  const { publisher = '', title = '', publishedLabel = '', url = '' } = returned?.source ?? {}
  const newest = newestRevision(history.revisions)
  const initial: WithdrawalState = {
    attempt: 0,
    values: { reason: returned?.reason ?? '', publisher, title, sourceDate: publishedLabel, url },
    ticket: {
      id: returned?.id ?? randomUUID(),
      base: newest === null ? '' : String(newest),
      version: returned ? String(returned.version) : '',
      figure: String(figure.id),
    },
    problems: [],
    isSignedOut: false,
    goTo: null,
  }
  // The page shows the figure as it is now: sent once more, the form is about that.
  const shown = answer && { ...answer, ticket: { ...answer.ticket, base: initial.ticket.base } }
  const optional = (name: 'title' | 'sourceDate' | 'url') =>
    t('form.optional', { label: t(`fields.${name}`) })
  return (
    <>
      <h1>{t('withdrawal.title')}</h1>
      <p className="lead">{t('withdrawal.lead')}</p>
      {returned?.comment && (
        <Notice tone="warning" title={t('form.returned', { name: isolated(returned.comment.by) })}>
          <p>
            <bdi>{returned.comment.text}</bdi>
          </p>
        </Notice>
      )}
      <DefinitionList
        definitions={[
          {
            term: t('mine.figure'),
            detail: <a href={writer.figurePath(figure)}>{figureName(locale, writer, figure)}</a>,
          },
          { term: t('mine.period'), detail: writer.period(figure) },
          { term: t('mine.value'), detail: <strong>{writer.value(figure)}</strong> },
          { term: t('form.source'), detail: writer.source(figure.current.source) },
        ]}
      />
      <WithdrawalForm
        locale={locale}
        initial={shown ?? initial}
        signInPath={signInBeside(locale)}
        texts={{
          labels: {
            reason: t('withdrawal.reason'),
            publisher: t('fields.publisher'),
            title: optional('title'),
            sourceDate: optional('sourceDate'),
            url: optional('url'),
          },
          reasonHint: t('hints.reason'),
          source: t('withdrawal.source'),
          sourceHint: t('withdrawal.sourceHint'),
          note: t(`withdrawal.${step}Note`),
          submit: t(`withdrawal.${step}`),
          sending: t('form.sending'),
          errorTitle: t('withdrawal.errorTitle'),
          errorPrefix: t('form.errorPrefix'),
          signIn: t('form.signIn'),
        }}
      />
    </>
  )
}
