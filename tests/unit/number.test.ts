import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Locale, locales, translator } from '@/lib/i18n'
import {
  add,
  compareDecimals,
  formatCompact,
  formatDecimal,
  formatPercent,
  percentChange,
  ratioPercent,
  readDecimal,
  subtract,
  sum,
} from '@/lib/number'
import { fail, ok, type Result } from '@/lib/result'
import { urduDigits } from '@/lib/typed-text'
import en from '@/messages/en.json'
import ur from '@/messages/ur.json'

const noBreakSpace = '\u00a0'
const minus = '\u2212'
const leftToRight = '\u200e'

const problemOf = (result: Result<unknown>) => (result.ok ? null : result.problem)

/** Canonical decimals of at most 30 digits, with trailing zeros. */
const decimals = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 22n }), fc.stringMatching(/^\d{0,7}$/))
  .map(([negative, whole, fraction]) => {
    const text = fraction ? `${whole}.${fraction}` : `${whole}`
    return negative && /[1-9]/.test(text) ? `-${text}` : text
  })

describe('reading a number as people write it', () => {
  test.each([
    ['40000', '40000'],
    ['  40000\n', '40000'],
    ['40,000', '40000'],
    ['1,234', '1234'],
    ['40 000', '40000'],
    ['40\u00a0000', '40000'],
    ['40\u202f000', '40000'],
    ['40\u2009000', '40000'],
    ['1 234', '1234'],
    ['1,23,456', '123456'],
    ['12,34,567.80', '1234567.80'],
    ['1,23,45,67,890', '1234567890'],
    ['۴۰٬۰۰۰', '40000'],
    ['۴۰،۰۰۰', '40000'],
    ['٤٠٬٠٠٠', '40000'],
    ['۲٫۲۰', '2.20'],
    ['４０，０００．５', '40000.5'],
    ['2.20', '2.20'],
    ['.5', '0.5'],
    ['\u22127', '-7'],
    ['-7', '-7'],
    ['\u200e\u22127', '-7'],
    ['+7', '7'],
    ['007', '7'],
    ['-0', '0'],
    ['-0.00', '0.00'],
    ['9007199254740993', '9007199254740993'],
    ['0.12345678901234567890', '0.12345678901234567890'],
    [`${'9'.repeat(30)}`, '9'.repeat(30)],
  ])('%j is %s', (typed, value) => {
    expect(readDecimal(typed)).toEqual(ok(value))
  })

  test.each([
    ['1.234,5', '1234.5'],
    ['1.234.567', '1234567'],
    ['1 234,5', '1234.5'],
    ['0,5', '0.5'],
    ['۱٬۲۳۴٫۵', '1234.5'],
  ])('with a declared decimal comma, %j is %s', (typed, value) => {
    expect(readDecimal(typed, { decimalComma: true })).toEqual(ok(value))
  })

  test('with a declared decimal comma, decimals after a point are refused', () => {
    expect(problemOf(readDecimal('1,234.5', { decimalComma: true }))?.code).toBe('decimalPoint')
  })

  test.each(['', ' ', '\u00a0', '\u200e'])('%j is missing, never 0', (typed) => {
    expect(readDecimal(typed)).toEqual(fail('missing'))
  })

  test.each([
    ['NaN', 'notFinite'],
    ['Infinity', 'notFinite'],
    ['-Infinity', 'notFinite'],
    ['0x1F', 'hexadecimal'],
    ['1_000', 'underscore'],
    ['1e5', 'exponent'],
    ['1e20000', 'exponent'],
    ['5%', 'percentSign'],
    ['۵٪', 'percentSign'],
    ['5 فیصد', 'percentSign'],
    ['$5', 'currency'],
    ['Rs1,200', 'currency'],
    ['US$1.5 billion', 'currency'],
    ['1200 روپے', 'currency'],
    ['(500)', 'parentheses'],
    ['--5', 'signs'],
    ['- 5', 'signs'],
    ['5-', 'signs'],
    ['1.234,5', 'decimalComma'],
    ['1.234.567', 'decimalComma'],
    ['1 234,5', 'decimalComma'],
    ['1,2', 'grouping'],
    ['12,34', 'grouping'],
    ['0,123', 'grouping'],
    ['1,234 567', 'grouping'],
    ['1234,567', 'grouping'],
    ['۴0', 'mixedDigits'],
    ['12abc', 'notANumber'],
    ['1.2.3', 'notANumber'],
    ['5.', 'notANumber'],
    ['+', 'notANumber'],
    ['[5]', 'notANumber'],
    ['true', 'notANumber'],
    ['null', 'notANumber'],
    ['n/a', 'notANumber'],
  ])('%j is refused as %s, by its name', (typed, code) => {
    expect(readDecimal(typed)).toEqual(fail(code, { value: typed }))
  })

  test.each([
    ['1.5bn', 'bn'],
    ['2m', 'm'],
    ['3k', 'k'],
    ['2 lakh', 'lakh'],
    ['5 Crore', 'Crore'],
    ['۲ کروڑ', 'کروڑ'],
  ])('%j is not expanded: the message names %j', (typed, word) => {
    expect(readDecimal(typed)).toEqual(fail('magnitude', { value: typed, word }))
  })

  test.each([
    ['4\u202e0', '4\ufffd0', 'U+202E'],
    ['4\u00000', '4\ufffd0', 'U+0000'],
    ['4\t0', '4\ufffd0', 'U+0009'],
    ['4\u200b0', '4\ufffd0', 'U+200B'],
    ['4\ud8000', '4\ufffd0', 'U+D800'],
  ])('%j is refused because of what it hides', (typed, value, character) => {
    expect(readDecimal(typed)).toEqual(fail('hiddenCharacter', { value, character }))
  })

  test('more decimals or digits than are kept exactly are refused, never rounded', () => {
    expect(problemOf(readDecimal(`0.${'1'.repeat(21)}`))?.code).toBe('tooManyDecimals')
    expect(problemOf(readDecimal(`0.${'1'.repeat(40)}`))?.code).toBe('tooManyDecimals')
    expect(problemOf(readDecimal('1'.repeat(31)))?.code).toBe('tooManyDigits')
  })

  test('a megabyte of text is refused, and quoted in short', () => {
    const problem = problemOf(readDecimal('1 '.repeat(500_000)))
    expect(String(problem?.params?.value)).toHaveLength(40)
  })

  test('whatever is accepted is canonical, and reads as itself', () => {
    const alphabet = [...'0123456789۰۱۲٠,.٬٫ -+\u2212e%kx_']
    const typed = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 })
    fc.assert(
      fc.property(typed, (text) => {
        const read = readDecimal(text)
        fc.pre(read.ok)
        const value = read.ok ? read.value : ''
        expect(value).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/)
        expect(value).not.toMatch(/^-[0.]*$/)
        expect(readDecimal(value)).toEqual(ok(value))
      }),
    )
  })
})

