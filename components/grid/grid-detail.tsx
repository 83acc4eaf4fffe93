'use client'

import { useSyncExternalStore } from 'react'
import { filledPattern, urduDigits } from '@/lib/typed-text'
import type { GridController } from './controller'
import { GridMark } from './marks'
import { blockOf } from './store'

/**
 * The active cell in full, under the table: what its marks mean, what is wrong with it, whose figure
 * stands against whose. Everything here can also be reached without a pointer.
 */
export function GridDetail({
  controller,
  hasEditors,
}: {
  controller: GridController
  hasEditors: boolean
}) {
  const { store, words } = controller
  const state = useSyncExternalStore(store.subscribe, store.state, store.state)
  const { active } = state
  const cell = store.cell(active)
  const [row, column] = [store.rows[active.row], store.columns[active.column]]
  const { top, bottom, left, right } = blockOf(state)
  const count = (bottom - top + 1) * (right - left + 1)
  const counted = words.hasUrduDigits ? urduDigits(String(count)) : String(count)
  return (
    <div className="grid-detail">
      <p className="grid-detail-place">
        <bdi>{row?.label}</bdi>
        {words.separator}
        <bdi>{[column?.group, column?.label].filter(Boolean).join(' ')}</bdi>
        {count > 1 && (
          <span className="grid-detail-count">
            {filledPattern(words.selected, { count: counted })}
          </span>
        )}
      </p>
      <p className="grid-detail-state">
        <GridMark mark={cell.state} />{' '}
        <span>
          {words.states[cell.state]}
          {cell.text !== '' && !cell.theirs && (
            <>
              : <bdi className="grid-detail-figure">{cell.text}</bdi>
            </>
          )}
        </span>
        {cell.published !== null && (
          <span>
            {words.published}: <bdi className="grid-detail-figure">{cell.published}</bdi>
          </span>
        )}
      </p>
      {cell.message && <p className="grid-detail-message">{cell.message}</p>}
      {cell.theirs && (
        <div className="grid-conflict">
          <p>{words.question}</p>
          <dl>
            <div>
              <dt>{words.yours}</dt>
              <dd>
                <bdi>{cell.text || words.nothing}</bdi>
              </dd>
            </div>
            <div>
              <dt>{filledPattern(words.theirs, { name: cell.theirs.by })}</dt>
              <dd>
                <bdi>{cell.theirs.text || words.nothing}</bdi>
              </dd>
            </div>
            {cell.published !== null && (
              <div>
                <dt>{words.published}</dt>
                <dd>
                  <bdi>{cell.published}</bdi>
                </dd>
              </div>
            )}
          </dl>
          <p className="grid-detail-actions">
            <button
              type="button"
              className="button-secondary"
              onClick={() => controller.settle(active, 'mine')}
            >
              {words.keepMine}
            </button>
            <button
              type="button"
              className="button-secondary"
              onClick={() => controller.settle(active, 'theirs')}
            >
              {words.takeTheirs}
            </button>
          </p>
        </div>
      )}
      {cell.note && (
        <p>
          {words.note}: <bdi>{cell.note}</bdi>
        </p>
      )}
      {hasEditors && (
        <p className="grid-detail-actions">
          <button
            type="button"
            className="button-secondary"
            onClick={() => controller.request('note')}
          >
            {words.addNote}
          </button>
          <button
            type="button"
            className="button-secondary"
            onClick={() => controller.request('source')}
          >
            {count > 1
              ? filledPattern(words.addSourceToBlock, { count: counted })
              : words.addSource}
          </button>
        </p>
      )}
    </div>
  )
}
