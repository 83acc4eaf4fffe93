import { flagOrder, flagSymbols } from '@/components/charts/model'
import { readCatalogue } from '@/features/catalogue/data'
import { byKey, fieldsOf } from '@/features/downloads/data'
import { type DownloadFilter, downloadQuery, filterEntries } from '@/features/downloads/schema'
import { select, sourceRows } from '@/features/extracts/data'
import { csvColumns, type ExtractState, sourceColumns } from '@/features/extracts/schema'
import { dataLicence } from '@/features/settings/schema'
import { database } from '@/lib/db/client'
import type { Snapshot } from '@/lib/db/snapshot'
import { direction, inLocale, type Language, translator } from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'
import { type ZipMember, zipOf } from '@/lib/zip'
import {
  columnLetters,
  mostDigits,
  mostSheetRows,
  sheetEnd,
  sheetPart,
  sheetStart,
  styles,
  textRow,
  textSheet,
  workbookParts,
} from './rules'

type Column = (typeof csvColumns)[number]

const isDay: ReadonlySet<string> = new Set(['period_start', 'period_end', 'released_on'])
/** Texts of people; all others are codes, in which nothing needs an escape. */
const isFree: ReadonlySet<string> = new Set(['publisher', 'title', 'source_url', 'note'])

/** `xmlText` of ./rules.ts. */
export const escaped = (sql: string) => {
  const replaced = [
    ['&', '&amp;'],
    ['<', '&lt;'],
    ['>', '&gt;'],
  ].reduce((text, [from, to]) => `replace(${text}, '${from}', '${to}')`, sql)
  const rare = [
    ['\\t', '&#9;'],
    ['\\n', '&#10;'],
    ['\\r', '&#13;'],
  ].reduce((text, [from, to]) => `replace(${text}, E'${from}', '${to}')`, replaced)
  const illegal = '[\\u0001-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]'
  return `CASE WHEN ${sql} ~ '[\\u0001-\\u001f\\ufffe\\uffff]'
    THEN regexp_replace(${rare}, '${illegal}', '', 'g') ELSE ${replaced} END`
}

/** A column of `figure` as a cell; an empty one is left out. */
function cell(column: Column, at: number): string {
  const value = `figure."${column}"`
  const start = (rest: string) => `'<c r="${columnLetters(at)}' || figure.line || '"${rest}'`
  const text = `${start(' t="inlineStr"><is><t xml:space="preserve">')}
    || ${isFree.has(column) ? escaped(value) : value} || '</t></is></c>'`
  // A quarter of the bytes of a whole file less than as a text of its own.
  const code = `${start(' t="str"><v>')} || ${value} || '</v></c>'`
  const number = `${start('><v>')} || ${value} || '</v></c>'`
  if (column === 'revision') return number
  if (column === 'value') {
    const styled = `${start(' s="')} || ${styles.decimals} + length(split_part(${value}, '.', 2))
      || '"><v>' || ${value} || '</v></c>'`
    const digits = `length(ltrim(translate(${value}, '-.', ''), '0'))`
    return `CASE WHEN ${digits} > ${mostDigits} THEN ${text} ELSE ${styled} END`
  }
  if (isDay.has(column)) {
    // Before March 1900 programs disagree about what day a number is.
    return `CASE WHEN ${value} IS NULL THEN '' WHEN ${value} < '1900-03-01' THEN ${text}
      ELSE ${start(` s="${styles.day}"><v>`)} || (${value}::date - DATE '1899-12-30') || '</v></c>' END`
  }
  const written = isFree.has(column) ? text : code
  return `CASE WHEN ${value} = '' OR ${value} IS NULL THEN '' ELSE ${written} END`
}

/** The rows of the data sheets: after so many, the lines begin again in the next sheet. */
export function sheetQuery(filter: DownloadFilter, state: ExtractState): string {
  const { from, publishersDiffer } = select(filter, state)
  const fields = fieldsOf(publishersDiffer)
  const named = csvColumns.map((column) => `${fields[column]} AS "${column}"`)
  return `SELECT concat('<row r="', figure.line, '">', ${csvColumns.map(cell).join(', ')}, '</row>')
    FROM (
      SELECT (row_number() OVER (${byKey}) - 1) % ${mostSheetRows} + 2 AS line, ${named.join(', ')}
      ${from} ${byKey}
    ) figure`
}

const widths: Partial<Record<Column, number>> = {
  indicator: 24,
  programme: 20,
  unit: 14,
  period: 12,
  period_start: 12,
  period_end: 12,
  value: 16,
  released_on: 12,
  publisher: 24,
  title: 40,
  source_date: 12,
  source_url: 30,
  note: 40,
  licence: 12,
}

interface WorkbookOptions {
  /** How many rows of data there will be. */
  rows: number
  language: Language
}

/**
 * Figures as a workbook (ISO/IEC 29500): sheets of data, metadata, sources and notes. Numbers and
 * days are real ones; a number of more than fifteen digits is a text, so that none is lost.
 */
