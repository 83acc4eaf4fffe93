'use client'

import { type PointerEvent, useRef } from 'react'
import { flushSync } from 'react-dom'
import type { GridController } from './controller'
import { placeOf } from './grid-line'
import { type Block, blockOf, filledTo } from './store'

/** Pixels from the edge within which dragging scrolls, and how far at each move. */
const edge = 28
const step = 24

function scrollAt(scroller: HTMLElement, x: number, y: number): void {
  const { left, right, top, bottom } = scroller.getBoundingClientRect()
  const towards = (at: number, from: number, to: number) =>
    at < from + edge ? -step : at > to - edge ? step : 0
  const [along, down] = [towards(x, left, right), towards(y, top, bottom)]
  if (along !== 0 || down !== 0) scroller.scrollBy(along, down)
}

/**
 * A mouse selects by dragging and edits by a double click; a finger edits by a second tap. Either
 * fills by dragging the corner of the selection.
 */
export function usePointer(controller: GridController) {
  const { store } = controller
  const isDragging = useRef(false)
  const isSecond = useRef(false)
  const source = useRef<Block | null>(null)

  const grab = (event: PointerEvent<HTMLElement>) => {
    source.current = blockOf(store.state())
    event.currentTarget.setPointerCapture(event.pointerId)
    event.preventDefault()
  }

  /** Shows what would be filled as the selection. */
  const reach = (block: Block, event: PointerEvent<HTMLElement>) => {
    scrollAt(event.currentTarget, event.clientX, event.clientY)
    const place = placeOf(document.elementFromPoint(event.clientX, event.clientY))
    if (!place) return
    const { top, left, bottom, right } = filledTo(block, place)
    // The active cell stays in the block that the drag began at.
    const active = {
      row: top < block.top ? bottom : top,
      column: left < block.left ? right : left,
    }
    const head = {
      row: top < block.top ? top : bottom,
      column: left < block.left ? left : right,
    }
    store.select(active, head, head)
  }

  const drop = (isKept: boolean) => {
    const block = source.current
    source.current = null
    if (!block) return
    const { top, left, bottom, right } = block
    if (isKept) controller.fill(block, blockOf(store.state()))
    else store.select({ row: top, column: left }, { row: bottom, column: right })
  }

  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      const { target } = event
      const place = placeOf(target)
      if (!place || event.button !== 0 || target instanceof HTMLInputElement) return
      if (target instanceof HTMLElement && target.dataset.fill !== undefined) return grab(event)
      const { active, head } = store.state()
      isSecond.current =
        place.row === active.row &&
        place.column === active.column &&
        head.row === active.row &&
        head.column === active.column &&
        event.currentTarget.contains(document.activeElement)
      if (event.pointerType !== 'mouse') return
      isDragging.current = true
      if (event.shiftKey) store.extend(place)
      else store.go(place)
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (source.current) return reach(source.current, event)
      if (!isDragging.current) return
      if (event.buttons === 0) {
        isDragging.current = false
        return
      }
      const place = placeOf(document.elementFromPoint(event.clientX, event.clientY))
      const { head } = store.state()
      if (place && (place.row !== head.row || place.column !== head.column)) store.extend(place)
    },
    onPointerUp() {
      isDragging.current = false
      drop(true)
    },
    onPointerCancel() {
      isDragging.current = false
      drop(false)
    },
    onClick(event: { target: EventTarget; nativeEvent: Event }) {
      const place = placeOf(event.target)
      const native = event.nativeEvent
      if (!place || event.target instanceof HTMLInputElement) return
      if (!(native instanceof window.PointerEvent) || native.pointerType === 'mouse') return
      if (event.target instanceof HTMLElement && event.target.dataset.fill !== undefined) return
      // Within the tap, or a phone does not open its keyboard.
      flushSync(() => {
        if (isSecond.current) store.edit('edit')
        else store.go(place)
      })
    },
    onDoubleClick(event: { target: EventTarget }) {
      if (placeOf(event.target) && !(event.target instanceof HTMLInputElement)) store.edit('edit')
    },
  }
}
