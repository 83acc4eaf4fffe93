import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { type CatalogueContent, catalogueContent } from '@/features/catalogue/schema'
import { peopleIndicator } from '@/features/comparisons/schema'
import { rateIndicator } from '@/features/currencies/rules'

type Figure = Record<'indicator' | 'programme' | 'area' | 'unit' | 'kind', string>

const folder = resolve(import.meta.dirname, '../../prisma/content')
const content: CatalogueContent = JSON.parse(
  readFileSync(resolve(folder, 'catalogue.json'), 'utf8'),
)
const { units, indicators, aliases, programmes, areas, breaks, caveats } = content
const figures: Figure[] = parse(readFileSync(resolve(folder, 'figures.csv')), { columns: true })

/** What is computed has no figures of its own. */
const stored = indicators.filter(({ method }) => method !== 'computed')
/** What converts other figures, for whoever asks: no figure of them is in the first content. */
const measures = [rateIndicator, peopleIndicator]
const counted = stored.filter(({ code }) => !measures.includes(code))

/** Areas without a figure: history only (FATA), kept for figures from before 2018. */
const historical = ['PK-TA']

const codes = (rows: readonly { code: string }[]) => rows.map(({ code }) => code)
const used = (column: keyof Figure) => [...new Set(figures.map((figure) => figure[column]))]
const repeated = (values: readonly string[]) =>
  values.filter((value, index) => values.indexOf(value) !== index)
const missing = (wanted: readonly (string | undefined)[], known: readonly string[]) =>
  wanted.filter((value) => value !== undefined && !known.includes(value))

/** Every string of the content, with the path that leads to it. */
function strings(value: unknown, path = ''): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => strings(part, `${path}/${key}`))
}

const urdu = strings(content).filter(({ path }) => path.endsWith('/ur'))
const english = strings(content).filter(({ path }) => path.endsWith('/en'))

/** The values a column takes most often among an indicator's own figures; several in a tie. */
function commonest(indicator: string, column: 'kind' | 'unit'): string[] {
  const values = figures
    .filter((figure) => figure.indicator === indicator)
    .map((figure) => figure[column])
  const count = (value: string) => values.filter((other) => other === value).length
  const most = Math.max(...values.map(count))
  return [...new Set(values)].filter((value) => count(value) === most)
}

it('the catalogue follows its schema', () => {
  expect(catalogueContent.safeParse(content).error?.issues ?? []).toEqual([])
})

describe('the catalogue defines what the figures use or are converted with, and nothing else', () => {
  it('has an indicator or an alias for every indicator code', () => {
    const known = [...codes(counted), ...aliases.map(({ alias }) => alias)]
    expect(known.toSorted()).toEqual(used('indicator').toSorted())
  })

  it('has every programme', () => {
    expect(codes(programmes).toSorted()).toEqual(used('programme').toSorted())
  })

  it('has every area, and those that are history', () => {
    expect(codes(areas).toSorted()).toEqual([...used('area'), ...historical].toSorted())
  })

  it('has every unit, written as publishers write it', () => {
    expect(units.map((unit) => unit.published).toSorted()).toEqual(
      [...used('unit'), 'PKR per USD'].toSorted(),
    )
  })

  it('takes the commonest kind and unit of an indicator as its defaults', () => {
    const published = new Map(units.map((unit) => [unit.code, unit.published]))
    const odd = counted.filter(
      ({ code, defaultKind, defaultUnit }) =>
        !commonest(code, 'kind').includes(defaultKind) ||
        !commonest(code, 'unit').includes(published.get(defaultUnit) ?? ''),
    )
    expect(codes(odd)).toEqual([])
  })
})

describe('codes', () => {
  it.each([
    ['units', codes(units)],
    ['published units', units.map((unit) => unit.published)],
    ['indicators and aliases', [...codes(indicators), ...aliases.map(({ alias }) => alias)]],
    ['programmes', codes(programmes)],
    ['areas', codes(areas)],
    ['caveats', codes(caveats)],
    ['breaks', breaks.map((row) => Object.values({ ...row, note: '' }).join(' '))],
  ])('of %s are unique', (_list, values) => {
    expect(repeated(values)).toEqual([])
  })

  it('lead from every alias to an indicator in another role', () => {
    expect(
      missing(
        aliases.map(({ indicator }) => indicator),
        codes(indicators),
      ),
    ).toEqual([])
    expect(aliases.filter(({ role }) => role === 'actual')).toEqual([])
  })

  it('keep targets and claims apart by meaning, not by suffix', () => {
    expect(aliases).toContainEqual({
      alias: 'OFFICIALS_TARGET',
      indicator: 'OFFICIALS_TRAINED',
      role: 'target',
    })
    expect(aliases).toContainEqual({
      alias: 'ICT_EXPORTS_CLAIM',
      indicator: 'ICT_EXPORTS',
      role: 'claim',
    })
  })

  it('name units and rates that exist', () => {
    const named = indicators.flatMap(({ numerator, denominator }) => [numerator, denominator])
    expect(missing(named, codes(indicators))).toEqual([])
    expect(
      missing(
        indicators.map(({ defaultUnit }) => defaultUnit),
        codes(units),
      ),
    ).toEqual([])
  })

  it.each([
    ['programme', programmes],
    ['area', areas],
  ])(
    'put a parent before each %s that has one',
    (_list, rows: { code: string; parent?: string }[]) => {
      const orphans = rows.filter(
        ({ parent }, index) => parent && !codes(rows.slice(0, index)).includes(parent),
      )
      expect(codes(orphans)).toEqual([])
    },
  )

  it('attach breaks and caveats to what exists', () => {
    const attached = [...breaks, ...caveats]
    expect(
      missing(
        attached.map(({ indicator }) => indicator),
        codes(indicators),
      ),
    ).toEqual([])
    expect(
      missing(
        attached.map(({ programme }) => programme),
        codes(programmes),
      ),
    ).toEqual([])
    expect(
      missing(
        breaks.map(({ area }) => area),
        codes(areas),
      ),
    ).toEqual([])
  })
})

