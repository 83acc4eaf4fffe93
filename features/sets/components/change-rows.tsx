import './sets.css'
import type { ReactNode } from 'react'
import { DataTable } from '@/components/ui/data-table'
import { DefinitionList } from '@/components/ui/definition-list'
import { type FigureWriter, subjectText } from '@/features/figures/series'
import { changeText, sexName, warningText } from '@/features/proposals/components/words'
import { type Locale, translator } from '@/lib/i18n'
import { type Grouped, groupChanges } from '../rules'
import type { ChangeRow } from '../schema'

/** A change with what is to be said about it. */
export interface ShownRow extends ChangeRow {
  /** Worst first. */
  remarks: readonly ReactNode[]
}

interface Shown {
  locale: Locale
  writer: FigureWriter
}

/**
 * Changes, old beside new, in groups of what they share; what all of them share is said once, above.
 * Remarks have a line of their own, so that the numbers fit a phone.
 */
export function ChangeRows({
  id,
  caption,
  rows,
  ...shown
}: Shown & { id: string; caption: string; rows: readonly ShownRow[] }) {
  const t = translator(shown.locale, 'sets.table')
  const grouped = groupChanges(rows)
  const [first] = rows
  const { shared, groups } = grouped
  return (
    <div className="change-rows">
      {first && (
        <DefinitionList
          definitions={[
            {
              term: t('programme'),
              detail: shared.programme && shown.writer.names.programme(first.key.programme),
            },
            { term: t('period'), detail: shared.period && shown.writer.period(first.key) },
            {
              term: t('source'),
              detail: shared.source && first.source && shown.writer.source(first.source),
            },
          ]}
        />
      )}
      <DataTable id={id} caption={caption}>
        <thead>
          <tr>
            <th scope="col">{t('figure')}</th>
            <th scope="col" className="numeric">
              {t('before')}
            </th>
            <th scope="col" className="numeric">
              {t('after')}
            </th>
            <th scope="col" className="numeric">
              {t('change')}
            </th>
          </tr>
        </thead>
        {groups.map(({ name, rows: members }, n) => {
          const [head] = members
          return (
            <tbody key={name}>
              <tr className="change-group">
                <th scope="rowgroup" colSpan={4} id={`${id}-g${n}`}>
                  {head && groupText(head, grouped, shown)}
                </th>
              </tr>
              {members.map((row) => (
                <Change key={row.id} id={id} row={row} grouped={grouped} {...shown} />
              ))}
            </tbody>
          )
        })}
      </DataTable>
    </div>
  )
}

/** Academy and area, after the programme where there are several. */
function placeText({ key }: ChangeRow, { shared }: Grouped<unknown>, { writer }: Shown): string {
  const parts = [
    !shared.programme && writer.names.programme(key.programme),
    key.academy !== '_T' && writer.names.academy(key.academy),
    writer.names.area(key.area),
  ]
  return parts.filter(Boolean).join(' · ')
}

function measureText(
  row: ChangeRow,
  { shared }: Grouped<unknown>,
  { writer, locale }: Shown,
): string {
  const { indicator, sex, role } = row.key
  if (role !== 'actual') return subjectText(row.key, writer, locale)
  const parts = [
    writer.names.indicator(indicator),
    (sex === 'F' || sex === 'M') && sexName(locale, sex),
    !shared.period && writer.period(row.key),
  ]
  return parts.filter(Boolean).join(' · ')
}

const groupText = (row: ChangeRow, grouped: Grouped<unknown>, shown: Shown) =>
  grouped.by === 'place' ? placeText(row, grouped, shown) : measureText(row, grouped, shown)

const rowText = (row: ChangeRow, grouped: Grouped<unknown>, shown: Shown) =>
  grouped.by === 'place' ? measureText(row, grouped, shown) : placeText(row, grouped, shown)

function Change({
  id,
  row,
  grouped,
  ...shown
}: Shown & { id: string; row: ShownRow; grouped: Grouped<ShownRow> }) {
  const { locale, writer } = shown
  const t = translator(locale, 'sets.table')
  const head = `${id}-${row.id}`.replace(/[^\w.-]/g, '_')
  const { before, after, source } = row
  const remarks = [
    ...row.remarks,
    ...row.warnings.map((one) => {
      const text = warningText(locale, writer, row.key.unit, one)
      const label = one.severity === 'error' ? t('error') : t('warning')
      return (
        <>
          <strong>{t('label', { label })}</strong> {text}
        </>
      )
    }),
    ...(source && !grouped.shared.source ? [t('sourceOf', { source: writer.source(source) })] : []),
  ]
  return (
    <>
      <tr className="change" data-remarks={remarks.length > 0 || undefined}>
        <th scope="row" id={head}>
          {rowText(row, grouped, shown)}
        </th>
        <td className="numeric">{textOf(before, row, writer) ?? t('none')}</td>
        <td className="numeric">{textOf(after, row, writer) ?? <bdi>{row.typed}</bdi>}</td>
        <td className="numeric">
          <bdi>{differenceText(row, locale)}</bdi>
        </td>
      </tr>
      {remarks.length > 0 && (
        <tr className="change-remarks">
          <td colSpan={4} headers={head}>
            <ul>
              {remarks.map((remark, n) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: remarks have a fixed order
                <li key={n}>{remark}</li>
              ))}
            </ul>
          </td>
        </tr>
      )}
    </>
  )
}

function differenceText({ before, after }: ChangeRow, locale: Locale): string | null {
  if (!after?.value) return null
  if (!before?.value) return translator(locale, 'sets.table')('isNew')
  return changeText(locale, before.value, after.value)
}

const textOf = (said: ChangeRow['before'], { key: { unit } }: ChangeRow, writer: FigureWriter) =>
  said && writer.value({ ...said, unit })

/** Leads over a long list of changes to the form under it. */
export function ToForm({ locale, id, count }: { locale: Locale; id: string; count: number }) {
  return count > mostBeforeForm ? (
    <p>
      <a href={`#${id}`}>{translator(locale, 'sets.table')('toForm')}</a>
    </p>
  ) : null
}

/** Rows that leave a form within a screen or two. */
const mostBeforeForm = 12

/** Leads from all changes to those that rules have something to say about, and back. */
export function ChangeFilter({
  locale,
  all,
  warned,
  isOnlyWarned,
  paths,
}: {
  locale: Locale
  /** How many there are. */
  all: number
  warned: number
  isOnlyWarned: boolean
  paths: { all: string; warned: string }
}) {
  if (warned === 0 || warned === all) return null
  const t = translator(locale, 'sets.filter')
  const link = (text: string, href: string, isHere: boolean) => (
    <li>
      <a href={href} aria-current={isHere ? 'true' : undefined}>
        {text}
      </a>
    </li>
  )
  return (
    <nav aria-label={t('label')}>
      <ul className="change-filter">
        {link(t('all', { count: all }), `${paths.all}#changes`, !isOnlyWarned)}
        {link(t('warned', { count: warned }), `${paths.warned}#changes`, isOnlyWarned)}
      </ul>
    </nav>
  )
}
