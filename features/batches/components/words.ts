import type { FigureWriter } from '@/features/figures/series'
import { warningText } from '@/features/proposals/components/words'
import type { WarningCode } from '@/features/proposals/schema'
import { rowProblemText } from '@/features/uploads/components/words'
import { type Locale, translator } from '@/lib/i18n'
import type { Problem } from '@/lib/result'
import type { Remark } from '../rules'

type Say = (key: string, values: Record<string, string | number>) => string

/** What is said of a row, and the remedy, in a language. */
export function remarkText(
  locale: Locale,
  writer: FigureWriter,
  { code, params, severity }: Remark,
  unit: string,
): string {
  const [from = '', name = ''] = code.split('.')
  if (from === 'batches') return batchProblemText(locale, { code: name, params })
  if (from !== 'rules') return rowProblemText(locale, writer, { code, params })
  const texts = Object.fromEntries(Object.entries(params).map(([key, text]) => [key, String(text)]))
  const text = warningText(locale, writer, unit, { code: name as WarningCode, params: texts })
  // Rules that warn say what is unusual; what to do about it is the same for all.
  if (severity === 'error') return text
  return `${text} ${translator(locale, 'batches')('warned')}`
}

/** Why a batch was refused as a whole, and the remedy. */
export function batchProblemText(locale: Locale, { code, params = {} }: Problem): string {
  if (code.startsWith('csv.')) {
    const t = translator(locale, 'batches.csv') as unknown as Say
    return t(code.slice('csv.'.length), { line: 0, column: '', ...params })
  }
  const t = translator(locale, 'batches.problems') as unknown as Say & { has(key: string): boolean }
  return t(t.has(code) ? code : 'unavailable', { field: '', value: '', ...params })
}
