import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  ageInDays,
  changeBetween,
  chartDay,
  comparePeriods,
  dayAt,
  daysBetween,
  firstYear,
  fiscalYearOf,
  formatDay,
  formatMonthShort,
  formatPeriod,
  isChartable,
  type Kind,
  lastYear,
  type Measured,
  type Period,
  parsePeriod,
  periodFromDates,
  previousComparable,
  readDay,
  readPeriod,
  yearEarlier,
} from '@/features/periods/rules'
import { type Locale, locales, translator } from '@/lib/i18n'
import { fail, ok, type Result } from '@/lib/result'
import en from '@/messages/en.json'
import ur from '@/messages/ur.json'

const leftToRight = '\u200e'

function accepted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`Refused: ${JSON.stringify(result.problem)}`)
  return result.value
}
const problemOf = (result: Result<unknown>) => (result.ok ? null : result.problem)
const codeOf = (result: Result<Period>) => accepted(result).code
const period = (code: string) => accepted(parsePeriod(code))
const measured = (code: string, value: string, kind: Kind): Measured => ({
  period: period(code),
  kind,
  value,
})

const days = fc
  .integer({
    min: daysBetween('1970-01-01', '1900-01-01'),
    max: daysBetween('1970-01-01', '2100-12-31'),
  })
  .map((number) => new Date(number * 86_400_000).toISOString().slice(0, 10))
const years = fc.integer({ min: firstYear, max: lastYear - 1 })
const twoDigits = (number: number) => String(number).padStart(2, '0')
const ordinaryCodes = fc.oneof(
  years.map(String),
  years.map((year) => `${year}-A1`),
  fc.tuple(years, fc.integer({ min: 1, max: 4 })).map(([year, quarter]) => `${year}-Q${quarter}`),
  fc
    .tuple(years, fc.integer({ min: 1, max: 12 }))
    .map(([year, month]) => `${year}-${twoDigits(month)}`),
)
const spans = fc
  .tuple(fc.option(days), fc.option(days))
  .map(([a, b]) => (a !== null && b !== null && b < a ? [b, a] : [a, b]))
  .map(([start = null, end = null]) => accepted(periodFromDates(start, end)))
const periods = fc.oneof(ordinaryCodes.map(period), days.map(period), spans)

describe('the code of a period comes from its dates', () => {
  test.each([
    ['2022-01-01', '2022-12-31', '2022', 'A', false],
    ['2024-07-01', '2025-06-30', '2024-A1', 'A', true],
    ['2022-01-01', '2022-03-31', '2022-Q1', 'Q', false],
    ['2022-10-01', '2022-12-31', '2022-Q4', 'Q', false],
    ['2022-05-01', '2022-05-31', '2022-05', 'M', false],
    ['2024-02-01', '2024-02-29', '2024-02', 'M', false],
    ['2022-05-11', '2022-05-11', '2022-05-11', 'D', false],
    ['2023-02-01', '2023-02-27', '2023-02-01/2023-02-27', '_O', false],
    ['2023-07-01', '2024-03-31', '2023-07-01/2024-03-31', '_O', false],
    ['2022-02-01', '2022-04-30', '2022-02-01/2022-04-30', '_O', false],
    ['2018-09-01', '2019-05-31', '2018-09-01/2019-05-31', '_O', false],
    [null, '2025-01-03', '../2025-01-03', '_O', false],
    ['2020-01-01', null, '2020-01-01/..', '_O', false],
    [null, null, '_U', '_U', false],
  ] as const)('%s to %s is %s', (start, end, code, frequency, fiscal) => {
    expect(periodFromDates(start, end)).toEqual(ok({ code, start, end, frequency, fiscal }))
  })

  test.each([
    ['2026-02-30', null, 'impossibleDay'],
    ['2023-02-29', '2023-03-01', 'impossibleDay'],
    ['1900-02-29', null, 'impossibleDay'],
    ['2023-13-01', null, 'impossibleMonth'],
    ['2023-00-10', null, 'impossibleMonth'],
    ['2023-01-00', null, 'impossibleDay'],
    ['0001-01-01', null, 'yearOutOfRange'],
    [null, '9999-12-31', 'yearOutOfRange'],
    ['1899-12-31', null, 'yearOutOfRange'],
    [null, '2101-01-01', 'yearOutOfRange'],
    ['01/02/2026', null, 'notADay'],
    ['2026-2-1', null, 'notADay'],
    ['', null, 'notADay'],
    ['2022-05-12', '2022-05-11', 'endBeforeStart'],
  ])('%s to %s is refused as %s', (start, end, code) => {
    expect(problemOf(periodFromDates(start, end))?.code).toBe(code)
  })

  test('an impossible day is answered with the last one of its month', () => {
    expect(periodFromDates('2026-02-30', null)).toEqual(
      fail('impossibleDay', { value: '2026-02-30', last: '2026-02-28' }),
    )
  })

  test('every period has one code, and the code gives the period back', () => {
    fc.assert(
      fc.property(periods, (one) => {
        expect(parsePeriod(one.code)).toEqual(ok(one))
      }),
    )
  })

  test('the code gives the dates, and the dates give the code', () => {
    fc.assert(
      fc.property(ordinaryCodes, (code) => {
        const { start, end } = period(code)
        expect(codeOf(periodFromDates(start, end))).toBe(code)
      }),
    )
  })

  test.each([
    ['2022-01-01/2022-12-31', '2022'],
    ['2024-07-01/2025-06-30', '2024-A1'],
    ['2022-05-11/2022-05-11', '2022-05-11'],
    ['../..', '_U'],
  ])('%s is refused in favour of %s: one period, one key', (value, canonical) => {
    expect(parsePeriod(value)).toEqual(fail('notCanonical', { value, canonical }))
  })

  test.each([
    ['', 'notAPeriod'],
    ['FY2024-25', 'notAPeriod'],
    ['2022-W03', 'notAPeriod'],
    ['2022-A2', 'notAPeriod'],
    ['2022-Q5', 'notAPeriod'],
    ['2022-13', 'impossibleMonth'],
    ['0001', 'yearOutOfRange'],
    ['9999-01', 'yearOutOfRange'],
    ['2100-A1', 'yearOutOfRange'],
    ['2026-02-30', 'impossibleDay'],
    ['2022-12-31/2022-01-01', 'endBeforeStart'],
    [' 2022', 'notAPeriod'],
  ])('%j is no stored code: %s', (code, problem) => {
    expect(problemOf(parsePeriod(code))?.code).toBe(problem)
  })
})

