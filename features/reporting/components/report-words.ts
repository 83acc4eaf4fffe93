import type { FigureWriter } from '@/features/figures/series'
import { isolated, warningText } from '@/features/proposals/components/words'
import type { SetFinding } from '@/features/sets/schema'
import { type Locale, translator } from '@/lib/i18n'
import { lineName } from '../rules'
import type { Line, LineFacts, ReportProblem, ReportState } from '../schema'
import { lineText } from './words'

/** The id of a control, which an address can name. */
export const fieldId = (name: string) => `report-${name.replaceAll('.', '-')}`

/** What is wrong with what was typed, at its fields. */
export function reportProblems(
  locale: Locale,
  problems: readonly ReportProblem[],
): ReportState['problems'] {
  return problems.map(({ field, line, from, code, params }) => {
    const t = translator(locale, `${from}.problems`) as (key: string, values?: object) => string
    return { field: line === null ? field : `${field}.${line}`, text: t(code, params) }
  })
}

/** What somebody else has published since the form was opened. */
export function conflictText(locale: Locale, writer: FigureWriter, { known, line }: LineFacts) {
  const t = translator(locale, 'reporting.academy')
  const value = known && writer.value({ ...known, unit: line.unit })
  return known?.value
    ? t('conflict', {
        value: isolated(value ?? ''),
        source: known.source ? writer.source(known.source) : '',
      })
    : t('conflictWithdrawn')
}

/** What rules and the record say: errors at their lines, warnings to be answered with one reason. */
export function findingTexts(
  locale: Locale,
  writer: FigureWriter,
  findings: readonly SetFinding[],
  lines: readonly Line[],
): { errors: ReportState['problems']; warnings: string[] } {
  const errors: ReportState['problems'] = []
  const warnings: string[] = []
  for (const finding of findings) {
    const line = lines[finding.index]
    const text = warningText(locale, writer, line?.unit ?? '', finding)
    if (finding.severity === 'error') {
      errors.push({ field: line ? `value.${lineName(line)}` : null, text })
    } else {
      warnings.push(line ? `${lineText(locale, writer, line)}: ${text}` : text)
    }
  }
  return { errors, warnings: [...new Set(warnings)] }
}
