import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { filePath, readFileName } from '@/features/files/schema'
import { aboutBytes, sizeText } from '@/features/files/series'
import {
  columnLetters,
  mostSheetRows,
  textRow,
  workbookParts,
  xmlText,
} from '@/features/workbooks/rules'
import { bodyOf, encodingFor } from '@/lib/byte-stream'
import { coverDecimal, coverText, uncoverDecimal, uncoverText } from '@/lib/csv'
import { zipOf } from '@/lib/zip'

const decimal = fc
  .stringMatching(/^-?(0|[1-9]\d{0,29})(\.\d{1,20})?$/)
  .filter((value) => !/^-0(\.0*)?$/.test(value))

describe('a cell for spreadsheets', () => {
  it('is what it was once its cover is off, whatever it was', () => {
    const word = fc.constantFrom(
      "'",
      '=',
      '-',
      '+',
      '@',
      '1',
      '2022',
      '-05',
      '.',
      'Mar',
      'true',
      ' ',
      '＝',
    )
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(word).map((parts) => parts.join('')),
    )
    fc.assert(fc.property(text, (one) => uncoverText(coverText(one)) === one))
  })

  it.each([
    '=1',
    '+92 300',
    '-',
    '@x',
    '\t=1',
    '＝1',
    "'=1",
    '001',
    '2022-05',
    '1/2',
    '1,234',
    '3 1/2',
    '1E5',
    '12%',
    'MAR1',
    'March 2022',
    '1 May 2022',
    'TRUE',
    '5 PM',
    '12345678901234567',
  ])('has an apostrophe before %s', (text) => expect(coverText(text)).toBe(`'${text}`))

  it.each([
    '',
    'Dawn',
    '2022',
    '_T',
    'PK-PB',
    '2022-Q1',
    '2024-A1',
    'Marching on',
    "'quoted'",
    '۲۰۲۲',
  ])('leaves %s alone', (text) => expect(coverText(text)).toBe(text))

  it('holds a decimal that any spreadsheet reads alike, and that comes back digit by digit', () => {
    fc.assert(
      fc.property(decimal, (value) => {
        const cell = coverDecimal(value)
        expect(uncoverDecimal(cell)).toBe(value)
        expect(cell).toMatch(/^-?\d{1,15}(E-\d{1,2})?$|^'-?\d+(\.\d+)?$/)
        if (!cell.startsWith("'")) expect(Number(cell)).toBe(Number(value))
      }),
    )
    expect(['396.243', '0.05', '-0.50', '12'].map(coverDecimal)).toEqual([
      '396243E-3',
      '5E-2',
      '-50E-2',
      '12',
    ])
  })
})

describe('an archive', () => {
  const members = async function* () {
    yield { name: 'a.txt', bytes: [Buffer.from('a'.repeat(100_000)), Buffer.from('b')] }
    yield { name: 'b/آ.txt', bytes: Readable.from([Buffer.from('c')]) }
  }
  const made = async () => buffer(zipOf(members(), new Date('2024-02-29T10:20:30Z')))

  it('is the same on any day and in any zone, and is read by others', async () => {
    const archive = await made()
    expect(archive).toEqual(await made())
    const zip = await fromBufferPromise(archive)
    const found: [string, string, number][] = []
    for await (const entry of zip.eachEntry()) {
      const bytes = await buffer(await zip.openReadStreamPromise(entry))
      found.push([
        entry.fileName,
        entry.getLastModDate({ timezone: 'UTC' }).toISOString(),
        bytes.length,
      ])
    }
    expect(found).toEqual([
      ['a.txt', '2024-02-29T10:20:30.000Z', 100_001],
      ['b/آ.txt', '2024-02-29T10:20:30.000Z', 1],
    ])
  })

  it('is packed as it always was', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, n) => `${n},${(n * 7919) % 10_007},ا${n % 13}\n`,
    )
    const archive = zipOf(
      (async function* () {
        yield { name: 'a.txt', bytes: [Buffer.from('a'.repeat(100_000)), Buffer.from('b')] }
        yield { name: 'lines.csv', bytes: lines.map((line) => Buffer.from(line)) }
      })(),
      new Date('2024-02-29T10:20:30Z'),
    )
    const sum = createHash('sha256')
      .update(await buffer(archive))
      .digest('hex')
    expect(sum).toBe('518de7b4a42d953fa564d3e6c61c79fde69e46c33ee74a11a887befa8dd41478')
  })

  it('is left when its reader leaves, and the next one is packed', async () => {
    const left = vi.fn()
    const endless = async function* () {
      try {
        for (;;) yield randomBytes(65_536)
      } finally {
        left()
      }
    }
    for (let n = 0; n < 3; n += 1) {
      const archive = zipOf(
        (async function* () {
          yield { name: 'a.bin', bytes: endless() }
        })(),
        new Date(0),
      )
      let taken = 0
      for await (const bytes of archive) {
        taken += bytes.length
        if (taken > 200_000) break
      }
      await expect.poll(() => left.mock.calls.length).toBe(n + 1)
    }
    expect(await made()).toEqual(await made())
  })

  it('throws what a member throws: it never looks whole', async () => {
    const failing = async function* () {
      yield Buffer.from('x')
      throw new Error('The connection was cut.')
    }
    const archive = zipOf(
      (async function* () {
        yield { name: 'a.txt', bytes: failing() }
      })(),
      new Date(0),
    )
    await expect(buffer(archive)).rejects.toThrow('cut')
  })
})

