'use client'

import './academies.css'
import { Fragment, useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField, TextAreaField } from '@/components/ui/field'
import { useFollow } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import { importRegistry } from '../actions'
import type { RegistryFormState, RegistryReportInWords } from '../schema'

type Texts = Record<
  | 'file'
  | 'fileHint'
  | 'text'
  | 'textHint'
  | 'check'
  | 'checking'
  | 'store'
  | 'ready'
  | 'errorTitle'
  | 'errorPrefix'
  | 'again',
  string
>
type ReportTexts = Record<
  | 'title'
  | 'problems'
  | 'changes'
  | 'line'
  | 'code'
  | 'column'
  | 'value'
  | 'problem'
  | 'outcome'
  | 'columns'
  | 'allOrNothing'
  | 'nothing',
  string
>

/** A file of academies: checked first, and stored when its report has been seen. */
export function RegistryForm({
  locale,
  initial,
  texts,
  reportTexts,
}: {
  locale: string
  initial: RegistryFormState
  texts: Texts
  reportTexts: ReportTexts
}) {
  const [state, submit, isSending] = useActionState(importRegistry, initial)
  const summary = useRef<HTMLDivElement>(null)
  const result = useRef<HTMLHeadingElement>(null)
  const { report } = state
  const isPending = isSending || state.goTo !== null

  useFollow(state.goTo)
  useEffect(() => {
    if (state.problem) summary.current?.focus()
    else if (state.report) result.current?.focus()
  }, [state])

  const hidden = { locale, id: state.ticket.id, seen: state.ticket.seen }
  const fields = Object.entries(hidden).map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ))
  return (
    <Fragment key={state.attempt}>
      {state.problem && (
        <ErrorSummary
          ref={summary}
          title={texts.errorTitle}
          problems={[{ fieldId: 'file', message: state.problem }]}
        />
      )}
      {report && (
        <section aria-labelledby="report" className="stack">
          <h2 id="report" ref={result} tabIndex={-1}>
            {reportTexts.title}
          </h2>
          <Notice tone={report.problems.length > 0 ? 'warning' : 'info'}>
            <p>{report.summary}</p>
            <p>
              {report.problems.length > 0
                ? reportTexts.allOrNothing
                : report.isStorable
                  ? texts.ready
                  : reportTexts.nothing}
            </p>
          </Notice>
          {report.isStorable && (
            <form action={submit}>
              {fields}
              <input type="hidden" name="step" value="store" />
              <textarea name="text" defaultValue={state.text} hidden readOnly />
              <p>
                <Button aria-disabled={isPending || undefined}>
                  {isPending ? texts.checking : texts.store}
                </Button>
              </p>
            </form>
          )}
          <ReportTables report={report} texts={reportTexts} />
          <h2>{texts.again}</h2>
        </section>
      )}
      <form action={submit} encType="multipart/form-data" className="stack">
        {fields}
        <InputField
          id="file"
          name="file"
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          label={texts.file}
          hint={texts.fileHint}
          error={state.problem ?? undefined}
          errorPrefix={texts.errorPrefix}
        />
        <TextAreaField
          id="text"
          name="text"
          rows={10}
          dir="auto"
          spellCheck={false}
          defaultValue={state.text}
          label={texts.text}
          hint={texts.textHint}
        />
        <p>
          <Button rank={report?.isStorable ? 'secondary' : 'primary'}>
            {isPending ? texts.checking : texts.check}
          </Button>
        </p>
      </form>
    </Fragment>
  )
}

function ReportTables({ report, texts }: { report: RegistryReportInWords; texts: ReportTexts }) {
  const { problems, changes, more } = report
  return (
    <>
      {problems.length > 0 && (
        <DataTable id="problems" caption={texts.problems}>
          <thead>
            <tr>
              <th scope="col">{texts.line}</th>
              <th scope="col">{texts.column}</th>
              <th scope="col">{texts.value}</th>
              <th scope="col">{texts.problem}</th>
            </tr>
          </thead>
          <tbody>
            {problems.map(({ line, column, value, text }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell may have two problems, and their order is fixed
              <tr key={index}>
                <th scope="row">{line}</th>
                <td>
                  <code dir="ltr">{column}</code>
                </td>
                <td>
                  <bdi>{value}</bdi>
                </td>
                <td className="min-w-64">{text}</td>
              </tr>
            ))}
          </tbody>
        </DataTable>
      )}
      {changes.length > 0 && (
        <DataTable id="changes" caption={texts.changes}>
          <thead>
            <tr>
              <th scope="col">{texts.line}</th>
              <th scope="col">{texts.code}</th>
              <th scope="col">{texts.outcome}</th>
              <th scope="col">{texts.columns}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ line, code, outcome, columns }) => (
              <tr key={line}>
                <th scope="row">{line}</th>
                <td>
                  <code dir="ltr">{code}</code>
                </td>
                <td>{outcome}</td>
                <td>
                  <span dir="ltr">{columns === '' ? '–' : columns}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </DataTable>
      )}
      {more && <p>{more}</p>}
    </>
  )
}
