import type { Academy } from '@/features/catalogue/schema'
import type { Period } from '@/features/periods/rules'

/** All of them together, which is none itself. */
export const isAcademy = ({ code }: Pick<Academy, 'code'>) => code !== '_T'

/**
 * Whether an academy was open on any day of a reference period; a day that nobody knows closes
 * nothing. A merged academy was its own until the day that it closed.
 */
export function openIn(
  { openedOn, closedOn }: Pick<Academy, 'openedOn' | 'closedOn'>,
  { start, end }: Pick<Period, 'start' | 'end'>,
): boolean {
  const isBegun = openedOn === null || end === null || openedOn <= end
  const isOver = closedOn !== null && start !== null && closedOn < start
  return isBegun && !isOver
}

/** Where a chain of mergers ends; the code itself for an academy that is in none. */
export function successorOf(
  academies: readonly Pick<Academy, 'code' | 'mergedInto'>[],
  code: string,
): string {
  const next = new Map(academies.map((academy) => [academy.code, academy.mergedInto]))
  const passed = new Set<string>()
  let end = code
  for (let into = next.get(end); into && !passed.has(end); into = next.get(end)) {
    passed.add(end)
    end = into
  }
  return end
}
