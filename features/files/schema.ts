import { type DownloadFilter, downloadQuery } from '@/features/downloads/schema'
import type { Vintage } from '@/features/vintages/schema'
import { defaultLocale, type Locale, languageOf } from '@/lib/i18n'

/** The forms in which figures are given out as a file. */
export const forms = ['csv', 'excel', 'xlsx', 'json', 'sdmx', 'zip'] as const
export type Form = (typeof forms)[number]

export interface FileKind {
  /** What the file is called under `/download/`. */
  name: string
  /** Media type, as the answer says it. */
  type: string
  /** Whether it is packed already, so that an encoding would only cost time. */
  isPacked: boolean
}

export const fileKinds: Record<Form, FileKind> = {
  csv: {
    name: 'figures.csv',
    type: 'text/csv; charset=utf-8; header=present',
    isPacked: false,
  },
  excel: {
    name: 'figures.excel.csv',
    type: 'text/csv; charset=utf-8; header=present',
    isPacked: false,
  },
  xlsx: {
    name: 'figures.xlsx',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    isPacked: true,
  },
  json: {
    name: 'figures.json',
    type: 'application/json; charset=utf-8',
    isPacked: false,
  },
  sdmx: {
    name: 'figures.sdmx.csv',
    type: 'application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8',
    isPacked: false,
  },
  zip: { name: 'everything.zip', type: 'application/zip', isPacked: true },
}

export interface NamedFile {
  form: Form
  /** Whether its SHA-256 is asked for instead: `figures.csv.sha256`. */
  isChecksum: boolean
}

/** The file that a name under `/download/` means; null where there is none. */
export function readFileName(name: string): NamedFile | null {
  const isChecksum = name.endsWith('.sha256')
  const own = isChecksum ? name.slice(0, -'.sha256'.length) : name
  const form = forms.find((one) => fileKinds[one].name === own)
  return form === undefined ? null : { form, isChecksum }
}

/** The address of figures as a file. A workbook is written in a language. */
export function filePath(
  form: Form,
  filter: DownloadFilter,
  vintage: Vintage | null = null,
  locale: Locale = defaultLocale,
): string {
  const query = downloadQuery(filter, vintage)
  const language = languageOf(locale)
  const path = `/download/${fileKinds[form].name}${query}`
  if (form !== 'xlsx' || language === defaultLocale) return path
  return `${path}${query ? '&' : '?'}locale=${language}`
}

/** Changes where the bytes of files do, so that nobody keeps those of before. */
export const edition = 1