describe('a body', () => {
  it('is made little faster than it is read', async () => {
    let made = 0
    const endless = async function* () {
      for (;;) {
        made += 1
        yield Buffer.alloc(65_536)
      }
    }
    const leave = vi.fn()
    const reader = bodyOf(endless(), leave).getReader()
    for (let n = 0; n < 100; n += 1) await reader.read()
    await sleep(20)
    expect(made).toBeLessThan(120)
    await reader.cancel()
    expect(leave).toHaveBeenCalledOnce()
  })

  it('lets go of a reader who takes nothing', async () => {
    vi.useFakeTimers()
    const leave = vi.fn()
    const much = async function* () {
      for (;;) yield Buffer.alloc(1_000_000)
    }
    const reader = bodyOf(much(), leave).getReader()
    await reader.read()
    await vi.advanceTimersByTimeAsync(121_000)
    expect(leave).toHaveBeenCalled()
    await expect(reader.read().then(() => reader.read())).rejects.toThrow('stopped reading')
    vi.useRealTimers()
  })

  it.each([
    [null, 'identity'],
    ['gzip, deflate, br', 'br'],
    ['GZIP', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['br; q=0.0', 'identity'],
    ['brotli', 'identity'],
  ])('for “%s” is packed as %s', (accepted, encoding) =>
    expect(encodingFor(accepted)).toBe(encoding),
  )
})

describe('the parts of a workbook', () => {
  it('name columns as spreadsheets do', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnLetters)).toEqual([
      'A',
      'Z',
      'AA',
      'AZ',
      'BA',
      'ZZ',
      'AAA',
    ])
  })

  it('hold no character that XML cannot', () => {
    expect(xmlText('a\u0001<b>&\n\r\t\uffff')).toBe('a&lt;b&gt;&amp;&#10;&#13;&#9;')
    expect(textRow(['=1', ''], 3)).toContain(
      '<c r="A3" s="0" t="inlineStr"><is><t xml:space="preserve">=1<',
    )
    expect(workbookParts(['A "b" & c'])['xl/workbook.xml']).toContain(
      'name="A &quot;b&quot; &amp; c"',
    )
    expect(mostSheetRows).toBe(2 ** 20 - 1)
  })
})

it('an address names a file, its filter, its state and its language', () => {
  expect(filePath('csv', { area: ['PK'] })).toBe('/download/figures.csv?area=PK')
  expect(filePath('xlsx', {}, null, 'ur')).toBe('/download/figures.xlsx?locale=ur')
  expect(filePath('zip', {}, { asOf: '2023-08-01', commit: 4, isFrozen: true }, 'ur')).toBe(
    '/download/everything.zip?asOf=2023-08-01&v=4',
  )
  expect(readFileName('figures.sdmx.csv.sha256')).toEqual({ form: 'sdmx', isChecksum: true })
  expect(['figures', 'figures.CSV', '.sha256', '../figures.csv'].map(readFileName)).toEqual([
    null,
    null,
    null,
    null,
  ])
})

it('tells the size of a file', () => {
  expect(sizeText(120, 'en')).toBe('1 kB')
  expect(sizeText(87_400, 'en')).toBe('87 kB')
  expect(sizeText(1_260_000, 'en')).toBe('1.3 MB')
  expect(aboutBytes('csv', { rows: 0, sdmxRows: 0, bytes: 0 })).toBeLessThan(300)
})
