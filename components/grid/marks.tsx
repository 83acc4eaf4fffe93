import {
  ArrowLeftRight,
  Check,
  CloudOff,
  FileText,
  LoaderCircle,
  Lock,
  MessageSquareText,
  Pencil,
  TriangleAlert,
  X,
} from 'lucide-react'
import type { CellState } from './model'

const symbols = {
  empty: null,
  typed: Pencil,
  saving: LoaderCircle,
  saved: Check,
  failed: CloudOff,
  invalid: X,
  warning: TriangleAlert,
  conflict: ArrowLeftRight,
  locked: Lock,
} as const satisfies Record<CellState, typeof Check | null>

/** A symbol of its own for every state; the words stand beside it. */
export function StateMark({ state }: { state: CellState }) {
  const Mark = symbols[state]
  return Mark && <Mark className="grid-mark" data-state={state} aria-hidden="true" />
}

export function NoteMark({ what }: { what: 'note' | 'source' }) {
  const Mark = what === 'note' ? MessageSquareText : FileText
  return <Mark className="grid-mark" aria-hidden="true" />
}
