import type { FigureWriter } from '@/features/figures/series'
import { type Locale, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import { type Finding, type FindingCode, findingCodes } from '../schema'

type Texts = Record<string, string | number>

/** What a rule says about a figure, and the remedy; `unit` is the figure's. */
export function findingText(
  locale: Locale,
  writer: FigureWriter,
  unit: string,
  { code, params }: Pick<Finding, 'code' | 'params'>,
): string {
  const t = translator(locale, 'checks.findings') as (key: string, values?: Texts) => string
  const value = (text: string | undefined) =>
    text ? writer.value({ value: text, unit, precision: 'exact', status: 'A' }) : ''
  const { period, part, whole, area, factor } = params
  return t(code, {
    value: value(params.value),
    sum: value(params.sum),
    period: period ? writer.period({ period }) : '',
    part: part ? writer.names.indicator(part) : '',
    whole: whole ? writer.names.indicator(whole) : '',
    area: area ? writer.names.area(area) : '',
    factor: factor ? formatDecimal(factor, { locale }) : '',
  })
}

export const isFindingCode = (code: string): code is FindingCode =>
  findingCodes.some((known) => known === code)