describe('reading a period as people write it', () => {
  test.each([
    ['2022', '2022'],
    ['2024-A1', '2024-A1'],
    ['2022-Q1', '2022-Q1'],
    ['2022-05', '2022-05'],
    ['2022-05-11', '2022-05-11'],
    ['2022/5/11', '2022-05-11'],
    ['FY2024-25', '2024-A1'],
    ['FY 2024-25', '2024-A1'],
    ['fy2024–25', '2024-A1'],
    ['2024-25', '2024-A1'],
    ['2024/25', '2024-A1'],
    ['2024-2025', '2024-A1'],
    ['FY2025', '2024-A1'],
    ['FY25', '2024-A1'],
    ['FY2011-12', '2011-A1'],
    ['FY1999-00', '1999-A1'],
    ['مالی سال 2024-25', '2024-A1'],
    ['مالی سال ۲۰۲۵', '2024-A1'],
    ['May 2022', '2022-05'],
    ['may, 2022', '2022-05'],
    ['Sept 2022', '2022-09'],
    ['مئی 2022', '2022-05'],
    ['مئي ٢٠٢٢', '2022-05'],
    ['جنوری ۲۰۲۲', '2022-01'],
    ['11 May 2022', '2022-05-11'],
    ['11th May, 2022', '2022-05-11'],
    ['May 11, 2022', '2022-05-11'],
    ['۱۱ مئی، ۲۰۲۲', '2022-05-11'],
    ['Q3 2022', '2022-Q3'],
    ['۲۰۲۲ کی تیسری سہ ماہی', '2022-Q3'],
    ['2022-01-01 to 2022-03-31', '2022-Q1'],
    ['2022-01-01/2022-12-31', '2022'],
    ['1 May 2021 – 11 May 2022', '2021-05-01/2022-05-11'],
    ['July 2024 to March 2025', '2024-07-01/2025-03-31'],
    ['FY2020-21 to FY2022-23', '2020-07-01/2023-06-30'],
    ['1 جنوری 2020 سے 3 مارچ 2021 تک', '2020-01-01/2021-03-03'],
    ['until 2025-01-03', '../2025-01-03'],
    ['../2025-01-03', '../2025-01-03'],
    ['3 جنوری 2025 تک', '../2025-01-03'],
    ['since 2020-01-01', '2020-01-01/..'],
    ['2020-01-01/..', '2020-01-01/..'],
    ['1 جنوری 2020 سے', '2020-01-01/..'],
    ['period not stated', '_U'],
    ['مدت درج نہیں', '_U'],
    ['_U', '_U'],
  ])('%j is %s', (typed, code) => {
    expect(codeOf(readPeriod(typed))).toBe(code)
  })

  test.each([
    ['', fail('missing')],
    ['01/02/2026', fail('dayOrder', { value: '01/02/2026', suggestion: '2026-02-01' })],
    ['12/25/2025', fail('dayOrder', { value: '12/25/2025', suggestion: '2025-12-25' })],
    ['1.2.26', fail('dayOrder', { value: '1.2.26', suggestion: '2026-02-01' })],
    [
      '2011-12',
      fail('yearOrMonth', { value: '2011-12', fiscal: 'FY2011-12', month: 'December 2011' }),
    ],
    ['FY2024-26', fail('fiscalYearGap', { value: 'FY2024-26', suggestion: 'FY2024-25' })],
    ['FY1900', fail('yearOutOfRange', { value: 'FY1900', first: '1900', last: '2100' })],
    ['2026-02-30', fail('impossibleDay', { value: '2026-02-30', last: '2026-02-28' })],
    ['29 Feb 2023', fail('impossibleDay', { value: '2023-02-29', last: '2023-02-28' })],
    ['until 2026-02-30', fail('impossibleDay', { value: '2026-02-30', last: '2026-02-28' })],
    ['2022-13', fail('impossibleMonth', { value: '2022-13' })],
    [
      '11 May 2022 to 1 May 2022',
      fail('endBeforeStart', { start: '2022-05-11', end: '2022-05-01' }),
    ],
    ['2۰22', fail('mixedDigits', { value: '2۰22' })],
    ['2022\u202e', fail('hiddenCharacter', { value: '2022\ufffd', character: 'U+202E' })],
    ['May 22', fail('notAPeriod', { value: 'May 22' })],
    ['Ju 2022', fail('notAPeriod', { value: 'Ju 2022' })],
    ['last year', fail('notAPeriod', { value: 'last year' })],
    ['22', fail('notAPeriod', { value: '22' })],
  ])('%j is refused, with the remedy', (typed, refusal) => {
    expect(readPeriod(typed)).toEqual(refusal)
  })

  test('a day is read where a day is asked for, and nothing wider', () => {
    expect(readDay('11 May 2022')).toEqual(ok('2022-05-11'))
    expect(readDay('May 2022')).toEqual(fail('notADay', { value: 'May 2022' }))
    expect(readDay('')).toEqual(fail('missing'))
  })

  test('two periods put together with any words are read as one or refused', () => {
    const words = fc.constantFrom(' to ', ' - ', '/', ' until ', ' تا ', ' ', '')
    const written = fc.tuple(periods, fc.constantFrom<Locale>(...locales))
    const texts = written.map(([one, locale]) => formatPeriod(one, locale))
    fc.assert(
      fc.property(texts, words, texts, (before, word, after) => {
        const read = readPeriod(before + word + after)
        fc.pre(read.ok)
        expect(parsePeriod(codeOf(read))).toEqual(read)
      }),
    )
  })

  test('any text at all is answered, and never thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (typed) => {
        expect(typeof readPeriod(typed).ok).toBe('boolean')
      }),
    )
  })

  test('a megabyte of text is refused, and quoted in short', () => {
    const problem = problemOf(readPeriod('1 to '.repeat(200_000)))
    expect(problem?.code).toBe('notAPeriod')
    expect(String(problem?.params?.value)).toHaveLength(40)
  })
})

