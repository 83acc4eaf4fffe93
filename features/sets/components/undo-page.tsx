import { Notice } from '@/components/ui/notice'
import type { FigureWriter } from '@/features/figures/series'
import { signInBeside } from '@/features/proposals/components/words'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { undo } from '../actions'
import type { AnswerState, UndoLine, UndoPlan } from '../schema'
import { AnswerForm } from './answer-form'
import { ChangeRows, ToForm } from './change-rows'
import { emptyAnswer } from './words'

/** What taking a commit back changes and what it cannot, and the button that does it. */
export function UndoPage({
  locale,
  writer,
  plan,
  id,
  step,
  answer,
}: {
  locale: Locale
  writer: FigureWriter
  plan: UndoPlan
  /** The set's id, should it come to that. */
  id: string
  step: 'publish' | 'send'
  answer: AnswerState | undefined
}) {
  const t = translator(locale, 'sets.undo')
  const sets = translator(locale, 'sets')
  const table = (name: string, caption: string, lines: readonly UndoLine[]) =>
    lines.length > 0 && (
      <ChangeRows
        id={name}
        caption={caption}
        locale={locale}
        writer={writer}
        rows={lines.map(({ key, now, restored, source, obstacle }, n) => ({
          id: `${name}-${n}`,
          key,
          before: now,
          after: obstacle ? now : restored,
          ...(!obstacle && { source }),
          warnings: [],
          remarks: obstacle ? [t(obstacle)] : [],
        }))}
      />
    )
  const possible = plan.lines.filter(({ obstacle }) => obstacle === null)
  const left = plan.lines.filter(({ obstacle }) => obstacle !== null)
  return (
    <>
      <h1>{t('title', { commit: plan.commit })}</h1>
      <p className="lead">{t('lead')}</p>
      <p>
        <a href={localePath(locale, `/revisions?commit=${plan.commit}`)}>
          {t('show', { commit: plan.commit })}
        </a>
      </p>
      {plan.changes.length > 0 && <ToForm locale={locale} id="undo" count={plan.lines.length} />}
      {left.length > 0 && (
        <Notice tone="warning">
          <p>{t('leftText', { count: left.length })}</p>
        </Notice>
      )}
      {table('possible', t('possible'), possible)}
      {table('left', t('left'), left)}
      {plan.changes.length > 0 ? (
        <AnswerForm
          id="undo"
          action={undo}
          initial={answer ?? emptyAnswer({ message: t('messageOf', { commit: plan.commit }) })}
          hidden={{ locale, id, commit: String(plan.commit), seen: plan.seen, confirmed: '' }}
          fields={[{ name: 'message', type: 'text', label: t('message'), isRequired: true }]}
          buttons={[{ text: t(step, { count: plan.changes.length }) }]}
          texts={{
            errorTitle: sets('errorTitle'),
            errorPrefix: sets('errorPrefix'),
            signIn: sets('signIn'),
          }}
          signInPath={signInBeside(locale)}
        />
      ) : (
        <p>{t('nothing')}</p>
      )}
    </>
  )
}
