import { type Locale, listed, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import { quoted } from '@/lib/typed-text'
import type {
  AcademyProblem,
  RegistryColumn,
  RegistryReport,
  RegistryReportInWords,
} from '../schema'

export function problemInWords(
  locale: Locale,
  { code, params }: Pick<AcademyProblem, 'code' | 'params'>,
): { text: string } {
  const t = translator(locale, 'academies.problems')
  const known = code as Parameters<typeof t>[0]
  return { text: t(t.has(known) ? known : 'unavailable', params) }
}

const mostListed = 200

/** What a file would do, in words; of very many rows the first ones. */
export function reportInWords(locale: Locale, report: RegistryReport): RegistryReportInWords {
  const t = translator(locale, 'academies.report')
  const { counts, problems, changes } = report
  const number = (line: number) => formatDecimal(String(line), { locale })
  const more = Math.max(0, problems.length - mostListed) + Math.max(0, changes.length - mostListed)
  return {
    summary: t('summary', counts),
    isStorable: problems.length === 0 && changes.length > 0,
    problems: problems.slice(0, mostListed).map((one) => ({
      line: number(one.line),
      column: one.column,
      value: quoted(one.value),
      ...problemInWords(locale, one),
    })),
    changes: changes.slice(0, mostListed).map(({ line, code, outcome, columns }) => ({
      line: number(line),
      code,
      outcome: t(outcome === 'new' ? 'new' : 'changed'),
      columns: listed(columns.map(named), locale),
    })),
    more: more > 0 ? t('more', { count: more }) : null,
  }
}

/** Columns of the file keep their names in every language. */
const named = (column: RegistryColumn) => column
