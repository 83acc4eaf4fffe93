import { readClipboard, writeClipboard } from '@/lib/clipboard'
import { numberReader } from '@/lib/typed-number'
import { filledPattern, urduDigits } from '@/lib/typed-text'
import { type Journal, type JournalStorage, openJournal } from './journal'
import type { Command } from './keys'
import {
  type CellAddress,
  type CellChange,
  type CellUpdate,
  cellKey,
  type GridCell,
  type GridColumn,
  type GridHandle,
  type GridRequest,
  type GridRow,
  type SaveAnswer,
  type SaveStatus,
} from './model'
import { type Placement, place as placeBlock } from './placement'
import { Saver, type Waiting } from './saver'
import {
  type Block,
  blockOf,
  GridStore,
  type Place,
  placesIn,
  type TextAt,
  type Typed,
} from './store'
import { Viewport } from './viewport'
import type { GridWords } from './words'

export interface GridOptions {
  /** Names the sheet and the person; null keeps nothing in the browser. */
  journalId: string | null
  rows: readonly GridRow[]
  columns: readonly GridColumn[]
  /** By `cellKey`; a cell that is left out is empty. */
  cells: Readonly<Record<string, GridCell>>
  words: GridWords
}

export interface GridEvents {
  /** Stores changes and answers for each of them. Throws where there is no answer. */
  onSave(changes: CellChange[]): Promise<SaveAnswer>
  /** Asks for a new sign-in; `resume` of the handle goes on afterwards. */
  onSignedOut(): void
  /** Opens an editor of the page; without it there is nothing to open. */
  onRequest?(request: GridRequest): void
  onStatus?(status: SaveStatus): void
}

/** What stands around the table: the state of saving, and what is to be said. */
export interface GridSurroundings {
  status: SaveStatus
  /** Read out once. */
  said: string
  /** Stays until it is closed: what could not be pasted, what was found again. */
  notice: readonly string[]
  isKept: boolean
}

const mostListed = 100
/** More cells than these are not told one by one. */
const mostTold = 3

const troubles = ['conflict', 'failed', 'invalid', 'warning'] as const
const isTrouble = ({ state }: GridCell) => troubles.some((one) => one === state)

/** Runs the commands of a grid: between its state, the journal in the browser and the server. */
export class GridController implements GridHandle {
  readonly store: GridStore
  readonly viewport: Viewport
  readonly words: GridWords
  events: GridEvents
  readonly #saver: Saver
  readonly #journalId: string | null
  #journal: Journal | null = null
  #surroundings: GridSurroundings = { status: { kind: 'idle' }, said: '', notice: [], isKept: true }
  readonly #listeners = new Set<() => void>()
  readonly #tab = Math.random().toString(36).slice(2)
  #strokes = 0
  #mayLeave = false
  /** The answer that has been taken over needed more words than that it is stored. */
  #hasTold = false
  /** Where Tab began: Enter returns under it, as in a list that is typed row by row. */
  #tabStart: number | null = null

  constructor(options: GridOptions, events: GridEvents) {
    this.words = options.words
    this.events = events
    this.#journalId = options.journalId
    const readNumber = numberReader(options.words.numbers)
    const check = (text: string, { row, column }: Place) => {
      const percent = Boolean(options.rows[row]?.percent || options.columns[column]?.percent)
      const read = readNumber(text, { percent })
      return read.ok
        ? null
        : this.#fill(this.words.problems[read.problem.code], read.problem.params)
    }
    this.store = new GridStore({ ...options, check, onTyped: (typed) => this.#typed(typed) })
    this.viewport = new Viewport(options.rows.length, options.columns.length)
    let { focus } = this.store.state()
    this.store.subscribe(() => {
      const state = this.store.state()
      if (state.focus === focus) return
      focus = state.focus
      this.viewport.bring(state.sight)
    })
    this.#saver = new Saver({
      send: (changes) => this.events.onSave(changes),
      onSending: (cells) => this.store.mark(cells, 'typed', 'saving'),
      onWaiting: (cells) => this.store.mark(cells, 'saving', 'typed'),
      onAnswer: (cells, sent) => this.#answered(cells, sent),
      onStatus: (status) => this.#status(status),
      onSignedOut: () => this.events.onSignedOut(),
    })
  }

  // Surroundings

  readonly surroundings = (): GridSurroundings => this.#surroundings

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #around(change: Partial<GridSurroundings>): void {
    this.#surroundings = { ...this.#surroundings, ...change }
    for (const listener of this.#listeners) listener()
  }

