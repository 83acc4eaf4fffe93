import { catalogueNames } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import type { FigureWriter } from '@/features/figures/series'
import { readDay } from '@/features/periods/rules'
import { problemText } from '@/features/proposals/components/words'
import { readSource } from '@/features/proposals/rules'
import type { EntryProblem } from '@/features/proposals/schema'
import { type Locale, listed, translator } from '@/lib/i18n'
import type { Block, DiffLine, Selection, SelectionProblem } from '../schema'

/** What is wrong with the source and the day that are to hold for all cells. */
export function blockProblems(
  locale: Locale,
  block: Block,
  catalogue: Catalogue,
  today: string,
): { field: string; text: string }[] {
  const names = catalogueNames(catalogue, locale)
  const source = readSource(block, today)
  const problems: EntryProblem[] = source.ok ? [] : source.problems
  const day = block.releasedOn.trim() === '' ? null : readDay(block.releasedOn)
  const late: EntryProblem[] =
    day && !day.ok
      ? [{ field: 'releasedOn', from: 'periods', ...day.problem }]
      : day?.ok && day.value > today
        ? [
            {
              field: 'releasedOn',
              from: 'entry',
              code: 'releasedInFuture',
              params: { value: block.releasedOn },
            },
          ]
        : []
  return [...problems, ...late].map((one) => ({
    field: one.field,
    text: problemText(locale, names, one),
  }))
}

export function selectionProblemText(
  locale: Locale,
  { from, code, params }: SelectionProblem,
): string {
  const t = translator(locale, `${from}.problems`) as (key: string, values?: object) => string
  return t(code, params)
}

export function lineProblemText(
  locale: Locale,
  { from, code, params }: DiffLine['problems'][number],
): string {
  const t = translator(locale, `${from}.problems`) as (key: string, values?: object) => string
  return t(code, params)
}

const mostNamed = 4

/** What a grid is about: its programme, the first indicators and the first periods. */
export function sheetName(
  locale: Locale,
  writer: FigureWriter,
  { programme, indicators, periods }: Pick<Selection, 'programme' | 'indicators' | 'periods'>,
): string {
  const named = (names: readonly string[]) => listed(names.slice(0, mostNamed), locale)
  return translator(locale, 'sheets.mine')('name', {
    programme: writer.names.programme(programme),
    indicators: named(indicators.map(writer.names.indicator)),
    periods: named(periods.map((period) => writer.period({ period }))),
  })
}
