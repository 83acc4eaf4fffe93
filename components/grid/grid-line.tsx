// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, so rows and cells are placed by hand
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell has the tab stop of the grid
'use client'

import { type CSSProperties, memo, useLayoutEffect, useMemo, useRef } from 'react'
import type { GridController } from './controller'
import { GridMark } from './marks'
import type { GridCell, GridColumn, GridRow } from './model'
import type { Editing, Place } from './store'
import { including } from './viewport'
import type { GridWords } from './words'

/** The room of columns that are not in the document. */
const gapOf = (columns: number): CSSProperties | undefined =>
  columns > 0 ? { marginInlineStart: `calc(${columns} * var(--grid-column))` } : undefined

/** The place of the cell that an element belongs to. */
export function placeOf(target: EventTarget | null): Place | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[role="gridcell"]') : null
  const { row, column } = cell?.dataset ?? {}
  return row === undefined || column === undefined
    ? null
    : { row: Number(row), column: Number(column) }
}

const spoken = (parts: readonly (string | undefined)[], words: GridWords) =>
  parts.filter(Boolean).join(words.separator)

/** What a heading is to those who hear it: parts that only stand apart are said apart. */
const Spoken = ({ parts, words }: { parts: (string | undefined)[]; words: GridWords }) => (
  <span className="visually-hidden">{spoken(parts, words)}</span>
)

/** Groups of neighbours with one name, each with its first column and its width. */
function groupsOf(columns: readonly GridColumn[]) {
  const groups: { name: string; from: number; width: number }[] = []
  for (const [at, { group = '' }] of columns.entries()) {
    const last = groups.at(-1)
    if (last?.name === group) last.width++
    else groups.push({ name: group, from: at, width: 1 })
  }
  return groups
}

export const GridHead = memo(function GridHead({
  columns,
  seen,
  hasGroups,
  corner,
  words,
}: {
  columns: readonly GridColumn[]
  /** What the rows are. */
  corner: string
  seen: readonly number[]
  hasGroups: boolean
  words: GridWords
}) {
  const groups = useMemo(() => groupsOf(columns), [columns])
  const first = seen[0] ?? 0
  const last = seen.at(-1) ?? 0
  return (
    <div
      className="grid-head"
      role="rowgroup"
      style={{
        inlineSize: `calc(var(--grid-heading) + ${columns.length} * var(--grid-column))`,
      }}
    >
      {hasGroups && (
        // For the eye: what is heard of a column is one heading, as readers of screens say only one.
        <div className="grid-groups" aria-hidden="true">
          <div className="grid-corner">
            <bdi>{corner}</bdi>
          </div>
          {groups
            .filter(({ from, width }) => from <= last && from + width > first)
            .map(({ name, from, width }) => (
              <div
                key={from}
                className="grid-group"
                style={{
                  insetInlineStart: `calc(var(--grid-heading) + ${from} * var(--grid-column))`,
                  inlineSize: `calc(${width} * var(--grid-column))`,
                }}
              >
                <span>
                  <bdi>{name}</bdi>
                </span>
              </div>
            ))}
        </div>
      )}
      <div className="grid-columns" role="row" aria-rowindex={1}>
        <div className="grid-corner" role="columnheader" aria-colindex={1}>
          <bdi className={hasGroups ? 'visually-hidden' : undefined}>{corner}</bdi>
        </div>
        {seen.map((at, n) => (
          <div
            key={at}
            className="grid-column-heading"
            role="columnheader"
            aria-colindex={at + 2}
            style={n === 0 ? gapOf(at) : undefined}
            title={columns[at]?.label}
          >
            <Spoken
              parts={[columns[at]?.label, columns[at]?.unit, columns[at]?.group]}
              words={words}
            />
            <span className="grid-label" aria-hidden="true">
              <bdi>{columns[at]?.label}</bdi>
            </span>
            {columns[at]?.unit && (
              <span className="grid-unit" aria-hidden="true">
                {columns[at]?.unit}
              </span>
            )}
          </div>
        ))}
      </div>
    </div>
  )
})

