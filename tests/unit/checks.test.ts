import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge, keyText, neighbours, readRule, seriesText } from '@/features/checks/rules'
import type { JudgedFigure, Rule, TypedRule } from '@/features/checks/schema'
import { add, sum as total } from '@/lib/number'

function figure(changes: Partial<JudgedFigure> = {}): JudgedFigure {
  return {
    role: 'actual',
    indicator: 'ACADEMIES',
    programme: 'HUAWEI_ICTA',
    area: 'PK',
    academy: '_T',
    sex: '_T',
    kind: 'stock',
    unit: 'ACADEMIES',
    period: '2022-05-11',
    value: '93',
    source: { publisher: 'Dawn', title: '', url: '' },
    ...changes,
  }
}

function rule(kind: Rule['kind'], changes: Partial<Rule> = {}): Rule {
  const base = { code: kind.toUpperCase(), version: 1, kind, indicator: null, note: '' }
  return { ...base, parameters: {}, severity: 'warning', isActive: true, ...changes }
}

const areas = [
  { code: 'PK', parent: null, endedOn: null },
  { code: 'PK-PB', parent: 'PK', endedOn: null },
  { code: 'PK-SD', parent: 'PK', endedOn: null },
  { code: 'PK-TA', parent: 'PK', endedOn: '2018-05-31' },
]

/** What rules say of a batch beside what is public. */
function said(rules: Rule[], batch: JudgedFigure[], published: JudgedFigure[] = []) {
  const series = new Map<string, { period: string; value: string }[]>()
  for (const one of published) {
    const text = seriesText(one)
    series.set(text, [...(series.get(text) ?? []), one])
  }
  return judge(rules, batch, {
    areas,
    additive: new Set(['ACADEMIES']),
    values: new Map(published.map((one) => [keyText(one), one.value])),
    series,
  })
}

const codes = (...given: Parameters<typeof said>) => said(...given).map(({ code }) => code)
const earlier = (period: string, value: string, changes: Partial<JudgedFigure> = {}) =>
  figure({ period, value, ...changes })

describe('a jump', () => {
  const rules = [rule('jump', { parameters: { factor: '10' } })]

  test('to ten times or a tenth of the last comparable value', () => {
    const published = [earlier('2020-05-11', '9'), earlier('2021-05-11', '82')]
    const at = (value: string) => codes(rules, [figure({ value })], published)
    expect(at('819')).toEqual([])
    expect(at('820')).toEqual(['tenfold'])
    expect(at('8.2')).toEqual(['tenfold'])
    expect(at('8.3')).toEqual([])
    expect(at('-820')).toEqual([])
  })

  test('names what it was measured against, and its rule', () => {
    expect(said(rules, [figure({ value: '8200' })], [earlier('2021-05-11', '82')])).toEqual([
      {
        index: 0,
        rule: 'JUMP',
        severity: 'warning',
        code: 'tenfold',
        params: { value: '82', period: '2021-05-11' },
      },
    ])
  })

  test('a correction is measured against what it corrects', () => {
    const published = [earlier('2021-05-11', '82'), figure({ value: '9' })]
    expect(codes(rules, [figure({ value: '93' })], published)).toEqual(['tenfold'])
  })

  test('an amount in a month is measured against the last month known, not against a year', () => {
    const flow = { kind: 'flow' } as const
    const published = [
      earlier('2021', '1200', flow),
      earlier('2022-01', '100', flow),
      earlier('2021-12', '5', flow),
    ]
    const entered = figure({ ...flow, period: '2022-05', value: '120' })
    expect(codes(rules, [entered], published)).toEqual([])
  })

  test('other series, kinds and units are never compared', () => {
    const published = [
      earlier('2021-05-11', '2', { area: 'PK-PB' }),
      earlier('2021-05-11', '2', { kind: 'flow' }),
      earlier('2021-05-11', '2', { unit: 'UNIVERSITIES' }),
      earlier('2021-05-11', '2', { role: 'target' }),
      earlier('2021-05-11', '2', { sex: 'F' }),
      earlier('2021-05-11', '2', { academy: 'A1' }),
    ]
    expect(codes(rules, [figure()], published)).toEqual([])
  })

  test('figures of one batch are measured against each other', () => {
    const batch = [earlier('2021-05-11', '5'), figure({ value: '50' })]
    expect(said(rules, batch)).toMatchObject([{ index: 1, code: 'tenfold' }])
  })

  test('another factor says so', () => {
    const threefold = [rule('jump', { parameters: { factor: '3' } })]
    expect(said(threefold, [figure()], [earlier('2021-05-11', '31')])).toMatchObject([
      { code: 'jump', params: { factor: '3' } },
    ])
  })

  test('finds the point before in a series of any length', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 20_000 }), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 20_000 }), (past, mine) => {
        const day = (n: number) => new Date(Date.UTC(1950, 0, 1 + n)).toISOString().slice(0, 10)
        const published = past.map((n) => earlier(day(n), String(n + 1)))
        const before = Math.max(...past.filter((n) => n < mine))
        const found = said(
          [rule('never_falls')],
          [figure({ period: day(mine), value: '0' })],
          published,
        )
        expect(found.map(({ params }) => params.value)).toEqual(
          Number.isFinite(before) ? [String(before + 1)] : [],
        )
      }),
    )
  })
})

