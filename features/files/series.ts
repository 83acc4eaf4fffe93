import type { FileSize } from '@/features/downloads/schema'
import { csvColumns, excelColumns, sdmxColumns, sdmxStructure } from '@/features/extracts/schema'
import { figureColumns } from '@/features/figures/schema'
import { type Locale, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import type { Form } from './schema'

const headerBytes = (columns: readonly string[]) => columns.join(',').length + 1
/** What stands around the values of a figure in JSON: names, quotes, colons, commas. */
const jsonBytes = [...figureColumns, 'marks'].reduce((sum, name) => sum + name.length + 5, 20)
const sdmxBytes = `dataflow,${sdmxStructure},I,,--07-01`.length
/** Of text that repeats itself as figures do, packed. */
const packed = 0.16

/** About how many bytes a file has, before any encoding on its way. */
export function aboutBytes(form: Form, { rows, sdmxRows, bytes }: FileSize): number {
  const perRow = rows === 0 ? 0 : bytes / rows
  const of: Record<Form, () => number> = {
    csv: () => headerBytes(csvColumns) + bytes,
    excel: () => headerBytes(excelColumns) + bytes + 6 * rows,
    json: () => 100 + bytes + jsonBytes * rows,
    sdmx: () => headerBytes(sdmxColumns) + (perRow + sdmxBytes) * sdmxRows,
    xlsx: () => 6_000 + packed * (bytes + 900 * rows),
    zip: () => 25_000 + 2.4 * packed * bytes,
  }
  return Math.round(of[form]())
}

/** How many rows a file has. */
export const rowsOf = (form: Form, { rows, sdmxRows }: FileSize): number =>
  form === 'sdmx' ? sdmxRows : rows

/** `58 kB`, or `1.2 MB`. */
export function sizeText(bytes: number, locale: Locale): string {
  const t = translator(locale, 'files.size')
  const thousands = Math.max(1, Math.round(bytes / 1000))
  if (thousands < 1000) return t('kB', { number: formatDecimal(String(thousands), { locale }) })
  const millions = (Math.round(bytes / 100_000) / 10).toFixed(1)
  return t('MB', { number: formatDecimal(millions, { locale }) })
}