describe('problems in words', () => {
  const codes = Object.keys(en.numbers.problems) as (keyof typeof en.numbers.problems)[]
  const params = { value: 'typed', character: 'U+202E', word: 'bn', most: 20 }
  const cases = locales.flatMap((locale) => codes.map((code) => [locale, code] as const))

  test.each(cases)('in %s, %s names the value and a remedy', (locale, code) => {
    const text = translator(locale, 'numbers')(`problems.${code}`, params)
    expect(text).toMatch(code === 'missing' ? /40,000/ : /typed/)
    expect(text.match(/[.۔]/g)?.length).toBeGreaterThan(1)
  })

  test('both languages have the same problems', () => {
    expect(Object.keys(ur.numbers.problems)).toEqual(codes)
  })
})

describe('arithmetic', () => {
  test('sums are exact where floats are not', () => {
    expect(add('0.1', '0.2')).toBe('0.3')
    expect(add('9007199254740993', '1')).toBe('9007199254740994')
    expect(subtract('1', '0.9')).toBe('0.1')
    expect(sum(['2.20', '2.2', '-4.4'])).toBe('0')
    expect(sum([])).toBe('0')
  })

  test('sums agree with whole-number arithmetic on all decimals', () => {
    const scaled = (text: string) => {
      const [whole = '', fraction = ''] = text.split('.')
      return BigInt(whole + fraction.padEnd(7, '0'))
    }
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        expect(scaled(add(a, b))).toBe(scaled(a) + scaled(b))
        expect(subtract(add(a, b), b)).toBe(add(a, '0'))
      }),
    )
  })

  test('order is by size, not by text', () => {
    expect(['10', '9', '-1', '2.2'].sort(compareDecimals)).toEqual(['-1', '2.2', '9', '10'])
    expect(compareDecimals('2.20', '2.2')).toBe(0)
    expect(compareDecimals('9007199254740992', '9007199254740993')).toBe(-1)
  })

  test.each([
    ['2605', '2593', '-0.5'],
    ['100', '100.05', '0.1'],
    ['100', '99.95', '-0.1'],
    ['100', '99.96', '0.0'],
    ['14', '15', '7.1'],
    ['-10', '-5', '50.0'],
    ['10', '-5', '-150.0'],
    ['0', '5', null],
    ['0.00', '5', null],
  ])('from %s to %s is %s percent', (from, to, percent) => {
    expect(percentChange(from, to)).toBe(percent)
  })

  test('shares are rounded once, half away from zero', () => {
    expect(ratioPercent('1', '8')).toBe('12.5')
    expect(ratioPercent('1', '3', 2)).toBe('33.33')
    expect(ratioPercent('1', '2000')).toBe('0.1')
    expect(ratioPercent('5', '0')).toBeNull()
  })

  test.each(['', ' 1', '1,000', '1e5', '0x1F', 'Infinity', 'NaN', '007', '1.'])(
    '%j never enters a sum',
    (text) => {
      expect(() => add(text, '1')).toThrow(TypeError)
    },
  )
})