describe('showing a period', () => {
  test.each([
    ['2024-A1', 'FY2024-25'],
    ['1999-A1', 'FY1999-00'],
    ['2022', '2022'],
    ['2022-Q1', 'Q1 2022'],
    ['2022-05', 'May 2022'],
    ['2022-05-11', '11 May 2022'],
    ['2022-09-01', '1 Sep 2022'],
    ['2021-05-01/2022-05-11', '1 May 2021 – 11 May 2022'],
    ['../2025-01-03', 'up to 3 Jan 2025'],
    ['2020-01-01/..', 'since 1 Jan 2020'],
    ['_U', 'period not stated'],
  ])('%s is %s in English', (code, shown) => {
    expect(formatPeriod(period(code), 'en')).toBe(shown)
  })

  test.each([
    ['2024-A1', `مالی سال ${leftToRight}2024-25`],
    ['2022', '2022'],
    ['2022-Q1', '2022 کی پہلی سہ ماہی'],
    ['2022-05', 'مئی 2022'],
    ['2022-05-11', '11 مئی 2022'],
    ['2021-05-01/2022-05-11', '1 مئی 2021 تا 11 مئی 2022'],
    ['../2025-01-03', '3 جنوری 2025 تک'],
    ['2020-01-01/..', '1 جنوری 2020 سے'],
    ['_U', 'مدت درج نہیں'],
  ])('%s is %s in Urdu', (code, shown) => {
    expect(formatPeriod(period(code), 'ur')).toBe(shown)
  })

  test('the long form spells out months and the fiscal year', () => {
    expect(formatPeriod(period('2024-A1'), 'en', { style: 'long' })).toBe('fiscal year 2024-25')
    expect(formatPeriod(period('2022-09'), 'en', { style: 'long' })).toBe('September 2022')
    expect(formatDay('2022-09-01', 'en', { style: 'long' })).toBe('1 September 2022')
  })

  test('Urdu digits where they are asked for', () => {
    expect(formatPeriod(period('2022-05-11'), 'ur', { digits: 'arabext' })).toBe('۱۱ مئی ۲۰۲۲')
    expect(formatMonthShort('2022-05', 'ur', { digits: 'arabext' })).toBe('مئی ۲۰۲۲')
  })

  test('a month is named from a month or from one of its days', () => {
    expect(formatMonthShort('2022-09', 'en')).toBe('Sep 2022')
    expect(formatMonthShort('2022-09-30', 'en')).toBe('Sep 2022')
  })

  test('everything shown reads back as the same period', () => {
    const format = fc.record({
      style: fc.constantFrom('short' as const, 'long' as const),
      digits: fc.constantFrom('latn' as const, 'arabext' as const),
    })
    fc.assert(
      fc.property(periods, fc.constantFrom<Locale>(...locales), format, (one, locale, how) => {
        expect(readPeriod(formatPeriod(one, locale, how))).toEqual(ok(one))
      }),
    )
  })
})

