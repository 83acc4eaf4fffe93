import { revisionAsOf } from '@/features/figures/rules'
import type { Revision } from '@/features/figures/schema'

type Recorded = Pick<Revision, 'id' | 'value' | 'releasedOn' | 'knownOn'> & { observation: number }

/** `restated`: said again with the same value, by another source or with another status. */
export type ChangeKind = 'added' | 'revised' | 'restated' | 'withdrawn'

export interface Change<R> {
  kind: ChangeKind
  observation: number
  /** What was current on the first day; null where there was nothing to see. */
  before: R | null
  /** What was current on the second day; without a value where it is withdrawn. */
  after: R
}

/**
 * What changed for a reader between the ends of two days, newest record first: each key whose
 * current revision is another one.
 */
export function changesBetween<R extends Recorded>(
  revisions: readonly R[],
  from: string,
  to: string,
): Change<R>[] {
  const histories = new Map<number, R[]>()
  for (const revision of revisions) {
    histories.set(revision.observation, [...(histories.get(revision.observation) ?? []), revision])
  }
  return [...histories]
    .flatMap(([observation, history]) => {
      const after = revisionAsOf(history, to)
      const known = revisionAsOf(history, from)
      const before = known && known.value !== null ? known : null
      if (!after || after.id === known?.id || (!before && after.value === null)) return []
      return [{ kind: kindOf(before, after), observation, before, after }]
    })
    .sort((a, b) => b.after.id - a.after.id)
}

/** What a revision did to the value before it. Values are compared as written: 2.2 became 2.20. */
export function kindOf(
  before: Pick<Revision, 'value'> | null,
  after: Pick<Revision, 'value'>,
): ChangeKind {
  if (after.value === null) return 'withdrawn'
  if (!before || before.value === null) return 'added'
  return before.value === after.value ? 'restated' : 'revised'
}
