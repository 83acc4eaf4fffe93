/** A few places for work that is heavy; whoever finds none waits in line, and not for ever. */
export class Places {
  #free: number
  readonly #waiting: (() => void)[] = []

  /** @param patience milliseconds that somebody waits */
  constructor(
    places: number,
    private readonly patience: number,
  ) {
    this.#free = places
  }

  /** Does a piece of work once there is a place; null where none came free in time. */
  async use<T>(work: () => Promise<T>): Promise<T | null> {
    if (!(await this.#take())) return null
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
  }

  #take(): Promise<boolean> {
    if (this.#free > 0) {
      this.#free -= 1
      return Promise.resolve(true)
    }
    return new Promise((resolve) => {
      const begin = () => {
        clearTimeout(timer)
        resolve(true)
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1)
        resolve(false)
      }, this.patience)
      this.#waiting.push(begin)
    })
  }
}
