import { DataTable } from '@/components/ui/data-table'
import { FlagMarks } from '@/features/figures/components/flag-marks'
import { SourceCell } from '@/features/figures/components/source-cell'
import type { Figure } from '@/features/figures/schema'
import { flagsOf } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { localePath, translator } from '@/lib/i18n'
import { explorerPath, type SortColumn, sortColumns } from '../schema'
import { sortLink, valueName } from '../series'
import type { ExplorerView } from './explorer-page'

/** A page of figures, each with everything that tells it from others, sortable by any column. */
export function ResultTable({ view }: { view: ExplorerView }) {
  const { locale, state, data } = view
  const t = translator(locale, 'explorer')
  return (
    <>
      {state.sort.column === 'value' && <p className="explorer-note">{t('valueOrder')}</p>}
      <DataTable id="explorer-table" caption={t('caption')} captionHidden>
        <thead>
          <tr>
            {sortColumns.map((column) => (
              <SortHead key={column} column={column} view={view} />
            ))}
          </tr>
        </thead>
        <tbody>
          {data.figures.map((figure) => (
            <Row key={figure.id} figure={figure} view={view} />
          ))}
        </tbody>
      </DataTable>
    </>
  )
}

function SortHead({ column, view }: { column: SortColumn; view: ExplorerView }) {
  const { locale, state, vintage } = view
  const t = translator(locale, 'explorer')
  const isSorted = state.sort.column === column
  const way = state.sort.descending ? 'descending' : 'ascending'
  const next = sortLink(state, column)
  return (
    <th
      scope="col"
      aria-sort={isSorted ? way : undefined}
      className={column === 'value' ? 'numeric' : undefined}
    >
      <a
        id={`sort-${column}`}
        href={localePath(locale, explorerPath(next, vintage))}
        className="explorer-sort"
        data-explore
        rel="nofollow"
      >
        {t(`columns.${column}`)}
        {isSorted && <span aria-hidden="true">{state.sort.descending ? ' ↓' : ' ↑'}</span>}
      </a>
    </th>
  )
}

function Row({ figure, view }: { figure: Figure; view: ExplorerView }) {
  const { locale, writer } = view
  const released = figure.current.releasedOn
  return (
    <tr>
      <th scope="row" className="explorer-named">
        <a href={writer.indicatorPath(figure.indicator)}>
          {writer.names.indicator(figure.indicator)}
        </a>
      </th>
      <td className="explorer-named">
        {figure.programme === '_Z' ? (
          '–'
        ) : (
          <a href={writer.programmePath(figure.programme)}>
            {writer.names.programme(figure.programme)}
          </a>
        )}
      </td>
      <td>
        <a href={writer.areaPath(figure.area)}>{writer.names.area(figure.area)}</a>
      </td>
      <td>{valueName('sex', figure.sex, writer)}</td>
      <td>
        {figure.role !== 'actual' && <strong>{valueName('role', figure.role, writer)} · </strong>}
        {valueName('kind', figure.kind, writer)}
      </td>
      <td>{writer.period(figure)}</td>
      <td className="numeric">
        <a href={writer.figurePath(figure)}>{writer.value(figure)}</a>
      </td>
      <td>
        <span className="explorer-marks">
          <FlagMarks flags={flagsOf(figure)} locale={locale} compact />
        </span>
      </td>
      <td className="explorer-source">
        <SourceCell citation={figure.current.source} writer={writer} />
      </td>
      <td className="explorer-day">{released ? formatDay(released, locale) : '–'}</td>
    </tr>
  )
}
