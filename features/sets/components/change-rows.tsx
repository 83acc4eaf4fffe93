import type { ReactNode } from 'react'
import { DataTable } from '@/components/ui/data-table'
import type { FigureKey, Precision } from '@/features/figures/schema'
import { type FigureWriter, subjectText } from '@/features/figures/series'
import { changeText, warningText } from '@/features/proposals/components/words'
import { type Locale, translator } from '@/lib/i18n'
import type { Warned } from '../schema'

interface Said {
  value: string | null
  status: string
  precision: Precision
}

export interface ChangeRow {
  id: string
  key: FigureKey
  /** Stands for the area in the name of the figure. */
  academy?: string
  before: Said | null
  /** Null where a text is no number: `typed` is shown. */
  after: Said | null
  typed?: string
  warnings: readonly Warned[]
  /** What else is to be said, worst first. */
  remarks: readonly ReactNode[]
}

/** Changes side by side: old, new, change, and what is to be said about them. */
export function ChangeRows({
  id,
  caption,
  locale,
  writer,
  rows,
}: {
  id: string
  caption: string
  locale: Locale
  writer: FigureWriter
  rows: readonly ChangeRow[]
}) {
  const t = translator(locale, 'sets.table')
  return (
    <DataTable id={id} caption={caption}>
      <thead>
        <tr>
          <th scope="col">{t('figure')}</th>
          <th scope="col">{t('period')}</th>
          <th scope="col" className="numeric">
            {t('before')}
          </th>
          <th scope="col" className="numeric">
            {t('after')}
          </th>
          <th scope="col" className="numeric">
            {t('change')}
          </th>
          <th scope="col">{t('remarks')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              {subjectText(row.key, writer, locale)}
              {row.academy && <span className="block text-small text-muted">{row.academy}</span>}
            </th>
            <td>{writer.period(row.key)}</td>
            <td className="numeric">{textOf(row.before, row, writer) ?? t('none')}</td>
            <td className="numeric">{textOf(row.after, row, writer) ?? <bdi>{row.typed}</bdi>}</td>
            <td className="numeric">
              <bdi>
                {row.before?.value && row.after?.value
                  ? changeText(locale, row.before.value, row.after.value)
                  : null}
              </bdi>
            </td>
            <td>
              {row.remarks.length + row.warnings.length > 0 && (
                <ul className="list-disc ps-5">
                  {row.remarks.map((remark, n) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: remarks have a fixed order
                    <li key={n}>{remark}</li>
                  ))}
                  {row.warnings.map((one) => {
                    const text = warningText(locale, writer, row.key.unit, one)
                    return (
                      <li key={text}>
                        {one.severity === 'error' && <strong>{t('error')}: </strong>}
                        {text}
                      </li>
                    )
                  })}
                </ul>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

const textOf = (said: Said | null, { key: { unit } }: ChangeRow, writer: FigureWriter) =>
  said && writer.value({ ...said, unit })
