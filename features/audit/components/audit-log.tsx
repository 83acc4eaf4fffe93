import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { Field } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { Instant } from '@/features/periods/components/instant'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { Problem } from '@/lib/result'
import { columnChanges } from '../rules'
import type { AuditFilter, AuditLine } from '../schema'

/** The search form over the log; what was typed stays in it. */
export function AuditSearch({
  locale,
  typed,
  problem,
}: {
  locale: Locale
  typed: Record<'text' | 'from' | 'to', string>
  problem: Problem | null
}) {
  const t = translator(locale, 'audit')
  return (
    <>
      {problem && (
        <Notice tone="warning">
          <p>{t(`problems.${problem.code}` as 'problems.notADay', problem.params)}</p>
        </Notice>
      )}
      <form method="get" action={localePath(locale, '/audit')} className="audit-search">
        <Field id="audit-text" label={t('text')} hint={t('textHint')}>
          {(control) => <input {...control} type="search" name="text" defaultValue={typed.text} />}
        </Field>
        <Field id="audit-from" label={t('from')}>
          {(control) => <input {...control} type="date" name="from" defaultValue={typed.from} />}
        </Field>
        <Field id="audit-to" label={t('to')}>
          {(control) => <input {...control} type="date" name="to" defaultValue={typed.to} />}
        </Field>
        <Button>{t('search')}</Button>
      </form>
    </>
  )
}

/** Entries, the newest first: when, who, what, which row, and each column that changed. */
export function AuditTable({ locale, lines }: { locale: Locale; lines: readonly AuditLine[] }) {
  const t = translator(locale, 'audit')
  return (
    <DataTable id="audit-log" caption={t('caption')} captionHidden>
      <thead>
        <tr>
          <th scope="col" className="numeric">
            {t('no')}
          </th>
          <th scope="col">{t('at')}</th>
          <th scope="col">{t('who')}</th>
          <th scope="col">{t('what')}</th>
          <th scope="col">{t('changes')}</th>
          <th scope="col">{t('hash')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.no} id={`e${line.no}`}>
            <th scope="row" className="numeric">
              {line.no}
            </th>
            <td>
              <Instant locale={locale} at={line.at} />
            </td>
            <td>{line.name || t('nobody')}</td>
            <td>
              <AuditSubject locale={locale} line={line} />
            </td>
            <td>
              <AuditChanges locale={locale} line={line} />
            </td>
            <td>
              <code dir="ltr" title={line.hash}>
                {line.hash.slice(0, 12)}
              </code>
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

function AuditSubject({ locale, line }: { locale: Locale; line: AuditLine }) {
  const t = translator(locale, 'audit')
  const [table = '', operation = ''] = line.action.split('.')
  const tableKey = `tables.${table}` as Parameters<typeof t.has>[0]
  const operationKey = `operations.${operation}` as Parameters<typeof t.has>[0]
  return (
    <>
      {t.has(tableKey) ? t(tableKey) : table}: {t.has(operationKey) ? t(operationKey) : operation}
      <br />
      <code dir="ltr">{line.subject}</code>
    </>
  )
}

const mostShown = 3

function AuditChanges({ locale, line }: { locale: Locale; line: AuditLine }) {
  const t = translator(locale, 'audit')
  const changes = columnChanges(line.detail)
  const list = (
    <ul className="audit-changes">
      {changes.map(({ column, before, after }) => (
        <li key={column}>
          <code dir="ltr">{column}</code>{' '}
          {before !== null && (
            <>
              <del>{before}</del> <span aria-hidden="true">→</span>{' '}
            </>
          )}
          {after !== null && <bdi>{after}</bdi>}
        </li>
      ))}
    </ul>
  )
  if (changes.length <= mostShown) return list
  return (
    <details>
      <summary>{t('columns', { columns: changes.length })}</summary>
      {list}
    </details>
  )
}

/** The query string of a filter, to carry it on to older entries and to the file. */
export function auditQuery({ text, from, to, before }: AuditFilter): string {
  const query = new URLSearchParams()
  if (text) query.set('text', text)
  if (from) query.set('from', from)
  if (to) query.set('to', to)
  if (before) query.set('before', String(before))
  return query.size > 0 ? `?${query}` : ''
}
