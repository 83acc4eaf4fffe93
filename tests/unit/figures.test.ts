import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogueNames } from '@/features/catalogue/rules'
import {
  compareRevisions,
  newest,
  newestByProgramme,
  newestFirst,
  orderRevisions,
  publisherName,
  revisionAsOf,
  seriesKey,
} from '@/features/figures/rules'
import { type Figure, plainText, publicationInput, sourceInput } from '@/features/figures/schema'
import { figureWriter, flagsOf, groupSeries, seriesOf } from '@/features/figures/series'
import { locales, readerLocale } from '@/lib/i18n'
import { usualSettings } from '@/lib/reader-settings'
import { catalogue, contentFigures, figure } from '../support/figures'

const content = contentFigures()
const writers = { en: figureWriter(catalogue, 'en'), ur: figureWriter(catalogue, 'ur') }

describe('the order of revisions', () => {
  const day = fc.constantFrom(null, '2022-05-10', '2022-05-11', '2023-01-01')
  const revision = fc.record({ id: fc.nat(1000), releasedOn: day, recordedOn: day })
  const revisions = fc
    .uniqueArray(revision, { selector: ({ id }) => id, maxLength: 12 })
    .map((all) =>
      all.map(({ id, releasedOn, recordedOn }) => ({
        id,
        releasedOn,
        knownOn: releasedOn ?? recordedOn ?? '2026-11-24',
      })),
    )

  it.each([
    ['by the day the world learned it', '2022-05-10', 9, '2022-05-11', 1],
    ['of one day, by the order of recording', '2022-05-11', 1, '2022-05-11', 2],
    ['undated first, however late it was recorded', null, 9, '1999-01-01', 1],
    ['undated ones by the order of recording', null, 1, null, 2],
  ])('is %s', (_, earlierDay, earlierId, laterDay, laterId) => {
    const earlier = { id: earlierId, releasedOn: earlierDay }
    const later = { id: laterId, releasedOn: laterDay }
    expect(compareRevisions(earlier, later)).toBeLessThan(0)
    expect(compareRevisions(later, earlier)).toBeGreaterThan(0)
    expect(orderRevisions([later, earlier])).toEqual([earlier, later])
  })

  it('does not depend on the order in which they come', () => {
    fc.assert(
      fc.property(revisions, fc.infiniteStream(fc.nat()), (all, numbers) => {
        const order = numbers[Symbol.iterator]()
        const shuffled = all
          .map((one) => ({ one, at: order.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one)
        expect(orderRevisions(shuffled)).toEqual(orderRevisions(all))
      }),
    )
  })

  it('puts no undated revision above a dated one', () => {
    fc.assert(
      fc.property(revisions, (all) => {
        const dated = orderRevisions(all).map(({ releasedOn }) => releasedOn !== null)
        expect(dated).toEqual(dated.toSorted((a, b) => Number(a) - Number(b)))
      }),
    )
  })

  it('as of a day takes what was known at its end, and nothing later changes that', () => {
    fc.assert(
      fc.property(
        revisions,
        fc.constantFrom('2022-05-10', '2022-05-11', '2023-01-01'),
        (all, asOf) => {
          const known = all.filter(({ knownOn }) => knownOn <= asOf)
          expect(revisionAsOf(all, asOf)).toBe(revisionAsOf(known))
          expect(revisionAsOf(all)).toBe(orderRevisions(all).at(-1))
        },
      ),
    )
  })

  it('knows nothing before the first day', () => {
    const first = { id: 1, releasedOn: '2022-05-11', knownOn: '2022-05-11' }
    expect(revisionAsOf([first], '2022-05-10')).toBeUndefined()
    expect(revisionAsOf([first], '2022-05-11')).toBe(first)
    expect(revisionAsOf([])).toBeUndefined()
  })
})

describe('the name of a publisher', () => {
  it.each([
    ['ProPakistani', 'ProPakistani'],
    ['ProPakistani (SBP data)', 'ProPakistani'],
    ['ProPakistani (World Bank, At Your Service?)', 'ProPakistani'],
    ['Dawn (a) (b)', 'Dawn (a)'],
    ['(only brackets)', '(only brackets)'],
    ['Profit / Pakistan Today', 'Profit / Pakistan Today'],
  ])('of %j is %j', (publisher, name) => {
    expect(publisherName(publisher)).toBe(name)
  })
})

describe('a series', () => {
  const parts = {
    role: 'target',
    indicator: 'TRAINED',
    programme: 'PSEB',
    area: 'PK-PB',
    academy: 'A1',
    sex: 'F',
    kind: 'stock',
    unit: 'PERSONS',
  } as const

  it.each(Object.entries(parts))('is another one with another %s', (part, value) => {
    const one = figure()
    const other = figure({ [part]: value })
    expect(seriesKey(other)).not.toBe(seriesKey(one))
    expect(groupSeries([one, other])).toHaveLength(2)
    expect(seriesOf([one, other], one)).toEqual([one])
  })

  it('keeps fiscal years, calendar years, quarters, months and dated figures apart', () => {
    const periods = ['2023-A1', '2023', '2023-Q1', '2023-05', '2023-05-11', '2023-05-01/2023-06-11']
    const figures = periods.map((period) => figure({ period }))
    const groups = groupSeries(figures).map((group) => group.map(({ period }) => period))
    expect(groups).toEqual([
      ['2023-A1'],
      ['2023'],
      ['2023-Q1'],
      ['2023-05'],
      ['2023-05-11', '2023-05-01/2023-06-11'],
    ])
    const [fiscal] = figures
    expect(fiscal && seriesOf(figures, fiscal)).toEqual([fiscal])
  })

  it('leaves out what has no end: it has no place in time', () => {
    const figures = ['_U', '2023-05-11/..', '2023-05-11'].map((period) => figure({ period }))
    expect(groupSeries(figures).flat()).toEqual([figures[2]])
    expect(seriesOf(figures, figures[2] as Figure)).toEqual([figures[2]])
  })

  it('loses no figure of the first content that has an end', () => {
    const grouped = groupSeries(content).flat()
    expect(new Set(grouped)).toEqual(new Set(content.filter(({ periodEnd }) => periodEnd !== null)))
  })
})

describe('the newest figure', () => {
  it('ends last; of one end, what was learned last', () => {
    const old = figure({ period: '2022-05-11' })
    const late = figure({ period: '2023-05-11', releasedOn: '2023-06-01' })
    const later = figure({ period: '2023-05-11', releasedOn: '2023-07-01' })
    expect(newest([old, later, late])).toBe(later)
    expect(newestFirst([old, late, later])).toEqual([later, late, old])
  })

  it('has a date', () => {
    const unknown = figure({ period: '_U' })
    const since = figure({ period: '2024-01-01/..' })
    const dated = figure({ period: '1999' })
    expect(newest([unknown, since, dated])).toBe(dated)
    expect(newest([unknown])).toBeUndefined()
    expect(newestFirst([unknown, dated]).at(-1)).toBe(unknown)
  })

  it('keeps the order of equals, and sorts all others alike whatever the order', () => {
    const figures = fc.array(
      fc.record({
        period: fc.constantFrom('2022', '2023', '_U', '2023-01-01/2023-12-30'),
        releasedOn: fc.constantFrom('2023-01-01', '2024-01-01', null),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(figures, (changes) => {
        const given = changes.map(figure)
        const placeOf = ({ periodEnd, current }: Figure) => `${periodEnd} ${current.knownOn}`
        const sorted = newestFirst(given)
        expect(newestFirst(given.toReversed()).map(placeOf)).toEqual(sorted.map(placeOf))
        for (const [n, one] of sorted.entries()) {
          const next = sorted[n + 1]
          if (next && placeOf(one) === placeOf(next)) {
            expect(given.indexOf(one)).toBeLessThan(given.indexOf(next))
          }
        }
      }),
    )
  })

  it('stands for each programme, area and sex, largest first', () => {
    const old = figure({ programme: 'PSEB', period: '2022', value: '900' })
    const pseb = figure({ programme: 'PSEB', period: '2023', value: '5' })
    const men = figure({ programme: 'NAVTTC', sex: 'M', period: '2023', value: '9856' })
    const women = figure({ programme: 'NAVTTC', sex: 'F', period: '2022', value: '9210' })
    const undated = figure({ programme: 'KPITB', period: '_U' })
    expect(newestByProgramme([old, pseb, women, undated, men])).toEqual([men, women, pseb])
  })

  it('compares sizes exactly, not as text or as floating point', () => {
    const values = ['9', '10', '9007199254740993', '9007199254740992']
    const figures = values.map((value, n) => figure({ programme: `P${n}`, value }))
    expect(newestByProgramme(figures).map(({ value }) => value)).toEqual([
      '9007199254740993',
      '9007199254740992',
      '10',
      '9',
    ])
  })
})

describe('what a form or a file may bring', () => {
  const input = {
    role: 'actual',
    indicator: 'TRAINED',
    programme: '_Z',
    area: 'PK-PB',
    academy: '_T',
    sex: '_T',
    kind: 'stock',
    unit: 'PERSONS',
    period: '2022',
    value: '5',
    status: 'A',
    precision: 'exact',
    source: { publisher: 'Dawn', title: '', publishedLabel: '2022-05', url: '' },
    note: '',
    reason: '',
    periodLabel: '',
    releasedOn: null,
  }
  const accepts = (changes: object) => publicationInput.safeParse({ ...input, ...changes }).success
  const cites = (changes: object) => sourceInput.safeParse({ ...input.source, ...changes }).success

  it.each(['0', '5', '-5', '0.0', '2.20', '9'.repeat(30), `-0.${'1'.repeat(20)}`])(
    'is the value %s',
    (value) => {
      expect(accepts({ value })).toBe(true)
    },
  )

  it.each([
    '',
    ' ',
    '-0',
    '-0.00',
    '007',
    '+7',
    '1,000',
    '1.',
    '.5',
    '1e3',
    '--5',
    'NaN',
    'Infinity',
    '0x1F',
    '۵',
    '9'.repeat(31),
    `0.${'1'.repeat(21)}`,
    '5\n',
  ])('is not the value %j', (value) => {
    expect(accepts({ value })).toBe(false)
  })

  it.each([5, true, null, ['5'], { not: null }, undefined])(
    'is no value of another type: %j',
    (value) => {
      expect(accepts({ value })).toBe(false)
      expect(accepts({ indicator: value })).toBe(false)
    },
  )

  it.each([
    '2022-02-29',
    '2026-02-30',
    '0001-01-01',
    '9999-12-31',
    '1899-12-31',
    '2101-01-01',
    '01/02/2026',
    '',
  ])('is no day %j', (day) => {
    expect(accepts({ releasedOn: day })).toBe(false)
    expect(day === '' || !cites({ publishedLabel: day })).toBe(true)
  })

  it.each(['', '2022-05', '2022-05-11', '1900-01-01', '2100-12-31', '2024-02-29'])(
    'is a source of %j',
    (publishedLabel) => {
      expect(cites({ publishedLabel })).toBe(true)
    },
  )

  it.each(['2022-13', '2022-00', '0000-05', '2022', 'May 2022', '2022-5'])(
    'is no source of %j',
    (publishedLabel) => {
      expect(cites({ publishedLabel })).toBe(false)
    },
  )

  it.each(['', 'https://dawn.com/news/1', 'http://example.org/?a=b#c', 'https://example.org/صحت'])(
    'links to %j',
    (url) => {
      expect(cites({ url })).toBe(true)
    },
  )

  it.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    'ftp://example.org/',
    'http:example.org',
    'HTTPS://example.org/',
    '//example.org/',
    'example.org',
    'https://',
    ' https://example.org/',
    'https://example.org/a b',
    'https://example.org/a\nb',
    'https://example.org/\0',
    'https://example.org/\u202etxt',
    `https://example.org/${'x'.repeat(2000)}`,
  ])('does not link to %j', (url) => {
    expect(cites({ url })).toBe(false)
  })

  it.each(['', ' ', '\u200b', '\ufeff', '—', 'a\0b', 'a\nb', '\u202eDawn', 'Dawn\u2066', '\ud800'])(
    'is no publisher %j',
    (publisher) => {
      expect(cites({ publisher })).toBe(false)
    },
  )

  it('is text in one Unicode form, without spaces around it', () => {
    expect(plainText(20).parse(' Caf\u0065\u0301 ')).toBe('Caf\u00e9')
    expect(plainText(3).safeParse('four').success).toBe(false)
    expect(plainText(20).parse('روزنامہ دنیا')).toBe('روزنامہ دنیا')
  })

  it('keeps no field that it does not know', () => {
    expect(publicationInput.parse({ ...input, authorId: 'somebody' })).not.toHaveProperty(
      'authorId',
    )
  })
})

describe('what a reader must know', () => {
  it.each([
    [{}, []],
    [{ status: 'P' }, ['provisional']],
    [{ status: 'E' }, ['estimated']],
    [{ precision: 'over' as const }, ['over']],
    [{ status: 'E', precision: 'rounded' as const }, ['estimated', 'rounded']],
    [{ status: 'D' }, ['definition']],
    [{ status: 'B' }, ['break']],
    [{ startsBreak: true }, ['break']],
    [{ publishersDiffer: true }, ['publishers']],
    [
      { status: 'P', precision: 'about' as const, publishersDiffer: true },
      ['provisional', 'about', 'publishers'],
    ],
  ])('%o is marked %j', (changes, flags) => {
    expect(flagsOf(figure(changes))).toEqual(flags)
  })
})

describe('a value in words', () => {
  const { en, ur } = writers

  it.each([
    [{}, 'US$ 3,810 million'],
    [{ value: '3810.50' }, 'US$ 3,810.50 million'],
    [{ value: '-12' }, 'US$ −12 million'],
    [{ status: 'E' }, '≈ US$ 3,810 million'],
    [{ precision: 'rounded' as const }, '≈ US$ 3,810 million'],
    [{ precision: 'about' as const }, '≈ US$ 3,810 million'],
    [{ status: 'E', precision: 'over' as const }, 'over US$ 3,810 million'],
    [{ status: 'P' }, 'US$ 3,810 million'],
    [{ unit: 'PERCENT', value: '18.3' }, '18.3%'],
    [{ unit: 'PERSONS', value: '40000', status: 'E' }, '≈ 40,000 persons'],
  ])('of %o is %j', (changes, text) => {
    expect(en.value(figure(changes))).toBe(text)
  })

  it('comes apart into its number and what stands around it', () => {
    expect(en.parts(figure({ status: 'E' }))).toEqual({
      before: '≈ US$ ',
      number: '3,810',
      after: ' million',
    })
    for (const { code: unit } of catalogue.units) {
      for (const writer of [en, ur]) {
        for (const precision of ['exact', 'over', 'about'] as const) {
          const one = figure({ unit, precision, value: '-1' })
          const { before, number, after } = writer.parts(one)
          expect(before + number + after).toBe(writer.value(one))
          expect(number).toBe(writer.number(one))
        }
      }
    }
  })

  it('of every figure of the first content can be written, in every language', () => {
    for (const locale of locales) {
      for (const one of content) {
        const mark = writers[locale].mark(one)
        expect(Object.values(mark).every((part) => part !== '')).toBe(true)
        expect(mark.text).toContain(writers[locale].number(one))
      }
    }
  })
})

describe('a source in words', () => {
  const { en, ur } = writers
  const cite = (publishedLabel: string) => ({
    publisher: 'Dawn',
    title: '',
    publishedLabel,
    url: '',
  })
  const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '')

  it.each([
    ['2025-03-10', 'Dawn, 10 Mar 2025'],
    ['2024-01', 'Dawn, Jan 2024'],
    ['', 'Dawn, date not shown'],
  ])('of %j is %j', (label, text) => {
    expect(plain(en.source(cite(label)))).toBe(text)
  })

  it('keeps a name in Latin letters whole inside Urdu', () => {
    expect(ur.source(cite('2025-03-10'))).toMatch(/^\u2068Dawn\u2069.*2025$/)
  })
})

describe('a change in words', () => {
  const { en, ur } = writers
  const dated = (period: string, value: string, changes: object = {}) =>
    figure({ period, value, kind: 'stock', unit: 'ACADEMIES', indicator: 'ACADEMIES', ...changes })

  it.each([
    ['2023-A1', '3223', '2024-A1', '3810', 'up', 'up 18.2% on FY2023-24'],
    ['2023-A1', '3810', '2024-A1', '3223', 'down', 'down 15.4% on FY2023-24'],
    ['2023-A1', '3810', '2024-A1', '3810.0', 'none', 'unchanged on FY2023-24'],
    ['2025-05', '317', '2025-06', '339', 'up', 'up 6.9% on May 2025'],
    ['2024-06', '298', '2025-06', '339', 'up', 'up 13.8% on Jun 2024'],
    ['2022', '0', '2023', '5', 'up', 'up 5 on 2022'],
  ])('from %s %s to %s %s is %s: %s', (period, value, newPeriod, newValue, direction, text) => {
    const before = figure({ period, value })
    const now = figure({ period: newPeriod, value: newValue })
    expect(en.change([before, now], now)).toEqual({ direction, text })
  })

  it('of levels tells the days between them', () => {
    const figures = [dated('2022-05-11', '93'), dated('2022-09-21', '90')]
    expect(en.change(figures, figures[1] as Figure)).toEqual({
      direction: 'down',
      text: 'down 3 in 133 days since 11 May 2022',
    })
  })

  it('does not reach across a break, from the first figure under another definition on', () => {
    const [old, first, next] = [
      dated('2023-05-11', '10'),
      dated('2024-05-11', '80', { startsBreak: true }),
      dated('2025-05-11', '93'),
    ]
    const series = [old, first, next] as Figure[]
    expect(en.change(series, first as Figure)).toBeNull()
    expect(en.change(series, next as Figure)?.text).toMatch(/^up 13 /)
    const without = [old, dated('2024-06-30', '90', { startsBreak: true }), next] as Figure[]
    expect(en.change(without.slice(0, 2), without[1] as Figure)).toBeNull()
  })

  it('of rates is in points', () => {
    const rate = (period: string, value: string) =>
      figure({ period, value, kind: 'ratio', unit: 'PERCENT', indicator: 'FEMALE_SHARE' })
    const figures = [rate('2022', '10'), rate('2023', '15')]
    expect(en.change(figures, figures[1] as Figure)?.text).toBe('up 5 points on 2022')
  })

  it.each([
    ['there is nothing before it', [figure({ period: '2024-A1' })]],
    ['a year lies between', [figure({ period: '2022-A1' }), figure({ period: '2024-A1' })]],
    ['the years begin on other days', [figure({ period: '2023' }), figure({ period: '2024-A1' })]],
    [
      'the lengths differ',
      [figure({ period: '2023-07-01/2024-03-31' }), figure({ period: '2024-A1' })],
    ],
  ])('is not told where %s', (_, figures) => {
    expect(en.change(figures, figures.at(-1) as Figure)).toBeNull()
  })

  it('is not told across a new definition', () => {
    const place = { programme: 'HUAWEI_ICTA', area: 'PK' }
    const before = dated('2020-11-03', '24', place)
    const first = dated('2022-01-17', '80', place)
    const now = dated('2022-05-11', '93', place)
    const elsewhere = [before, first].map((one) => ({ ...one, area: 'PK-PB' }))
    expect(en.change([before, first, now], first)).toBeNull()
    expect(en.change([before, first, now], now)?.text).toBe('up 13 in 114 days since 17 Jan 2022')
    expect(en.change(elsewhere, elsewhere[1] as Figure)).not.toBeNull()
  })

  it('is told in Urdu', () => {
    const figures = [figure({ period: '2023-A1', value: '3223' }), figure({ value: '3810' })]
    const change = ur.change(figures, figures[1] as Figure)
    expect(change?.text).toMatch(/18\.2/)
    expect(change?.text).toMatch(/\p{Script=Arabic}/u)
  })
})

describe('the age of a figure', () => {
  it.each([
    ['2026-11-24', 'today'],
    ['2026-11-30', 'today'],
    ['2026-11-23', '1 day old'],
    ['2026-09-26', '59 days old'],
    ['2026-09-25', '1 month old'],
    ['2025-11-25', '11 months old'],
    ['2024-11-25', '23 months old'],
    ['2024-11-24', '23 months old'],
    ['2024-11-23', '2 years old'],
    ['2022-05-11', '4 years old'],
  ])('of %s is told as %j', (period, text) => {
    expect(writers.en.age(figure({ period }), '2026-11-24')).toBe(text)
  })

  it('counts from the end of the period', () => {
    expect(writers.en.age(figure({ period: '2025-A1' }), '2026-07-10')).toBe('10 days old')
  })
})

describe('a mark on a chart', () => {
  it('has the exact text, only a place as a number, and leads to its proof', () => {
    const one = figure({ value: '9007199254740993', status: 'P' })
    expect(writers.en.mark(one)).toMatchObject({
      y: Number('9007199254740993'),
      text: 'US$ 9,007,199,254,740,993 million',
      short: '9,007,199,254,740,993',
      period: 'FY2024-25',
      flags: ['provisional'],
      href: expect.stringContaining(`${one.id}`),
    })
    expect(writers.ur.mark(one).href).toMatch(/^\/ur\//)
  })
})

describe('a reader who counts in lakh', () => {
  const locale = readerLocale('en', { ...usualSettings, scale: 'lakh' })
  const names = catalogueNames(catalogue, locale)

  it('is given money as crore of the currency, exactly', () => {
    expect(names.withUnit('3810', 'USD_MILLION')).toBe('US$ 381\u00a0crore')
    expect(names.withUnit('3810.25', 'USD_MILLION')).toBe('US$ 381.025\u00a0crore')
    expect(names.shownUnit('USD_MILLION')).toBe('US dollars')
  })

  it('is given all else in groups of two', () => {
    expect(names.withUnit('4536191', 'PERSONS')).toBe('45,36,191 persons')
    expect(names.shownUnit('PERSONS')).toBe(names.unit('PERSONS'))
  })
})

describe('the parts of a written value', () => {
  const everyLocale = locales.flatMap((language) =>
    (['western', 'urdu'] as const).flatMap((digits) =>
      (['million', 'lakh'] as const).map((scale) =>
        readerLocale(language, { ...usualSettings, digits, scale }),
      ),
    ),
  )

  it.each(everyLocale)('make it whole again, and the number is only digits: %s', (locale) => {
    const writer = figureWriter(catalogue, locale)
    for (const one of content) {
      const { before, number, after } = writer.parts(one)
      expect(before + number + after).toBe(writer.value(one))
      expect(number).toMatch(/^[\u200e\u2212]*[\p{Nd}.,\u066b\u066c]+$/u)
      expect(before).not.toMatch(/\p{Nd}/u)
    }
  })
})
