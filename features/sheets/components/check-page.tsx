import './sheets.css'
import { Notice } from '@/components/ui/notice'
import type { FigureWriter } from '@/features/figures/series'
import { signInBeside } from '@/features/proposals/components/words'
import { AnswerForm } from '@/features/sets/components/answer-form'
import { type ChangeRow, ChangeRows } from '@/features/sets/components/change-rows'
import { emptyAnswer } from '@/features/sets/components/words'
import type { AnswerState } from '@/features/sets/schema'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { submitDrafts } from '../actions'
import { conflictOf } from '../rules'
import type { Diff, DiffLine, Frame } from '../schema'
import { lineProblemText } from './words'

/** Everything that submitting a sheet would change, and the form that does it. */
export function CheckPage({
  locale,
  writer,
  frame,
  diff,
  step,
  id,
  answer,
}: {
  locale: Locale
  writer: FigureWriter
  frame: Frame
  diff: Diff
  step: 'publish' | 'send'
  /** The set's id, should it come to that. */
  id: string
  answer: AnswerState | undefined
}) {
  const t = translator(locale, 'sheets.check')
  const sets = translator(locale, 'sets')
  const back = localePath(locale, `/entry/grid?${frame.address}`)
  const same = diff.lines.filter(({ isSame }) => isSame)
  const bad = diff.lines.filter(isBad)
  const good = diff.lines.filter((line) => !line.isSame && !isBad(line))
  const table = (name: string, caption: string, lines: readonly DiffLine[]) =>
    lines.length > 0 && (
      <ChangeRows
        id={name}
        caption={caption}
        locale={locale}
        writer={writer}
        rows={lines.map((line) => rowOf(line, locale))}
      />
    )
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">
        {t('counts', { good: good.length, bad: bad.length, same: same.length })}
      </p>
      <p>
        <a href={back}>{t('back')}</a>
      </p>
      {bad.length > 0 && (
        <Notice tone="warning" title={t('badTitle', { count: bad.length })}>
          <p>{t('badText')}</p>
        </Notice>
      )}
      {table('bad', t('bad'), bad)}
      {table('changes', t('changes'), good)}
      {table('same', t('same'), same)}
      {diff.isReady ? (
        <AnswerForm
          id="submit"
          action={submitDrafts}
          initial={answer ?? emptyAnswer({ message: '', reason: '' })}
          hidden={{
            locale,
            address: frame.address,
            id,
            seen: diff.seen,
            confirmed: diff.confirmed,
          }}
          fields={[
            {
              name: 'message',
              type: 'text',
              label: t('message'),
              hint: t('messageHint'),
              isRequired: true,
            },
            ...(diff.hasWarnings
              ? [
                  {
                    name: 'reason',
                    type: 'textarea' as const,
                    label: t('reason'),
                    hint: t('reasonHint'),
                    isRequired: true,
                  },
                ]
              : []),
          ]}
          buttons={[{ text: t(step, { count: diff.changes.length }) }]}
          texts={{
            errorTitle: sets('errorTitle'),
            errorPrefix: sets('errorPrefix'),
            signIn: sets('signIn'),
          }}
          signInPath={signInBeside(locale)}
        >
          <p>{t(`${step}Text`)}</p>
        </AnswerForm>
      ) : (
        diff.lines.length === 0 && <p>{t('nothing')}</p>
      )}
    </>
  )
}

const isBad = ({ problems, findings }: DiffLine) =>
  problems.length > 0 || findings.some(({ severity }) => severity === 'error')

function rowOf(line: DiffLine, locale: Locale): ChangeRow {
  const t = translator(locale, 'sheets.check')
  const { facts, value, status, precision, findings, problems } = line
  const { row, column, key, known, mine, other } = facts
  const isDrafted = conflictOf(facts) === 'drafted' && other
  return {
    id: `${row.id} ${column.id}`,
    key,
    ...(row.academy !== '_T' && { academy: inLocale(row.name, locale) }),
    before: known,
    after: value === null ? null : { value, status, precision },
    typed: mine?.typed ?? '',
    warnings: findings,
    remarks: [
      ...problems.map((one) => lineProblemText(locale, one)),
      ...(isDrafted ? [t('drafted', { name: other.author.name, text: other.typed })] : []),
      ...(line.note ? [<bdi key="note">{line.note}</bdi>] : []),
    ],
  }
}