describe('a stock or a total since a start', () => {
  const rules = [rule('never_falls')]

  test('that falls', () => {
    const published = [earlier('2021-05-11', '94')]
    expect(codes(rules, [figure()], published)).toEqual(['falls'])
    expect(codes(rules, [figure({ value: '94' })], published)).toEqual([])
  })

  test('an amount in a period may fall', () => {
    const flow = { kind: 'flow' } as const
    const published = [earlier('2022-04', '94', flow)]
    expect(codes(rules, [figure({ ...flow, period: '2022-05' })], published)).toEqual([])
  })
})

describe('a range', () => {
  test('may have one end or two, and hold for one unit', () => {
    const negative = [rule('range', { parameters: { min: '0' } })]
    expect(codes(negative, [figure({ value: '-1' })])).toEqual(['negative'])
    expect(codes(negative, [figure({ value: '0' })])).toEqual([])
    const percent = [rule('range', { parameters: { max: '100', unit: 'PERCENT' } })]
    expect(codes(percent, [figure({ unit: 'PERCENT', value: '100' })])).toEqual([])
    expect(codes(percent, [figure({ unit: 'PERCENT', value: '100.1' })])).toEqual([
      'percentOver100',
    ])
    expect(codes(percent, [figure({ value: '100.1' })])).toEqual([])
    const both = [rule('range', { parameters: { min: '5', max: '90' } })]
    expect(codes(both, [figure({ value: '4.99' })])).toEqual(['belowMinimum'])
    expect(codes(both, [figure()])).toEqual(['aboveMaximum'])
  })

  test('of one indicator, and switched off', () => {
    const parameters = { max: '1' }
    expect(codes([rule('range', { parameters, indicator: 'TRAINED' })], [figure()])).toEqual([])
    expect(codes([rule('range', { parameters, isActive: false })], [figure()])).toEqual([])
  })
})

describe('a part', () => {
  const rules = [rule('part_of', { parameters: { part: 'COMPLETED', whole: 'ENROLLED' } })]
  const completed = (value: string) => figure({ indicator: 'COMPLETED', kind: 'flow', value })
  const enrolled = (value: string) => figure({ indicator: 'ENROLLED', kind: 'flow', value })

  test('is never above its whole, whichever of the two is entered', () => {
    expect(codes(rules, [completed('11')], [enrolled('10')])).toEqual(['partAboveWhole'])
    expect(codes(rules, [completed('10')], [enrolled('10')])).toEqual([])
    expect(codes(rules, [enrolled('9')], [completed('10')])).toEqual(['wholeBelowPart'])
    expect(codes(rules, [completed('11')])).toEqual([])
  })

  test('the batch counts before what is public', () => {
    expect(codes(rules, [completed('11'), enrolled('12')], [enrolled('10')])).toEqual([])
  })

  test('is compared at the same place and period alone', () => {
    const elsewhere = { ...enrolled('1'), area: 'PK-PB' }
    expect(
      codes(rules, [completed('11')], [elsewhere, { ...enrolled('1'), period: '2021' }]),
    ).toEqual([])
  })
})

