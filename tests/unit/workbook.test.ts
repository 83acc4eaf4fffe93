import { describe, expect, it } from 'vitest'
import { TableProblem, type TableRow } from '@/lib/text-table'
import { columnOf, dayOfSerial, openWorkbook, plainNumber, styleOfFormat } from '@/lib/workbook'
import { type SheetXml, textRow, workbookParts, zip } from '../support/workbook'

async function rowsOf(
  sheet: Omit<SheetXml, 'name'>,
  texts: string[] = [],
  options: { is1904?: boolean; decimalComma?: boolean } = {},
): Promise<TableRow[]> {
  const parts = workbookParts([{ name: 'Data', ...sheet }], texts, options)
  const book = await openWorkbook(zip(parts))
  const rows: TableRow[] = []
  for await (const batch of book.rows('Data', options)) rows.push(...batch)
  return rows
}

async function problemOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work()
  } catch (error) {
    if (error instanceof TableProblem) return error.problem.code
    throw error
  }
  return null
}

describe('cells of a workbook', () => {
  it('are read as people see them', async () => {
    const rows = await rowsOf(
      {
        rows: `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
          <row r="3"><c r="A3" s="1"><v>44692</v></c><c r="B3" s="2"><v>44682</v></c></row>
          <row r="4"><c r="A4"><v>0.30000000000000004</v></c><c r="B4" s="3"><v>0.125</v></c></row>
          <row r="5"><c r="A5"><f>A4*2</f><v>1.5E-3</v></c><c r="B5" t="str"><f>T(A1)</f><v>x</v></c></row>
          <row r="6"><c r="A6" t="b"><v>1</v></c><c r="B6" t="e"><v>#N/A</v></c></row>
          <row r="7"><c r="B7"><v>123456789012345</v></c></row>
          <row r="8"><c r="A8" t="inlineStr"><is><t>&lt;&#x644;&amp;</t></is></c></row>
          <row r="9"><c r="A9" s="1"/></row>`,
      },
      ['<t>When</t>', '<r><t>Va</t></r><r><t>lue</t></r><rPh sb="0" eb="1"><t>no</t></rPh>'],
    )
    expect(rows).toEqual([
      { line: 1, cells: ['When', 'Value'] },
      { line: 3, cells: ['2022-05-11', 'May 2022'] },
      { line: 4, cells: ['0.3', '12.5%'] },
      { line: 5, cells: ['0.0015', 'x'], formulas: 2 },
      { line: 6, cells: ['TRUE', '#N/A'] },
      { line: 7, cells: ['', '123456789012345'] },
      { line: 8, cells: ['<ل&', ''] },
    ])
  })

  it('keep their decimals where texts have a decimal comma', async () => {
    const rows = '<row r="1"><c><v>1.234</v></c></row>'
    expect(await rowsOf({ rows }, [], { decimalComma: true })).toMatchObject([{ cells: ['1,234'] }])
  })

  it('tell hidden rows, and share the value of merged cells', async () => {
    const rows = await rowsOf({
      rows: [
        textRow(1, ['Area', 'Year', 'Value']),
        `<row r="2"><c r="A2" t="str"><v>Punjab</v></c><c r="B2"><v>2021</v></c><c r="C2"><v>1</v></c></row>`,
        `<row r="3" hidden="1"><c r="B3"><v>2022</v></c><c r="C3"><v>2</v></c></row>`,
        `<row r="4"><c r="A4" t="str"><v>Sindh</v></c><c r="C4"><v>3</v></c></row>`,
      ].join(''),
      after: '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="A4:B4"/></mergeCells>',
    })
    expect(rows.slice(1)).toEqual([
      { line: 2, cells: ['Punjab', '2021', '1'] },
      { line: 3, cells: ['Punjab', '2022', '2'], isHidden: true },
      { line: 4, cells: ['Sindh', 'Sindh', '3'] },
    ])
  })

  it('count days as Excel does, from either beginning', () => {
    expect(dayOfSerial(1, false, 'day')).toBe('1900-01-01')
    expect(dayOfSerial(59, false, 'day')).toBe('1900-02-28')
    expect(dayOfSerial(61, false, 'day')).toBe('1900-03-01')
    expect(dayOfSerial(45_658.75, false, 'day')).toBe('2025-01-01')
    expect(dayOfSerial(0, true, 'day')).toBe('1904-01-01')
    expect(dayOfSerial(44_197, false, 'year')).toBe('2021')
    expect(dayOfSerial(1e9, false, 'day')).toBeNull()
  })

  it('have formats that are told by their letters', () => {
    expect(styleOfFormat('[$-409]d-mmm-yy;@')).toBe('day')
    expect(styleOfFormat('mmm yyyy')).toBe('month')
    expect(styleOfFormat('0.0%')).toBe('percent')
    expect(styleOfFormat('#,##0 "days"')).toBe('number')
    expect(styleOfFormat('[Red]General')).toBe('number')
    expect(styleOfFormat('hh:mm')).toBe('number')
    expect(columnOf('AB12')).toBe(27)
    expect(plainNumber('4.0000000000000002E-2')?.toFixed()).toBe('0.04')
    expect(plainNumber('1e20')?.toFixed()).toBe('100000000000000000000')
    expect(plainNumber('')).toBeNull()
  })
})