describe('problems in words', () => {
  const codes = Object.keys(en.periods.problems) as (keyof typeof en.periods.problems)[]
  const params = {
    value: 'typed',
    character: 'U+202E',
    last: '2026-02-28',
    first: '1900',
    start: 'typed',
    end: '2022-01-01',
    suggestion: '2026-02-01',
    fiscal: 'FY2011-12',
    month: 'December 2011',
    canonical: '2022',
  }
  const cases = locales.flatMap((locale) => codes.map((code) => [locale, code] as const))

  test.each(cases)('in %s, %s names the value and a remedy', (locale, code) => {
    const text = translator(locale, 'periods')(`problems.${code}`, params)
    expect(text).toMatch(code === 'missing' ? /2024-25/ : /typed/)
    expect(text.match(/[.۔]/g)?.length).toBeGreaterThan(1)
  })

  test('both languages have the same problems', () => {
    expect(Object.keys(ur.periods.problems)).toEqual(codes)
  })
})

describe('order and distance', () => {
  test('by end, then start; an open end after every date, an unknown period last', () => {
    const ordered = [
      '../2022-12-31',
      '2022',
      '2022-Q4',
      '2022-12',
      '2022-12-31',
      '2022-A1',
      '2023-01-01/..',
      '_U',
    ]
    const shuffled = ordered.toReversed().map(period)
    expect(shuffled.sort(comparePeriods).map(({ code }) => code)).toEqual(ordered)
  })

  test('the order is total', () => {
    fc.assert(
      fc.property(periods, periods, (a, b) => {
        expect(Math.sign(comparePeriods(a, b))).toBe(0 - Math.sign(comparePeriods(b, a)))
        expect(comparePeriods(a, b) === 0).toBe(a.code === b.code)
      }),
    )
  })

  test('days between days, over leap days and year ends', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2)
    expect(daysBetween('2023-02-28', '2023-03-01')).toBe(1)
    expect(daysBetween('2022-05-11', '2021-05-11')).toBe(-365)
    expect(ageInDays(period('2024-A1'), '2025-07-03')).toBe(3)
    expect(ageInDays(period('2020-01-01/..'), '2025-07-03')).toBeNull()
  })

  test.each([
    ['2022-05', '2022-04', '2021-05'],
    ['2022-01', '2021-12', '2021-01'],
    ['2024-03', '2024-02', '2023-03'],
    ['2024-02', '2024-01', '2023-02'],
    ['2022-Q1', '2021-Q4', '2021-Q1'],
    ['2022', '2021', '2021'],
    ['2024-A1', '2023-A1', '2023-A1'],
    ['2024-07-01/2025-03-31', undefined, '2023-07-01/2024-03-31'],
    ['2024-01-01/2024-02-29', undefined, '2023-01-01/2023-02-28'],
    ['2022-05-11', undefined, undefined],
    ['2024-07-01/2025-04-16', undefined, undefined],
    ['../2025-01-03', undefined, undefined],
    ['_U', undefined, undefined],
    ['1900', undefined, undefined],
  ])('before %s comes %s, and a year earlier %s', (code, before, yearBefore) => {
    expect(previousComparable(period(code))?.code).toBe(before)
    expect(yearEarlier(period(code))?.code).toBe(yearBefore)
  })

  test('the period before ends the day before, and is of the same frequency', () => {
    fc.assert(
      fc.property(ordinaryCodes, (code) => {
        const one = period(code)
        const before = previousComparable(one)
        fc.pre(before !== null)
        expect(daysBetween(before?.end ?? '', one.start ?? '')).toBe(1)
        expect([before?.frequency, before?.fiscal]).toEqual([one.frequency, one.fiscal])
      }),
    )
  })

  test('a chart draws what has an end: levels there, amounts in the middle', () => {
    expect(isChartable(period('../2025-01-03'))).toBe(true)
    expect(isChartable(period('2020-01-01/..'))).toBe(false)
    expect(isChartable(period('_U'))).toBe(false)
    expect(chartDay(period('1970-01'), 'stock')).toBe(30)
    expect(chartDay(period('1970-01'), 'cumulative')).toBe(30)
    expect(chartDay(period('1970-01'), 'flow')).toBe(15)
    expect(chartDay(period('../1970-01-31'), 'ratio')).toBe(30)
    expect(chartDay(period('_U'), 'stock')).toBeNull()
  })
})

