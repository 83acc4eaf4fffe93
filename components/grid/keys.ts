import type { Editing } from './store'

export type Command =
  /** By cells, to the edge of what is filled, or by as many rows as can be seen. */
  | {
      name: 'move'
      rows: -1 | 0 | 1
      columns: -1 | 0 | 1
      reach: 'cell' | 'edge' | 'page'
      extend: boolean
    }
  /** To the first or last cell of the row or, with `whole`, of the grid. */
  | { name: 'jump'; to: 'first' | 'last'; whole: boolean; extend: boolean }
  | { name: 'along' | 'down'; back: boolean }
  | {
      name:
        | 'edit'
        | 'type'
        | 'escape'
        | 'clear'
        | 'all'
        | 'row'
        | 'column'
        | 'fillDown'
        | 'fillAlong'
        | 'fillSelection'
        | 'undo'
        | 'redo'
        | 'note'
        | 'source'
    }

export interface KeyPress {
  key: string
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  /** A character is being put together; its keys are not ours. */
  isComposing: boolean
  /** Alt Gr writes characters, and is Ctrl and Alt to some browsers. */
  isAltGraph: boolean
}

const arrows: Record<string, readonly [rows: -1 | 0 | 1, columns: -1 | 0 | 1]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** What a key asks for; null where it is the browser's or, in an open editor, the text's. */
export function commandOf(
  press: KeyPress,
  { editing, isRtl }: { editing: Editing['mode'] | null; isRtl: boolean },
): Command | null {
  if (press.isComposing) return null
  const isControl = (press.ctrlKey || press.metaKey) && !press.isAltGraph
  if (isControl) return editing ? controlInEditor(press) : control(press, isRtl)
  if (press.altKey && !press.isAltGraph) return null
  return always(press) ?? (editing === 'edit' ? null : outside(press, editing !== null, isRtl))
}

/** Keys that mean the same whether the editor is open or not. */
function always({ key, shiftKey }: KeyPress): Command | null {
  switch (key) {
    case 'Enter':
      return { name: 'down', back: shiftKey }
    case 'Tab':
      return { name: 'along', back: shiftKey }
    case 'Escape':
      return { name: 'escape' }
    case 'F2':
      return { name: shiftKey ? 'note' : 'edit' }
    case 'F4':
      return shiftKey ? { name: 'source' } : null
    default:
      return null
  }
}

/** In an editor that was opened by typing, arrows leave it; other keys belong to its text. */
function outside(press: KeyPress, isEditing: boolean, isRtl: boolean): Command | null {
  const { key, shiftKey: extend } = press
  if (key in arrows) return moving(press, 'cell', isRtl)
  if (key === 'PageUp' || key === 'PageDown')
    return { name: 'move', rows: key === 'PageUp' ? -1 : 1, columns: 0, reach: 'page', extend }
  if (isEditing) return null
  if (key === 'Home' || key === 'End')
    return { name: 'jump', to: key === 'Home' ? 'first' : 'last', whole: false, extend }
  if (key === 'Delete' || key === 'Backspace') return { name: 'clear' }
  if (key === ' ' && extend) return { name: 'row' }
  // One character, or the start of one that takes several strokes.
  if ([...key].length === 1 || ['Dead', 'Process', 'Unidentified'].includes(key))
    return { name: 'type' }
  return null
}

function moving({ key, shiftKey: extend }: KeyPress, reach: 'cell' | 'edge', isRtl: boolean) {
  const [rows = 0, columns = 0] = arrows[key] ?? []
  // Arrows follow what is seen.
  const seen = isRtl ? ((0 - columns) as -1 | 0 | 1) : columns
  return { name: 'move', rows, columns: seen, reach, extend } as const
}

function controlInEditor({ key }: KeyPress): Command | null {
  return key === 'Enter' ? { name: 'fillSelection' } : null
}

function control(press: KeyPress, isRtl: boolean): Command | null {
  const { key, shiftKey } = press
  if (key in arrows) return moving(press, 'edge', isRtl)
  switch (key.toLowerCase()) {
    case 'home':
      return { name: 'jump', to: 'first', whole: true, extend: shiftKey }
    case 'end':
      return { name: 'jump', to: 'last', whole: true, extend: shiftKey }
    case 'a':
      return { name: 'all' }
    case ' ':
      return { name: 'column' }
    case 'd':
      return { name: 'fillDown' }
    case 'r':
      return shiftKey ? null : { name: 'fillAlong' }
    case 'z':
      return { name: shiftKey ? 'redo' : 'undo' }
    case 'y':
      return { name: 'redo' }
    default:
      return null
  }
}
