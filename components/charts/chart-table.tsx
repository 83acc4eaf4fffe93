import { type ChartModel, flagSymbols, type Origin } from './model'
import { chartTable, type TableRow } from './table'
import type { ChartWords } from './words'

type Texts = {
  caption: string
  columns: Record<
    'period' | 'name' | 'value' | 'from' | 'target' | 'share' | 'status' | 'source',
    string
  >
}

/** A chart's figures, exact and in words; each leads to its proof. */
export function ChartTable({
  model,
  words,
  texts,
}: {
  model: ChartModel
  words: ChartWords
  texts: Texts
}) {
  const table = chartTable(model)
  const { columns } = texts
  const headers = [
    columns[table.header],
    columns.value,
    ...(table.hasOrigins ? [columns.from] : []),
    ...(table.hasTarget ? [columns.target, columns.share] : []),
    ...(table.hasPeriod ? [columns.period] : []),
    columns.status,
    columns.source,
  ]
  return (
    <table className="chart-table">
      <caption>{texts.caption}</caption>
      <thead>
        <tr>
          {headers.map((header, index) => (
            <th
              key={header}
              scope="col"
              className={index === 1 || header === columns.from ? 'chart-number' : undefined}
            >
              {header}
            </th>
          ))}
        </tr>
      </thead>
      {table.groups.map((group) => (
        <tbody key={group.label ?? ''}>
          {group.label && (
            <tr>
              <th scope="rowgroup" colSpan={headers.length} className="chart-group">
                {group.label}
              </th>
            </tr>
          )}
          {group.rows.map((row) => (
            <Row
              key={`${row.header} ${row.mark?.period} ${row.mark?.href}`}
              row={row}
              table={table}
              words={words}
            />
          ))}
        </tbody>
      ))}
    </table>
  )
}

function Row({
  row,
  table,
  words,
}: {
  row: TableRow
  table: ReturnType<typeof chartTable>
  words: ChartWords
}) {
  const { mark, target } = row
  const known = mark ?? target
  return (
    <tr>
      <th scope="row">{row.header}</th>
      <td className="chart-number">
        {mark ? <Figure mark={mark} /> : <span className="chart-faint">{words.noFigure}</span>}
      </td>
      {table.hasOrigins && (
        <td className="chart-number">
          {(mark?.from ?? []).map((origin, index) => (
            <span key={`${origin.text} ${origin.href}`}>
              {index > 0 && ' ÷ '}
              <Figure mark={origin} />
            </span>
          ))}
        </td>
      )}
      {table.hasTarget && (
        <>
          <td className="chart-number">{target && <Figure mark={target} />}</td>
          <td className="chart-number">{row.share}</td>
        </>
      )}
      {table.hasPeriod && <td>{known?.period}</td>}
      <td>{mark?.flags?.map((flag) => `${flagSymbols[flag]} ${words.flags[flag]}`).join(', ')}</td>
      <td>{known?.source}</td>
    </tr>
  )
}

const Figure = ({ mark }: { mark: Origin }) =>
  mark.href ? <a href={mark.href}>{mark.text}</a> : mark.text