/** One row. Painted anew only when something in it has changed. */
export const GridLine = memo(function GridLine({
  at,
  rowIndex,
  heading,
  cells,
  columns,
  activeColumn,
  isRowTold,
  from,
  to,
  corner,
  editing,
  controller,
}: {
  at: number
  rowIndex: number
  heading: GridRow | undefined
  cells: readonly GridCell[] | undefined
  columns: readonly number[]
  /** -1 where another row has it. */
  activeColumn: number
  /** The active cell says its row. */
  isRowTold: boolean
  /** The selected columns; -1 where none is. */
  from: number
  to: number
  /** The column of the cell that has the fill handle; -1 where another row has it. */
  corner: number
  editing: Editing | null
  controller: GridController
}) {
  return (
    <div
      className="grid-line"
      role="row"
      aria-rowindex={rowIndex}
      style={{ insetBlockStart: `calc(${at} * var(--grid-row))` }}
    >
      <div
        className="grid-row-heading"
        role="rowheader"
        aria-colindex={1}
        data-group={Boolean(heading?.group || heading?.unit) || undefined}
        title={heading?.label}
      >
        <Spoken parts={[heading?.label, heading?.unit, heading?.group]} words={controller.words} />
        {heading?.group && (
          <span className="grid-unit" aria-hidden="true">
            {heading.group}
          </span>
        )}
        <span className="grid-label" aria-hidden="true">
          <bdi>{heading?.label}</bdi>
        </span>
        {heading?.unit && (
          <span className="grid-unit" aria-hidden="true">
            {heading.unit}
          </span>
        )}
      </div>
      {including(columns, activeColumn).map((column, n, all) => {
        const cell = cells?.[column]
        const isActive = column === activeColumn
        return (
          cell && (
            <Cell
              key={column}
              row={at}
              column={column}
              gap={column - (all[n - 1] ?? -1) - 1}
              cell={cell}
              isActive={isActive}
              rowName={isActive && isRowTold ? heading?.label : undefined}
              isSelected={column >= from && column <= to}
              isCorner={column === corner}
              editing={isActive ? editing : null}
              controller={controller}
            />
          )
        )
      })}
    </div>
  )
})

const Cell = memo(function Cell({
  row,
  column,
  gap,
  cell,
  isActive,
  rowName,
  isSelected,
  isCorner,
  editing,
  controller,
}: {
  row: number
  column: number
  /** Columns before it that are not in the document. */
  gap: number
  cell: GridCell
  isActive: boolean
  /** Of the row, where the cell says it. */
  rowName: string | undefined
  isSelected: boolean
  isCorner: boolean
  editing: Editing | null
  controller: GridController
}) {
  const { words } = controller
  const { state, text, published, note, hasSource } = cell
  const label = spoken([heard(cell, words), rowName], words)
  return (
    <div
      className="grid-cell"
      role="gridcell"
      tabIndex={isActive ? 0 : -1}
      aria-colindex={column + 2}
      aria-selected={isSelected}
      aria-readonly={state === 'locked' || undefined}
      aria-invalid={state === 'invalid'}
      aria-label={label}
      data-row={row}
      data-column={column}
      data-state={state}
      data-published={editing ? undefined : (published ?? undefined)}
      data-long-published={isLong(published, mostDigits.published)}
      data-corner={isCorner || undefined}
      // Heard as a description, it would say all of the label again.
      title={isActive ? undefined : titleOf(cell, words)}
      style={gapOf(gap)}
    >
      {editing ? (
        <Editor editing={editing} row={row} column={column} controller={controller} />
      ) : (
        <>
          {note && <GridMark mark="note" />}
          {hasSource && <GridMark mark="source" />}
          <span
            className="grid-text"
            aria-hidden={isActive || undefined}
            data-long={isLong(text, mostDigits.typed)}
          >
            {text}
          </span>
          {/* Some readers of screens say what stands in a cell, not its label. */}
          {isActive && <span className="visually-hidden">{label}</span>}
        </>
      )}
      {isCorner && !editing && <span className="grid-fill" data-fill="" aria-hidden="true" />}
    </div>
  )
})

/** Beyond these a text is cut. A box that cuts is painted by itself, so only those few are such. */
const mostDigits = { typed: 10, published: 13 }

const isLong = (text: string | null, most: number) => (text ?? '').length > most || undefined

function titleOf({ state, message }: GridCell, words: GridWords): string | undefined {
  if (state === 'empty') return undefined
  return message ? `${words.states[state]}: ${message}` : words.states[state]
}

/**
 * What is heard of a cell: its text, what its marks mean, what is wrong, what is published. That it
 * is on its way to the server is not: it lasts half a second, and each word more is said anew.
 */
function heard(cell: GridCell, words: GridWords): string {
  const { text, state, published, message, note, hasSource } = cell
  const said = [
    text,
    state !== 'saving' && words.states[state],
    note && words.note,
    hasSource && words.source,
    message?.replace(/[.۔]$/, ''),
    published !== null && `${words.published}: ${published}`,
  ].filter(Boolean)
  return said.join(words.separator)
}

function Editor({
  editing,
  row,
  column,
  controller,
}: {
  editing: Editing
  row: number
  column: number
  controller: GridController
}) {
  const input = useRef<HTMLInputElement>(null)
  const { store } = controller
  useLayoutEffect(() => {
    const { current } = input
    current?.focus({ preventScroll: true })
    current?.setSelectionRange(current.value.length, current.value.length)
    return () => controller.closed()
  }, [controller])
  const { rows, columns } = store
  return (
    <input
      ref={input}
      className="grid-input"
      // A phone shows digits and the decimal point; anything else can still be pasted.
      inputMode="decimal"
      enterKeyHint="next"
      dir="ltr"
      autoComplete="off"
      spellCheck={false}
      aria-label={spoken(
        [rows[row]?.label, columns[column]?.label, columns[column]?.group],
        controller.words,
      )}
      defaultValue={editing.text}
      onInput={(event) => controller.draft(event.currentTarget.value)}
      onBlur={() => store.commit()}
    />
  )
}
