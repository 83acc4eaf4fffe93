'use client'

import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useMemo, useState } from 'react'
import type { GridStore, Place } from './store'

/** Sizes in rem, as in grid.css. */
const row = { narrow: 4.75, wide: 3.25 }
const column = 8.5
const heading = { narrow: 8, wide: 14 }
const head = { plain: 3.5, grouped: 5.25 }

/** Before the page is measured, and on the server: enough for the first screen. */
const firstScreen = { width: 1280, height: 700 }

function useSizes() {
  const [sizes, setSizes] = useState({ rem: 16, isNarrow: false })
  useEffect(() => {
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      const isNarrow = window.matchMedia('(width < 40rem)').matches
      setSizes((old) => (old.rem === rem && old.isNarrow === isNarrow ? old : { rem, isNarrow }))
    }
    measure()
    window.addEventListener('resize', measure)
    return () => window.removeEventListener('resize', measure)
  }, [])
  return sizes
}

/** The range and the active cell, which keeps the focus wherever the grid is scrolled to. */
const around = (active: number) => (range: Range) => {
  const seen = defaultRangeExtractor(range)
  return seen.includes(active) ? seen : [...seen, active].sort((a, b) => a - b)
}

/** The same array as long as it holds the same numbers, so that rows need not be painted anew. */
function useSteady(numbers: readonly number[]): readonly number[] {
  const text = numbers.join()
  return useMemo(() => (text === '' ? [] : text.split(',').map(Number)), [text])
}

/** Which rows and columns are in sight, and so in the document. */
export function useWindow(
  scroller: RefObject<HTMLDivElement | null>,
  store: GridStore,
  active: Place,
  isRtl: boolean,
  hasGroups: boolean,
) {
  const { rem, isNarrow } = useSizes()
  const height = isNarrow ? row.narrow : row.wide
  const rows = useVirtualizer({
    count: store.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height * rem,
    paddingStart: (hasGroups ? head.grouped : head.plain) * rem,
    initialRect: firstScreen,
    overscan: 6,
    rangeExtractor: around(active.row),
  })
  const columns = useVirtualizer({
    count: store.columns.length,
    horizontal: true,
    isRtl,
    getScrollElement: () => scroller.current,
    estimateSize: () => column * rem,
    paddingStart: (isNarrow ? heading.narrow : heading.wide) * rem,
    initialRect: firstScreen,
    overscan: 2,
    rangeExtractor: around(active.column),
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the sizes are what has changed
  useEffect(() => {
    rows.measure()
    columns.measure()
  }, [rows, columns, rem, isNarrow])
  return {
    rows: useSteady(rows.getVirtualItems().map(({ index }) => index)),
    columns: useSteady(columns.getVirtualItems().map(({ index }) => index)),
    /** Rows that can be seen at once, one of them kept in sight by PageUp and PageDown. */
    page: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / (height * rem)) - 2),
  }
}
