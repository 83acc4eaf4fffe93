import {
  type CellAddress,
  type CellChange,
  type CellUpdate,
  cellKey,
  type SaveAnswer,
  type SaveStatus,
} from './model'

/** A change, and which writing of its cell it is. */
export interface Waiting extends CellChange {
  stamp: string
}

export interface SaverOptions {
  send(changes: CellChange[]): Promise<SaveAnswer>
  /** The cells are under way; then either answered or waiting again. */
  onSending(cells: readonly CellAddress[]): void
  onWaiting(cells: readonly CellAddress[]): void
  onAnswer(cells: readonly CellUpdate[], sent: readonly Waiting[]): void
  onStatus(status: SaveStatus): void
  onSignedOut(): void
}

/** Milliseconds. The first stroke waits for the second no longer than `longest`. */
const pause = 350
const longest = 800
const firstRetry = 1000
const slowestRetry = 30_000
const mostAtOnce = 1000

/**
 * Sends what is typed: soon, many cells at once, one request at a time, and again until there is an
 * answer. A request whose answer was lost may have been carried out: the same change then comes a
 * second time, with the same base.
 */
export class Saver {
  readonly #options: SaverOptions
  readonly #waiting = new Map<string, Waiting>()
  #underWay = new Map<string, Waiting>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #since: number | undefined
  #retries = 0
  #isSignedOut = false
  #hasFailed = false
  #idle: (() => void)[] = []

  constructor(options: SaverOptions) {
    this.#options = options
  }

  /** Takes a change. Its base counts only where the cell has no earlier change that waits. */
  add(changes: readonly Waiting[]): void {
    for (const change of changes) {
      const key = cellKey(change)
      const earlier = this.#waiting.get(key) ?? this.#underWay.get(key)
      this.#waiting.set(key, earlier ? { ...change, base: earlier.base } : change)
    }
    this.#since ??= Date.now()
    if (this.#isSignedOut) this.#report()
    else if (this.#retries === 0) {
      const left = this.#since + longest - Date.now()
      this.#schedule(Math.max(0, Math.min(pause, left)))
    }
  }

  /** Whether the cell's text is not known to be stored. */
  isWaiting(cell: CellAddress): boolean {
    return this.#waiting.has(cellKey(cell)) || this.#underWay.has(cellKey(cell))
  }

  /** Whether there is a newer text than the one that was answered. */
  isNewer(cell: CellAddress): boolean {
    return this.#waiting.has(cellKey(cell))
  }

  /** Takes back a change that has not left yet. */
  drop(cell: CellAddress): void {
    this.#waiting.delete(cellKey(cell))
  }

  get count(): number {
    return new Set([...this.#waiting.keys(), ...this.#underWay.keys()]).size
  }

  /** Sends at once. True when everything has been answered and stored. */
  async flush(): Promise<boolean> {
    this.#hasFailed = false
    while (this.#waiting.size + this.#underWay.size > 0 && !this.#hasFailed && !this.#isSignedOut) {
      if (this.#underWay.size === 0) this.#schedule(0)
      await new Promise<void>((done) => this.#idle.push(done))
    }
    return this.count === 0
  }

  /** Goes on after a new sign-in, or at once instead of after the next pause. */
  resume(): void {
    this.#isSignedOut = false
    this.#retries = 0
    if (this.#waiting.size > 0) this.#schedule(0)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer)
    if (this.#underWay.size === 0) this.#timer = setTimeout(() => void this.#send(), delay)
  }

  #report(): void {
    const { count } = this
    if (this.#isSignedOut) this.#options.onStatus({ kind: 'signedOut', count })
    else if (this.#retries > 0) this.#options.onStatus({ kind: 'offline', count })
    else if (count > 0) this.#options.onStatus({ kind: 'saving', count })
    else this.#options.onStatus({ kind: 'saved' })
  }

  async #send(): Promise<void> {
    if (this.#underWay.size > 0 || this.#waiting.size === 0) return
    this.#underWay = new Map([...this.#waiting].slice(0, mostAtOnce))
    for (const key of this.#underWay.keys()) this.#waiting.delete(key)
    this.#since = undefined
    const sent = [...this.#underWay.values()]
    this.#options.onSending(sent)
    if (this.#retries === 0) this.#report()
    const answer = await this.#ask(sent)
    if (answer?.kind === 'saved') this.#take(answer.cells, sent)
    else this.#keep(sent)
    if (answer?.kind === 'signedOut') {
      this.#isSignedOut = true
      this.#options.onSignedOut()
    }
    this.#hasFailed ||= answer === null
    this.#report()
    if (!this.#isSignedOut && this.#waiting.size > 0) this.#schedule(this.#delay())
    for (const done of this.#idle.splice(0)) done()
  }

  async #ask(sent: readonly Waiting[]): Promise<SaveAnswer | null> {
    try {
      return await this.#options.send(sent.map(({ stamp: _, ...change }) => change))
    } catch {
      return null
    }
  }

  #delay(): number {
    return this.#retries === 0 ? 0 : Math.min(slowestRetry, firstRetry * 2 ** (this.#retries - 1))
  }

  #take(cells: readonly CellUpdate[], sent: readonly Waiting[]): void {
    this.#retries = 0
    this.#underWay = new Map()
    for (const { state, base, ...cell } of cells) {
      const newer = this.#waiting.get(cellKey(cell))
      // What was typed since stands on what has just been stored, unless somebody else came between.
      if (newer && state !== 'conflict' && base !== undefined) newer.base = base
    }
    this.#options.onAnswer(cells, sent)
  }

  #keep(sent: readonly Waiting[]): void {
    this.#retries++
    this.#underWay = new Map()
    for (const change of sent) {
      const key = cellKey(change)
      if (!this.#waiting.has(key)) this.#waiting.set(key, change)
    }
    this.#options.onWaiting(sent)
  }
}
