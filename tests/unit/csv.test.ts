import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guardFormula, readCsv, withoutFormulaGuard } from '@/lib/csv'

const columns = { required: ['a', 'b'], optional: ['c'] }
const read = (text: string, wanted = columns) => readCsv(Buffer.from(text), wanted)

const cellsOf = (text: string) => {
  const rows = read(text)
  return rows.ok ? rows.value.map(({ cells }) => Object.values(cells)) : rows.problem
}

describe('a file', () => {
  it('is read by the names of its columns, in any order', () => {
    expect(read('b,a\n2,1\n')).toEqual({
      ok: true,
      value: [{ line: 2, cells: { a: '1', b: '2' } }],
    })
  })

  it('may leave optional columns out, and has them when it does not', () => {
    expect(read('a,b,c\n1,2,3\n')).toMatchObject({ value: [{ cells: { c: '3' } }] })
    expect(read('a,b\n1,2\n')).toMatchObject({ ok: true })
  })

  it.each([
    ['LF', 'a,b\n1,2\n3,4\n'],
    ['CR LF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['CR', 'a,b\r1,2\r3,4\r'],
    ['no end of the last line', 'a,b\n1,2\n3,4'],
    ['CR LF after a header with LF', 'a,b\n1,2\r\n3,4\r\n'],
    ['LF after a header with CR LF', 'a,b\r\n1,2\n3,4\n'],
    ['a byte order mark', '\ufeffa,b\n1,2\n3,4\n'],
    ['blank lines', '\n\na,b\n\n1,2\n\n\n3,4\n\n'],
    ['quotes', '"a","b"\n"1","2"\n"3","4"\n'],
  ])('has the same cells with %s', (_, text) => {
    expect(cellsOf(text)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
  })

  it.each([
    ['LF', 'a,b\n1,2\n3,4\n', [2, 3]],
    ['CR LF', 'a,b\r\n1,2\r\n3,4\r\n', [2, 3]],
    ['blank lines', 'a,b\n\n1,2\n\n\n3,4\n', [3, 6]],
    ['a break inside quotes: the line it ends on', 'a,b\n"1\n\n",2\n3,4\n', [4, 5]],
    ['a byte order mark', '\ufeffa,b\n1,2\n3,4\n', [2, 3]],
  ])('numbers its lines from 1 with %s', (_, text, lines) => {
    const rows = read(text)
    expect(rows.ok && rows.value.map(({ line }) => line)).toEqual(lines)
  })

  it('keeps spaces, quotes, Urdu and empty cells as they are', () => {
    expect(cellsOf('a,b\n" آئی ٹی ""قلم"" ",\n')).toEqual([[' آئی ٹی "قلم" ', '']])
  })

  it('gives back what was written, whatever the cells hold', () => {
    const cell = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !text.includes('\0'))
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), (rows, record_delimiter) => {
        // A row of two empty cells is a row, not a blank line.
        const text = stringify([['a', 'b'], ...rows], { record_delimiter, quoted: true })
        expect(cellsOf(text)).toEqual(rows)
      }),
      { numRuns: 50 },
    )
  })
})

describe('a file is refused', () => {
  it.each([
    ['empty', '', { code: 'csv.empty' }],
    ['without a row', 'a,b\n', { code: 'csv.noRows' }],
    ['with a NUL', 'a,b\n1,\0\n', { code: 'csv.encoding' }],
    ['with semicolons', 'a;b\n1;2\n', { code: 'csv.separator' }],
    ['with tabs', 'a\tb\n1\t2\n', { code: 'csv.separator' }],
    [
      'with a column twice',
      'a,b,a\n1,2,3\n',
      { code: 'csv.duplicateColumn', params: { column: 'a' } },
    ],
    [
      'with an unknown column',
      'a,b,d\n1,2,3\n',
      { code: 'csv.unknownColumn', params: { column: 'd' } },
    ],
    [
      'with a column of another case',
      'a,B\n1,2\n',
      { code: 'csv.unknownColumn', params: { column: 'B' } },
    ],
    ['without a column', 'a,c\n1,2\n', { code: 'csv.missingColumn', params: { column: 'b' } }],
    ['with a long row', 'a,b\n1,2\n1,2,3\n', { code: 'csv.ragged', params: { line: 3 } }],
    ['with a short row', 'a,b\n1,2\n1\n', { code: 'csv.ragged', params: { line: 3 } }],
    ['with an open quote', 'a,b\n1,"2\n3,4\n', { code: 'csv.openQuote', params: { line: 3 } }],
    ['with a quote in a cell', 'a,b\n1,2"\n', { code: 'csv.malformed', params: { line: 2 } }],
    ['with text after a quote', 'a,b\n1,"2"3\n', { code: 'csv.malformed', params: { line: 2 } }],
  ])('%s', (_, text, problem) => {
    expect(read(text)).toEqual({ ok: false, problem })
  })

  it.each([
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00]],
    ['Windows-1252', [0x61, 0x2c, 0x62, 0x0a, 0x93, 0x2c, 0xe9, 0x0a]],
    ['half a character', [0x61, 0x2c, 0x62, 0x0a, 0x31, 0x2c, 0xd8]],
    ['an overlong form', [0x61, 0x2c, 0x62, 0x0a, 0xc0, 0xaf, 0x2c, 0x31]],
    ['a lone surrogate', [0x61, 0x2c, 0x62, 0x0a, 0xed, 0xa0, 0x80, 0x2c, 0x31]],
  ])('in %s', (_, bytes) => {
    expect(readCsv(Uint8Array.from(bytes), columns)).toEqual({
      ok: false,
      problem: { code: 'csv.encoding' },
    })
  })

  it('with a cell that never ends, before it is all in memory twice', () => {
    const text = `a,b\n1,"${'x'.repeat(1_000_001)}\n`
    expect(read(text)).toMatchObject({ problem: { code: 'csv.longRecord' } })
  })

  it('with ten thousand columns', () => {
    const names = Array.from({ length: 10_000 }, (_, n) => `c${n}`)
    expect(read(`${names}\n${names}\n`)).toMatchObject({ problem: { code: 'csv.unknownColumn' } })
  })

  it('with a million blank lines for want of a row', () => {
    expect(read(`a,b\n${'\n'.repeat(1_000_000)}`)).toMatchObject({
      problem: { code: 'csv.noRows' },
    })
  })
})

describe('the guard against formulas', () => {
  it.each(['=1+1', '+1', '-1', '@A', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠A'])(
    'stands before %j',
    (text) => {
      expect(guardFormula(text)).toBe(`'${text}`)
    },
  )

  it.each(['', '1', 'a=1', ' =1', 'Dawn', "'quoted'", '"=1', 'https://example.org/', '−1'])(
    'leaves %j',
    (text) => {
      expect(guardFormula(text)).toBe(text)
    },
  )

  it('is taken off again, and only it', () => {
    const start = fc.stringMatching(/^['=+\-@＝a]{0,4}$/)
    fc.assert(
      fc.property(start, fc.string(), (start, rest) => {
        const text = start + rest
        expect(withoutFormulaGuard(guardFormula(text))).toBe(text)
        expect(guardFormula(text)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
      }),
    )
  })

  it('leaves an apostrophe that is part of the text', () => {
    expect(withoutFormulaGuard("'quoted' words")).toBe("'quoted' words")
  })
})
