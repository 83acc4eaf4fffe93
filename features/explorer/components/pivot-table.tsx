import { DataTable } from '@/components/ui/data-table'
import { FlagMarks } from '@/features/figures/components/flag-marks'
import type { Figure } from '@/features/figures/schema'
import { flagsOf } from '@/features/figures/series'
import { translator } from '@/lib/i18n'
import { type Pivot, pivotOf, type Telling } from '../rules'
import { orderOf, valueName } from '../series'
import type { ExplorerView } from './explorer-page'

/** Figures by two of their parts. What has no figure says so; nothing is added up. */
export function PivotTable({ view }: { view: ExplorerView }) {
  const { locale, state, data, writer } = view
  const t = translator(locale, 'explorer')
  const pivot = pivotOf(data.figures, state, orderOf(writer))
  const parts = { rows: t(`words.${state.rows}`), columns: t(`words.${state.columns}`) }
  return (
    <>
      <p className="explorer-note">{t('pivotNote')}</p>
      <DataTable id="explorer-pivot" caption={t('pivotCaption', parts)} captionHidden stickyHeader>
        <thead>
          <tr>
            <th scope="col">{parts.rows}</th>
            {pivot.columns.map((column) => (
              <th key={column} scope="col">
                {valueName(state.columns, column, writer)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pivot.rows.map((row) => (
            <tr key={row}>
              <th scope="row">{valueName(state.rows, row, writer)}</th>
              {pivot.columns.map((column) => (
                <td key={column}>
                  <Cell figures={pivot.cell(row, column)} pivot={pivot} view={view} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </DataTable>
    </>
  )
}

/** More than these are folded up, with their number. */
const mostOpen = 4

function Cell({
  figures,
  pivot,
  view,
}: {
  figures: readonly Figure[]
  pivot: Pivot
  view: ExplorerView
}) {
  const t = translator(view.locale, 'explorer')
  if (figures.length === 0) return <span className="explorer-none">{t('noFigure')}</span>
  const list = (
    <ul className="explorer-cell">
      {figures.map((figure) => (
        <li key={figure.id}>
          <a className="explorer-amount" href={view.writer.figurePath(figure)}>
            {view.writer.value(figure)}
          </a>{' '}
          <FlagMarks flags={flagsOf(figure)} locale={view.locale} compact />
          <span className="explorer-tells">{tellingText(figure, pivot.tells, view)}</span>
        </li>
      ))}
    </ul>
  )
  if (figures.length <= mostOpen) return list
  return (
    <details>
      <summary>{t('count', { count: figures.length })}</summary>
      {list}
    </details>
  )
}

/** What sets a figure apart from the others of its cell. */
function tellingText(figure: Figure, tells: readonly Telling[], view: ExplorerView): string {
  const usual: Partial<Record<Telling, string>> = { role: 'actual', academy: '_T', sex: '_T' }
  return tells
    .filter((part) => part !== 'unit' && usual[part] !== figure[part])
    .map((part) =>
      part === 'academy' ? figure.academy : valueName(part, figure[part], view.writer),
    )
    .join(' · ')
}
