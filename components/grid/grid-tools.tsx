'use client'

import { useState, useSyncExternalStore } from 'react'
import { filledPattern, urduDigits } from '@/lib/typed-text'
import type { GridController } from './controller'
import { GridMark } from './marks'
import { cellStates, type SaveStatus } from './model'
import type { GridWords } from './words'

/** What stands over the table: steps back, whether everything is saved, and what is to be known. */
export function GridTools({ controller }: { controller: GridController }) {
  const { store, words } = controller
  const { canUndo, canRedo } = useSyncExternalStore(store.subscribe, store.state, store.state)
  const { status, said, notice, isKept } = useSyncExternalStore(
    controller.subscribe,
    controller.surroundings,
    controller.surroundings,
  )
  return (
    <>
      <p id="grid-help" className="grid-help">
        {words.help}
      </p>
      <div className="grid-tools">
        <button
          type="button"
          className="button-secondary"
          aria-disabled={!canUndo}
          onClick={() => controller.undo('undo')}
        >
          {words.undo}
        </button>
        <button
          type="button"
          className="button-secondary"
          aria-disabled={!canRedo}
          onClick={() => controller.undo('redo')}
        >
          {words.redo}
        </button>
        <CopyEverything controller={controller} />
        <p className="grid-status" data-status={status.kind}>
          {statusText(status, words)}
        </p>
      </div>
      {!isKept && (
        <p className="notice" data-tone="warning" role="alert">
          {words.notKept}
        </p>
      )}
      {notice.length > 0 && (
        <div className="notice grid-notice">
          <ul>
            {notice.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
          <button type="button" className="button-secondary" onClick={() => controller.dismiss()}>
            {words.dismiss}
          </button>
        </div>
      )}
      <p role="status" className="visually-hidden">
        {said}
      </p>
    </>
  )
}

function statusText(status: SaveStatus, words: GridWords): string {
  if (status.kind === 'idle') return ''
  if (status.kind === 'saving' || status.kind === 'saved') return words[status.kind]
  const count = String(status.count)
  return filledPattern(words[status.kind], {
    count: words.hasUrduDigits ? urduDigits(count) : count,
  })
}

/** Browsers put both forms on the clipboard only for a click, and some only the plain one. */
function CopyEverything({ controller }: { controller: GridController }) {
  const [isRefused, setRefused] = useState(false)
  const copy = async () => {
    const { text, html } = controller.copiedWithHeadings()
    try {
      const item = new ClipboardItem({
        'text/plain': new Blob([text], { type: 'text/plain' }),
        'text/html': new Blob([html], { type: 'text/html' }),
      })
      await navigator.clipboard.write([item])
    } catch {
      setRefused(true)
    }
  }
  if (isRefused) return null
  return (
    <button type="button" className="button-secondary" onClick={copy}>
      {controller.words.copyAll}
    </button>
  )
}

export function GridLegend({ words }: { words: GridWords }) {
  return (
    <details className="grid-legend">
      <summary>{words.legend}</summary>
      <ul className="grid-legend-marks">
        {cellStates
          .filter((state) => state !== 'empty')
          .map((state) => (
            <li key={state}>
              <GridMark mark={state} /> {words.states[state]}
            </li>
          ))}
        <li>
          <GridMark mark="note" /> {words.note}
        </li>
        <li>
          <GridMark mark="source" /> {words.source}
        </li>
      </ul>
      <h3>{words.keysTitle}</h3>
      <dl className="definition-list">
        {words.keys.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
