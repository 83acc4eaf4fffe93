import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Delimiter,
  delimiters,
  type Encoding,
  encodings,
  guessDelimiter,
  TableProblem,
  type TableRow,
  type TextFormat,
  TextSniffer,
  textRows,
} from '@/lib/text-table'

/** Every byte of a one-byte encoding, by its character. */
function bytesOf(encoding: 'windows-1252' | 'windows-1256'): Map<string, number> {
  const decoder = new TextDecoder(encoding)
  const all = Array.from({ length: 256 }, (_, byte) => byte)
  return new Map(all.map((byte) => [decoder.decode(Uint8Array.of(byte)), byte]))
}
const tables = { 'windows-1252': bytesOf('windows-1252'), 'windows-1256': bytesOf('windows-1256') }

function encode(text: string, encoding: Encoding, mark = false): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(mark ? `\ufeff${text}` : text)
  if (encoding === 'utf-16le') return Buffer.from(mark ? `\ufeff${text}` : text, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(mark ? `\ufeff${text}` : text, 'utf16le').swap16()
  return Uint8Array.from(Array.from(text, (character) => tables[encoding].get(character) ?? 63))
}

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function rowsOf(bytes: Uint8Array, format: TextFormat, size = 7): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for await (const batch of textRows(inPieces(bytes, size), format)) rows.push(...batch)
  return rows
}

function sniff(bytes: Uint8Array, size = 1000): TextFormat {
  const sniffer = new TextSniffer()
  for (let at = 0; at < bytes.length; at += size) sniffer.write(bytes.subarray(at, at + size))
  return sniffer.end()
}

const words = {
  'utf-8': ['Lahore', 'لاہور', 'Größe', '93', 'طلبہ', '—'],
  'utf-16le': ['Lahore', 'لاہور', 'Größe', '93'],
  'utf-16be': ['Lahore', 'لاہور', 'Größe', '93'],
  'windows-1252': ['Größe', 'naïve', 'Académie', 'señor', 'café'],
  'windows-1256': ['لاهور', 'پاکستان', 'طالبات', 'مراكز', 'تعداد'],
} satisfies Record<Encoding, string[]>

const quote = (cell: string, delimiter: Delimiter) =>
  cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

describe('guessing how a text file is written', () => {
  it('finds encoding and separator of any table with more than one column', () => {
    const table = fc.record({
      encoding: fc.constantFrom(...encodings),
      delimiter: fc.constantFrom(...delimiters),
      columns: fc.integer({ min: 2, max: 6 }),
      rows: fc.integer({ min: 2, max: 8 }),
      mark: fc.boolean(),
      seed: fc.integer({ min: 0, max: 1000 }),
      size: fc.integer({ min: 1, max: 50 }),
    })
    fc.assert(
      fc.property(table, ({ encoding, delimiter, columns, rows, mark, seed, size }) => {
        const cells = words[encoding]
        const text = Array.from({ length: rows }, (_, row) =>
          Array.from(
            { length: columns },
            (_, n) => cells[(seed + row * columns + n) % cells.length],
          ),
        )
        const file = text.map((row) => row.join(delimiter)).join('\r\n')
        const hasMark = mark || (encoding.startsWith('utf-16') && !/[ -~]/.test(file))
        const bytes = encode(file, encoding, hasMark && encoding.startsWith('utf'))
        // What is plain ASCII is UTF-8 too.
        const guess = sniff(bytes, size)
        expect(guess.delimiter).toBe(delimiter)
        expect(guess.encoding).toBe(encoding)
      }),
    )
  })

  it('takes UTF-8 with a broken place for UTF-8, to be refused there', async () => {
    const line = 'لاہور,Größe,93\n'
    const broken = Buffer.concat([
      Buffer.from(line.repeat(20)),
      Buffer.from([0x61, 0xff, 0x2c, 0xd9, 0x0a]),
      Buffer.from(line.repeat(20)),
    ])
    const format = sniff(broken, 33)
    expect(format).toEqual({ encoding: 'utf-8', delimiter: ',' })
    await expect(rowsOf(broken, format)).rejects.toMatchObject({ problem: { code: 'encoding' } })
  })

  it('looks past separators inside quotes and in a few odd lines', () => {
    expect(guessDelimiter('a;b;c\n"1,5,6,7";2;3\n4,4;5;6\n')).toBe(';')
    expect(guessDelimiter('name,value\n"Multan; Lahore; Quetta",1\n')).toBe(',')
    expect(guessDelimiter('one column\n1\n')).toBe(',')
    expect(guessDelimiter('Title\n\na;b;c\n1;2;3\n')).toBe(';')
  })
})