describe('the sum of areas', () => {
  const rules = [rule('areas_sum', { parameters: { tolerance: '0' } })]
  const punjab = (value: string) => figure({ area: 'PK-PB', value })
  const sindh = (value: string) => figure({ area: 'PK-SD', value })
  const country = (value: string) => figure({ value })

  test('equals the country once every area is there; one that no longer exists may be missing', () => {
    expect(codes(rules, [country('30')], [punjab('10'), sindh('20')])).toEqual([])
    expect(said(rules, [country('31')], [punjab('10'), sindh('20')])).toMatchObject([
      { code: 'areasSum', params: { value: '31', sum: '30', area: 'PK' } },
    ])
    expect(codes(rules, [punjab('9')], [country('30'), sindh('20')])).toEqual(['areasSum'])
  })

  test('never exceeds the country, also where some are missing', () => {
    expect(codes(rules, [punjab('10')], [country('30')])).toEqual([])
    expect(codes(rules, [punjab('31')], [country('30')])).toEqual(['areasSum'])
  })

  test('is told once, at the total where that is entered too', () => {
    const found = said(rules, [punjab('10'), sindh('10'), country('30')])
    expect(found.map(({ index }) => index)).toEqual([2])
    expect(said(rules, [punjab('1'), sindh('1')], [country('30')])).toHaveLength(1)
  })

  test('leaves alone what does not add up: rates, other indicators, single academies', () => {
    const of = (changes: Partial<JudgedFigure>) =>
      codes(rules, [{ ...punjab('31'), ...changes }], [{ ...country('30'), ...changes }])
    expect(of({ kind: 'ratio' })).toEqual([])
    expect(of({ indicator: 'TRAINED' })).toEqual([])
    expect(of({ academy: 'A1' })).toEqual([])
  })

  test('may be off by the tolerance and no more', () => {
    const tolerant = [rule('areas_sum', { parameters: { tolerance: '1.5' } })]
    const with20 = [punjab('10'), sindh('10')]
    expect(codes(tolerant, [country('21.5')], with20)).toEqual([])
    expect(codes(tolerant, [country('21.51')], with20)).toEqual(['areasSum'])
    expect(codes(tolerant, [country('18.49')], with20)).toEqual(['areasSum'])
  })
})

const decimal = fc
  .tuple(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 99 }))
  .map(([whole, cents]) => `${whole}.${String(cents).padStart(2, '0')}`)

describe('the sum of women and men', () => {
  const rules = [rule('sexes_sum', { parameters: { tolerance: '0' } })]
  const people = (sex: string, value: string) => figure({ sex, value })

  test('equals the total to the last digit, and any other total is found', () => {
    fc.assert(
      fc.property(decimal, decimal, decimal, (women, men, off) => {
        const parts = [people('F', women), people('M', men)]
        const both = total([women, men])
        expect(codes(rules, [people('_T', both)], parts)).toEqual([])
        const isOff = /[1-9]/.test(off)
        expect(codes(rules, [people('_T', add(both, off))], parts)).toEqual(
          isOff ? ['sexesSum'] : [],
        )
      }),
    )
  })

  test('one of them alone is no more than the total; rates do not add up', () => {
    expect(codes(rules, [people('F', '11')], [people('_T', '10')])).toEqual(['sexesSum'])
    expect(codes(rules, [people('F', '9')], [people('_T', '10')])).toEqual([])
    const rate = { kind: 'ratio' } as const
    expect(
      codes(rules, [figure({ ...rate, sex: 'F', value: '11' })], [figure({ ...rate, value: '1' })]),
    ).toEqual([])
  })
})

