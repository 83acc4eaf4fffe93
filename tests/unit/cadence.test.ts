import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueOf, nextDue, nextEnd } from '@/features/cadence/rules'
import { steps } from '@/features/catalogue/schema'
import { catalogue, contentFigures, figure } from '../support/figures'

const monthly = { every: 'M', lagDays: 20 } as const

describe('the next figure is due', () => {
  it.each([
    ['2025-09', monthly, '2025-11-20'],
    ['2025-12', monthly, '2026-02-20'],
    ['2024-A1', monthly, '2026-07-20'],
    ['2024', monthly, '2026-01-20'],
    ['2024-Q1', monthly, '2024-07-20'],
    ['2025-07-01/2025-10-31', monthly, '2025-12-20'],
    ['2024-A1', { every: 'A1', lagDays: 20 } as const, '2026-07-20'],
    ['2025-05-31', { every: 'A1', lagDays: 0 } as const, '2025-06-30'],
    ['2024', { every: 'A1', lagDays: 20 } as const, null],
    ['2024-A1', { every: 'A', lagDays: 20 } as const, null],
    ['2025-09', { every: 'Q', lagDays: 20 } as const, null],
    ['2025-01-01/..', monthly, null],
  ])('after %s, %o: %s', (period, cadence, day) => {
    expect(nextDue(figure({ period }), cadence)).toBe(day)
  })

  it('after the first whole step that ends later, never in the same one', () => {
    const day = fc
      .integer({ min: 0, max: 60_000 })
      .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10))
    const longest = { M: 31, Q: 92, A: 366, A1: 366 }
    fc.assert(
      fc.property(fc.constantFrom(...steps), day, (step, from) => {
        const end = nextEnd(step, from)
        const days = (Date.parse(end) - Date.parse(from)) / 86_400_000
        expect(days).toBeGreaterThan(0)
        expect(days).toBeLessThanOrEqual(longest[step])
        expect(
          nextEnd(step, new Date(Date.parse(end) - 86_400_000).toISOString().slice(0, 10)),
        ).toBe(end)
      }),
    )
  })
})

describe('a series', () => {
  const content = contentFigures()
  const exports = content.filter(
    ({ indicator, frequency, role }) =>
      indicator === 'ICT_EXPORTS' && frequency === 'M' && role === 'actual',
  )
  const last = exports.at(-1) as (typeof exports)[number]

  it('is overdue from the day after, and says so at its newest figure alone', () => {
    const on = (today: string) => dueOf(catalogue, content, last, today)
    expect(on('2025-11-20')).toEqual({ kind: 'next', day: '2025-11-20' })
    expect(on('2025-11-21')).toEqual({ kind: 'overdue', day: '2025-11-20' })
    const earlier = exports.at(-2) as typeof last
    expect(dueOf(catalogue, content, earlier, '2026-11-24')).toEqual({ kind: 'superseded' })
  })

  it('nobody scheduled, a target and the world are not due', () => {
    const unscheduled = { kind: 'unscheduled' }
    const others = [
      figure({ indicator: 'IT_GRADUATES', period: '2024' }),
      figure({ role: 'target' }),
      figure({ area: '001' }),
    ]
    for (const one of others)
      expect(dueOf(catalogue, [one], one, '2026-11-24')).toEqual(unscheduled)
  })
})