export async function* workbookFile(
  snapshot: Snapshot,
  filter: DownloadFilter,
  state: ExtractState,
  { rows, language }: WorkbookOptions,
): AsyncGenerator<Uint8Array, number> {
  const t = translator(language, 'workbook')
  const isRightToLeft = direction(language) === 'rtl'
  const dataSheets = Math.max(1, Math.ceil(rows / mostSheetRows))
  const names = [
    ...Array.from({ length: dataSheets }, (_, n) =>
      n === 0 ? t('data') : `${t('data')} ${n + 1}`,
    ),
    t('metadata'),
    t('sources'),
    t('notes'),
  ]
  const counter = { rows: 0 }
  async function* members(): AsyncGenerator<ZipMember> {
    for (const [name, text] of Object.entries(workbookParts(names))) {
      yield { name, bytes: [Buffer.from(text)] }
    }
    const lines = sheetsOf(snapshot.copy(sheetQuery(filter, state), 'lines'), counter)
    const start = sheetStart({ isRightToLeft, widths: csvColumns.map((one) => widths[one] ?? 10) })
    const header = start + textRow(csvColumns, 1, styles.header)
    for (let n = 1; n <= dataSheets; n += 1) {
      yield { name: sheetPart(n), bytes: framed(header, lines.next(), sheetEnd) }
    }
    await lines.finish()
    const texts = [
      { rows: await metadataRows(filter, state, { rows, language }), widths: [26, 90] },
      {
        rows: [sourceColumns, ...(await sourceRows(snapshot, filter, state))],
        widths: [10, 26, 60, 12, 60],
      },
      { rows: await noteRows(state, language), widths: [26, 100] },
    ]
    for (const [at, sheet] of texts.entries()) {
      const text = textSheet(sheet.rows, { isRightToLeft, widths: sheet.widths })
      yield { name: sheetPart(dataSheets + 1 + at), bytes: [Buffer.from(text)] }
    }
  }
  // A full sheet is far below 4 GB, and not every program that reads workbooks knows ZIP64.
  yield* zipOf(members(), new Date(state.committedAt), { zip64: false })
  return counter.rows
}

async function* framed(start: string, rows: AsyncIterable<Uint8Array>, end: string) {
  yield Buffer.from(start)
  yield* rows
  yield Buffer.from(end)
}

/** Cuts lines into those of one sheet after another. `next` is read to its end before the next. */
function sheetsOf(chunks: AsyncGenerator<Buffer, number>, counter: { rows: number }) {
  let rest: Buffer | null = null
  async function* sheet(): AsyncGenerator<Uint8Array> {
    let left = mostSheetRows
    for (;;) {
      const chunk: Buffer | null = rest ?? (await nextChunk())
      rest = null
      if (!chunk) return
      const at = endOfLines(chunk, left)
      if (at.lines < left) {
        left -= at.lines
        yield chunk
        continue
      }
      rest = at.offset < chunk.length ? chunk.subarray(at.offset) : null
      yield chunk.subarray(0, at.offset)
      return
    }
  }
  async function nextChunk(): Promise<Buffer | null> {
    const next = await chunks.next()
    if (!next.done) return next.value
    // Asked once more after its end, it has no number any more.
    counter.rows = next.value ?? counter.rows
    return null
  }
  return {
    next: sheet,
    async finish() {
      if (rest || (await nextChunk())) throw new Error('There are more rows than were announced.')
    },
  }
}

/** How many lines end in a chunk, at most so many, and where the last of them does. */
function endOfLines(chunk: Buffer, most: number): { lines: number; offset: number } {
  let offset = 0
  let lines = 0
  while (lines < most) {
    const found = chunk.indexOf(10, offset)
    if (found === -1) return { lines, offset: chunk.length }
    offset = found + 1
    lines += 1
  }
  return { lines, offset }
}

async function metadataRows(
  filter: DownloadFilter,
  state: ExtractState,
  { rows, language }: WorkbookOptions,
): Promise<string[][]> {
  const t = translator(language, 'workbook')
  const columns = translator(language, 'columns')
  const { asOf, commit } = state
  const query = downloadQuery(filter, { asOf, commit, isFrozen: true })
  const address = `${publicOrigin()}/download/figures.xlsx${query}`
  const words = filterEntries(filter).map(([word, value]) => `${word}=${value}`)
  const citation = { count: rows, day: asOf, commit, licence: dataLicence.name, address }
  return [
    [t('fields.name'), t('fields.value')],
    [t('fields.title'), t('title')],
    [t('fields.rows'), String(rows)],
    [t('fields.asOf'), asOf],
    [t('fields.commit'), String(commit)],
    [t('fields.filter'), words.join(' ') || t('fields.everything')],
    [t('fields.licence'), `${dataLicence.name}, ${dataLicence.url}`],
    [t('fields.address'), address],
    [t('fields.citation'), t('citation', citation)],
    ...csvColumns.map((column) => [t('fields.column', { column }), columns(column)]),
  ]
}

/** What a reader must know, and what the marks mean. */
async function noteRows(state: ExtractState, language: Language): Promise<string[][]> {
  const t = translator(language, 'workbook.about')
  const figures = translator(language, 'figures')
  const { caveats } = await readCatalogue(database(), state.commit)
  const marks = flagOrder.filter((flag) => flag !== 'computed' && flag !== 'disagrees')
  return [
    [t('subject'), translator(language, 'workbook')('notes')],
    [t('numbers'), t('numbersText')],
    [t('days'), t('daysText')],
    [t('missing'), t('missingText')],
    ...marks.map((flag) => [
      `${t('marks')}: ${flagSymbols[flag]}`,
      `${figures(`flags.${flag}`)}. ${figures(`legend.texts.${flag}`)}`,
    ]),
    ...[...caveats]
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .map(({ indicator, programme, text }) => [
        [indicator, programme].filter(Boolean).join(' '),
        inLocale(text, language),
      ]),
  ]
}
