import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Academy } from '@/features/catalogue/schema'
import { chartContext } from '@/features/charts/series'
import { differenceText, rowSentences, typedPeriod } from '@/features/reporting/components/words'
import {
  addressIn,
  differenceOf,
  dutiesOf,
  keyFor,
  lineName,
  lineOf,
  mailtoOf,
  readReport,
  rollUp,
} from '@/features/reporting/rules'
import type { LineFacts, Said, TypedLine } from '@/features/reporting/schema'
import { readQuestion, rollUpRows, typedQuestion } from '@/features/reporting/series'
import { locales } from '@/lib/i18n'
import { add } from '@/lib/number'
import { catalogue, figure } from '../support/figures'

const indicatorOf = (code: string) => {
  const found = catalogue.indicators.find((one) => one.code === code)
  if (!found) throw new Error(code)
  return found
}
const trained = lineOf(indicatorOf('TRAINED'), '_T')
const question = { line: trained, programme: 'NAVTTC', period: '2024-05' }
const provinces = ['PK-PB', 'PK-SD', 'PK-KP']

const academy = (code: string, changes: Partial<Academy> = {}): Academy => ({
  code,
  programme: 'NAVTTC',
  area: 'PK-PB',
  city: '',
  host: '',
  openedOn: null,
  closedOn: null,
  mergedInto: null,
  version: 1,
  name: { en: `Academy ${code}`, ur: `اکیڈمی ${code}` },
  ...changes,
})

let said = 0
const says = (one: Academy, value: string, changes: Partial<Said> = {}): Said => {
  said += 1
  return {
    ...keyFor(one, trained, '2024-05'),
    id: said,
    value,
    status: 'A',
    precision: 'exact',
    periodEnd: '2024-05-31',
    ...changes,
  }
}
const together = (area: string, value: string) =>
  says(academy('_T', { area }), value, { academy: '_T' })

