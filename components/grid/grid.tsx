// biome-ignore-all lint/a11y/useSemanticElements: only what is in sight is in the document, so rows and cells are placed by hand
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell has the tab stop of the grid
'use client'

import {
  type ClipboardEvent,
  type KeyboardEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { flushSync } from 'react-dom'
import './grid.css'
import { GridController, type GridEvents, type GridOptions } from './controller'
import { GridDetail } from './grid-detail'
import { GridHead, GridLine } from './grid-line'
import { GridLegend, GridTools } from './grid-tools'
import { commandOf } from './keys'
import type { GridHandle } from './model'
import { blockOf } from './store'
import { usePointer } from './use-pointer'
import { useViewport } from './use-viewport'
import { including } from './viewport'

export interface GridProps extends GridOptions, GridEvents {
  ref?: Ref<GridHandle>
  /** What the table is called, for those who hear it. */
  label: string
  /** What the rows are, for the corner over their headings: `Academy`. */
  corner: string
}

/**
 * A table of figures to type in, with the keyboard of a spreadsheet and the roles of a grid. It is
 * told its rows, columns and cells once: for others, give it another `key`. What the server learns
 * afterwards comes through `update` of its handle.
 */
export function Grid({ ref, label, corner, ...props }: GridProps) {
  const [controller] = useState(() => new GridController(props, props))
  useEffect(() => {
    controller.events = props
  })
  useImperativeHandle(ref, () => controller, [controller])
  useConnection(controller)

  return (
    <div className="grid-frame" dir={controller.words.direction}>
      <GridTools controller={controller} />
      <GridTable controller={controller} label={label} corner={corner} />
      <GridDetail controller={controller} hasEditors={Boolean(props.onRequest)} />
      <GridLegend words={controller.words} />
    </div>
  )
}

/** What an earlier visit left, and the moments at which sending is worth another try. */
function useConnection(controller: GridController): void {
  useEffect(() => {
    controller.start(storageOf(window))
    const resume = () => controller.online()
    const keep = () => controller.store.commit()
    window.addEventListener('online', resume)
    window.addEventListener('pagehide', keep)
    return () => {
      window.removeEventListener('online', resume)
      window.removeEventListener('pagehide', keep)
      controller.stop()
    }
  }, [controller])
}

function storageOf(browser: Window): Storage | null {
  try {
    return browser.localStorage
  } catch {
    return null
  }
}

function GridTable({
  controller,
  label,
  corner,
}: {
  controller: GridController
  label: string
  corner: string
}) {
  const { store, words } = controller
  const state = useSyncExternalStore(store.subscribe, store.state, store.state)
  const scroller = useRef<HTMLDivElement>(null)
  const isRtl = words.direction === 'rtl'
  const hasGroups = store.columns.some(({ group }) => group)
  const { seen, onScroll } = useViewport(scroller, controller.viewport, isRtl)
  const columns = useMemo(() => numbers(seen.first, seen.last), [seen.first, seen.last])
  const block = blockOf(state)
  const pointer = usePointer(controller)
  useFocus(scroller, state.focus)

  const press = (event: KeyboardEvent) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey, nativeEvent } = event
    const command = commandOf(
      {
        key,
        shiftKey,
        ctrlKey,
        metaKey,
        altKey,
        isComposing: nativeEvent.isComposing,
        isAltGraph: event.getModifierState('AltGraph'),
      },
      { editing: state.editing?.mode ?? null, isRtl },
    )
    if (!command) return
    // The editor must be there before the browser puts the character in.
    const isDone = flushSync(() => controller.run(command))
    if (isDone) event.preventDefault()
  }

  const take = (event: ClipboardEvent, write: () => { text: string; html: string }) => {
    if (state.editing) return
    const { text, html } = write()
    event.clipboardData.setData('text/plain', text)
    event.clipboardData.setData('text/html', html)
    event.preventDefault()
  }

  const paste = (event: ClipboardEvent) => {
    const clipboard = {
      text: event.clipboardData.getData('text/plain'),
      html: event.clipboardData.getData('text/html'),
    }
    if (controller.paste(clipboard, state.editing ? 2 : 1)) event.preventDefault()
  }

  return (
    <div
      ref={scroller}
      className="grid-scroller"
      data-groups={hasGroups || undefined}
      role="grid"
      aria-label={label}
      aria-describedby="grid-help"
      aria-rowcount={store.rows.length + 1}
      aria-colcount={store.columns.length + 1}
      aria-multiselectable="true"
      onScroll={onScroll}
      onKeyDown={press}
      onCopy={(event) => take(event, () => controller.copied())}
      onCut={(event) => take(event, () => controller.cut())}
      onPaste={paste}
      {...pointer}
    >
      <GridHead
        columns={store.columns}
        seen={columns}
        hasGroups={hasGroups}
        corner={corner}
        words={words}
      />
      <div
        className="grid-body"
        role="rowgroup"
        style={{
          blockSize: `calc(${store.rows.length} * var(--grid-row))`,
          inlineSize: `calc(var(--grid-heading) + ${store.columns.length} * var(--grid-column))`,
        }}
      >
        {including(numbers(seen.top, seen.bottom), state.active.row).map((at) => {
          const isSelected = at >= block.top && at <= block.bottom
          return (
            <GridLine
              key={at}
              at={at}
              rowIndex={at + 2}
              heading={store.rows[at]}
              cells={state.table[at]}
              columns={columns}
              activeColumn={at === state.active.row ? state.active.column : -1}
              isRowTold={at === state.active.row && state.isRowTold}
              from={isSelected ? block.left : -1}
              to={isSelected ? block.right : -1}
              corner={at === block.bottom ? block.right : -1}
              editing={at === state.active.row ? state.editing : null}
              controller={controller}
            />
          )
        })}
      </div>
    </div>
  )
}

const numbers = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at)

/** Puts the focus on the active cell. */
function useFocus(scroller: { current: HTMLDivElement | null }, moves: number): void {
  const last = useRef(moves)
  useLayoutEffect(() => {
    if (last.current === moves) return
    last.current = moves
    const cell = scroller.current?.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')
    cell?.focus({ preventScroll: true })
  }, [scroller, moves])
}
