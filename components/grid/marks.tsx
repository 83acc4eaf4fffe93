import type { CellState } from './model'

export type Mark = CellState | 'note' | 'source'

/**
 * A symbol of its own for every state; grid.css draws them. What it means is said beside it, or by
 * the cell that it stands in.
 */
export const GridMark = ({ mark }: { mark: Mark }) => (
  <i className="grid-mark" data-mark={mark} aria-hidden="true" />
)
