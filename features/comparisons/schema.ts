import { z } from 'zod'
import { code } from '@/features/catalogue/schema'
import type { Figure } from '@/features/figures/schema'
import { kinds, sexes } from '@/features/figures/schema'
import { rhythmOf } from '@/features/figures/series'
import type { Problem } from '@/lib/result'

/** As published, all on a common start of 100, or on a logarithmic axis. */
export const views = ['absolute', 'index', 'log'] as const
export type View = (typeof views)[number]

/** How series of one unit are drawn together. */
export const forms = ['lines', 'multiples', 'columns', 'slopes'] as const
export type Form = (typeof forms)[number]

/** As many as a palette tells apart. */
export const mostSeries = 8

const rhythms = ['fiscal', 'calendar', 'Q', 'M', 'dated'] as const
const seriesCode = z.tuple([
  code,
  code,
  code.or(z.literal('001')),
  z.enum(sexes),
  z.enum(kinds),
  code,
  z.enum(rhythms),
])

/** How an address names a series of actual figures: `ICT_EXPORTS._Z.PK._T.flow.USD_MILLION.M`. */
export function seriesCodeOf(figure: Figure): string {
  const { indicator, programme, area, sex, kind, converted } = figure
  const unit = converted?.unit ?? figure.unit
  return [indicator, programme, area, sex, kind, unit, rhythmOf(figure)].join('.')
}

/** What an address asks to compare. */
export interface CompareWords {
  /** Codes of series, each once, in the order in which they were asked for. */
  series: string[]
  /** Indicators whose series are offered beside those. */
  indicators: string[]
  view: View
  form: Form
  /** For each 100,000 people of the same area and period. */
  perPerson: boolean
  /** Years, inclusive. */
  from: number | null
  to: number | null
}

const year = z.coerce.number().int().min(1900).max(2100)

/**
 * Reads the words `series` and `indicator` (both several), `view`, `form`, `per` (`people`), `from`, `to`.
 * What cannot be read
 * is left out and told: `unknownSeries`, `tooManySeries`, `unknownView` (also of a form), `notAYear`, `yearsTurned`.
 */
export function readCompareWords(query: URLSearchParams): {
  words: CompareWords
  problems: Problem[]
} {
  const problems: Problem[] = []
  const asked = [...new Set(query.getAll('series').filter(Boolean))]
  const known = asked.filter((text) => {
    const isCode = seriesCode.safeParse(text.split('.')).success
    if (!isCode) problems.push({ code: 'unknownSeries', params: { value: text.slice(0, 80) } })
    return isCode
  })
  if (known.length > mostSeries) {
    problems.push({ code: 'tooManySeries', params: { count: known.length, most: mostSeries } })
  }
  const view = choiceOf(query.get('view'), views, problems)
  const form = choiceOf(query.get('form'), forms, problems)
  const [from, to] = [readYear(query.get('from'), problems), readYear(query.get('to'), problems)]
  const isTurned = from !== null && to !== null && from > to
  if (isTurned) problems.push({ code: 'yearsTurned', params: { from: `${from}`, to: `${to}` } })
  return {
    words: {
      series: known.slice(0, mostSeries),
      indicators: [
        ...new Set(query.getAll('indicator').filter((text) => code.safeParse(text).success)),
      ],
      view,
      form,
      perPerson: query.get('per') === 'people',
      from: isTurned ? null : from,
      to: isTurned ? null : to,
    },
    problems,
  }
}

/** The first choice where none is asked for, or one that there is not. */
function choiceOf<Choice extends string>(
  text: string | null,
  choices: readonly [Choice, ...Choice[]],
  problems: Problem[],
): Choice {
  const choice = choices.find((one) => one === text)
  if (text && !choice) problems.push({ code: 'unknownView', params: { value: text.slice(0, 40) } })
  return choice ?? choices[0]
}

function readYear(text: string | null, problems: Problem[]): number | null {
  if (text === null || text.trim() === '') return null
  const read = year.safeParse(text.trim())
  if (read.success) return read.data
  problems.push({ code: 'notAYear', params: { value: text.slice(0, 40) } })
  return null
}

/** The query of what is compared; without what is usual. */
export function compareQuery({
  series,
  indicators,
  view,
  form,
  perPerson,
  from,
  to,
}: CompareWords): string {
  const query = new URLSearchParams([
    ...series.map((one) => ['series', one]),
    ...indicators.map((one) => ['indicator', one]),
    ...(view === 'absolute' ? [] : [['view', view]]),
    ...(form === 'lines' ? [] : [['form', form]]),
    ...(perPerson ? [['per', 'people']] : []),
    ...(from === null ? [] : [['from', `${from}`]]),
    ...(to === null ? [] : [['to', `${to}`]]),
  ])
  return query.size > 0 ? `?${query}` : ''
}

/** What figures are divided by, for each person. */
export const peopleIndicator = 'POPULATION'

/** The indicators whose figures a comparison needs. */
export const codesToRead = (words: CompareWords): string[] =>
  words.perPerson ? [...indicatorsOf(words), peopleIndicator] : indicatorsOf(words)

/** The indicators that series are of. */
export const indicatorsOf = ({ series, indicators }: CompareWords): string[] => [
  ...new Set([...series.map((one) => one.split('.')[0] ?? ''), ...indicators]),
]
