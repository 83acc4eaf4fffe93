import { DefinitionList } from '@/components/ui/definition-list'
import { Notice } from '@/components/ui/notice'
import type { FigureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { inLocale, type Locale, translator } from '@/lib/i18n'
import type { DecisionState, ProposalInReview } from '../schema'
import { DecisionForm } from './decision-form'
import { Steps } from './steps'
import { changeText, figureName, isolated, momentText, signInBeside, warningText } from './words'

/** The form that decides on all proposals ticked in the list. */
export const chosenForm = 'decide-chosen'

/** One proposal: what is public, what it would become, why, and the decision. */
export function ReviewItem({
  locale,
  writer,
  item,
  isDecidable,
  isChoosable,
  isChosen,
  answer,
}: {
  locale: Locale
  writer: FigureWriter
  item: ProposalInReview
  /** Whether this reviewer may decide on it: where four eyes hold, not on their own. */
  isDecidable: boolean
  /** Whether it can be ticked, to be decided with others. */
  isChoosable: boolean
  /** Whether it is ticked already. */
  isChosen: boolean
  /** What a decision on this page was answered; perhaps on another proposal. */
  answer: DecisionState | undefined
}) {
  const t = translator(locale, 'review')
  const { proposal, newest, warnings } = item
  const name = figureName(locale, writer, proposal)
  const figure = [name, writer.period(proposal)].join(translator(locale, 'entry')('comma'))
  const hasChanged = newest !== proposal.base
  const headingId = `p-${proposal.id}`

  return (
    <article className="card stack" aria-labelledby={headingId}>
      <h2 id={headingId} className="text-h3">
        {name}
        <span className="block text-muted">{writer.period(proposal)}</span>
      </h2>
      {hasChanged && (
        <Notice tone="warning" title={t('changed')}>
          <p>{t('changedText')}</p>
        </Notice>
      )}
      <Comparison locale={locale} writer={writer} item={item} />
      {warnings.length > 0 && (
        <Notice tone="warning" title={t('warnings')}>
          <ul className="list-disc ps-5">
            {warnings.map((one) => {
              const text = warningText(locale, writer, proposal.unit, one)
              return <li key={text}>{text}</li>
            })}
          </ul>
          {proposal.reason && (
            <p className="mt-2">
              <strong>{t('reason')}:</strong> <bdi>{proposal.reason}</bdi>
            </p>
          )}
        </Notice>
      )}
      <Facts locale={locale} writer={writer} item={item} />
      <details>
        <summary>{t('steps')}</summary>
        <Steps locale={locale} steps={proposal.steps} />
      </details>
      {!isDecidable ? (
        <p className="text-muted">{t('own')}</p>
      ) : (
        <>
          {isChoosable && (
            <p className="field flex items-center gap-3">
              <input
                type="checkbox"
                id={`choose-${proposal.id}`}
                name="chosen"
                form={chosenForm}
                defaultChecked={isChosen}
                value={`${proposal.id} ${proposal.version} ${newest ?? ''}`}
              />
              <label htmlFor={`choose-${proposal.id}`}>{t('choose', { figure })}</label>
            </p>
          )}
          <Decision
            locale={locale}
            ticket={{
              id: proposal.id,
              version: String(proposal.version),
              seen: newest === null ? '' : String(newest),
            }}
            answer={answer?.ticket.id === proposal.id ? answer : undefined}
            act={actOf(item)}
            figure={figure}
          />
        </>
      )}
    </article>
  )
}

/** The decision with its texts; without the proposal for somebody who is no longer signed in. */
export function Decision({
  locale,
  ticket,
  answer,
  act,
  figure,
}: {
  locale: Locale
  ticket: DecisionState['ticket']
  answer: DecisionState | undefined
  act: Act
  figure: string
}) {
  const t = translator(locale, 'review')
  const approve = t(act)
  return (
    <DecisionForm
      locale={locale}
      ticket={ticket}
      answer={answer}
      texts={{
        comment: t('comment'),
        commentHint: t('commentHint'),
        approve,
        approveOf: t('approveOf', { action: approve, figure }),
        return: t('return'),
        returnOf: t('approveOf', { action: t('return'), figure }),
        errorTitle: t('errorTitle'),
        errorPrefix: t('errorPrefix'),
        signIn: t('signIn'),
      }}
      signInPath={signInBeside(locale)}
    />
  )
}

/** What approval does. */
type Act = 'approve' | 'approveOver' | 'approveHeld' | 'approveWithdrawal'

function actOf({ proposal, newest }: ProposalInReview): Act {
  if (proposal.purpose === 'withdrawal') return 'approveWithdrawal'
  if (proposal.release?.isOpen) return 'approveHeld'
  return newest === null ? 'approve' : 'approveOver'
}

type Part = { locale: Locale; writer: FigureWriter; item: ProposalInReview }

function Comparison({ locale, writer, item: { proposal, current } }: Part) {
  const t = translator(locale, 'review')
  const before = current?.value ?? null
  const isWithdrawal = proposal.purpose === 'withdrawal'
  const change =
    before === null || isWithdrawal
      ? null
      : (changeText(locale, before, proposal.value) ?? t('same'))
  return (
    <dl className="flex flex-wrap items-baseline gap-x-10 gap-y-3">
      <div>
        <dt className="eyebrow">{t('old')}</dt>
        <dd className="text-h3">
          {current === null ? t('first') : writer.value({ ...current, unit: proposal.unit })}
        </dd>
      </div>
      <div>
        <dt className="eyebrow">{t('new')}</dt>
        <dd className="text-h2 font-semibold">
          {writer.value({ ...proposal, value: isWithdrawal ? null : proposal.value })}
        </dd>
      </div>
      {change && (
        <div>
          <dt className="eyebrow">{t('change')}</dt>
          <dd className="text-h3">
            <bdi>{change}</bdi>
          </dd>
        </div>
      )}
    </dl>
  )
}

function Facts({ locale, writer, item: { proposal, current } }: Part) {
  const t = translator(locale, 'review')
  const figures = translator(locale, 'figures')
  const status = `status.${proposal.status}` as Parameters<typeof figures.has>[0]
  const { title, url } = proposal.source
  const label = title || url
  const { release } = proposal
  return (
    <DefinitionList
      definitions={[
        {
          term: t('release'),
          detail:
            release &&
            t('releaseAt', {
              title: isolated(inLocale(release.title, locale)),
              at: momentText(locale, release.announcedAt),
            }),
        },
        {
          term: t('withdrawalReason'),
          detail: proposal.purpose === 'withdrawal' && <bdi>{proposal.reason}</bdi>,
        },
        {
          term: t('source'),
          detail: proposal.source.publisher && (
            <>
              {writer.source(proposal.source)}
              {label && (
                <>
                  <br />
                  {url ? (
                    <a href={url} target="_blank" rel="noreferrer">
                      <bdi>{label}</bdi>
                    </a>
                  ) : (
                    <bdi>{label}</bdi>
                  )}
                </>
              )}
            </>
          ),
        },
        { key: 'now', term: t('sourceNow'), detail: current && writer.source(current.source) },
        {
          term: t('status'),
          detail: [
            figures(`role.${proposal.role}`),
            figures(`kind.${proposal.kind}`),
            figures.has(status) ? figures(status) : proposal.status,
            figures(`precision.${proposal.precision}`),
          ].join(' · '),
        },
        {
          term: t('released'),
          detail: proposal.releasedOn && formatDay(proposal.releasedOn, locale),
        },
        { term: t('note'), detail: proposal.note && <bdi>{proposal.note}</bdi> },
        {
          term: t('author'),
          detail: t('authorAt', {
            name: isolated(proposal.author.name),
            at: momentText(locale, proposal.updatedAt),
          }),
        },
      ]}
    />
  )
}
