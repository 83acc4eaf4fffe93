import type { CellAddress } from './model'

/** A text that the server has not acknowledged. */
export interface JournalEntry extends CellAddress {
  text: string
  base: number | null
  note?: string
  /** Tells this writing of the cell from every other, also from those of another tab. */
  stamp: string
}

/** The part of `localStorage` that is needed. */
export type JournalStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export interface Journal {
  /** False where the browser has no room or forbids storing: the text is only in the page. */
  put(entry: JournalEntry): boolean
  /** The server has it. A newer writing of the same cell stays. */
  remove(entry: CellAddress & { stamp: string }): void
  /** What stands in the editor and is not kept as typed yet; null when it is closed. */
  edit(entry: Omit<JournalEntry, 'stamp'> | null): boolean
  /** All that was left, by this tab or another one, the text of an editor included. */
  read(): JournalEntry[]
}

const prefix = 'grid'

/**
 * Keeps texts in the browser at the moment they are typed, each cell under a name of its own, so
 * that neither a crash nor a second tab loses more than the stroke under way.
 *
 * @param id names the sheet and the person; what was left under it is found at the next visit
 */
export function openJournal(storage: JournalStorage, id: string): Journal {
  const root = `${prefix}:${id}:`
  const nameOf = ({ row, column }: CellAddress) => `${root}${JSON.stringify([row, column])}`
  const editor = `${root}editor`

  const put = (name: string, entry: JournalEntry): boolean => {
    try {
      storage.setItem(name, JSON.stringify(entry))
      return true
    } catch {
      // Full, or forbidden: the caller says so.
      return false
    }
  }

  return {
    put: (entry) => put(nameOf(entry), entry),
    remove(entry) {
      const kept = parse(read(storage, nameOf(entry)))
      if (kept?.stamp === entry.stamp) drop(storage, nameOf(entry))
    },
    edit(entry) {
      if (entry) return put(editor, { ...entry, stamp: 'editor' })
      drop(storage, editor)
      return true
    },
    read() {
      const found = new Map<string, JournalEntry>()
      for (const name of namesIn(storage)
        .filter((one) => one.startsWith(root))
        .sort()) {
        const entry = parse(read(storage, name))
        if (!entry) continue
        // Sorted, the editor comes last: what stood in it is newer than what its cell had.
        found.set(nameOf(entry), entry)
      }
      return [...found.values()]
    },
  }
}

function namesIn(storage: JournalStorage): string[] {
  try {
    return Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '')
  } catch {
    return []
  }
}

function read(storage: JournalStorage, name: string): string | null {
  try {
    return storage.getItem(name)
  } catch {
    return null
  }
}

function drop(storage: JournalStorage, name: string): void {
  try {
    storage.removeItem(name)
  } catch {
    // Storage that cannot be used holds nothing either.
  }
}

/** Anybody with the browser can have written anything there. */
function parse(text: string | null): JournalEntry | null {
  try {
    const entry = JSON.parse(text ?? 'null') as Partial<JournalEntry> | null
    const isEntry =
      typeof entry?.row === 'string' &&
      typeof entry.column === 'string' &&
      typeof entry.text === 'string' &&
      typeof entry.stamp === 'string' &&
      (entry.base === null || Number.isSafeInteger(entry.base)) &&
      (entry.note === undefined || typeof entry.note === 'string')
    return isEntry ? (entry as JournalEntry) : null
  } catch {
    return null
  }
}
