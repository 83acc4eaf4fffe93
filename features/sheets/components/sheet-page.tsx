import './sheets.css'
import { gridWords } from '@/components/grid/words'
import { Notice } from '@/components/ui/notice'
import type { Actor } from '@/features/accounts/schema'
import { precisions, statuses } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { arePasskeysPossible } from '@/features/passkeys/data'
import { signInBeside } from '@/features/proposals/components/words'
import { AnswerForm } from '@/features/sets/components/answer-form'
import { emptyAnswer } from '@/features/sets/components/words'
import type { AnswerState } from '@/features/sets/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { keepBlock } from '../actions'
import type { Sheet, TypedSource } from '../schema'
import { gridCells, gridColumns, gridRows } from '../series'
import { SheetGrid, type SheetTexts } from './sheet-grid'

/** A sheet to type in, with the source of all its cells. */
export function SheetPage({
  locale,
  actor,
  sheet,
  writer,
  answer,
}: {
  locale: Locale
  actor: Actor
  sheet: Sheet
  writer: FigureWriter
  /** What the form of the source was answered, if this page is that. */
  answer: AnswerState | undefined
}) {
  const t = translator(locale, 'sheets.sheet')
  const { frame, facts, block } = sheet
  const at = (path: string) => localePath(locale, `/entry/grid${path}`)
  const publisher = block.publisher.trim()
  const sources: [string, TypedSource][] = facts.flatMap(({ row, column, mine }) =>
    mine?.source ? [[`${row.id}\t${column.id}`, mine.source]] : [],
  )
  return (
    <>
      <h1>{t('title', { programme: writer.names.programme(frame.selection.programme) })}</h1>
      <p className="lead">{t('lead')}</p>
      <p>
        <a href={at(`?${frame.address}&choose=1`)}>{t('change')}</a>
      </p>
      <noscript>
        <Notice tone="warning">
          <p>
            {t('noScript')} <a href={localePath(locale, '/entry')}>{t('single')}</a>
          </p>
        </Notice>
      </noscript>
      <details open={answer !== undefined || publisher === '' || undefined}>
        <summary>
          <span className="font-semibold">{t('source')}</span>{' '}
          <bdi className="text-muted">{publisher || t('sourceNone')}</bdi>
        </summary>
        <BlockForm locale={locale} sheet={sheet} answer={answer} />
      </details>
      <SheetGrid
        author={actor.userId}
        address={frame.address}
        endpoints={{
          cells: at('/cells'),
          signIn: at('/sign-in'),
          check: at(`/check?${frame.address}`),
        }}
        locale={locale}
        rows={gridRows(frame, writer, locale)}
        columns={gridColumns(frame, writer, locale)}
        cells={gridCells(facts, writer, locale)}
        sources={Object.fromEntries(sources)}
        since={Math.max(0, ...facts.map(({ known }) => known?.newest ?? 0))}
        present={sheet.present}
        words={gridWords(locale)}
        texts={gridTexts(locale, frame.selection.rows)}
      />
    </>
  )
}

function gridTexts(locale: Locale, rows: Sheet['frame']['selection']['rows']): SheetTexts {
  const t = translator(locale, 'sheets.sheet')
  const entry = translator(locale, 'entry.fields')
  const signIn = translator(locale, 'accounts.signIn')
  const passkeys = translator(locale, 'secondStep.passkeys')
  return {
    label: t('label'),
    corner: t(rows),
    check: t('check'),
    present: String(t.raw('present')),
    separator: translator(locale, 'language')('separator'),
    you: translator(locale, 'sheets.cell')('you'),
    notAllowed: t('notAllowed'),
    someoneElse: t('someoneElse'),
    signInTitle: t('signInTitle'),
    signInText: t('signInText'),
    email: signIn('email'),
    password: signIn('password'),
    signIn: signIn('submit'),
    code: translator(locale, 'secondStep')('ask.code'),
    codeText: translator(locale, 'secondStep')('ask.leadEither'),
    passkey: arePasskeysPossible() ? passkeys('use.signIn') : null,
    declined: passkeys('declined'),
    close: t('close'),
    save: t('save'),
    noteTitle: t('noteTitle'),
    note: entry('note'),
    sourceTitle: t('sourceTitle'),
    sourceText: t('sourceText'),
    unavailable: translator(locale, 'sets.problems')('unavailable'),
    fields: {
      publisher: entry('publisher'),
      title: entry('title'),
      sourceDate: entry('sourceDate'),
      url: entry('url'),
    },
  }
}

function BlockForm({
  locale,
  sheet,
  answer,
}: {
  locale: Locale
  sheet: Sheet
  answer: AnswerState | undefined
}) {
  const t = translator(locale, 'sheets.sheet')
  const entry = translator(locale, 'entry')
  const figures = translator(locale, 'figures')
  const sets = translator(locale, 'sets')
  const optional = (name: 'title' | 'sourceDate' | 'url') =>
    entry('form.optional', { label: entry(`fields.${name}`) })
  return (
    <AnswerForm
      id="block"
      action={keepBlock}
      initial={answer ?? emptyAnswer(sheet.block)}
      hidden={{ locale, address: sheet.frame.address }}
      fields={[
        {
          name: 'publisher',
          type: 'text',
          label: entry('fields.publisher'),
          hint: entry('hints.publisher'),
        },
        {
          name: 'sourceDate',
          type: 'text',
          label: optional('sourceDate'),
          hint: entry('hints.sourceDate'),
        },
        { name: 'title', type: 'text', label: optional('title') },
        { name: 'url', type: 'url', label: optional('url'), hint: entry('hints.url') },
        {
          name: 'releasedOn',
          type: 'text',
          label: entry('fields.releasedOn'),
          hint: entry('hints.releasedOn'),
        },
        {
          name: 'status',
          type: 'select',
          label: entry('fields.status'),
          options: statuses.map((value) => ({ value, text: figures(`status.${value}`) })),
        },
        {
          name: 'precision',
          type: 'select',
          label: entry('fields.precision'),
          options: precisions.map((value) => ({ value, text: figures(`precision.${value}`) })),
        },
      ]}
      buttons={[{ text: t('keepSource'), rank: 'secondary' }]}
      texts={{
        errorTitle: sets('errorTitle'),
        errorPrefix: sets('errorPrefix'),
        signIn: sets('signIn'),
      }}
      signInPath={signInBeside(locale)}
    />
  )
}