describe('figures of academies are added up', () => {
  it('never losing a digit, whatever the order, to the country and to areas', () => {
    const decimal = fc
      .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: 0, max: 15 }))
      .map(([digits, decimals]) => {
        const text = String(digits < 0n ? -digits : digits).padStart(decimals + 1, '0')
        const whole = text.slice(0, text.length - decimals)
        const value = decimals ? `${whole}.${text.slice(text.length - decimals)}` : whole
        return {
          value: digits < 0n ? `-${value}` : value,
          scaled: digits * 10n ** BigInt(15 - decimals),
        }
      })
    const scaledOf = (value: string) => {
      const [whole = '', fraction = ''] = value.replace('-', '').split('.')
      const size = BigInt(whole + fraction.padEnd(15, '0'))
      return value.startsWith('-') ? -size : size
    }
    fc.assert(
      fc.property(
        fc.array(fc.record({ decimal, place: fc.integer({ min: 0, max: 2 }) }), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.option(decimal, { nil: null }),
        (parts, published) => {
          const academies = parts.map(({ place }, n) =>
            academy(`A${n}`, { area: provinces[place] ?? '' }),
          )
          const figures = academies.map((one, n) => says(one, parts[n]?.decimal.value ?? '0'))
          if (published) figures.push(together('PK', published.value))
          const result = rollUp(question, catalogue, academies, figures.reverse())
          const total = parts.reduce((sum, one) => sum + one.decimal.scaled, 0n)
          expect(scaledOf(result.country.sum ?? '')).toBe(total)
          const ofAreas = result.areas.reduce((sum, row) => sum + scaledOf(row.sum ?? ''), 0n)
          expect(ofAreas).toBe(total)
          const difference = result.country.difference
          expect(difference === null).toBe(published === null)
          if (published && difference) {
            expect(scaledOf(difference.absolute)).toBe(total - published.scaled)
            expect(scaledOf(add(difference.absolute, published.value))).toBe(total)
            expect(difference.percent === null).toBe(published.scaled === 0n)
          }
        },
      ),
    )
  })

  it('with coverage that counts each academy once: areas add up to the country', () => {
    const days = ['2024-04-30', '2024-05-01', '2024-05-31', '2024-06-01', null]
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            area: fc.constantFrom(...provinces),
            openedOn: fc.constantFrom(...days),
            closedOn: fc.constantFrom(...days),
            figures: fc.array(fc.constantFrom(...provinces), { maxLength: 2 }),
          }),
          { maxLength: 30 },
        ),
        (list) => {
          const academies = list.map((one, n) => academy(`A${n}`, one))
          const figures = list.flatMap((one, n) =>
            one.figures.map((area) => says(academies[n] as Academy, '1', { area })),
          )
          const { country, areas, missing } = rollUp(question, catalogue, academies, figures)
          const expected = list.filter(
            ({ openedOn, closedOn }) =>
              (openedOn === null || openedOn <= '2024-05-31') &&
              (closedOn === null || closedOn >= '2024-05-01'),
          )
          const silent = expected.filter((one) => one.figures.length === 0)
          const speaking = list.filter((one) => one.figures.length > 0).length
          const { coverage } = country
          expect(coverage.expected).toBe(expected.length)
          expect(coverage.reported).toBe(expected.length - silent.length)
          expect(coverage.reported + coverage.others).toBe(speaking)
          expect(missing).toHaveLength(silent.length)
          expect(country.sum).toBe(speaking === 0 ? null : String(speaking))
          for (const part of ['expected', 'reported', 'others'] as const) {
            const sum = areas.reduce((count, row) => count + row.coverage[part], 0)
            expect(sum).toBe(coverage[part])
          }
        },
      ),
    )
  })

  it('of merged academies too, which are expected until the day they closed', () => {
    const gone = academy('A1', { closedOn: '2024-03-31', mergedInto: 'A2' })
    const heir = academy('A2')
    const before = { ...question, period: '2024-03' }
    const march = { period: '2024-03', periodEnd: '2024-03-31' }
    const early = rollUp(
      before,
      catalogue,
      [gone, heir],
      [says(gone, '5', march), says(heir, '7', march)],
    )
    expect(early.country).toMatchObject({
      sum: '12',
      coverage: { expected: 2, reported: 2, others: 0 },
    })
    const late = rollUp(question, catalogue, [gone, heir], [says(gone, '5'), says(heir, '7')])
    expect(late.country).toMatchObject({
      sum: '12',
      coverage: { expected: 1, reported: 1, others: 1 },
    })
  })

  it('without other programmes, periods, kinds, units, sexes and roles', () => {
    const one = academy('A1')
    const others: Partial<Said>[] = [
      { period: '2024-06' },
      { kind: 'flow' },
      { unit: 'ENROLMENTS' },
      { sex: 'F' },
      { role: 'target' },
    ]
    const figures = [says(one, '4'), ...others.map((changes) => says(one, '1000', changes))]
    expect(rollUp(question, catalogue, [one], figures).country.sum).toBe('4')
  })

  it('counts an academy that moved in the area it is in now', () => {
    const moved = academy('A1', { area: 'PK-SD' })
    const figures = [
      says(moved, '4', { area: 'PK-PB' }),
      says(moved, '9'),
      says(moved, '5', { area: 'PK-KP' }),
    ]
    const result = rollUp(question, catalogue, [moved], figures)
    expect(result.country.sum).toBe('9')
    expect(result.areas.map(({ area, sum }) => [area, sum])).toEqual([['PK-SD', '9']])
  })

  it('says that a sum of rounded figures is not exact', () => {
    const list = [academy('A1'), academy('A2')]
    const rounded = says(academy('A2'), '1', { precision: 'rounded' })
    expect(
      rollUp(question, catalogue, list, [says(academy('A1'), '2'), rounded]).country.isExact,
    ).toBe(false)
    expect(rollUp(question, catalogue, list, [says(academy('A1'), '2')]).country.isExact).toBe(true)
  })

  it('but not where they do not add up, and says why', () => {
    const reasons = ['FEMALE_SHARE', 'ENROLLED', 'TRAINED'].map((code) => {
      const line = lineOf(indicatorOf(code), '_T')
      const one = academy('A1')
      const figures = [says(one, '40', { ...keyFor(one, line, '2024-05') })]
      const { noTotal, country } = rollUp({ ...question, line }, catalogue, [one], figures)
      return [code, noTotal, country.sum, country.coverage.reported]
    })
    expect(reasons).toEqual([
      ['FEMALE_SHARE', 'share', null, 1],
      ['ENROLLED', 'notAdditive', null, 1],
      ['TRAINED', null, '40', 1],
    ])
  })
})

