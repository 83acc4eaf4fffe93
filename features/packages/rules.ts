import type { Catalogue } from '@/features/catalogue/schema'
import {
  csvColumns,
  type ExtractState,
  revisionColumns,
  sourceColumns,
} from '@/features/extracts/schema'
import { kinds, precisions, roles, sexes, statuses } from '@/features/figures/schema'
import { dataLicence } from '@/features/settings/schema'
import { defaultLocale, type Language, type LocalText, translator } from '@/lib/i18n'

/** A table of the package: a CSV file with its columns. */
export interface PackageTable {
  name: TableName
  columns: readonly ColumnName[]
  primaryKey: readonly ColumnName[]
  /** Columns that name a row of another table, by its code. */
  references: Partial<Record<ColumnName, TableName>>
}

const figureReferences = {
  indicator: 'indicators',
  programme: 'programmes',
  area: 'areas',
  unit: 'units',
} as const

export const tableNames = [
  'figures',
  'revisions',
  'sources',
  'indicators',
  'programmes',
  'areas',
  'academies',
  'units',
  'caveats',
  'breaks',
] as const
export type TableName = (typeof tableNames)[number]

const named = ['code', 'name_en', 'name_ur'] as const
const defined = [...named, 'definition_en', 'definition_ur'] as const

const columns = {
  figures: csvColumns,
  revisions: revisionColumns,
  sources: sourceColumns,
  indicators: defined,
  programmes: defined,
  areas: named,
  academies: named,
  units: [...named, 'pattern_en', 'pattern_ur'],
  caveats: ['code', 'indicator', 'programme', 'text_en', 'text_ur'],
  breaks: ['indicator', 'programme', 'area', 'starts_on', 'text_en', 'text_ur'],
} as const satisfies Record<TableName, readonly string[]>

export type ColumnName = (typeof columns)[TableName][number]

const primaryKeys: Partial<Record<TableName, readonly ColumnName[]>> = {
  figures: ['revision'],
  revisions: ['revision'],
  sources: ['source'],
  breaks: ['indicator', 'programme', 'area', 'starts_on'],
}

const references: Partial<Record<TableName, PackageTable['references']>> = {
  figures: figureReferences,
  revisions: figureReferences,
}

export const tables: readonly PackageTable[] = tableNames.map((name) => ({
  name,
  columns: columns[name],
  primaryKey: primaryKeys[name] ?? ['code'],
  references: references[name] ?? {},
}))

// Code lists

const both = (text: LocalText): string[] => [text.en, text.ur ?? '']
const byCode = <Row extends { code: string }>(rows: readonly Row[]): Row[] =>
  [...rows].sort((a, b) => (a.code < b.code ? -1 : 1))

export type ListName = Exclude<TableName, 'figures' | 'revisions' | 'sources'>

/** The rows of a code list: of it only what is kept by commit, so that a past state has its own. */
export function listRows(list: ListName, catalogue: Catalogue): string[][] {
  const rows: Record<ListName, () => string[][]> = {
    indicators: () =>
      byCode(catalogue.indicators).map(({ code, name, definition }) => [
        code,
        ...both(name),
        ...both(definition),
      ]),
    programmes: () =>
      byCode(catalogue.programmes).map(({ code, name, description }) => [
        code,
        ...both(name),
        ...both(description),
      ]),
    areas: () => byCode(catalogue.areas).map(({ code, name }) => [code, ...both(name)]),
    academies: () => byCode(catalogue.academies).map(({ code, name }) => [code, ...both(name)]),
    units: () =>
      byCode(catalogue.units).map(({ code, name, pattern }) => [
        code,
        ...both(name),
        ...both(pattern),
      ]),
    caveats: () =>
      byCode(catalogue.caveats).map(({ code, indicator, programme, text }) => [
        code,
        indicator ?? '',
        programme ?? '',
        ...both(text),
      ]),
    breaks: () =>
      catalogue.breaks
        .map(({ indicator, programme, area, startsOn, note }) => [
          indicator,
          programme,
          area,
          startsOn,
          ...both(note),
        ])
        .sort((a, b) => (a.slice(0, 4).join() < b.slice(0, 4).join() ? -1 : 1)),
  }
  return rows[list]()
}

// Metadata

/** A file of the package as it was written. */
export interface WrittenFile {
  name: string
  bytes: number
  sha256: string
}

const described = (column: ColumnName) => translator(defaultLocale, 'columns')(column)
const titleOf = (table: TableName) => translator(defaultLocale, 'package')(`files.${table}`)

const dates = new Set<ColumnName>([
  'period_start',
  'period_end',
  'released_on',
  'known_on',
  'starts_on',
])
const integers = new Set<ColumnName>(['revision', 'commit', 'source'])
const choices: Partial<Record<ColumnName, readonly string[]>> = {
  role: roles,
  kind: kinds,
  sex: sexes,
  status: statuses,
  precision: precisions,
}

const mayBeEmpty = new Set<ColumnName>([
  'period_start',
  'period_end',
  'released_on',
  'publisher',
  'title',
  'source_date',
  'source_url',
  'note',
  'marks',
  'reason',
  'definition_en',
  'definition_ur',
])

