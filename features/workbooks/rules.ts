/** Rows that a sheet of Excel holds below its header. */
export const mostSheetRows = 1_048_575
/** Digits that a number of Excel holds. */
export const mostDigits = 15
/** Decimals for which there is a style: those that a value can have. */
export const mostDecimals = 20

/** Styles of cells by number: plain, a day, a header, then one for each number of decimals. */
export const styles = { plain: 0, day: 1, header: 2, decimals: 3 } as const

/** The letters of a column, counted from 0: `A`, `AB`. */
export function columnLetters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : columnLetters(Math.floor(column / 26) - 1) + last
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML 1.0 cannot hold.
const illegal = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g

/** Text of XML; characters that XML cannot hold are left out. */
export const xmlText = (text: string): string =>
  text
    .replace(illegal, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')

const quoted = (text: string) => xmlText(text).replaceAll('"', '&quot;')
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaging = 'http://schemas.openxmlformats.org/package/2006'

export interface SheetOptions {
  isRightToLeft: boolean
  /** Widths of columns in characters. */
  widths: readonly number[]
}

/** A sheet up to its rows; the first one stays in sight. */
export function sheetStart({ isRightToLeft, widths }: SheetOptions): string {
  const columns = widths
    .map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`)
    .join('')
  return [
    `${xml}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"`,
    isRightToLeft ? ' rightToLeft="1"' : '',
    '><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>',
    `</sheetViews><cols>${columns}</cols><sheetData>\n`,
  ].join('')
}

export const sheetEnd = '</sheetData></worksheet>'

/** A row of texts; `line` from 1. */
export function textRow(texts: readonly string[], line: number, style: number = styles.plain) {
  const cells = texts.map((text, column) =>
    text === ''
      ? ''
      : `<c r="${columnLetters(column)}${line}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`,
  )
  return `<row r="${line}">${cells.join('')}</row>\n`
}

/** A sheet of texts, of which the first row is its header. */
export function textSheet(rows: readonly (readonly string[])[], options: SheetOptions): string {
  const lines = rows.map((row, at) => textRow(row, at + 1, at === 0 ? styles.header : styles.plain))
  return sheetStart(options) + lines.join('') + sheetEnd
}

const sheetPath = (number: number) => `worksheets/sheet${number}.xml`

/** The parts of a workbook beside its sheets, by their path. */
export function workbookParts(sheetNames: readonly string[]): Record<string, string> {
  const type = (part: string, kind: string) =>
    `<Override PartName="/xl/${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`
  const relation = (id: number, kind: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${office}/${kind}" Target="${target}"/>`
  const relations = (list: string) =>
    `${xml}<Relationships xmlns="${packaging}/relationships">${list}</Relationships>`
  const each = (write: (name: string, number: number) => string) =>
    sheetNames.map((name, at) => write(name, at + 1)).join('')
  return {
    '[Content_Types].xml': `${xml}<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${type('workbook.xml', 'sheet.main')}${type('styles.xml', 'styles')}${each((_, n) => type(sheetPath(n), 'worksheet'))}</Types>`,
    '_rels/.rels': relations(relation(1, 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${each(
      (name, n) => `<sheet name="${quoted(name)}" sheetId="${n}" r:id="rId${n}"/>`,
    )}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      each((_, n) => relation(n, 'worksheet', sheetPath(n))) +
        relation(sheetNames.length + 1, 'styles', 'styles.xml'),
    ),
    'xl/styles.xml': stylesPart(),
  }
}

/** The path of a sheet in the archive, counted from 1. */
export const sheetPart = (number: number) => `xl/${sheetPath(number)}`

function stylesPart(): string {
  const dayFormat = 164
  const decimals = Array.from({ length: mostDecimals + 1 }, (_, n) => n)
  const formatOf = (n: number) => (n === 0 ? 1 : dayFormat + n)
  const formats = [
    `<numFmt numFmtId="${dayFormat}" formatCode="yyyy\\-mm\\-dd"/>`,
    ...decimals
      .slice(1)
      .map((n) => `<numFmt numFmtId="${formatOf(n)}" formatCode="0.${'0'.repeat(n)}"/>`),
  ]
  const cells = [
    '<xf/>',
    `<xf numFmtId="${dayFormat}" applyNumberFormat="1"/>`,
    '<xf fontId="1" applyFont="1"/>',
    ...decimals.map((n) => `<xf numFmtId="${formatOf(n)}" applyNumberFormat="1"/>`),
  ]
  const font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
  return [
    `${xml}<styleSheet xmlns="${main}">`,
    `<numFmts count="${formats.length}">${formats.join('')}</numFmts>`,
    `<fonts count="2"><font>${font}</font><font><b/>${font}</font></fonts>`,
    '<fills count="2"><fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill></fills>',
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    `<cellXfs count="${cells.length}">${cells.join('')}</cellXfs>`,
    '</styleSheet>',
  ].join('')
}