describe('in words', () => {
  const { writer } = chartContext(catalogue, 'en')
  const list = [academy('A1'), academy('A2')]
  const result = rollUp(question, catalogue, list, [
    says(list[0] as Academy, '1188'),
    together('PK', '1200'),
  ])

  it('a difference is told from the published total', () => {
    expect(rowSentences('en', writer, result.country, 'PERSONS').join(' ')).toBe(
      '1 of 2 academies have reported. Together that makes 1,188 persons. The published total is 1,200 persons. The sum is 12 (1.0%) below it.',
    )
    expect(differenceText('en', result.country)).toBe('\u221212 (\u22121.0%)')
    expect(differenceOf('5', '0')).toEqual({ absolute: '5', percent: null })
    expect(differenceOf(null, '0')).toBeNull()
  })

  it('a file has the values as they are', () => {
    expect(rollUpRows(result).map((row) => row.join())).toEqual([
      'TRAINED,NAVTTC,PK,_T,cumulative,PERSONS,2024-05,computed,2,1,0,1188,1200,-12,-1.0',
      'TRAINED,NAVTTC,PK-PB,_T,cumulative,PERSONS,2024-05,computed,2,1,0,1188,,,',
    ])
  })

  it('a period is shown as it may be typed', () => {
    for (const locale of locales) {
      for (const code of [
        '2024-A1',
        '2024-05',
        '2024-05-11',
        '2024',
        '2024-Q1',
        '2024-01-05/2024-02-03',
      ]) {
        const read = readQuestion(
          { programme: 'NAVTTC', indicators: [], sexes: [], period: typedPeriod(locale, code) },
          catalogue,
        )
        expect(read).toMatchObject({ asked: { period: code } })
      }
    }
  })
})

describe('an address', () => {
  it('asks for lines in a period, or says what is wrong with it', () => {
    const read = (query: Record<string, string | string[]>) =>
      readQuestion(typedQuestion(query), catalogue)
    expect(
      read({
        programme: 'NAVTTC',
        indicator: ['TRAINED', 'ENROLLED'],
        sex: ['M', 'F'],
        period: 'May 2024',
      }),
    ).toMatchObject({
      asked: {
        period: '2024-05',
        lines: ['TRAINED.F', 'TRAINED.M', 'ENROLLED.F', 'ENROLLED.M'].map((name) => {
          const [indicator, sex] = name.split('.')
          return { indicator, sex }
        }),
      },
    })
    const wrong = read({ programme: 'X', indicator: 'COMPLETION_RATE', period: '31/31/2024' })
    expect(wrong).toMatchObject({
      problems: [{ field: 'programme' }, { field: 'indicator' }, { field: 'period' }],
    })
    expect(read({ programme: 'NAVTTC', period: '_U' })).toMatchObject({ ok: false })
  })
})