describe('reading a delimited file', () => {
  it('gives back every table, with the line of each row, however its bytes arrive', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', ' ', 'ے', '1') })
    const table = fc.record({
      rows: fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), {
        minLength: 1,
        maxLength: 6,
      }),
      delimiter: fc.constantFrom(...delimiters),
      lineBreak: fc.constantFrom('\n', '\r\n', '\r'),
      blank: fc.nat({ max: 2 }),
      size: fc.integer({ min: 1, max: 9 }),
    })
    await fc.assert(
      fc.asyncProperty(table, async ({ rows, delimiter, lineBreak, blank, size }) => {
        let line = 1
        const expected = rows.map((cells) => {
          const row = { line, cells }
          line += 1 + blank + cells.join('').split('\n').length - 1
          return row
        })
        const file = rows
          .map((row) => row.map((one) => quote(one, delimiter)).join(delimiter))
          .map((row) => row.replaceAll('\n', lineBreak))
          .join(lineBreak.repeat(1 + blank))
        const read = await rowsOf(Buffer.from(file), { encoding: 'utf-8', delimiter }, size)
        expect(read).toEqual(expected)
      }),
    )
  })

  it.each(encodings)(
    '%s is read as it was written, with and without its mark',
    async (encoding) => {
      const cells = words[encoding]
      for (const mark of [true, false]) {
        const bytes = encode(`${cells.join(';')}\r\n${cells.join(';')}`, encoding, mark)
        const read = await rowsOf(bytes, { encoding, delimiter: ';' }, 3)
        expect(read.map((row) => row.cells)).toEqual([cells, cells])
      }
    },
  )

  it('leaves a cell of 100 MB long before its end', async () => {
    let sent = 0
    async function* endless() {
      yield Buffer.from('a,b\n1,"')
      for (; sent < 1_600; sent++) yield Buffer.alloc(1 << 16, 'x')
    }
    const read = async () => {
      for await (const _ of textRows(endless(), { encoding: 'utf-8', delimiter: ',' }));
    }
    await expect(read()).rejects.toMatchObject({ problem: { code: 'longRecord' } })
    expect(sent).toBeLessThan(10)
  })

  const problemOf = async (bytes: Uint8Array | string, format?: Partial<TextFormat>) => {
    const whole = { encoding: 'utf-8', delimiter: ',', ...format } as const
    try {
      await rowsOf(Buffer.from(bytes), whole, 1 << 16)
    } catch (error) {
      if (error instanceof TableProblem) return error.problem
      throw error
    }
    return null
  }

  it('names the line where it cannot go on', async () => {
    expect(await problemOf('a,b\n1,2\n3,"4\n5,6\n')).toEqual({
      code: 'openQuote',
      params: { line: 3 },
    })
    expect(await problemOf('a,b\n1,2\n"3"4,5\n')).toEqual({
      code: 'malformed',
      params: { line: 3 },
    })
    expect(await problemOf(`a,b\n1,${'x'.repeat(300_000)}\n`)).toEqual({
      code: 'longRecord',
      params: { line: 2 },
    })
    expect((await problemOf(`a,b\n1,"${'x\n'.repeat(300_000)}`))?.code).toBe('longRecord')
    expect((await problemOf(Buffer.from([0x61, 0x2c, 0xff, 0x0a])))?.code).toBe('encoding')
    expect((await problemOf('a,b\n1,\0\n'))?.code).toBe('binary')
  })

  it('passes over a million blank lines', async () => {
    const file = Buffer.from(`a,b\n${'\n'.repeat(1_000_000)}1,2\n`)
    const rows = await rowsOf(file, { encoding: 'utf-8', delimiter: ',' }, 1 << 16)
    expect(rows).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 1_000_002, cells: ['1', '2'] },
    ])
  })
})
