import { ButtonLink } from '@/components/ui/button'
import { DefinitionList } from '@/components/ui/definition-list'
import { Notice } from '@/components/ui/notice'
import type { FigureWriter } from '@/features/figures/series'
import { Steps } from '@/features/proposals/components/steps'
import { isolated, momentText, signInBeside } from '@/features/proposals/components/words'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { decide } from '../actions'
import type { AnswerState, ChangeRow, FigureSet, PublicFigure, SetMember } from '../schema'
import { AnswerForm } from './answer-form'
import { ChangeFilter, ChangeRows, type ShownRow, ToForm } from './change-rows'
import { emptyAnswer, noteText } from './words'

/** One set: what it changes, what has become of it, and what the reader of the page may do. */
export function SetPage({
  locale,
  writer,
  set,
  members,
  known,
  before,
  seen,
  may,
  isDone,
  isOnlyWarned,
  answer,
  resume,
}: {
  locale: Locale
  writer: FigureWriter
  set: FigureSet
  members: readonly SetMember[]
  known: readonly (PublicFigure | null)[]
  /** What each of them took the place of, or would now. */
  before: readonly ChangeRow['before'][]
  seen: string
  may: { decide: boolean; own: boolean }
  /** Whether the page follows on the set's submission. */
  isDone: boolean
  isOnlyWarned: boolean
  answer: AnswerState | undefined
  /** The form that takes it back into drafts. */
  resume: React.ReactNode
}) {
  const t = translator(locale, 'sets.set')
  const sets = translator(locale, 'sets')
  const state = translator(locale, 'entry.state')
  const isOpen = set.state === 'in_review'
  const isNow = (n: number) => (known[n]?.newest ?? null) !== (members[n]?.base ?? null)
  const commented = set.steps.findLast(({ comment }) => comment !== '')
  const hidden = { locale, id: set.id, version: String(set.version), seen }
  const texts = {
    errorTitle: sets('errorTitle'),
    errorPrefix: sets('errorPrefix'),
    signIn: sets('signIn'),
  }
  const path = localePath(locale, `/entry/grid/set/${set.id}`)
  const rows = members.map(
    (member, n): ShownRow => ({
      id: String(n),
      key: member,
      before: before[n] ?? null,
      after: { value: member.value, status: member.status, precision: member.precision },
      source: member.source,
      warnings: member.warnings,
      remarks: [
        ...(isOpen && isNow(n) ? [<strong key="now">{t('changed')}</strong>] : []),
        ...(member.note ? [noteText(locale, member.note)] : []),
        ...(member.reason ? [t('reasonOf', { reason: isolated(member.reason) })] : []),
      ],
    }),
  )
  return (
    <>
      <h1>{t(set.purpose, { count: set.count })}</h1>
      {isDone && (
        <Notice tone="success">
          <p>{set.state === 'published' ? t('published') : t('sent')}</p>
        </Notice>
      )}
      {set.state === 'returned' && commented && (
        <Notice tone="warning" title={t('returnedBy', { name: isolated(commented.by) })}>
          <p>
            <bdi>{commented.comment}</bdi>
          </p>
        </Notice>
      )}
      <DefinitionList
        definitions={[
          { term: t('state'), detail: state(set.state as 'in_review') },
          { term: t('message'), detail: <bdi>{set.message}</bdi> },
          { term: t('reason'), detail: set.reason && <bdi>{set.reason}</bdi> },
          {
            term: t('author'),
            detail: t('by', {
              name: isolated(set.author.name),
              at: momentText(locale, set.steps[0]?.at ?? set.updatedAt),
            }),
          },
          { term: t('token'), detail: set.token && <bdi>{set.token}</bdi> },
          {
            term: t('commit'),
            detail: set.commit !== null && (
              <a href={localePath(locale, `/revisions?commit=${set.commit}`)}>
                {t('commitNo', { commit: set.commit })}
              </a>
            ),
          },
          {
            term: t('undoes'),
            detail: set.undoes !== null && (
              <a href={localePath(locale, `/revisions?commit=${set.undoes}`)}>
                {t('commitNo', { commit: set.undoes })}
              </a>
            ),
          },
          {
            term: t('undoneBy'),
            detail: set.undoneBy !== null && (
              <a href={localePath(locale, `/revisions?commit=${set.undoneBy}`)}>
                {t('commitNo', { commit: set.undoneBy })}
              </a>
            ),
          },
        ]}
      />
      {isOpen && may.decide && <ToForm locale={locale} id="decide" count={rows.length} />}
      <ChangeFilter
        locale={locale}
        all={members.length}
        warned={members.filter(({ warnings }) => warnings.length > 0).length}
        isOnlyWarned={isOnlyWarned}
        paths={{ all: path, warned: `${path}?show=warnings` }}
      />
      <ChangeRows
        id="changes"
        caption={t('changes')}
        locale={locale}
        writer={writer}
        rows={isOnlyWarned ? rows.filter(({ warnings }) => warnings.length > 0) : rows}
      />
      {isOpen && may.decide && (
        <AnswerForm
          id="decide"
          action={decide}
          initial={answer ?? emptyAnswer({ comment: '' })}
          hidden={hidden}
          fields={[
            { name: 'comment', type: 'textarea', label: t('comment'), hint: t('commentHint') },
          ]}
          buttons={[
            { text: t('approve', { count: set.count }), name: 'step', value: 'approve' },
            { text: t('return'), rank: 'secondary', name: 'step', value: 'return' },
          ]}
          texts={texts}
          signInPath={signInBeside(locale)}
        />
      )}
      <div className="flex flex-wrap items-end gap-3">
        {may.own && (isOpen || set.state === 'returned') && (
          <>
            {/* A program has no drafts: it sends what it has mended. */}
            {set.purpose === 'entry' && set.token === null && resume}
            <AnswerForm
              id="discard"
              action={decide}
              initial={emptyAnswer()}
              hidden={{ ...hidden, step: 'discard', comment: '' }}
              fields={[]}
              buttons={[{ text: t('discard'), rank: 'secondary' }]}
              texts={texts}
              signInPath={signInBeside(locale)}
            />
          </>
        )}
        {set.commit !== null && (
          <ButtonLink rank="secondary" href={undoPath(locale, set.commit)}>
            {t('undoThis')}
          </ButtonLink>
        )}
        {may.own && set.address && (
          <ButtonLink rank="secondary" href={localePath(locale, `/entry/grid?${set.address}`)}>
            {t('grid')}
          </ButtonLink>
        )}
      </div>
      {set.steps.length > 0 && (
        <section className="stack pt-8" aria-labelledby="steps">
          <h2 id="steps">{t('steps')}</h2>
          <Steps locale={locale} steps={set.steps} />
        </section>
      )}
    </>
  )
}

export const undoPath = (locale: Locale, commit: number) =>
  localePath(locale, `/entry/grid/undo?commit=${commit}`)