describe('sums', () => {
  it('are made over periods of flows only, and never of rates', () => {
    const summed = indicators.filter(({ acrossPeriods }) => acrossPeriods === 'sum')
    expect(new Set(summed.map(({ defaultKind }) => defaultKind))).toEqual(new Set(['flow']))
    const rates = indicators.filter(({ defaultKind }) => defaultKind === 'ratio')
    expect(
      rates.filter((rate) => rate.acrossAreas !== 'none' || rate.acrossPeriods !== 'none'),
    ).toEqual([])
  })

  it('are not made over periods where figures of one indicator have several kinds', () => {
    const kinds = (code: string) =>
      new Set(figures.filter(({ indicator }) => indicator === code).map(({ kind }) => kind))
    const mixed = indicators.filter(({ code }) => kinds(code).size > 1)
    expect(codes(mixed.filter(({ acrossPeriods }) => acrossPeriods === 'sum'))).toEqual([])
  })
})

describe('areas', () => {
  it('of Pakistan that exist today have one tile each, and no two share a place', () => {
    const places = areas.flatMap(({ tile }) => (tile ? [`${tile.column} ${tile.row}`] : []))
    expect(places).toHaveLength(7)
    expect(repeated(places)).toEqual([])
    const drawn = areas.filter(({ parent, endedOn }) => parent === 'PK' && !endedOn)
    expect(drawn.filter(({ tile }) => !tile)).toEqual([])
  })

  it('lie on the grid as on a map, north up', () => {
    const tile = (code: string) => areas.find((area) => area.code === code)?.tile
    expect(tile('PK-GB')?.row).toBe(0)
    expect(tile('PK-KP')?.column).toBeLessThan(tile('PK-IS')?.column ?? 0)
    expect(tile('PK-JK')?.column).toBeGreaterThan(tile('PK-IS')?.column ?? 0)
    expect(tile('PK-PB')?.row).toBeGreaterThan(tile('PK-IS')?.row ?? 0)
    expect(tile('PK-BA')?.column).toBeLessThan(tile('PK-PB')?.column ?? 0)
    expect(tile('PK-SD')?.row).toBeGreaterThan(tile('PK-PB')?.row ?? 0)
  })
})

describe('colours', () => {
  it('are shared by a programme and its children', () => {
    const colour = new Map(programmes.map((row) => [row.code, row.colour]))
    const odd = programmes.filter((row) => row.parent && colour.get(row.parent) !== row.colour)
    expect(codes(odd)).toEqual([])
  })

  it('use all eight places of the palette', () => {
    expect(new Set(programmes.map((row) => row.colour))).toEqual(
      new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]),
    )
  })
})

describe('texts', () => {
  it('come in both languages or in none', () => {
    const filled = (rows: { path: string; text: string }[]) =>
      rows.filter(({ text }) => text.trim()).map(({ path }) => path.slice(0, -3))
    expect(filled(urdu)).toEqual(filled(english))
  })

  it('in Urdu are Urdu, with the letters of Urdu and Western digits', () => {
    const latin = urdu.filter(
      ({ path, text }) => text && !path.includes('pattern') && !/\p{Script=Arabic}/u.test(text),
    )
    expect(latin).toEqual([])
    // Arabic kaf, yeh, alef maksura, heh and teh marbuta look right and break search and sorting.
    expect(urdu.filter(({ text }) => /[كيىهة]/u.test(text))).toEqual([])
    expect(urdu.filter(({ text }) => /[٠-٩۰-۹]/u.test(text))).toEqual([])
  })

  it('in English have no Arabic letters left over', () => {
    expect(english.filter(({ text }) => /\p{Script=Arabic}/u.test(text))).toEqual([])
  })

  it('are in composed form, without doubled or outer spaces or needless hidden characters', () => {
    const untidy = [...urdu, ...english].filter(
      ({ text }) =>
        text !== text.normalize('NFC') ||
        text !== text.trim() ||
        /\s\s|\p{Cf}/u.test(text.replaceAll(/\u200e(?=\d{4}-)/g, '')),
    )
    expect(untidy).toEqual([])
  })

  it('keep the two years of a fiscal year in order in right-to-left text', () => {
    expect(urdu.filter(({ text }) => /(?<![\u200e\d])\d{4}-\w/.test(text))).toEqual([])
  })

  it('name every indicator, programme, area and unit differently in each language', () => {
    const lists = [indicators, programmes, areas, units]
    expect(lists.flatMap((rows) => repeated(rows.map(({ name }) => name.en)))).toEqual([])
    expect(lists.flatMap((rows) => repeated(rows.map(({ name }) => name.ur)))).toEqual([])
  })

  it('define an indicator in one to three sentences', () => {
    const sentences = (text: string) => text.split(/[.۔](?:\s|$)/u).filter(Boolean).length
    const long = indicators.filter(
      ({ definition }) => sentences(definition.en) > 3 || sentences(definition.ur) > 3,
    )
    expect(codes(long)).toEqual([])
  })

  it('write the value once in each pattern of a unit', () => {
    const places = units.flatMap(({ pattern }) => [pattern.en, pattern.ur])
    expect(places.filter((pattern) => pattern.split('{value}').length !== 2)).toEqual([])
  })
})
