'use client'

import {
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useSyncExternalStore,
} from 'react'
import type { GridSizes, Seen, Viewport } from './viewport'

function sizesOf(scroller: HTMLElement): GridSizes | null {
  const size = (selector: string) => scroller.querySelector(selector)?.getBoundingClientRect()
  const [row, column] = [size('.grid-line'), size('.grid-column-heading')]
  const [corner, head] = [size('.grid-corner'), size('.grid-head')]
  if (!row?.height || !column?.width || !corner || !head) return null
  return {
    row: row.height,
    column: column.width,
    heading: corner.width,
    head: head.height,
    width: scroller.clientWidth,
    height: scroller.clientHeight,
  }
}

/** What of the table is in the document, in step with its scroller and its size. */
export function useViewport(
  scroller: RefObject<HTMLDivElement | null>,
  viewport: Viewport,
  isRtl: boolean,
): { seen: Seen; onScroll(): void } {
  const seen = useSyncExternalStore(viewport.subscribe, viewport.seen, viewport.seen)
  useEffect(() => {
    const { current } = scroller
    if (!current) return
    const measure = () => {
      const sizes = sizesOf(current)
      if (sizes) viewport.measured(sizes)
    }
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    window.addEventListener('resize', measure)
    return () => {
      observer.disconnect()
      window.removeEventListener('resize', measure)
    }
  }, [scroller, viewport])

  // No list of what it depends on: whatever was painted may have been painted ahead.
  useLayoutEffect(() => {
    const offset = viewport.ahead()
    const { current } = scroller
    if (!offset || !current) return
    current.scrollTop = offset.down
    current.scrollLeft = isRtl ? -offset.along : offset.along
  })

  const onScroll = useCallback(() => {
    const { current } = scroller
    if (!current) return
    viewport.scrolled({ down: current.scrollTop, along: Math.abs(current.scrollLeft) })
  }, [scroller, viewport])
  return { seen, onScroll }
}
