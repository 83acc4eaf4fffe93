import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { itemText, itemValues, readItem } from '@/features/catalogue/rules'
import {
  type Area,
  type Catalogue,
  type Indicator,
  type Item,
  type ItemUse,
  type ItemValues,
  itemFields,
  lists,
  type Programme,
} from '@/features/catalogue/schema'

const indicator = (code: string, more: Partial<Indicator> = {}): Indicator => ({
  code,
  theme: 'people',
  decimals: 0,
  direction: 'up_is_good',
  acrossAreas: 'sum',
  acrossPeriods: 'last',
  defaultKind: 'flow',
  defaultUnit: 'PERSONS',
  method: 'published',
  numerator: null,
  numeratorSex: null,
  denominator: null,
  cadence: null,
  name: { en: `Name ${code}`, ur: `نام ${code}` },
  definition: { en: 'What it counts.', ur: 'یہ کیا گنتا ہے۔' },
  ...more,
})
const programme = (code: string, parent: string | null = null): Programme => ({
  code,
  parent,
  colour: 0,
  name: { en: `Name ${code}`, ur: `نام ${code}` },
  description: { en: '', ur: '' },
})
const area = (code: string, parent: string | null, tile: Area['tile'] = null): Area => ({
  code,
  parent,
  endedOn: null,
  tile,
  name: { en: `Name ${code}`, ur: `نام ${code}` },
})

const catalogue: Catalogue = {
  indicators: [
    indicator('TRAINED'),
    indicator('ENROLLED', { cadence: { every: 'A1', lagDays: 30 } }),
    indicator('RATE', {
      method: 'computed',
      numerator: 'TRAINED',
      denominator: 'ENROLLED',
      defaultKind: 'ratio',
      defaultUnit: 'PERCENT',
    }),
  ],
  aliases: [{ alias: 'TRAINED_TARGET', indicator: 'TRAINED', role: 'target' }],
  programmes: [programme('A'), programme('A_1', 'A'), programme('A_1_X', 'A_1'), programme('_Z')],
  areas: [area('001', null), area('PK', null), area('PK-PB', 'PK', { column: 1, row: 2 })],
  units: [
    {
      code: 'PERSONS',
      name: { en: 'persons', ur: 'افراد' },
      pattern: { en: '{value} persons', ur: '{value} افراد' },
    },
    {
      code: 'PERCENT',
      name: { en: 'percent', ur: 'فیصد' },
      pattern: { en: '{value}%', ur: '{value}٪' },
    },
  ],
  academies: [],
  breaks: [],
  caveats: [],
}

const unused: ItemUse = { figures: 0, kinds: [], units: [] }
const itemOf = (list: Item['list'], code: string, position = 3) =>
  ({ list, position, row: catalogue[list].find((row) => row.code === code) }) as Item
const edit = (list: Item['list'], code: string, changes: ItemValues, use = unused) => {
  const item = itemOf(list, code)
  return readItem(list, { ...itemValues(item), ...changes }, catalogue, { item, use })
}
const problems = (result: ReturnType<typeof readItem>) =>
  result.ok ? [] : result.problems.map(({ field, code }) => `${field} ${code}`)
const fresh = {
  code: 'NEW_ONE',
  nameEn: 'A new one',
  nameUr: 'ایک نیا',
  definitionEn: 'It counts.',
  definitionUr: 'یہ گنتا ہے۔',
  position: '9',
}
const add = (list: Item['list'], values: ItemValues) => readItem(list, values, catalogue, null)

describe('an item of the catalogue', () => {
  it.each(lists.flatMap((list) => catalogue[list].map(({ code }) => [list, code] as const)))(
    '%s %s reads back as it was',
    (list, code) => {
      const result = edit(list, code, {})
      expect(problems(result)).toEqual([])
      expect(result.ok && itemText(result.item)).toBe(itemText(itemOf(list, code)))
      expect(Object.keys(itemValues(itemOf(list, code))).sort()).toEqual(
        [...itemFields[list]].sort(),
      )
    },
  )

  it('keeps its code, whatever the form says', () => {
    const result = edit('programmes', 'A', { code: 'B' })
    expect(result.ok && result.item.row.code).toBe('A')
  })

  it.each([
    ['lower', 'codeForm'],
    ['1ST', 'codeForm'],
    ['_T', 'codeForm'],
    ['__proto__', 'codeForm'],
    ['A B', 'codeForm'],
    ["X'; DROP TABLE", 'codeForm'],
    ['X'.repeat(51), 'codeForm'],
    ['TRAINED', 'codeTaken'],
    ['TRAINED_TARGET', 'codeTaken'],
  ])('is not added as %s', (code, problem) => {
    expect(problems(add('indicators', { ...fresh, code }))).toContain(`code ${problem}`)
  })

  it.each(['PK-PB-1', 'pk', 'PAK', '002'])('an area is not added as %s', (code) => {
    expect(problems(add('areas', { ...fresh, code }))).toEqual(['code areaCodeForm'])
  })

  it('has its own name, also beside one that only looks the same', () => {
    const composed = programme('E')
    const twins = { ...catalogue, programmes: [...catalogue.programmes, composed] }
    for (const [known, typed] of [
      ['Café', 'Cafe\u0301'],
      ['Digi Skills', 'digi  skills'],
      ['ＡＢＣ', 'ABC'],
      ['Skills', 'Ski\u200dlls'],
    ] as const) {
      composed.name = { en: known, ur: 'کچھ' }
      const read = readItem(
        'programmes',
        { ...fresh, nameEn: typed, colour: '0', descriptionEn: '', descriptionUr: '' },
        twins,
        null,
      )
      expect(problems(read)).toEqual(['nameEn nameTaken'])
    }
  })

  it.each([
    ['\u202eevil', 'hiddenCharacter'],
    ['a\u2066b', 'hiddenCharacter'],
    ['a\u0000b', 'hiddenCharacter'],
    ['a\ud800', 'hiddenCharacter'],
    ['a\u200bb', 'hiddenCharacter'],
    ['\u200c\u200d', 'missing'],
    ['   ', 'missing'],
    ['...', 'missing'],
    ['x'.repeat(121), 'tooLong'],
  ])('is not called %j', (nameEn, problem) => {
    expect(problems(edit('units', 'PERSONS', { nameEn }))).toEqual([`nameEn ${problem}`])
  })

  it('may be called by any script, with the joiners of Urdu, and as HTML is written', () => {
    for (const nameUr of ['می\u200cخواهم', 'نام\u200f (IT)', '<script>alert(1)</script>']) {
      const result = edit('units', 'PERSONS', { nameUr })
      expect(result.ok && result.item.row.name.ur).toBe(nameUr)
    }
  })

  it('never throws, and never lets a hidden character pass', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 })
    fc.assert(
      fc.property(
        fc.constantFrom(...lists),
        fc.dictionary(fc.constantFrom(...lists.flatMap((list) => itemFields[list])), text),
        (list, values) => {
          const result = add(list, values)
          if (!result.ok) return result.problems.length > 0
          return !/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(itemText(result.item))
        },
      ),
    )
  })
})

