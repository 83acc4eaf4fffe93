import type { CatalogueNames } from '@/features/catalogue/rules'
import { findingText, isFindingCode } from '@/features/checks/components/words'
import { type Kind, kinds } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { dayAt, formatDay } from '@/features/periods/rules'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { formatDecimal, percentChange, subtract } from '@/lib/number'
import type { EntryProblem, Proposal, Warning } from '../schema'

type Texts = Record<string, string | number>

/** What is wrong with a field, and the remedy. */
export function problemText(
  locale: Locale,
  names: CatalogueNames,
  { from, code, params }: EntryProblem,
): string {
  const t = translator(locale, `${from}.problems`) as (key: string, values?: Texts) => string
  return t(code, code === 'computed' ? computedWords(locale, names, params ?? {}) : params)
}

/** The names of a computed rate and of its parts. */
export function computedWords(locale: Locale, names: CatalogueNames, codes: Texts) {
  const name = (part: string) => names.indicator(String(codes[part] ?? ''))
  const sex = String(codes.sex)
  const numerator =
    sex === '_T' ? name('numerator') : `${name('numerator')} (${sexName(locale, sex)})`
  return { rate: name('rate'), numerator, denominator: name('denominator') }
}

/** A warning in words; numbers, periods and codes in its parameters are written out. */
export function warningText(
  locale: Locale,
  writer: FigureWriter,
  unit: string,
  { code, params }: Warning,
): string {
  if (isFindingCode(code)) return findingText(locale, writer, unit, { code, params })
  const t = translator(locale, 'entry.warnings') as (key: string, values?: Texts) => string
  const kindName = translator(locale, 'figures.kind')
  const { value, day, publisher } = params
  const nameOf = (word: string | undefined) => {
    const kind = kinds.find((known): known is Kind => known === word)
    return kind ? kindName(kind) : writer.names.unit(word ?? '')
  }
  return t(code, {
    value: value ? writer.value({ value, unit, precision: 'exact', status: 'A' }) : '',
    day: day ? formatDay(day, locale) : '',
    publisher: publisher ? isolated(publisher) : '',
    kind: nameOf(params.kind),
    unit: nameOf(params.unit),
    usual: nameOf(params.usual),
  })
}

/** A text that keeps to itself, whatever direction the words around it have. */
export const isolated = (text: string) => `\u2068${text}\u2069`

/** `+1,200 (+3.1%)`; null where nothing changes. */
export function changeText(locale: Locale, before: string, after: string): string | null {
  const absolute = subtract(after, before)
  if (!/[1-9]/.test(absolute)) return null
  const percent = percentChange(before, after)
  const number = formatDecimal(absolute, { locale, sign: 'always' })
  return percent === null
    ? number
    : `${number} (${formatDecimal(percent, { locale, sign: 'always' })}%)`
}

type Named = Pick<Proposal, 'indicator' | 'programme' | 'area' | 'sex'>

/** `People trained: Huawei ICT Academy, Pakistan, Women` */
export function figureName(locale: Locale, { names }: FigureWriter, figure: Named): string {
  const sex = sexName(locale, figure.sex)
  const place = [names.programme(figure.programme), names.area(figure.area)]
  if (figure.sex !== '_T') place.push(sex)
  return `${names.indicator(figure.indicator)}: ${place.join(translator(locale, 'entry')('comma'))}`
}

export function sexName(locale: Locale, sex: string): string {
  const t = translator(locale, 'figures.sex')
  return sex === 'F' || sex === 'M' ? t(sex) : t('_T')
}

/** What a proposal would put into the record: its value, or that the figure is withdrawn. */
export function proposedText(locale: Locale, writer: FigureWriter, proposal: Proposal): string {
  const t = translator(locale, 'entry.mine')
  if (!proposal.value) return t('noValue')
  const value = writer.value(proposal)
  return proposal.purpose === 'withdrawal' ? t('withdrawalOf', { value: isolated(value) }) : value
}

/** `24 Nov 2026, 08:46`, in Karachi. */
export function momentText(locale: Locale, instant: string): string {
  const at = new Date(instant)
  return translator(locale, 'entry')('moment', { day: formatDay(dayAt(at), locale), at })
}

/** Where to sign in beside a form that must not be lost; it leads on to the desk. */
export function signInBeside(locale: Locale): string {
  const next = localePath(locale, '/entry')
  return localePath(locale, `/sign-in?${new URLSearchParams({ next })}`)
}
