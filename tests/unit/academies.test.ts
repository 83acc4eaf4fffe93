import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  openIn,
  planRegistry,
  readTable,
  registryRows,
  successorOf,
  type WrittenAcademy,
} from '@/features/academies/rules'
import { readView } from '@/features/academies/schema'
import type { Academy } from '@/features/catalogue/schema'
import { catalogue } from '../support/figures'

const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) =>
  `x${text}`
    .replace(/[\p{C}\s]+/gu, ' ')
    .normalize('NFC')
    .trim(),
)
const awkward = fc.constantFrom('=1+1', "'-x", '"quoted", and more', 'لاہور، پنجاب', '@home', '')
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2020-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

const academies = fc
  .array(
    fc.record({
      city: fc.oneof(line, awkward),
      host: fc.oneof(line, awkward),
      nameEn: line,
      openedOn: fc.option(day),
      isClosed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((rows) =>
    rows.map(
      ({ city, host, nameEn, openedOn, isClosed }, n): Academy => ({
        ...{ code: `A_${n}`, programme: 'HUAWEI_ICTA', area: 'PK-PB', mergedInto: null },
        name: { en: `${n} ${nameEn}`, ur: `اکیڈمی ${n}` },
        ...{ city, host, openedOn, closedOn: isClosed ? '2024-06-30' : null, version: 3 },
      }),
    ),
  )

const noTies = () => ({ figures: 0, mergers: 0 })

async function planOf(csv: string, known: Academy[]) {
  const { rows } = await readTable(new TextEncoder().encode(csv))
  return planRegistry(rows, { ...catalogue, academies: known }, noTies, () => true)
}

describe('the registry as a file', () => {
  it('comes back as no change, whatever its texts and its separator', async () => {
    await fc.assert(
      fc.asyncProperty(academies, fc.constantFrom(',', ';', '\t'), async (known, delimiter) => {
        const csv = stringify(registryRows(known), { delimiter, bom: true })
        const { report } = await planOf(csv, known)
        expect(report.problems).toEqual([])
        expect(report.counts).toEqual({ new: 0, changed: 0, same: known.length, refused: 0 })
      }),
      { numRuns: 60 },
    )
  })

  it('brings an empty registry to the same state', async () => {
    await fc.assert(
      fc.asyncProperty(academies, async (known) => {
        const { report, writes } = await planOf(stringify(registryRows(known)), [])
        expect(report.problems).toEqual([])
        const same = known.map(({ version: _, ...academy }): WrittenAcademy => academy)
        expect(writes.map(({ academy }) => academy)).toEqual(same)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a chain of mergers', () => {
  const row = (code: string, mergedInto: string | null) => ({ code, mergedInto })

  it('is followed to its end, and a circle that should not be ends somewhere', () => {
    const rows = [row('A', 'B'), row('B', 'C'), row('C', null), row('X', 'Y'), row('Y', 'X')]
    expect(successorOf(rows, 'A')).toBe('C')
    expect(successorOf(rows, 'C')).toBe('C')
    expect(['X', 'Y']).toContain(successorOf(rows, 'X'))
  })
})

describe('a period that an academy was open in', () => {
  const academy = { openedOn: '2020-03-15', closedOn: '2022-06-30' }
  it.each([
    ['2020-01-01', '2020-03-14', false],
    ['2020-01-01', '2020-03-15', true],
    ['2022-06-30', '2022-12-31', true],
    ['2022-07-01', '2022-12-31', false],
    [null, '2019-12-31', false],
    ['2023-01-01', null, false],
    [null, null, true],
  ])('%s to %s: %s', (start, end, isOpen) => {
    expect(openIn(academy, { start, end })).toBe(isOpen)
    expect(openIn({ openedOn: null, closedOn: null }, { start, end })).toBe(true)
  })
})

it('an address may say anything, and what is not understood narrows nothing', () => {
  expect(readView({ q: [' a\u0000b ', 'c'], programme: '<b>', state: 'odd', page: '-1' })).toEqual({
    ...{ search: 'a b', programme: '', area: '', state: '', page: 1 },
  })
})
