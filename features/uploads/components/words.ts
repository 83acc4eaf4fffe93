import type { CatalogueNames } from '@/features/catalogue/rules'
import { findingText, isFindingCode } from '@/features/checks/components/words'
import type { FigureWriter } from '@/features/figures/series'
import type { StagedProblem } from '@/features/staging/schema'
import { type Locale, translator } from '@/lib/i18n'

type Texts = Record<string, string | number>

/** What is wrong with a row, and the remedy. */
export function rowProblemText(
  locale: Locale,
  writer: FigureWriter,
  { code, params }: Pick<StagedProblem, 'code' | 'params'>,
): string {
  const [from = '', name = ''] = code.split('.')
  if (from === 'checks' && isFindingCode(name)) {
    const { unit, ...rest } = params
    const texts = Object.fromEntries(Object.entries(rest).map(([key, text]) => [key, String(text)]))
    return findingText(locale, writer, String(unit ?? ''), { code: name, params: texts })
  }
  if (from === 'numbers') return said(translator(locale, 'numbers.problems'), name, params)
  if (from === 'periods') return said(translator(locale, 'periods.problems'), name, params)
  return importProblemText(locale, { code: name, params }, writer.names)
}

/** Why a file or a step with it was refused, and the remedy. */
export function importProblemText(
  locale: Locale,
  { code, params = {} }: { code: string; params?: Texts },
  names?: CatalogueNames,
): string {
  const t = translator(locale, 'imports.problems')
  const words =
    code === 'computed' && names
      ? {
          numerator: names.indicator(String(params.numerator)),
          denominator: names.indicator(String(params.denominator)),
        }
      : params
  return said(t, t.has(code as Parameters<typeof t>[0]) ? code : 'unavailable', words)
}

/** The message of a code; anybody can write any code, and leave its parameters out, in an address. */
function said(t: unknown, code: string, params: Texts): string {
  const absent = { line: '?', most: '?', count: '?', column: '?', url: '', value: '?' }
  const say = t as (key: string, values: Texts) => string
  return say(code, { ...absent, ...params })
}
