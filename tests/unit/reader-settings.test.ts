import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDay, formatPeriod, parsePeriod } from '@/features/periods/rules'
import {
  internalPath,
  isLocale,
  type Locale,
  languageOf,
  localePath,
  locales,
  readerLocale,
  translator,
} from '@/lib/i18n'
import { formatCompact, formatDecimal } from '@/lib/number'
import {
  type ReaderSettings,
  readSettings,
  settingChoices,
  settingNames,
  settingsOf,
  usualSettings,
} from '@/lib/reader-settings'

const settings = fc.record(
  Object.fromEntries(settingNames.map((name) => [name, fc.constantFrom(...settingChoices[name])])),
) as fc.Arbitrary<ReaderSettings>
const languages = fc.constantFrom(...locales)
const paths = fc.constantFrom(
  '/',
  '/indicators',
  '/indicators/ICT_EXPORTS',
  '/figures/7?asOf=2024-01-01',
)

describe('a locale', () => {
  test('carries every setting of a reader', () => {
    fc.assert(
      fc.property(languages, settings, (language, chosen) => {
        const locale = readerLocale(language, chosen)
        expect(settingsOf(locale)).toEqual(chosen)
        expect(languageOf(locale)).toBe(language)
        expect(isLocale(locale)).toBe(true)
        expect(Intl.getCanonicalLocales(locale)).toEqual([locale])
      }),
    )
  })

  test('of a reader without settings is the language', () => {
    for (const language of locales) expect(readerLocale(language, usualSettings)).toBe(language)
  })

  test.each([
    'de',
    'en-GB',
    'ur-x-lakh-lakh',
    'ur-x-lakh-u-nu-arabext',
    'en-',
    'toString',
    '__proto__',
  ])('is not %s', (text) => expect(isLocale(text)).toBe(false))
})

describe('an address', () => {
  test('with a reader’s settings leads to the pages of that reader’s locale, and back', () => {
    fc.assert(
      fc.property(languages, settings, paths, (language, chosen, path) => {
        fc.pre(
          Object.entries(chosen).some(([name, word]) => word !== usualSettings[name as 'digits']),
        )
        const locale = readerLocale(language, chosen)
        const [pathname = '', query = ''] = localePath(locale, path).split('?')
        const [own = '', rest] = path.split('?')
        expect(readSettings(new URLSearchParams(query))).toEqual(chosen)
        expect(internalPath(pathname, new URLSearchParams(query))).toBe(
          `/${locale}${own === '/' ? '' : own}${rest ? `?${rest}` : ''}`,
        )
      }),
    )
  })

  test('without settings is left to the usual rules', () => {
    expect(internalPath('/ur/indicators', new URLSearchParams('asOf=2024-01-01'))).toBeNull()
  })

  test('passes over settings that nobody knows', () => {
    expect(internalPath('/', new URLSearchParams('digits=roman'))).toBe('/en')
  })

  test('keeps its place on the page', () => {
    const locale = readerLocale('en', { ...usualSettings, scale: 'lakh' })
    expect(localePath(locale, '/figures/7?asOf=2024-01-01#r2')).toBe(
      '/figures/7?asOf=2024-01-01&scale=lakh#r2',
    )
  })
})

describe('a reader of Urdu digits', () => {
  const locale = readerLocale('ur', { ...usualSettings, digits: 'urdu' })

  test('has them in numbers, days and periods', () => {
    expect(formatDecimal('40000.5', { locale })).toBe('۴۰٬۰۰۰٫۵')
    expect(formatDay('2022-05-11', locale)).toContain('۱۱')
    const year = parsePeriod('2024-A1')
    expect(year.ok && formatPeriod(year.value, locale)).toMatch(/^[^0-9]*$/)
  })

  test('has them in sentences, but not in codes and addresses', () => {
    const t = translator(locale, 'figures')
    expect(t('age.days', { days: 12 })).toMatch(/^[^0-9]*۱۲[^0-9]*$/)
    const citation = translator(locale, 'proof')('citation', {
      title: 'x',
      source: 'y',
      day: '2022-05-11',
      commit: 4,
      address: 'https://example.org/figures/7',
    })
    expect(citation).toContain('https://example.org/figures/7')
    expect(citation).toContain('۴')
  })
})

test('a reader who counts in lakh has digits grouped so', () => {
  const locale: Locale = readerLocale('en', { ...usualSettings, scale: 'lakh' })
  expect(formatDecimal('4536191', { locale })).toBe('45,36,191')
  expect(formatCompact('4536191', { locale })).toBe('45.4\u00a0lakh')
  expect(formatCompact('4536191', { locale: 'en' })).toBe('4.5\u00a0million')
})