/** Whether a cell of a table is never empty. A revision without a value is a withdrawal. */
function isRequired(table: TableName, column: ColumnName): boolean {
  if (table === 'caveats') return column === 'code'
  return !mayBeEmpty.has(column) && !(table === 'revisions' && column === 'value')
}

const csvwType = (column: ColumnName) => {
  if (dates.has(column)) return { base: 'date', format: 'yyyy-MM-dd' }
  if (integers.has(column)) return 'integer'
  return column === 'value' ? 'decimal' : 'string'
}

/** Metadata for CSV on the Web (W3C Recommendation of 17 December 2015), for tables beside it. */
export function csvwMetadata(state: ExtractState, address: string) {
  return {
    '@context': ['http://www.w3.org/ns/csvw', { '@language': defaultLocale }],
    'dc:title': translator(defaultLocale, 'workbook')('title'),
    'dc:license': { '@id': dataLicence.url },
    'dc:source': { '@id': address },
    'dc:modified': { '@value': state.asOf, '@type': 'xsd:date' },
    dialect: { lineTerminators: ['\n'], encoding: 'utf-8', header: true },
    tables: tables.map((table) => ({
      url: `${table.name}.csv`,
      'dc:description': titleOf(table.name),
      tableSchema: {
        columns: table.columns.map((column) => ({
          name: column,
          titles: column,
          'dc:description': described(column),
          datatype: csvwType(column),
          required: isRequired(table.name, column),
        })),
        primaryKey: table.primaryKey,
        foreignKeys: Object.entries(table.references).map(([column, list]) => ({
          columnReference: column,
          reference: { resource: `${list}.csv`, columnReference: 'code' },
        })),
      },
    })),
  }
}

const packageType = (column: ColumnName) => {
  if (dates.has(column)) return { type: 'date', format: '%Y-%m-%d' }
  if (integers.has(column)) return { type: 'integer' }
  if (column === 'value') return { type: 'number', decimalChar: '.' }
  return { type: 'string' }
}

function field(table: TableName, column: ColumnName) {
  const constraints = {
    ...(isRequired(table, column) && { required: true }),
    ...(choices[column] && { enum: choices[column] }),
  }
  return {
    name: column,
    ...packageType(column),
    description: described(column),
    ...(Object.keys(constraints).length > 0 && { constraints }),
  }
}

/** A Data Package descriptor (version 2.0) of the tables, with what was written of each. */
export function dataPackage(
  state: ExtractState,
  address: string,
  written: ReadonlyMap<string, WrittenFile>,
) {
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: 'shumar',
    title: translator(defaultLocale, 'workbook')('title'),
    description: translator(defaultLocale, 'package')('lead', {
      day: state.asOf,
      commit: state.commit,
    }),
    homepage: address,
    version: `${state.asOf}-v${state.commit}`,
    created: state.committedAt,
    licenses: [{ name: dataLicence.id, path: dataLicence.url, title: dataLicence.name }],
    resources: tables.map((table) => {
      const path = `${table.name}.csv`
      const file = written.get(path)
      return {
        $schema: 'https://datapackage.org/profiles/2.0/dataresource.json',
        name: table.name,
        type: 'table',
        path,
        title: titleOf(table.name),
        format: 'csv',
        mediatype: 'text/csv',
        encoding: 'utf-8',
        dialect: {
          $schema: 'https://datapackage.org/profiles/2.0/tabledialect.json',
          delimiter: ',',
          lineTerminator: '\n',
          header: true,
        },
        ...(file && { bytes: file.bytes, hash: `sha256:${file.sha256}` }),
        schema: {
          $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
          fields: table.columns.map((column) => field(table.name, column)),
          missingValues: [''],
          primaryKey: [...table.primaryKey],
          foreignKeys: Object.entries(table.references).map(([column, list]) => ({
            fields: [column],
            reference: { resource: list, fields: ['code'] },
          })),
        },
      }
    }),
  }
}

/** What a person reads first, as Markdown. */
export function readme(
  language: Language,
  state: ExtractState,
  { address, rows }: { address: string; rows: number },
): string {
  const t = translator(language, 'package')
  const w = translator(language, 'workbook')
  const described = translator(language, 'columns')
  const { asOf: day, commit } = state
  const files = [
    ...tableNames.map((name) => `- \`${name}.csv\`: ${t(`files.${name}`)}`),
    `- \`csv-metadata.json\`: ${t('files.csvw')}`,
    `- \`datapackage.json\`: ${t('files.datapackage')}`,
    `- \`SHA256SUMS\`: ${t('files.checksums')}`,
  ]
  const citation = { count: rows, day, commit, licence: dataLicence.name, address }
  return [
    `# ${w('title')}`,
    '',
    t('lead', { day, commit }),
    t('again', { address }),
    '',
    `## ${t('filesTitle')}`,
    ...files,
    '',
    `## ${t('dialectTitle')}`,
    t('dialect'),
    '',
    `## ${t('columnsTitle')}`,
    ...csvColumns.map((column) => `- \`${column}\`: ${described(column)}`),
    '',
    `## ${t('citeTitle')}`,
    w('citation', citation),
    '',
    `## ${t('licenceTitle')}`,
    t('licence', { name: dataLicence.name, url: dataLicence.url }),
    '',
  ].join('\n')
}

/** As `sha256sum` writes and checks it. */
export const checksumLines = (files: Iterable<WrittenFile>): string =>
  [...files].map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')