  #fill(pattern: string | undefined, values: Record<string, string | number> = {}): string {
    const texts = Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' && this.words.hasUrduDigits
        ? urduDigits(String(value))
        : String(value),
    ])
    return filledPattern(pattern ?? '', Object.fromEntries(texts))
  }

  say(pattern: string, values?: Record<string, string | number>): void {
    const said = this.#fill(pattern, values)
    // The same words again are another event: a no-break space makes them another text.
    this.#around({ said: said === this.#surroundings.said ? `${said}\u00a0` : said })
  }

  dismiss(): void {
    this.#around({ notice: [] })
  }

  #status(status: SaveStatus): void {
    const { kind } = this.#surroundings.status
    this.#around({ status })
    if (status.kind !== kind && (status.kind === 'offline' || status.kind === 'signedOut'))
      this.say(this.words[status.kind], { count: status.count })
    if (status.kind === 'saved' && !this.#hasTold) this.say(this.words.heardSaved)
    this.#hasTold = false
    this.events.onStatus?.(status)
  }

  /**
   * Says what is wrong with cells that the focus may have left: each by its place, many by their
   * number.
   */
  #tellTroubles(places: readonly Place[]): void {
    const troubled = places.filter((place) => isTrouble(this.store.cell(place)))
    const texts =
      troubled.length > mostTold
        ? troubles.flatMap((state) => {
            const { length } = troubled.filter((place) => this.store.cell(place).state === state)
            return length > 0
              ? [`${this.words.states[state]}: ${this.#fill('{length}', { length })}.`]
              : []
          })
        : troubled.map((place) => {
            const { state, message } = this.store.cell(place)
            return [this.#named(place), this.words.states[state], message]
              .filter(Boolean)
              .join(': ')
          })
    if (texts.length > 0) this.say(texts.join(' '))
  }

  /** Takes over answers or news, and says what has gone wrong by them. */
  #learn(cells: readonly CellUpdate[], isWaiting: (cell: CellAddress) => boolean): void {
    const places = cells.flatMap((cell) => this.store.place(cell) ?? [])
    const before = places.map((place) => this.store.cell(place))
    this.store.update(cells, isWaiting)
    const isNews = (place: Place, at: number) => {
      const now = this.store.cell(place)
      return now.state !== before[at]?.state || now.message !== before[at]?.message
    }
    this.#tellTroubles(places.filter(isNews))
    this.#hasTold = places.some((place) => isTrouble(this.store.cell(place)))
  }

  // The browser's own copy

  /** Begins to keep what is typed, and takes up what an earlier visit left. */
  start(storage: JournalStorage | null): void {
    if (this.#journal || !this.#journalId || !storage) return
    this.#journal = openJournal(storage, this.#journalId)
    const left = this.#journal.read()
    const strangers = left.filter((entry) => !this.store.place(entry) && entry.text !== '')
    const lost = left.filter((entry) => {
      const place = this.store.place(entry)
      return place && this.store.cell(place).text !== entry.text
    })
    for (const entry of left) {
      if (this.store.place(entry) && !lost.includes(entry)) this.#journal.remove(entry)
    }
    this.#journal.edit(null)
    const count = this.store.restore(lost)
    const notice = [
      ...(count > 0 ? [this.#fill(this.words.restored, { count })] : []),
      ...(strangers.length > 0
        ? [this.#fill(this.words.strangers, { list: this.#listed(strangers.map((e) => e.text)) })]
        : []),
    ]
    if (notice.length > 0) this.#around({ notice })
  }

  stop(): void {
    this.#saver.stop()
  }

  /** The network is back: no use in waiting for the next try. A sign-in is still a sign-in. */
  online(): void {
    if (this.#surroundings.status.kind === 'offline') this.#saver.resume()
  }

  #typed(typed: readonly Typed[]): void {
    const waiting = typed.map((cell): Waiting => {
      return { ...cell, stamp: `${this.#tab}-${++this.#strokes}` }
    })
    const isKept = this.#journal ? waiting.every((entry) => this.#journal?.put(entry)) : true
    if (isKept !== this.#surroundings.isKept) this.#around({ isKept })
    this.#tellTroubles(typed.flatMap((cell) => this.store.place(cell) ?? []))
    this.#saver.add(waiting)
  }

  #answered(cells: readonly CellUpdate[], sent: readonly Waiting[]): void {
    const answers = new Map(cells.map((cell) => [cellKey(cell), cell]))
    const silent = sent
      .filter((change) => !answers.has(cellKey(change)))
      .map(({ row, column }): CellUpdate => {
        return { row, column, state: 'failed', message: this.words.unanswered }
      })
    for (const change of sent) {
      const state = answers.get(cellKey(change))?.state ?? 'failed'
      const isStored = !['conflict', 'failed', 'locked'].includes(state)
      if (isStored) this.#journal?.remove(change)
    }
    this.#learn([...cells, ...silent], (cell) => this.#saver.isNewer(cell))
  }

  // What the page around can ask

  update(cells: readonly CellUpdate[]): void {
    this.#learn(cells, (cell) => this.#saver.isWaiting(cell))
    this.#hasTold = false
  }

  flush(): Promise<boolean> {
    this.store.commit()
    return this.#saver.flush()
  }

  resume(): void {
    this.#saver.resume()
  }

  focus(cell: CellAddress): void {
    const place = this.store.place(cell)
    if (place) this.store.go(place)
  }

  typed(): readonly CellAddress[] {
    const { table } = this.store.state()
    return table.flatMap((cells, row) =>
      cells.flatMap(({ text }, column) =>
        text === '' ? [] : [this.store.address({ row, column })],
      ),
    )
  }

  /** Answers a conflict: mine is sent again over theirs, or mine is taken back. */
  settle(place: Place, winner: 'mine' | 'theirs'): void {
    const cell = this.store.cell(place)
    const { theirs } = cell
    if (!theirs) return
    const base = theirs.base === undefined ? cell.base : theirs.base
    const address = this.store.address(place)
    const text = winner === 'mine' ? cell.text : ''
    this.store.update([{ ...address, state: 'saved', base, text }], () => false)
    this.store.restore([{ ...address, text, base }])
    this.store.go(place)
  }

  // Commands

  /**
   * Does what a key asks for. False where the key is to have its usual effect as well.
   */
  run(command: Command): boolean {
    const { store } = this
    const mayLeave = this.#mayLeave
    this.#mayLeave = false
    if (!['along', 'down', 'type', 'edit'].includes(command.name)) this.#tabStart = null
    switch (command.name) {
      case 'move':
        this.#move(command)
        return true
      case 'jump':
        this.#jump(command)
        return true
      case 'along':
        return mayLeave ? false : this.#along(command.back)
      case 'down':
        this.#down(command.back)
        return true
      case 'edit':
        if (store.state().editing) store.stay()
        else store.edit('edit')
        return true
      case 'type':
        return !store.edit('replace', '')
      case 'escape':
        this.#escape()
        return true
      case 'undo':
      case 'redo':
        this.undo(command.name)
        return true
      case 'note':
      case 'source':
        this.request(command.name)
        return true
      default:
        this.#onSelection(command.name)
        return true
    }
  }

  #move({ rows, columns, reach, extend }: Extract<Command, { name: 'move' }>): void {
    const { active, head } = this.store.state()
    const from = extend ? head : active
    const steps = this.#steps(reach, from, rows, columns)
    const to = { row: from.row + rows * steps, column: from.column + columns * steps }
    if (extend) {
      this.store.extend(to)
      this.#sayBlock()
    } else this.store.go(to, rows !== 0 && reach === 'cell')
  }

  /** How much is selected, and to where: the focus has not moved. */
  #sayBlock(): void {
    const state = this.store.state()
    const { top, bottom, left, right } = blockOf(state)
    const count = (bottom - top + 1) * (right - left + 1)
    const words = count > 1 ? this.words.selectedTo : this.words.selected
    this.say(words, { count, place: this.#named(state.head) })
  }

  /** A cell by its headings, for those who hear of it from elsewhere. */
  #named({ row, column }: Place): string {
    const [at, of] = [this.store.rows[row], this.store.columns[column]]
    return [at?.label, of?.label, of?.group].filter(Boolean).join(this.words.separator)
  }

  #steps(reach: 'cell' | 'edge' | 'page', from: Place, rows: number, columns: number): number {
    if (reach === 'page') return this.viewport.page()
    return reach === 'edge' ? this.#toEdge(from, rows, columns) : 1
  }

  /** Steps to the last filled cell of a run, or over empty ones to the next filled cell. */
  #toEdge({ row, column }: Place, rows: number, columns: number): number {
    const isFilled = (step: number) => {
      const cells = this.store.state().table[row + rows * step]
      return Boolean(cells?.[column + columns * step]?.text)
    }
    const last = (rows === 0 ? this.store.columns : this.store.rows).length
    const isRun = isFilled(0) && isFilled(1)
    for (let step = 1; step < last; step++) {
      if (isRun ? !isFilled(step + 1) : isFilled(step)) return step
    }
    return last
  }

  #jump({ to, whole, extend }: Extract<Command, { name: 'jump' }>): void {
    const { active, head } = this.store.state()
    const { row } = extend ? head : active
    const [lastRow, lastColumn] = [this.store.rows.length - 1, this.store.columns.length - 1]
    const place =
      to === 'first'
        ? { row: whole ? 0 : row, column: 0 }
        : { row: whole ? lastRow : row, column: lastColumn }
    if (extend) {
      this.store.extend(place)
      this.#sayBlock()
    } else this.store.go(place)
  }

  /** To the next cell, over the end of the row. False at the end of the grid, where Tab leaves it. */
  #along(back: boolean): boolean {
    const { active } = this.store.state()
    const width = this.store.columns.length
    const next = active.row * width + active.column + (back ? -1 : 1)
    this.#tabStart ??= active.column
    if (next < 0 || next >= width * this.store.rows.length) {
      this.store.commit()
      return false
    }
    this.store.go({ row: Math.floor(next / width), column: next % width })
    return true
  }

  #down(back: boolean): void {
    const { active } = this.store.state()
    const column = this.#tabStart ?? active.column
    this.#tabStart = null
    this.store.go({ row: active.row + (back ? -1 : 1), column })
  }

  #escape(): void {
    const { editing, active, head } = this.store.state()
    this.#journal?.edit(null)
    if (editing) {
      this.store.cancel()
      this.say(this.words.unchanged)
    } else if (active.row !== head.row || active.column !== head.column) {
      this.store.go(active)
      this.#sayBlock()
    } else {
      this.#mayLeave = true
      this.say(this.words.leave)
    }
  }

  #onSelection(
    name: 'clear' | 'all' | 'row' | 'column' | 'fillDown' | 'fillAlong' | 'fillSelection',
  ): void {
    const { store } = this
    const { active, head } = store.state()
    const block = blockOf(store.state())
    const last = { row: store.rows.length - 1, column: store.columns.length - 1 }
    if (name === 'all') store.select({ row: 0, column: 0 }, last)
    if (name === 'row')
      store.select({ row: active.row, column: 0 }, { row: head.row, column: last.column })
    if (name === 'column')
      store.select({ row: 0, column: active.column }, { row: last.row, column: head.column })
    if (['all', 'row', 'column'].includes(name)) this.#sayBlock()
    if (name === 'fillSelection') store.commit(placesIn(block))
    if (name === 'clear') this.#write(placesIn(block), () => '', this.words.cleared)
    if (name === 'fillDown') {
      const from = block.top === block.bottom ? block.top - 1 : block.top
      if (from >= 0) this.fill({ ...block, top: from, bottom: from }, { ...block, top: from })
    }
    if (name === 'fillAlong') {
      const from = block.left === block.right ? block.left - 1 : block.left
      if (from >= 0) this.fill({ ...block, left: from, right: from }, { ...block, left: from })
    }
  }

  /** Repeats what stands in a block over a larger one that holds it. */
  fill(source: Block, target: Block): void {
    const height = source.bottom - source.top + 1
    const width = source.right - source.left + 1
    const within = (at: number, size: number) => ((at % size) + size) % size
    const isNew = ({ row, column }: Place) =>
      row < source.top || row > source.bottom || column < source.left || column > source.right
    const text = ({ row, column }: Place) =>
      this.store.cell({
        row: source.top + within(row - source.top, height),
        column: source.left + within(column - source.left, width),
      }).text
    this.#write(placesIn(target).filter(isNew), text, this.words.filled)
  }

  #write(places: readonly Place[], text: (place: Place) => string, words: string): void {
    const texts = places.map((at): TextAt => ({ ...at, text: text(at) }))
    const { written, locked } = this.store.write(texts)
    this.say(words, { count: written })
    if (locked > 0)
      this.#around({ notice: [this.#fill(this.words.lockedCells, { count: locked })] })
  }

  undo(which: 'undo' | 'redo'): void {
    this.store.commit()
    const count = this.store[which]()
    const words = which === 'undo' ? this.words.undone : this.words.redone
    const none = which === 'undo' ? this.words.nothingToUndo : this.words.nothingToRedo
    this.say(count > 0 ? words : none, { count })
  }

  /** Asks the page for the editor of a note, or of a source for everything that is selected. */
  request(what: GridRequest['what']): void {
    this.store.commit()
    const { active } = this.store.state()
    const places = what === 'note' ? [active] : placesIn(blockOf(this.store.state()))
    this.events.onRequest?.({ what, cells: places.map((place) => this.store.address(place)) })
  }

  /** What stands in the editor, at every stroke. */
  draft(text: string): void {
    const { active } = this.store.state()
    this.store.draft(text)
    const { base } = this.store.cell(active)
    const isKept = this.#journal?.edit({ ...this.store.address(active), text, base }) ?? true
    if (isKept !== this.#surroundings.isKept) this.#around({ isKept })
  }

  /** The editor is gone, and its text is kept as typed or given up. */
  closed(): void {
    this.#journal?.edit(null)
  }

  // Clipboard

  copied(): { text: string; html: string } {
    const { top, bottom, left, right } = blockOf(this.store.state())
    const { table } = this.store.state()
    const rows = table.slice(top, bottom + 1).map((row) => {
      return row.slice(left, right + 1).map(({ text }) => text)
    })
    this.say(this.words.copied, { count: rows.length * (rows[0]?.length ?? 0) })
    return writeClipboard(rows)
  }

  /** The whole table with its headings, by which it finds its places again when it is pasted. */
  copiedWithHeadings(): { text: string; html: string } {
    const { columns, rows, state } = this.store
    const name = ({ label, group }: GridColumn) => (group ? `${group} ${label}` : label)
    const lines = state().table.map((cells, at) => {
      const row = rows[at]
      return [row ? name(row) : '', ...cells.map(({ text }) => text)]
    })
    this.say(this.words.copied, { count: rows.length * columns.length })
    return writeClipboard([['', ...columns.map(name)], ...lines])
  }

  cut(): { text: string; html: string } {
    const copy = this.copied()
    this.#onSelection('clear')
    return copy
  }

  /** Pastes what is on the clipboard. `atLeast` 2 leaves a single cell to the open editor. */
  paste(clipboard: { text: string; html: string }, atLeast = 1): boolean {
    const block = readClipboard(clipboard)
    const cells = block.ok ? block.value.length * (block.value[0]?.length ?? 0) : atLeast
    if (cells < atLeast || (!block.ok && atLeast > 1)) return false
    if (!block.ok) {
      const { code, params } = block.problem
      const words = code === 'tooLarge' ? this.words.clipboardTooLarge : this.words.emptyClipboard
      this.#around({ notice: [this.#fill(words, params)] })
      return true
    }
    this.store.cancel()
    const placed = placeBlock(block.value, blockOf(this.store.state()), this.store)
    const { locked } = this.store.write(placed.texts)
    this.#selectAll(placed.texts)
    this.#tell(placed, locked)
    return true
  }

  #selectAll(texts: readonly TextAt[]): void {
    if (texts.length === 0) return
    let [top, left, bottom, right] = [Infinity, Infinity, 0, 0]
    for (const { row, column } of texts) {
      top = Math.min(top, row)
      left = Math.min(left, column)
      bottom = Math.max(bottom, row)
      right = Math.max(right, column)
    }
    this.store.select({ row: top, column: left }, { row: bottom, column: right })
  }

  #tell(placed: Placement, locked: number): void {
    const { words } = this
    const filled = placed.texts.filter(({ text }) => text !== '')
    const unreadable = filled.filter((at) => this.store.cell(at).state === 'invalid').length
    const byHeadings = placed.byRows || placed.byColumns
    const summary = this.#fill(byHeadings ? words.pastedByHeadings : words.pasted, {
      count: filled.length - locked,
    })
    const notes = [
      placed.outside > 0 && this.#fill(words.outside, { count: placed.outside }),
      placed.unknownRows.length > 0 &&
        this.#fill(words.unknownRows, { list: this.#listed(placed.unknownRows) }),
      placed.unknownColumns.length > 0 &&
        this.#fill(words.unknownColumns, { list: this.#listed(placed.unknownColumns) }),
      unreadable > 0 && this.#fill(words.unreadable, { count: unreadable }),
      locked > 0 && this.#fill(words.lockedCells, { count: locked }),
    ].filter((one) => one !== false)
    this.#around({ notice: notes.length > 0 ? [summary, ...notes] : [] })
    this.say([summary, ...notes].join(' '))
  }

  #listed(names: readonly string[]): string {
    const shown = names.slice(0, mostListed).join(this.words.separator)
    return names.length > mostListed
      ? this.#fill('{shown} (+{count})', { shown, count: names.length - mostListed })
      : shown
  }
}
