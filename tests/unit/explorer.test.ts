import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frequencies } from '@/features/downloads/schema'
import { pagesToLink, pivotOf, placeOf } from '@/features/explorer/rules'
import {
  dimensions,
  type ExplorerState,
  explorerPath,
  filteredPath,
  pageSizes,
  readExplorerRequest,
  sortColumns,
  usualState,
} from '@/features/explorer/schema'
import { chipsOf, choicesOf, orderOf, sortLink } from '@/features/explorer/series'
import { kinds, roles, sexes, statuses } from '@/features/figures/schema'
import { figureWriter } from '@/features/figures/series'
import { catalogue, contentFigures, figure } from '../support/figures'

const read = (query: string) => readExplorerRequest(new URLSearchParams(query))

const some = <T>(values: fc.Arbitrary<T>) => fc.array(values, { minLength: 1, maxLength: 4 })
const code = fc.stringMatching(/^[A-Z0-9_][A-Z0-9_-]{0,10}$/)
const limit = fc.constantFrom('2020', '2020-05-11', 'June 2024', 'FY2024-25', '2024-Q2')
const words = fc.stringMatching(/^[a-zاردو0-9&=+%#?]([a-zاردو &=+%#?]{0,20}[a-z&])?$/)

const states: fc.Arbitrary<ExplorerState> = fc.record({
  filter: fc.record(
    {
      indicator: some(code),
      programme: some(code),
      area: some(code),
      sex: some(fc.constantFrom(...sexes)),
      role: some(fc.constantFrom(...roles)),
      kind: some(fc.constantFrom(...kinds)),
      unit: some(code),
      status: some(fc.constantFrom(...statuses)),
      frequency: some(fc.constantFrom(...frequencies)),
      publisher: some(words),
      source: some(fc.integer({ min: 1, max: 99_999 }).map(String)),
      from: limit.map((text) => [text]),
      to: limit.map((text) => [text]),
      q: words.map((text) => [text]),
    },
    { requiredKeys: [] },
  ),
  view: fc.constantFrom('table' as const, 'pivot' as const),
  sort: fc.record({ column: fc.constantFrom(...sortColumns), descending: fc.boolean() }),
  size: fc.constantFrom(...pageSizes),
  page: fc.integer({ min: 1, max: 9999 }),
  rows: fc.constantFrom(...dimensions),
  columns: fc.constantFrom(...dimensions),
})

describe('the address of a state', () => {
  it('says the same read back, with the past state that it names', () => {
    const vintages = fc.option(
      fc.record({
        asOf: fc.constant('2023-08-01'),
        commit: fc.integer({ min: 1, max: 999 }),
        isFrozen: fc.boolean(),
      }),
    )
    fc.assert(
      fc.property(states, vintages, (state, vintage) => {
        const [path, query = ''] = explorerPath(state, vintage).split('?')
        expect(path).toBe('/data')
        const frozen = vintage?.isFrozen ? { v: String(vintage.commit) } : {}
        expect(read(query)).toEqual({
          state,
          vintage: vintage && { asOf: vintage.asOf, ...frozen },
          problems: [],
        })
      }),
    )
  })

  it('is short: what is usual is left out', () => {
    expect(explorerPath(usualState, null)).toBe('/data')
    expect(explorerPath({ ...usualState, filter: { area: ['PK'] }, page: 2 }, null)).toBe(
      '/data?area=PK&page=2',
    )
  })

  it('is read from a form that sends all its fields, empty ones too', () => {
    const sent = read('q=&from=&to=&asOf=&v=3&size=25&view=table&rows=programme&columns=year')
    expect(sent).toEqual({ state: usualState, vintage: null, problems: [] })
  })

  it('is read past the words by which others follow readers', () => {
    expect(read('utm_source=x&fbclid=1&area=PK')).toMatchObject({
      state: { filter: { area: ['PK'] } },
      problems: [],
    })
  })

  it.each([
    ['colour=red', 'unknownWord', { word: 'colour' }],
    ['__proto__=x', 'unknownWord', { word: '__proto__' }],
    ['sort=colour', 'invalidWord', { word: 'sort', value: 'colour' }],
    ['size=51', 'invalidWord', { word: 'size', value: '51' }],
    ['page=0', 'invalidWord', { word: 'page', value: '0' }],
    ['view=map', 'invalidWord', { word: 'view', value: 'map' }],
    ['sex=all', 'invalidFilter', { word: 'sex', value: 'all' }],
    ['from=soon', 'invalidLimit', { word: 'from', value: 'soon' }],
    ['to=2025-02-30', 'invalidLimit', { word: 'to', value: '2025-02-30' }],
    ['from=2020&from=2021', 'filterTwice', { word: 'from' }],
    [`${'w'.repeat(200)}=x`, 'unknownWord', { word: 'w'.repeat(60) }],
    ['indicator=A%00', 'invalidFilter', { word: 'indicator', value: 'A\0' }],
  ])('names what is wrong with %j and keeps the rest', (query, code, params) => {
    const { state, problems } = read(`${query}&area=PK-PB`)
    expect(problems).toEqual([{ code, params }])
    expect(state).toEqual({ ...usualState, filter: { area: ['PK-PB'] } })
  })

  it('names each wrong word, and that a commit alone says nothing', () => {
    const { problems } = read('sex=x&kind=y&page=z&v=2')
    expect(problems.map(({ code, params }) => `${code} ${params?.word ?? ''}`)).toEqual([
      'invalidWord page',
      'invalidFilter sex',
      'invalidFilter kind',
      'commitWithoutDay ',
    ])
  })

  it('can be anything at all without a fault', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.tuple(fc.string(), fc.string())), (text, pairs) => {
        for (const query of [text, new URLSearchParams(pairs).toString()]) {
          const { state } = read(query)
          expect(read(explorerPath(state, null).split('?')[1] ?? '').state).toEqual(state)
        }
      }),
    )
  })
})