describe('change', () => {
  test('a fiscal year compares with the fiscal year before, never with a calendar year', () => {
    const before = measured('2021-A1', '2616', 'flow')
    const others = [measured('2022', '1', 'flow'), measured('2021', '2', 'flow'), before]
    expect(changeBetween(measured('2022-A1', '2596', 'flow'), others)).toEqual({
      previous: {
        against: before,
        basis: 'previousPeriod',
        days: 365,
        absolute: '-20',
        percent: '-0.8',
      },
      yearEarlier: null,
    })
  })

  test('a month compares with the month before and with the same month a year earlier', () => {
    const changes = changeBetween(measured('2022-05', '210', 'flow'), [
      measured('2021-05', '200', 'flow'),
      measured('2022-04', '250', 'flow'),
      measured('2022-05', '210', 'flow'),
    ])
    expect(changes?.previous).toMatchObject({ days: 31, absolute: '-40', percent: '-16.0' })
    expect(changes?.yearEarlier).toMatchObject({ basis: 'yearEarlier', days: 365, percent: '5.0' })
  })

  test('a missing month is not bridged, but the year earlier still counts', () => {
    const changes = changeBetween(measured('2022-05', '210', 'flow'), [
      measured('2022-03', '250', 'flow'),
      measured('2021-05', '200', 'flow'),
    ])
    expect(changes?.previous).toBeNull()
    expect(changes?.yearEarlier?.percent).toBe('5.0')
  })

  test('nine months compare with the same nine months a year earlier', () => {
    const changes = changeBetween(measured('2024-07-01/2025-03-31', '2828', 'flow'), [
      measured('2023-A1', '3223', 'flow'),
      measured('2023-07-01/2024-03-31', '2283', 'flow'),
    ])
    expect(changes?.yearEarlier).toMatchObject({ absolute: '545', percent: '23.9', days: 365 })
  })

  test('a level compares with the latest earlier point and says how many days lie between', () => {
    const changes = changeBetween(measured('2022-05-11', '93', 'stock'), [
      measured('2022-01-11', '80', 'stock'),
      measured('2020-11-04', '24', 'stock'),
      measured('2022-05-11', '92', 'stock'),
      measured('2023-01-01', '99', 'stock'),
      measured('_U', '140', 'stock'),
    ])
    expect(changes).toMatchObject({
      previous: { basis: 'previousPoint', days: 120, absolute: '13', percent: '16.3' },
      yearEarlier: null,
    })
  })

  test('amounts since different starts are not compared', () => {
    const current = measured('2018-08-01/2025-05-26', '5000000', 'cumulative')
    const sameStart = measured('2018-08-01/2024-10-31', '4500000', 'cumulative')
    const otherStart = measured('2024-07-01/2025-03-31', '2828', 'cumulative')
    expect(changeBetween(current, [otherStart])).toBeNull()
    expect(changeBetween(current, [sameStart, otherStart])?.previous?.against).toBe(sameStart)
  })

  test('an amount since an unstated start compares with the one before', () => {
    const changes = changeBetween(measured('../2022-01-11', '150', 'cumulative'), [
      measured('../2021-05-19', '100', 'cumulative'),
    ])
    expect(changes?.previous).toMatchObject({ days: 237, percent: '50.0' })
  })

  test('a rate changes by points, not by percent of a percent', () => {
    const changes = changeBetween(measured('2023', '15', 'ratio'), [
      measured('2022', '10', 'ratio'),
    ])
    expect(changes?.previous).toMatchObject({ absolute: '5', percent: null })
  })

  test('a rate as of a day compares with the rate as of an earlier day only', () => {
    const earlier = measured('2021-05-19', '10', 'ratio')
    const others = [
      earlier,
      measured('2021', '20', 'ratio'),
      measured('../2022-01-01', '3', 'ratio'),
    ]
    expect(changeBetween(measured('2022-05-11', '15', 'ratio'), others)?.previous?.against).toBe(
      earlier,
    )
  })

  test.each([
    ['another kind', measured('2022', '5', 'flow'), measured('2021', '4', 'cumulative')],
    ['a flow on a day', measured('2022-05-11', '5', 'flow'), measured('2022-05-10', '4', 'flow')],
    ['another length', measured('2022', '5', 'flow'), measured('2021-12', '4', 'flow')],
    ['an unknown period', measured('_U', '5', 'stock'), measured('2021', '4', 'stock')],
    ['a later level', measured('2021', '5', 'stock'), measured('2022', '4', 'stock')],
  ])('nothing is compared across %s', (_reason, current, other) => {
    expect(changeBetween(current, [other])).toBeNull()
  })

  test('from zero there is an amount, and no percent', () => {
    const changes = changeBetween(measured('2022', '5', 'flow'), [measured('2021', '0', 'flow')])
    expect(changes?.previous).toMatchObject({ absolute: '5', percent: null })
  })

  test('figures beyond the reach of floats keep every digit', () => {
    const changes = changeBetween(measured('2022', '9007199254740993', 'flow'), [
      measured('2021', '9007199254740992', 'flow'),
    ])
    expect(changes?.previous?.absolute).toBe('1')
  })
})

