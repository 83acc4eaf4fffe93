/**
 * Keeps the newest answers of each database, by a key that says what they are of: each is asked for
 * once, also by many at the same time. One that failed is asked for again.
 */
export function remembered<Answer>(most: number) {
  const databases = new WeakMap<object, Map<string, Promise<Answer>>>()
  return (database: object, key: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const answers = databases.get(database) ?? new Map<string, Promise<Answer>>()
    databases.set(database, answers)
    const answer = answers.get(key) ?? ask()
    answers.delete(key)
    answers.set(key, answer)
    answer.catch(() => answers.delete(key))
    const [oldest] = answers.keys()
    if (answers.size > most && oldest !== undefined) answers.delete(oldest)
    return answer
  }
}

/**
 * Keeps the newest answers by a key that stands for all that they are made of. Whoever asks at the
 * same time asks for themselves: what one transaction is told must not depend on another.
 */
export function keptBy<Answer>(most: number) {
  const answers = new Map<string, Answer>()
  return async (key: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const answer = answers.get(key) ?? (await ask())
    answers.delete(key)
    answers.set(key, answer)
    const [oldest] = answers.keys()
    if (answers.size > most && oldest !== undefined) answers.delete(oldest)
    return answer
  }
}
