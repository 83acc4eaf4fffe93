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

const heard = (label: string | undefined) =>
  label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true }

/** A symbol of its own for every state. `label` says it where no words stand beside it. */
export function StateMark({ state, label }: { state: CellState; label?: string }) {
  const Mark = symbols[state]
  return Mark && <Mark className="grid-mark" data-state={state} {...heard(label)} />
}

export function NoteMark({ what, label }: { what: 'note' | 'source'; label?: string }) {
  const Mark = what === 'note' ? MessageSquareText : FileText
  return <Mark className="grid-mark" {...heard(label)} />
}