describe('trees', () => {
  it('have no circles', () => {
    expect(problems(edit('programmes', 'A', { parent: 'A' }))).toEqual(['parent cycle'])
    expect(problems(edit('programmes', 'A', { parent: 'A_1_X' }))).toEqual(['parent cycle'])
    expect(problems(edit('programmes', 'A_1_X', { parent: 'A' }))).toEqual([])
    expect(problems(edit('areas', 'PK', { parent: 'PK-PB' }))).toEqual(['parent cycle'])
  })

  it('keep the world and what is of no programme apart', () => {
    expect(problems(edit('areas', 'PK', { parent: '001' }))).toEqual(['parent notInList'])
    expect(problems(edit('areas', '001', { parent: 'PK' }))).toEqual(['parent notInList'])
    expect(problems(edit('programmes', 'A', { parent: '_Z' }))).toEqual(['parent notInList'])
    expect(problems(edit('programmes', '_Z', { parent: 'A' }))).toEqual(['parent notInList'])
  })
})

describe('an indicator', () => {
  it('keeps kind and unit under its figures', () => {
    const use = { figures: 4, kinds: ['flow'], units: ['PERSONS'] }
    const change = { defaultKind: 'stock', defaultUnit: 'PERCENT' }
    expect(problems(edit('indicators', 'TRAINED', change, use))).toEqual([
      'defaultKind kindInUse',
      'defaultUnit unitInUse',
    ])
    expect(problems(edit('indicators', 'TRAINED', change))).toEqual([])
  })

  it('becomes computed only without figures, with two parts, and while it is no part', () => {
    const rate = { method: 'computed', numerator: 'TRAINED', denominator: 'TRAINED' }
    const use = { figures: 1, kinds: ['flow'], units: ['PERSONS'] }
    expect(problems(edit('indicators', 'ENROLLED', { ...rate, numeratorSex: 'F' }, use))).toEqual([
      'method isPart',
      'method figuresStored',
    ])
    expect(problems(edit('indicators', 'RATE', { numerator: '', denominator: '' }))).toEqual([
      'numerator partsMissing',
    ])
  })

  it('has two different published parts, or none', () => {
    const of = (values: ItemValues) => problems(edit('indicators', 'RATE', values))
    expect(of({ denominator: '' })).toEqual(['denominator bothParts'])
    expect(of({ numerator: 'RATE' })).toEqual(['numerator partSelf'])
    expect(of({ denominator: 'TRAINED' })).toEqual(['numeratorSex partsSame'])
    expect(of({ denominator: 'TRAINED', numeratorSex: 'F' })).toEqual([])
    const onRate = { numerator: 'RATE', denominator: 'ENROLLED' }
    expect(problems(edit('indicators', 'TRAINED', onRate))).toEqual(['numerator partComputed'])
  })

  it('has a whole schedule or none, and whole numbers', () => {
    const of = (values: ItemValues) => problems(edit('indicators', 'TRAINED', values))
    expect(of({ releaseEvery: 'M' })).toEqual(['releaseLagDays bothCadence'])
    expect(of({ releaseEvery: 'M', releaseLagDays: '۲۰' })).toEqual([])
    expect(of({ decimals: '7' })).toEqual(['decimals notWhole'])
    expect(of({ decimals: '1.5' })).toEqual(['decimals notWhole'])
    expect(of({ theme: 'none' })).toEqual(['theme notInList'])
  })
})

describe('areas and units', () => {
  it('stand alone at their place of the tile map', () => {
    const at = (tileColumn: string, tileRow: string) =>
      problems(edit('areas', 'PK', { tileColumn, tileRow }))
    expect(at('1', '2')).toEqual(['tileColumn tileTaken'])
    expect(at('1', '')).toEqual(['tileRow bothTile'])
    expect(at('2', '2')).toEqual([])
  })

  it('end on a day', () => {
    expect(problems(edit('areas', 'PK-PB', { endedOn: '2018-02-30' }))).toEqual(['endedOn notDay'])
    expect(problems(edit('areas', 'PK-PB', { endedOn: '2018-05-31' }))).toEqual([])
  })

  it.each(['persons', '{value} of {value}', '{value} {x}', '{values}'])(
    'are not written as %s',
    (patternEn) => {
      expect(problems(edit('units', 'PERSONS', { patternEn }))).toEqual(['patternEn patternForm'])
    },
  )
})