describe.each([
  ['Pacific/Kiritimati', -840],
  ['Pacific/Pago_Pago', 660],
  ['Asia/Karachi', -300],
])('with the process in %s', (zone, offset) => {
  afterEach(() => vi.unstubAllEnvs())

  test('days, fiscal years and words are the same', () => {
    vi.stubEnv('TZ', zone)
    expect(new Date(2025, 5, 30).getTimezoneOffset()).toBe(offset)
    expect(fiscalYearOf('2025-06-30').code).toBe('2024-A1')
    expect(fiscalYearOf('2025-07-01').code).toBe('2025-A1')
    expect(codeOf(periodFromDates('2024-07-01', '2025-06-30'))).toBe('2024-A1')
    expect(period('2024-02').end).toBe('2024-02-29')
    expect(formatPeriod(period('../2025-01-01'), 'en')).toBe('up to 1 Jan 2025')
    expect(formatMonthShort('2025-01-01', 'en')).toBe('Jan 2025')
    expect(daysBetween('2011-12-29', '2011-12-31')).toBe(2)
    expect(previousComparable(period('2025-01'))?.code).toBe('2024-12')
    expect(chartDay(period('1970-01-01'), 'stock')).toBe(0)
  })

  test('the day and the fiscal year turn at midnight in Karachi', () => {
    vi.stubEnv('TZ', zone)
    const beforeMidnight = dayAt(new Date('2025-06-30T18:59:59Z'))
    const midnight = dayAt(new Date('2025-06-30T19:00:00Z'))
    expect([beforeMidnight, midnight]).toEqual(['2025-06-30', '2025-07-01'])
    expect(fiscalYearOf(beforeMidnight).code).toBe('2024-A1')
    expect(fiscalYearOf(midnight).code).toBe('2025-A1')
  })
})