describe('reminders', () => {
  it('name what is missing, the longest silent first, and nobody who was not open', () => {
    const list = ['A1', 'A2', 'A3', 'A4'].map((code) => academy(code))
    const closed = academy('A5', { closedOn: '2024-04-30' })
    const enrolled = lineOf(indicatorOf('ENROLLED'), '_T')
    const [one, two, three] = list as [Academy, Academy, Academy]
    const april = { period: '2024-04', periodEnd: '2024-04-30' }
    const march = { period: '2024-03', periodEnd: '2024-03-31' }
    const figures = [
      says(one, '1'),
      says(one, '1', keyFor(one, enrolled, '2024-05')),
      says(two, '1', april),
      says(three, '1', march),
      says(three, '1', keyFor(three, enrolled, '2024-05')),
    ]
    const duties = dutiesOf([...list, closed], [trained, enrolled], '2024-05', figures)
    expect(
      duties.map(({ academy: { code }, missing, last }) => [code, missing.map(lineName), last]),
    ).toEqual([
      ['A4', ['TRAINED._T', 'ENROLLED._T'], null],
      ['A2', ['TRAINED._T', 'ENROLLED._T'], '2024-04'],
      ['A3', ['TRAINED._T'], '2024-05'],
    ])
  })

  it('find the address in a contact, and write to nobody else', () => {
    expect(addressIn('Ms Noor <noor@example.edu.pk>, 0300 1234567')).toBe('noor@example.edu.pk')
    expect(addressIn('Tel. 051 1234567')).toBeNull()
    expect(addressIn('a@b.pk?bcc=x@y.pk')).toBe('a@b.pk')
    const link = mailtoOf('noor@example.edu.pk', 'A & B', 'one\ntwo')
    expect(link).toBe('mailto:noor@example.edu.pk?subject=A%20%26%20B&body=one%0Atwo')
  })
})

describe('the report of one academy', () => {
  const one = academy('A1')
  const fact = (changes: Partial<LineFacts> = {}): LineFacts => ({
    line: trained,
    key: keyFor(one, trained, '2024-05'),
    known: null,
    before: null,
    waiting: null,
    ...changes,
  })
  const none = { publisher: '', title: '', sourceDate: '', url: '' }
  const source = { ...none, publisher: 'The academy' }
  const typed = (text: string, changes: Partial<TypedLine> = {}, shared = source) => ({
    status: 'P',
    source: shared,
    lines: new Map([['TRAINED._T', { text, base: null, source: none, ...changes }]]),
  })
  const known = {
    observation: 1,
    newest: 7,
    value: '120',
    status: 'A',
    precision: 'exact' as const,
    releasedOn: null,
    source: figure().current.source,
  }

  it('reads digits of all kinds', () => {
    const { changes } = readReport([fact()], typed('۱٬۲۰۰'), '2024-06-02')
    expect(changes).toMatchObject([
      {
        value: '1200',
        status: 'P',
        source: { publisher: 'The academy' },
        releasedOn: '2024-06-02',
        base: null,
      },
    ])
  })

  it('changes nothing by what is empty, or public already', () => {
    for (const [text, facts] of [
      [' ', fact()],
      ['120', fact({ known })],
    ] as const) {
      expect(readReport([facts], typed(text), '2024-06-02')).toMatchObject({
        changes: [],
        problems: [],
        conflicts: [],
      })
    }
  })

  it('asks where somebody else has published since', () => {
    const asked = readReport([fact({ known })], typed('125'), '2024-06-02')
    expect(asked.conflicts).toHaveLength(1)
    const knowing = readReport([fact({ known })], typed('125', { base: 7 }), '2024-06-02')
    expect(knowing).toMatchObject({ conflicts: [], changes: [{ base: 7 }] })
  })

  it('names the field, and asks once for a source', () => {
    const twelve = readReport([fact()], typed('twelve'), '2024-06-02')
    expect(twelve.problems).toMatchObject([{ field: 'value', line: 'TRAINED._T', from: 'numbers' }])
    const bare = readReport([fact()], typed('5', {}, none), '2024-06-02')
    expect(bare.problems).toEqual([
      { field: 'publisher', line: null, from: 'reporting', code: 'sourceMissing' },
    ])
    const own = { ...none, publisher: 'Dawn', url: 'javascript:alert(1)' }
    const bad = readReport([fact()], typed('5', { source: own }), '2024-06-02')
    expect(bad.problems).toMatchObject([{ field: 'url', line: 'TRAINED._T' }])
    const good = readReport(
      [fact()],
      typed('5', { source: { ...none, publisher: 'Dawn' } }, none),
      '2024-06-02',
    )
    expect(good.changes).toMatchObject([{ source: { publisher: 'Dawn' } }])
  })
})
