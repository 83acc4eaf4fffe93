/** What was expired longer ago has been heard of by now. */
const most = 1_000

const shared = globalThis as { shumarOwnChanges?: Set<string> }

function known(): Set<string> {
  shared.shumarOwnChanges ??= new Set()
  return shared.shumarOwnChanges
}

/**
 * Notes that this process has expired everything public after a transaction of its own, by the number
 * that PostgreSQL gave it, so that hearing of it need not expire it again.
 */
export function noteExpired(transaction: string | null): void {
  if (transaction === null) return
  const own = known()
  own.delete(transaction)
  own.add(transaction)
  const [oldest] = own
  if (own.size > most && oldest !== undefined) own.delete(oldest)
}

/** Whether everything public was expired after each of these, which are all that has changed. */
export const wereExpired = (transactions: readonly string[]): boolean =>
  transactions.length > 0 && transactions.every((one) => known().has(one))
