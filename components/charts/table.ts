import type { ChartModel, GroupsModel, Mark, SlopesModel } from './model'
import { plotRows } from './plot'
import { marksOf } from './words'

/** A chart's figures as a table: one row a figure, in groups where a chart has several series. */
export type TableRow = {
  header: string
  /** Absent: no figure for this period or area. */
  mark?: Mark
  /** Second figure of a row: what was aimed at. */
  target?: Mark
  share?: string
}
export type TableGroup = { label?: string; rows: TableRow[] }

export type ChartTable = {
  /** What the row headers are. */
  header: 'period' | 'name'
  /** Whether rows are of different periods, so that each must tell its own. */
  hasPeriod: boolean
  hasTarget: boolean
  /** Whether values were computed for the chart, from figures that the table then names. */
  hasOrigins: boolean
  groups: TableGroup[]
}

/** The table under a chart. Series are groups of periods; lists are rows with a name. */
export function chartTable(model: ChartModel): ChartTable {
  const hasOrigins = marksOf(model).some(({ from }) => from !== undefined)
  return { ...tableOf(model), hasOrigins }
}

type Shape = Omit<ChartTable, 'hasOrigins'>

function tableOf(model: ChartModel): Shape {
  switch (model.kind) {
    case 'series':
    case 'columns':
      return byPeriod(plotGroups(model))
    case 'groups':
      return byPeriod(columnGroups(model))
    case 'multiples':
      return byPeriod(
        model.plots.flatMap((plot) =>
          plotGroups(plot).map(({ label, rows }) => ({ label: label ?? plot.title, rows })),
        ),
      )
    case 'slopes':
      return byPeriod(slopeGroups(model))
    case 'bars':
    case 'dots':
      return byName(model.rows.map(({ name, mark }) => ({ header: name, mark })))
    case 'bullets':
      return {
        ...byName(
          model.rows.map(({ name, actual, target, shareText }) => ({
            header: name,
            mark: actual,
            target,
            share: shareText,
          })),
        ),
        hasTarget: true,
      }
    case 'tiles':
      return byName(model.tiles.map(({ name, mark }) => ({ header: name, mark })))
  }
}

const byPeriod = (groups: TableGroup[]): Shape => ({
  header: 'period',
  hasPeriod: false,
  hasTarget: false,
  groups,
})

const columnGroups = ({ series, slots }: GroupsModel): TableGroup[] =>
  series.map(({ label, marks }) => ({
    label,
    rows: slots.map(({ period }, slot) => {
      const mark = marks[slot]
      return { header: period, ...(mark && { mark }) }
    }),
  }))

const slopeGroups = ({ rows }: SlopesModel): TableGroup[] =>
  rows.map(({ name, start, end }) => ({
    label: name,
    rows: [start, end].map((mark) => ({ header: mark.period, mark })),
  }))

const byName = (rows: TableRow[]): Shape => ({
  header: 'name',
  hasPeriod: true,
  hasTarget: false,
  groups: [{ rows }],
})

function plotGroups(model: Extract<ChartModel, { kind: 'series' | 'columns' }>): TableGroup[] {
  const groups = new Map<string, TableGroup>()
  for (const { period, marks } of plotRows(model)) {
    if (marks.length === 0) {
      const first = groups.get(model.id) ?? { label: labelOf(model), rows: [] }
      groups.set(model.id, first)
      first.rows.push({ header: period })
    }
    for (const { series, label, mark, reference } of marks) {
      const key = reference ? `reference ${label}` : series
      const group = groups.get(key) ?? { label, rows: [] }
      groups.set(key, group)
      group.rows.push({ header: mark.period, mark })
    }
  }
  const all = [...groups.values()]
  return all.length === 1 ? all.map(({ rows }) => ({ rows })) : all
}

const labelOf = (model: Extract<ChartModel, { kind: 'series' | 'columns' }>): string =>
  model.kind === 'columns' ? model.label : ''
