import './sheets.css'
import { Notice } from '@/components/ui/notice'
import type { FigureWriter } from '@/features/figures/series'
import { signInBeside, warningText } from '@/features/proposals/components/words'
import { AnswerForm } from '@/features/sets/components/answer-form'
import {
  ChangeFilter,
  ChangeRows,
  type ShownRow,
  ToForm,
} from '@/features/sets/components/change-rows'
import { emptyAnswer, noteText } from '@/features/sets/components/words'
import type { AnswerState } from '@/features/sets/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
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
  isOnlyWarned,
  answer,
}: {
  locale: Locale
  writer: FigureWriter
  frame: Frame
  diff: Diff
  step: 'publish' | 'send'
  /** The set's id, should it come to that. */
  id: string
  isOnlyWarned: boolean
  answer: AnswerState | undefined
}) {
  const t = translator(locale, 'sheets.check')
  const sets = translator(locale, 'sets')
  const back = localePath(locale, `/entry/grid?${frame.address}`)
  const same = diff.lines.filter(({ isSame }) => isSame)
  const bad = diff.lines.filter(isBad)
  const good = diff.lines.filter((line) => !line.isSame && !isBad(line))
  const warned = good.filter(({ findings }) => findings.length > 0)
  const check = localePath(locale, `/entry/grid/check?${frame.address}`)
  // Said once, above, where it holds for all of them.
  const isSaid = bad.every(lacksSource)
  const table = (name: string, caption: string, lines: readonly DiffLine[]) =>
    lines.length > 0 && (
      <ChangeRows
        id={name}
        caption={caption}
        locale={locale}
        writer={writer}
        rows={lines.map((line) => rowOf(line, locale, isSaid))}
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
      {diff.isReady && <ToForm locale={locale} id="submit" count={diff.lines.length} />}
      {bad.length > 0 && (
        <Notice tone="warning" title={t('badTitle', { count: bad.length })}>
          <p>{t('badText')}</p>
          <ul className="list-disc ps-5">
            {problemCounts(bad, writer, locale).map(([text, count]) => (
              <li key={text}>{t('badCount', { count, text })}</li>
            ))}
          </ul>
        </Notice>
      )}
      {table('bad', t('bad'), bad)}
      <ChangeFilter
        locale={locale}
        all={good.length}
        warned={warned.length}
        isOnlyWarned={isOnlyWarned}
        paths={{ all: check, warned: `${check}&show=warnings` }}
      />
      {table('changes', t('changes'), isOnlyWarned ? warned : good)}
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

const lacksSource = ({ problems }: DiffLine) =>
  problems.some(({ code }) => code === 'sourceMissing')

const isBad = ({ problems, findings }: DiffLine) =>
  problems.length > 0 || findings.some(({ severity }) => severity === 'error')

/** What is wrong, the most frequent first: one sentence may be about hundreds of cells. */
function problemCounts(
  lines: readonly DiffLine[],
  writer: FigureWriter,
  locale: Locale,
): [string, number][] {
  const counts = new Map<string, number>()
  for (const { facts, problems, findings } of lines) {
    const texts = [
      ...problems.map((one) => lineProblemText(locale, one)),
      ...findings
        .filter(({ severity }) => severity === 'error')
        .map((one) => warningText(locale, writer, facts.key.unit, one)),
    ]
    for (const text of new Set(texts)) counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, mostProblems)
}

const mostProblems = 10

function rowOf(line: DiffLine, locale: Locale, isSourceSaid: boolean): ShownRow {
  const t = translator(locale, 'sheets.check')
  const { facts, value, status, precision, source, findings, problems } = line
  const { row, column, key, known, mine, other } = facts
  const isDrafted = conflictOf(facts) === 'drafted' && other
  return {
    id: `${row.id} ${column.id}`,
    key,
    before: known,
    after: value === null ? null : { value, status, precision },
    typed: mine?.typed ?? '',
    source,
    warnings: findings,
    remarks: [
      ...problems
        .filter(({ code }) => !(isSourceSaid && code === 'sourceMissing'))
        .map((one) => lineProblemText(locale, one)),
      ...(isDrafted ? [t('drafted', { name: other.author.name, text: other.typed })] : []),
      ...(line.note ? [noteText(locale, line.note)] : []),
    ],
  }
}