describe('where the app answers', () => {
  it.each([
    ['/data', '?area=PK', '/en/data/filtered?area=PK'],
    ['/ur/data', '?area=PK', '/ur/data/filtered?area=PK'],
    ['/en-x-lakh/data', '?page=2', '/en-x-lakh/data/filtered?page=2'],
    ['/data', '', null],
    ['/data', '?', null],
    ['/datasets', '?area=PK', null],
    ['/indicators', '?q=x', null],
  ])('%s%s', (path, search, answered) => {
    expect(filteredPath(path, search)).toBe(answered)
  })
})

describe('a cross table', () => {
  const all = contentFigures()
  const writer = figureWriter(catalogue, 'en')

  it('loses no figure, invents none and shows none twice', () => {
    const dimension = fc.constantFrom(...dimensions)
    fc.assert(
      fc.property(fc.subarray(all), dimension, dimension, (figures, rows, columns) => {
        const pivot = pivotOf(figures, { rows, columns }, orderOf(writer))
        const placed = pivot.rows.flatMap((row) =>
          pivot.columns.flatMap((column) =>
            pivot.cell(row, column).map((figure) => {
              expect(placeOf(figure, rows)).toBe(row)
              expect(placeOf(figure, columns)).toBe(column)
              return figure
            }),
          ),
        )
        expect(placed).toHaveLength(figures.length)
        expect(new Set(placed)).toEqual(new Set(figures))
      }),
      { numRuns: 60 },
    )
  })

  it('tells apart the figures of one cell, and says nothing where one stands alone', () => {
    const one = figure({ period: '2023-A1' })
    const other = figure({ period: '2023-A1', sex: 'F' })
    const dimension = { rows: 'indicator', columns: 'year' } as const
    expect(pivotOf([one], dimension, orderOf(writer)).tells).toEqual([])
    expect(pivotOf([one, other], dimension, orderOf(writer)).tells).toEqual(['sex'])
  })

  it('orders years by time, names by the language, and keeps what has no year', () => {
    const figures = [
      figure({ period: '_U' }),
      figure({ period: '2024-A1' }),
      figure({ period: '2019-A1' }),
      figure({ period: '2021-05', area: 'PK-BA' }),
    ]
    const pivot = pivotOf(figures, { rows: 'area', columns: 'year' }, orderOf(writer))
    expect(pivot.columns).toEqual(['2020', '2021', '2025', '_U'])
    expect(pivot.rows).toEqual(['PK-BA', 'PK'])
    expect(pivot.cell('PK-BA', '2020')).toEqual([])
  })
})

describe('what the form offers', () => {
  const writer = figureWriter(catalogue, 'en')
  const facets = Object.fromEntries(
    ['indicator', 'programme', 'area', 'sex', 'role', 'kind', 'unit'].map((word) => [word, []]),
  )

  it('keeps a chosen value that nothing has', () => {
    const state = { ...usualState, filter: { sex: ['F' as const] } }
    const offered = { ...facets, sex: [{ value: '_T', count: 3 }] } as never
    expect(choicesOf('sex', { facets: offered, state, writer })).toEqual([
      { value: '_T', name: 'All', count: 3, isChosen: false },
      { value: 'F', name: 'Women', count: 0, isChosen: true },
    ])
  })

  it('leads out of each chosen value, to the first page', () => {
    const state = { ...usualState, filter: { area: ['PK', 'PK-PB'], q: ['women'] }, page: 3 }
    expect(chipsOf(state, null, writer).map(({ href }) => href)).toEqual([
      '/data?area=PK-PB&q=women',
      '/data?area=PK&q=women',
      '/data?area=PK&area=PK-PB',
    ])
  })

  it('sorts by a column, then the other way round', () => {
    const byValue = sortLink(usualState, 'value')
    expect(byValue.sort).toEqual({ column: 'value', descending: true })
    expect(sortLink(byValue, 'value').sort).toEqual({ column: 'value', descending: false })
    expect(sortLink(usualState, 'area').sort).toEqual({ column: 'area', descending: false })
  })
})

describe('pages to link to', () => {
  it('has the first, the last and the neighbours, and a gap only where more than one is left out', () => {
    expect(pagesToLink(1, 1)).toEqual([1])
    expect(pagesToLink(1, 6)).toEqual([1, 2, null, 6])
    expect(pagesToLink(4, 6)).toEqual([1, 2, 3, 4, 5, 6])
    expect(pagesToLink(5, 9)).toEqual([1, null, 4, 5, 6, null, 9])
  })
})
