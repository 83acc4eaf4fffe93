import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chartContext } from '@/features/charts/series'
import { inCurrency, ratesIn } from '@/features/currencies/rules'
import { figureWriter, flagsOf } from '@/features/figures/series'
import { headlineCards } from '@/features/overview/series'
import { readerLocale } from '@/lib/i18n'
import { usualSettings } from '@/lib/reader-settings'
import { catalogue, contentFigures, figure } from '../support/figures'

const rupees = readerLocale('en', { ...usualSettings, currency: 'PKR' })
const dollars = readerLocale('en', { ...usualSettings, currency: 'USD' })

const exports = (period: string, value: string, id: number) =>
  figure({
    id,
    indicator: 'ICT_EXPORTS',
    programme: '_Z',
    kind: 'flow',
    unit: 'USD_MILLION',
    period,
    value,
  })
const rate = (period: string, value: string, id = 900) =>
  figure({
    id,
    indicator: 'EXCHANGE_RATE',
    programme: '_Z',
    kind: 'ratio',
    unit: 'PKR_PER_USD',
    period,
    value,
  })

describe('money in the other currency', () => {
  const rates = [rate('2023-A1', '282.9', 901), rate('2024-A1', '279.1', 902)]
  const series = [exports('2023-A1', '3223', 1), exports('2024-A1', '3810', 2)]

  it('is counted at the rate of its own period, and names both parts', () => {
    const [first, second] = inCurrency(series, rates, rupees)
    expect([first?.value, second?.value]).toEqual(['911786.7', '1063371.0'])
    const writer = figureWriter(catalogue, rupees)
    const mark = second && writer.mark(second)
    expect(mark?.text).toBe('Rs 1,063,371.0 million')
    expect(mark?.from).toEqual([
      { text: 'US$ 3,810 million', href: '/figures/2?currency=PKR' },
      { text: 'Rs 279.1 per US$', href: '/figures/902?currency=PKR' },
    ])
    expect(second && flagsOf(second)).toContain('computed')
  })

  it('stays as published where one figure of its series has no rate', () => {
    expect(inCurrency(series, rates.slice(0, 1), rupees)).toEqual(series)
  })

  it('stays as published for whoever asked for nothing else, or for the currency it is in', () => {
    expect(inCurrency(series, rates, 'en')).toBe(series)
    expect(inCurrency(series, rates, dollars)).toEqual(series)
  })

  it('goes there and back within half of the last digit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99_999 }),
        fc.integer({ min: 1000, max: 50_000 }),
        (n, r) => {
          const given = exports('2024-A1', String(n), 1)
          const here = [rate('2024-A1', (r / 100).toFixed(2))]
          const [there] = inCurrency([given], here, rupees)
          const [back] = inCurrency(
            there ? [{ ...there, converted: undefined }] : [],
            here,
            dollars,
          )
          expect(Math.abs(Number(back?.value) - n)).toBeLessThanOrEqual(0.06)
        },
      ),
    )
  })

  it('is still found by the overview', () => {
    const content = contentFigures()
    const known = content.filter(
      ({ indicator, unit }) => indicator === 'ICT_EXPORTS' && unit === 'USD_MILLION',
    )
    const all = [...new Set(known.map(({ period }) => period))].map((period, n) =>
      rate(period, '280', 5000 + n),
    )
    const figures = inCurrency(content, all, rupees)
    const context = chartContext(catalogue, rupees)
    const cards = headlineCards(context, { figures, today: '2026-11-24', changes: [] })
    expect(cards).toHaveLength(4)
    expect(cards[3]?.pinned.value.before).toContain('Rs')
  })
})

it('a rate is a positive one of the country', () => {
  expect(ratesIn([rate('2024-A1', '280')])).toHaveLength(1)
  expect(ratesIn([rate('2024-A1', '0'), { ...rate('2024-A1', '1'), area: 'PK-PB' }])).toEqual([])
})
