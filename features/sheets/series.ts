import type { CellUpdate, GridCell, GridColumn, GridRow } from '@/components/grid/model'
import type { FigureWriter } from '@/features/figures/series'
import { warningText } from '@/features/proposals/components/words'
import { inLocale, type Locale, translator } from '@/lib/i18n'
import { conflictOf, readCell, startedNumber, stateNumber } from './rules'
import type { CellFacts, Frame } from './schema'

/** The columns of a sheet in words: the indicator, under its period. */
export function gridColumns(frame: Frame, writer: FigureWriter, locale: Locale): GridColumn[] {
  const sexName = translator(locale, 'figures.sex')
  return frame.columns.map(({ id, indicator, sex, unit, period }) => {
    const name = writer.names.indicator(indicator)
    const isPart = sex === 'F' || sex === 'M'
    return {
      id,
      label: isPart ? `${name} (${sexName(sex)})` : name,
      group: writer.period({ period }),
      unit: writer.names.unit(unit),
      aliases: isPart ? [] : [indicator],
      percent: unit === 'PERCENT',
    }
  })
}

export function gridRows(frame: Frame, writer: FigureWriter, locale: Locale): GridRow[] {
  return frame.rows.map(({ id, name, area, academy }) => ({
    id,
    label: inLocale(name, locale),
    aliases: [id, ...Object.values(name).filter((text) => text !== undefined)],
    ...(academy !== '_T' && { group: writer.names.area(area) }),
  }))
}

/** What the browser is told of a cell; `isRefused` where a text was not stored over one's own. */
export function cellUpdate(
  facts: CellFacts,
  writer: FigureWriter,
  locale: Locale,
  isRefused = false,
): CellUpdate {
  const { mine, known, column, row, isLocked } = facts
  const conflict = isRefused ? null : conflictOf(facts)
  const said = {
    row: row.id,
    column: column.id,
    published: publishedText(known?.value, column.unit, writer),
    note: mine?.note || null,
    hasSource: Boolean(mine?.source),
    message: messageOf(facts, writer, locale),
  }
  if (isLocked)
    return { ...said, state: 'locked', text: mine?.typed ?? '', base: stateNumber(facts) }
  if (isRefused && mine) return { ...said, ...ownConflict(facts, locale) }
  const text = mine?.typed ?? ''
  if (conflict) {
    return {
      ...said,
      state: 'conflict',
      text,
      base: startedNumber(facts),
      theirs: theirsOf(facts, conflict, writer),
    }
  }
  const base = stateNumber(facts)
  if (text.trim() === '') return { ...said, state: 'empty', text, base, theirs: null }
  return { ...said, state: draftState(facts), text, base, theirs: null }
}

/** Of a text that is stored and that nobody else has touched. */
function draftState({ mine, column, findings }: CellFacts): 'saved' | 'invalid' | 'warning' {
  const isReadable = readCell(mine?.typed ?? '', column.unit).ok
  if (!isReadable || findings.some(({ severity }) => severity === 'error')) return 'invalid'
  return findings.length > 0 ? 'warning' : 'saved'
}

function publishedText(value: string | null | undefined, unit: string, writer: FigureWriter) {
  return value ? writer.number({ value, unit }) : null
}

function ownConflict(facts: CellFacts, locale: Locale) {
  const t = translator(locale, 'sheets.cell')
  const base = stateNumber(facts)
  return {
    state: 'conflict' as const,
    base,
    message: t('elsewhere'),
    theirs: { text: facts.mine?.typed ?? '', by: t('you'), base },
  }
}

function theirsOf(facts: CellFacts, conflict: 'published' | 'drafted', writer: FigureWriter) {
  const { known, other, column } = facts
  const base = stateNumber(facts)
  return conflict === 'published'
    ? { text: publishedText(known?.value, column.unit, writer) ?? '', by: known?.by ?? '', base }
    : { text: other?.typed ?? '', by: other?.author.name ?? '', base }
}

function messageOf(facts: CellFacts, writer: FigureWriter, locale: Locale): string | null {
  const t = translator(locale, 'sheets.cell')
  const { mine, other, known, waiting, column, isLocked } = facts
  if (isLocked) return t('locked')
  const conflict = conflictOf(facts)
  if (conflict === 'published') return t('published', { name: known?.by ?? '' })
  if (conflict === 'drafted') return t('drafted', { name: other?.author.name ?? '' })
  if (mine && mine.typed.trim() !== '') {
    const read = readCell(mine.typed, column.unit)
    if (!read.ok) {
      const problem = translator(locale, 'numbers.problems') as (
        key: string,
        values?: object,
      ) => string
      return problem(read.problem.code, read.problem.params)
    }
    const said = facts.findings.map((one) => warningText(locale, writer, column.unit, one))
    return said.join(' ') || null
  }
  if (waiting) {
    const value = publishedText(waiting.value, column.unit, writer)
    return value === null
      ? t('waitingWithdrawal', { name: waiting.by })
      : t('waiting', { value, name: waiting.by })
  }
  return other ? t('typing', { name: other.author.name, text: other.typed }) : null
}

/** The cells that are not empty, as a grid begins with them. */
export function gridCells(
  facts: readonly CellFacts[],
  writer: FigureWriter,
  locale: Locale,
): Record<string, GridCell> {
  return Object.fromEntries(
    facts.flatMap((one) => {
      const update = cellUpdate(one, writer, locale)
      const { row, column, state, text = '', published = null, base = null, message, note } = update
      if (state === 'empty' && !published && !message && !base) return []
      const cell: GridCell = {
        text,
        published,
        base,
        state,
        hasSource: update.hasSource ?? false,
        ...(message && { message }),
        ...(note && { note }),
        ...(update.theirs && { theirs: update.theirs }),
      }
      return [[`${row}\t${column}`, cell]]
    }),
  )
}
