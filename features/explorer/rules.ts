import { type Figure, keyParts } from '@/features/figures/schema'
import type { Dimension } from './schema'

/** What a figure has in a dimension: a code, for a year the one in which its period ends. */
export function placeOf(figure: Figure, dimension: Dimension): string {
  if (dimension !== 'year') return figure[dimension]
  return figure.periodEnd?.slice(0, 4) ?? '_U'
}

export interface Pivot {
  /** Codes in the order of the table. */
  rows: string[]
  columns: string[]
  /** Every figure of a row and a column; none where nobody published one. */
  cell(row: string, column: string): readonly Figure[]
  /** The parts of their keys in which figures of one cell differ: what a cell must say of them. */
  tells: Telling[]
}

export type Telling = (typeof keyParts)[number]

/**
 * Places figures in a cross table. Each figure is in exactly one cell, and none is added up: a cell
 * may hold several.
 *
 * @param order puts the codes of a dimension in their order
 */
export function pivotOf(
  figures: readonly Figure[],
  dimension: { rows: Dimension; columns: Dimension },
  order: (codes: readonly string[], dimension: Dimension) => string[],
): Pivot {
  const cells = new Map<string, Figure[]>()
  const key = (row: string, column: string) => `${row} ${column}`
  const placed = figures.map((figure) => ({
    figure,
    row: placeOf(figure, dimension.rows),
    column: placeOf(figure, dimension.columns),
  }))
  for (const { figure, row, column } of placed) {
    const there = cells.get(key(row, column))
    if (there) there.push(figure)
    else cells.set(key(row, column), [figure])
  }
  const codes = (of: 'row' | 'column') => [...new Set(placed.map((one) => one[of]))]
  return {
    rows: order(codes('row'), dimension.rows),
    columns: order(codes('column'), dimension.columns),
    cell: (row, column) => cells.get(key(row, column)) ?? [],
    tells: keyParts.filter((part) => [...cells.values()].some((cell) => differIn(cell, part))),
  }
}

const differIn = (figures: readonly Figure[], part: Telling) =>
  figures.some((figure) => figure[part] !== figures[0]?.[part])

/** The pages of a list to link to: the first, the last, those around the present one; null is a gap. */
export function pagesToLink(page: number, pages: number): (number | null)[] {
  const wanted = [1, page - 1, page, page + 1, pages].filter((n) => n >= 1 && n <= pages)
  const shown = [...new Set(wanted)].sort((a, b) => a - b)
  return shown.flatMap((n, at) => {
    const before = shown[at - 1] ?? 0
    if (n - before === 2) return [n - 1, n]
    return n - before > 2 ? [null, n] : [n]
  })
}
