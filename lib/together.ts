import { setImmediate as nextTurn } from 'node:timers/promises'

interface Waiting<Asked, Answer> {
  asked: Asked
  tell: (answer: Answer | Promise<Answer>) => void
  fail: (error: unknown) => void
}

/**
 * Does in one go what is asked for while other work of its kind is under way. Nobody waits for
 * company: what finds nothing under way begins at once, with what has arrived by the same turn of
 * the event loop.
 */
export class Together<Asked, Answer> {
  #waiting: Waiting<Asked, Answer>[] = []
  #isWorking = false

  /**
   * @param work answers in the order given; one that is a rejected promise fails alone
   * @param choose which of those that wait go together now, by their places; all of them, if left out
   */
  constructor(
    private readonly work: (
      asked: readonly Asked[],
    ) => Promise<readonly (Answer | Promise<Answer>)[]>,
    private readonly choose: (asked: readonly Asked[]) => ReadonlySet<number> = (asked) =>
      new Set(asked.keys()),
  ) {}

  ask(asked: Asked): Promise<Answer> {
    return new Promise((tell, fail) => {
      this.#waiting.push({ asked, tell, fail })
      if (!this.#isWorking) void this.#workOff()
    })
  }

  async #workOff(): Promise<void> {
    this.#isWorking = true
    while (this.#waiting.length > 0) {
      await nextTurn()
      await this.#workOnce()
    }
    this.#isWorking = false
  }

  async #workOnce(): Promise<void> {
    const chosen = this.choose(this.#waiting.map(({ asked }) => asked))
    const now = this.#waiting.filter((_, place) => chosen.has(place))
    this.#waiting = this.#waiting.filter((_, place) => !chosen.has(place))
    try {
      const answers = await this.work(now.map(({ asked }) => asked))
      now.forEach(({ tell, fail }, n) => {
        if (n in answers) tell(answers[n] as Answer | Promise<Answer>)
        else fail(new Error('What was asked together was not answered.'))
      })
      await Promise.allSettled(answers)
    } catch (error) {
      for (const { fail } of now) fail(error)
    }
  }
}