describe('a source', () => {
  test('is required, with an address where the rule says so', () => {
    const any = [rule('source', { severity: 'error', parameters: { needs: 'publisher' } })]
    expect(codes(any, [figure()])).toEqual([])
    expect(codes(any, [figure({ source: null })])).toEqual(['sourceMissing'])
    expect(codes(any, [figure({ source: { publisher: ' ' } })])).toEqual(['sourceMissing'])
    const link = [rule('source', { parameters: { needs: 'link' } })]
    expect(codes(link, [figure()])).toEqual(['linkMissing'])
    expect(codes(link, [figure({ source: { publisher: 'D', url: 'https://d.example' } })])).toEqual(
      [],
    )
  })
})

test('the keys to look up are those that rules compare, each once', () => {
  const rules = [
    rule('sexes_sum'),
    rule('areas_sum'),
    rule('part_of', { parameters: { part: 'ACADEMIES', whole: 'CENTRES' } }),
  ]
  const keys = neighbours(rules, [figure(), figure({ sex: 'F' })], {
    areas,
    additive: new Set(['ACADEMIES']),
  })
  const texts = keys.map(({ indicator, area, sex }) => `${indicator} ${area} ${sex}`)
  expect(new Set(texts).size).toBe(texts.length)
  expect(texts.sort()).toEqual(
    [
      'ACADEMIES PK F',
      'ACADEMIES PK M',
      'ACADEMIES PK _T',
      ...['PB', 'SD', 'TA'].flatMap((area) => [
        `ACADEMIES PK-${area} F`,
        `ACADEMIES PK-${area} _T`,
      ]),
      'CENTRES PK F',
      'CENTRES PK _T',
    ].sort(),
  )
})

describe('reading a rule', () => {
  const known = { indicators: ['ACADEMIES', 'TRAINED'], units: ['PERCENT'] }
  const typed = (changes: Partial<TypedRule>): TypedRule => ({
    code: 'MINE',
    kind: 'range',
    indicator: '',
    min: '',
    max: '',
    unit: '',
    factor: '',
    part: '',
    whole: '',
    tolerance: '',
    needs: '',
    severity: 'warning',
    active: 'yes',
    note: 'First',
    ...changes,
  })
  const problems = (changes: Partial<TypedRule>) => {
    const read = readRule(typed(changes), '0', known)
    return read.ok ? [] : read.problems.map(({ field, code }) => `${field} ${code}`)
  }

  test('numbers in any spelling become exact decimals; fields of other kinds are left out', () => {
    const read = readRule(typed({ min: '۱۰', max: '1,000.50', factor: 'x' }), '3', known)
    expect(read).toMatchObject({
      ok: true,
      rule: { version: 3, parameters: { min: '10', max: '1000.50' }, indicator: null },
    })
  })

  test('every problem is told with its field', () => {
    expect(problems({})).toEqual(['min noLimit'])
    expect(problems({ min: 'ten' })).toEqual(['min notANumber'])
    expect(problems({ min: '2', max: '1' })).toEqual(['max order'])
    expect(problems({ min: '2', unit: 'INCH' })).toEqual(['unit notInList'])
    expect(problems({ min: '2', indicator: 'NONE' })).toEqual(['indicator notInList'])
    expect(problems({ min: '2', code: 'mine', note: ' ' })).toEqual([
      'code ruleCode',
      'note noteMissing',
    ])
    expect(problems({ kind: 'jump', factor: '1' })).toEqual(['factor factorTooSmall'])
    expect(problems({ kind: 'sexes_sum', tolerance: '-1' })).toEqual([
      'tolerance toleranceTooSmall',
    ])
    expect(problems({ kind: 'part_of', part: 'TRAINED', whole: 'TRAINED' })).toEqual([
      'whole samePart',
    ])
    expect(problems({ kind: 'source', needs: 'luck' })).toEqual(['needs notInList'])
    expect(problems({ kind: 'magic' })).toEqual(['kind notInList'])
    expect(problems({ min: '1', severity: 'fatal' })).toEqual(['severity invalid'])
  })
})
