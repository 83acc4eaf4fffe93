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
}: {
  columns: readonly GridColumn[]
  /** What the rows are. */
  corner: string
  seen: readonly number[]
  hasGroups: boolean
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
        <div className="grid-groups" role="row" aria-rowindex={1}>
          <Corner>{corner}</Corner>
          {groups
            .filter(({ from, width }) => from <= last && from + width > first)
            .map(({ name, from, width }) => (
              <div
                key={from}
                className="grid-group"
                role="columnheader"
                aria-colindex={from + 2}
                aria-colspan={width}
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
      <div className="grid-columns" role="row" aria-rowindex={hasGroups ? 2 : 1}>
        {hasGroups ? (
          <span className="grid-corner" aria-hidden="true" />
        ) : (
          <Corner>{corner}</Corner>
        )}
        {seen.map((at, n) => (
          <div
            key={at}
            className="grid-column-heading"
            role="columnheader"
            aria-colindex={at + 2}
            style={n === 0 ? gapOf(at) : undefined}
            title={columns[at]?.label}
          >
            <span className="grid-label">
              <bdi>{columns[at]?.label}</bdi>
            </span>
            {columns[at]?.unit && <span className="grid-unit">{columns[at]?.unit}</span>}
          </div>
        ))}
      </div>
    </div>
  )
})

const Corner = ({ children }: { children: string }) => (
  <div className="grid-corner" role="columnheader" aria-colindex={1}>
    <bdi>{children}</bdi>
  </div>
)

/** One row. Painted anew only when something in it has changed. */
export const GridLine = memo(function GridLine({
  at,
  rowIndex,
  heading,
  cells,
  columns,
  activeColumn,
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
        {heading?.group && <span className="grid-unit">{heading.group}</span>}
        <span className="grid-label">
          <bdi>{heading?.label}</bdi>
        </span>
        {heading?.unit && <span className="grid-unit">{heading.unit}</span>}
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
  isSelected: boolean
  isCorner: boolean
  editing: Editing | null
  controller: GridController
}) {
  const { words } = controller
  const { state, text, published, note, hasSource } = cell
  return (
    <div
      className="grid-cell"
      role="gridcell"
      tabIndex={isActive ? 0 : -1}
      aria-colindex={column + 2}
      aria-selected={isSelected}
      aria-readonly={state === 'locked' || undefined}
      aria-invalid={state === 'invalid' || undefined}
      aria-label={heard(cell, words)}
      data-row={row}
      data-column={column}
      data-state={state}
      data-published={editing ? undefined : (published ?? undefined)}
      data-long-published={isLong(published, mostDigits.published)}
      data-corner={isCorner || undefined}
      title={titleOf(cell, words)}
      style={gapOf(gap)}
    >
      {editing ? (
        <Editor editing={editing} row={row} column={column} controller={controller} />
      ) : (
        <>
          {note && <GridMark mark="note" />}
          {hasSource && <GridMark mark="source" />}
          <span className="grid-text" data-long={isLong(text, mostDigits.typed)}>
            {text}
          </span>
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

/** What is heard of a cell: its text, what its marks mean, what is wrong, what is published. */
function heard(cell: GridCell, words: GridWords): string | undefined {
  const { text, state, published, message, note, hasSource } = cell
  const said = [
    text,
    state !== 'empty' && words.states[state],
    note && words.note,
    hasSource && words.source,
    message,
    published !== null && `${words.published}: ${published}`,
  ].filter(Boolean)
  return said.length > 0 ? said.join(words.separator) : undefined
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
      aria-label={[rows[row]?.label, columns[column]?.label].join(controller.words.separator)}
      defaultValue={editing.text}
      onInput={(event) => controller.draft(event.currentTarget.value)}
      onBlur={() => store.commit()}
    />
  )
}