describe('showing a number', () => {
  test.each([
    ['40000', { locale: 'en' }, '40,000'],
    ['40000', { locale: 'ur' }, '40,000'],
    ['2.20', { locale: 'en' }, '2.20'],
    ['2.20', { locale: 'en', maximumDecimals: 1 }, '2.2'],
    ['2', { locale: 'en', minimumDecimals: 2 }, '2.00'],
    ['2.20', { locale: 'en', minimumDecimals: 0, maximumDecimals: 2 }, '2.2'],
    ['9007199254740993', { locale: 'en' }, '9,007,199,254,740,993'],
    ['123456789.5', { locale: 'ur', digits: 'arabext' }, '۱۲۳٬۴۵۶٬۷۸۹٫۵'],
    ['123456', { locale: 'en', digits: 'arabext' }, '۱۲۳٬۴۵۶'],
    ['-7', { locale: 'en' }, `${minus}7`],
    ['-7', { locale: 'ur' }, `${leftToRight}${minus}7`],
    ['7', { locale: 'en', sign: 'always' }, '+7'],
    ['7', { locale: 'ur', sign: 'always' }, `${leftToRight}+7`],
    ['0', { locale: 'en', sign: 'always' }, '0'],
    ['-0.04', { locale: 'en', maximumDecimals: 1 }, '0.0'],
    ['2596500000', { locale: 'en', scale: 'short' }, `2.5965${noBreakSpace}billion`],
    ['40000', { locale: 'en', scale: 'short' }, '40,000'],
    ['1500000', { locale: 'ur', scale: 'short' }, `1.5${noBreakSpace}ملین`],
    ['99999', { locale: 'en', scale: 'lakh' }, '99,999'],
    ['250000', { locale: 'en', scale: 'lakh' }, `2.5${noBreakSpace}lakh`],
    ['12345678900000', { locale: 'en', scale: 'lakh' }, `12,34,567.89${noBreakSpace}crore`],
    ['25000000', { locale: 'ur', scale: 'lakh', digits: 'arabext' }, `۲٫۵${noBreakSpace}کروڑ`],
  ] as const)('%s with %j is %j', (value, format, shown) => {
    expect(formatDecimal(value, format)).toBe(shown)
  })

  test.each([
    ['2.25', '2.3'],
    ['2.35', '2.4'],
    ['-2.25', `${minus}2.3`],
    ['2.249999999999999999', '2.2'],
  ])('%s cut to one decimal is %s: half away from zero', (value, shown) => {
    expect(formatDecimal(value, { locale: 'en', maximumDecimals: 1 })).toBe(shown)
  })

  test('at a glance: one decimal at most, and the next word once it is reached', () => {
    expect(formatCompact('2596500000', { locale: 'en' })).toBe(`2.6${noBreakSpace}billion`)
    expect(formatCompact('999960000', { locale: 'en' })).toBe(`1${noBreakSpace}billion`)
    expect(formatCompact('-1500000', { locale: 'en' })).toBe(`${minus}1.5${noBreakSpace}million`)
    expect(formatCompact('93', { locale: 'en' })).toBe('93')
    expect(formatCompact('4000000', { locale: 'en', scale: 'lakh' })).toBe(`40${noBreakSpace}lakh`)
  })

  test('what is shown in full reads back as the same figure, in every language and digits', () => {
    const digits = fc.constantFrom('latn' as const, 'arabext' as const)
    fc.assert(
      fc.property(
        decimals,
        fc.constantFrom<Locale>(...locales),
        digits,
        (value, locale, script) => {
          const shown = formatDecimal(value, { locale, digits: script, sign: 'always' })
          expect(readDecimal(shown)).toEqual(ok(value))
        },
      ),
    )
  })

  test('lakh grouping reads back', () => {
    const small = fc.bigInt({ min: 0n, max: 99_999n }).map(String)
    fc.assert(
      fc.property(small, (value) => {
        const shown = formatDecimal(value, { locale: 'en', scale: 'lakh' })
        expect(readDecimal(shown)).toEqual(ok(value))
        expect(readDecimal(urduDigits(shown))).toEqual(ok(value))
      }),
    )
  })

  test('text that is no decimal is never shown as one', () => {
    expect(() => formatDecimal('1e5', { locale: 'en' })).toThrow(TypeError)
  })
})

test('a percentage keeps its sign on its side in both directions of writing', () => {
  expect(formatPercent('18.2', 'en')).toBe('18.2%')
  expect(formatPercent('18.2', 'ur')).toBe('\u206618.2%\u2069')
})