describe('a workbook', () => {
  const one: SheetXml[] = [{ name: 'Data', rows: textRow(1, ['a']) }]

  it('lists its sheets and says whether it refers to others', async () => {
    const parts = workbookParts([...one, { name: 'Notes', state: 'veryHidden', rows: '' }])
    const book = await openWorkbook(zip({ ...parts, 'xl/externalLinks/externalLink1.xml': '<a/>' }))
    expect(book.sheets).toEqual([
      { name: 'Data', isHidden: false },
      { name: 'Notes', isHidden: true },
    ])
    expect(book.hasLinks).toBe(true)
  })

  it('is refused with macros, when it is something else, and when it is broken', async () => {
    const parts = workbookParts(one)
    const open = (files: Record<string, string | Buffer>, size?: number) => () =>
      openWorkbook(zip(files, size))
    expect(await problemOf(open({ ...parts, 'xl/vbaProject.bin': 'x' }))).toBe('macros')
    const types =
      '<Types><Default ContentType="application/vnd.ms-excel.sheet.macroEnabled"/></Types>'
    expect(await problemOf(open({ ...parts, '[Content_Types].xml': types }))).toBe('macros')
    expect(await problemOf(open({ 'table.csv': 'a,b' }))).toBe('archive')
    expect(await problemOf(open({ ...parts, 'xl/workbook.xml': '<workbook' }))).toBe(
      'brokenWorkbook',
    )
    const whole = zip(parts)
    expect(await problemOf(() => openWorkbook(whole.subarray(0, whole.length - 40)))).toBe(
      'brokenWorkbook',
    )
  })

  it('is not unpacked beyond its limits, whatever it says of its size', async () => {
    const many = Object.fromEntries(Array.from({ length: 2_100 }, (_, n) => [`${n}`, '']))
    expect(await problemOf(() => openWorkbook(zip(many)))).toBe('bomb')
    const parts = workbookParts(one)
    const texts = { 'xl/sharedStrings.xml': Buffer.alloc(101_000_000, 0x20) }
    const bomb = await openWorkbook(zip({ ...parts, ...texts }))
    expect(await problemOf(() => bomb.rows('Data').next())).toBe('bomb')
    const { 'xl/sharedStrings.xml': shared = '', ...rest } = parts
    const liar = zip({ 'xl/sharedStrings.xml': `${shared}${' '.repeat(1_000)}`, ...rest }, 10)
    const book = await openWorkbook(liar)
    expect(await problemOf(() => book.rows('Data').next())).toBe('brokenWorkbook')
    const cell = `<row><c t="inlineStr"><is><t>${'x'.repeat(300_000)}</t></is></c></row>`
    expect(await problemOf(() => rowsOf({ rows: cell }))).toBe('longRecord')
  })
})
