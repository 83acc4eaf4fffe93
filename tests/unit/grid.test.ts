import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openJournal } from '@/components/grid/journal'
import { commandOf } from '@/components/grid/keys'
import { place } from '@/components/grid/placement'
import { Saver } from '@/components/grid/saver'
import { GridStore } from '@/components/grid/store'
import { Viewport } from '@/components/grid/viewport'
import { readClipboard, readTabs, writeClipboard } from '@/lib/clipboard'

const rows = ['Lahore', 'Multan', 'Quetta'].map((label, at) => ({ id: `A${at}`, label }))
const columns = ['2022', '2023'].map((label, at) => ({ id: `C${at}`, label }))
const corner = { top: 0, left: 0, bottom: 0, right: 0 }

const textsOf = (clipboard: { text: string; html: string }) => {
  const block = readClipboard(clipboard)
  return block.ok ? block.value.map((row) => row.map(({ text }) => text)) : block.problem
}

describe('the clipboard', () => {
  it('gives back what was put on it', () => {
    const text = fc.stringMatching(/^[a-z0-9"<>&,.\u06f0-\u06f9]([a-z0-9"<>& \n\t]*[a-z0-9"])?$/)
    const block = fc.integer({ min: 1, max: 4 }).chain((width) =>
      fc.array(fc.array(text, { minLength: width, maxLength: width }), {
        minLength: 1,
        maxLength: 4,
      }),
    )
    fc.assert(
      fc.property(block, (cells) => {
        expect(textsOf({ text: writeClipboard(cells).text, html: '' })).toEqual(cells)
      }),
    )
  })

  it('keeps blanks, and drops the end of the last line', () => {
    expect(textsOf({ text: '1\t\t3\r\n\t\t\r\n', html: '' })).toEqual([
      ['1', '', '3'],
      ['', '', ''],
    ])
  })

  it('knows merged cells, and takes nothing from styles and scripts', () => {
    const html =
      '<html><style>td{}</style><!--StartFragment--><table><tr><td colspan=2>2023</td></tr>' +
      '<tr><td>1&nbsp;234</td><td>&#1779;<script>alert(1)</script></td></tr></table>'
    const block = readClipboard({ text: '', html })
    expect(block).toMatchObject({ ok: true })
    expect(textsOf({ text: '', html })).toEqual([
      ['2023', ''],
      ['1\u00a0234', '۳'],
    ])
  })

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, html) => void readClipboard({ text, html })),
    )
  })

  it('refuses merged cells that cover too much', () => {
    const html = '<table><tr><td colspan=999999>1</td></tr></table>'
    expect(textsOf({ text: '', html })).toMatchObject({ code: 'tooLarge' })
  })
})

describe('a pasted block', () => {
  const placed = (text: string, selection = corner) => {
    const block = readTabs(text)
    if (!block.ok) throw new Error(block.problem.code)
    return place(block.value, selection, { rows, columns })
  }

  it('goes by its own headings, and says which are unknown', () => {
    const { texts, unknownRows } = placed('\t2023\t2022\nMultan\t1\t2\nKarachi\t3\t4\n')
    expect(texts).toEqual([
      { row: 1, column: 1, text: '1' },
      { row: 1, column: 0, text: '2' },
    ])
    expect(unknownRows).toEqual(['Karachi'])
  })

  it('is a figure where it only looks like a heading', () => {
    expect(placed('2022').texts).toEqual([{ row: 0, column: 0, text: '2022' }])
  })

  it('says how many cells lie outside', () => {
    const { outside } = placed('1\t2\t3\n4\t5\t6\n', { ...corner, left: 1, right: 1 })
    expect(outside).toBe(4)
  })
})

describe('the store', () => {
  const typed: string[] = []
  const open = () =>
    new GridStore({
      rows,
      columns,
      cells: {},
      check: () => null,
      onTyped: (cells) => typed.push(...cells.map(({ text }) => text)),
    })

  it('undoes and redoes a paste as one step', () => {
    const store = open()
    store.write([
      { row: 0, column: 0, text: '1' },
      { row: 1, column: 1, text: '2' },
    ])
    expect(store.undo()).toBe(2)
    expect(store.cell({ row: 1, column: 1 }).text).toBe('')
    expect(store.redo()).toBe(2)
    expect(store.cell({ row: 1, column: 1 }).text).toBe('2')
  })
})

describe('keys', () => {
  const press = (key: string) => ({
    key,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    isAltGraph: false,
  })
  it('follow what is seen', () => {
    const left = (isRtl: boolean) => commandOf(press('ArrowLeft'), { editing: null, isRtl })
    expect(left(false)).toMatchObject({ columns: -1 })
    expect(left(true)).toMatchObject({ columns: 1 })
  })
})

describe('the journal', () => {
  it('keeps a newer text when an older one is acknowledged', () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, text: string) => void kept.set(name, text),
      removeItem: (name: string) => void kept.delete(name),
      key: (at: number) => [...kept.keys()][at] ?? null,
      get length() {
        return kept.size
      },
    }
    const journal = openJournal(storage, 'sheet')
    const cell = { row: 'A0', column: 'C0', base: 1 }
    journal.put({ ...cell, text: '1', stamp: 'a' })
    journal.put({ ...cell, text: '2', stamp: 'b' })
    journal.remove({ ...cell, stamp: 'a' })
    expect(openJournal(storage, 'sheet').read()).toMatchObject([{ text: '2' }])
    journal.remove({ ...cell, stamp: 'b' })
    expect(journal.read()).toEqual([])
  })
})

describe('the saver', () => {
  it('has one request under way, and gives the next one the base of the answer', async () => {
    const sent: unknown[] = []
    const change = (text: string, stamp: string) => ({
      row: 'A0',
      column: 'C0',
      text,
      base: 1,
      stamp,
    })
    const saver: Saver = new Saver({
      send: async (changes) => {
        sent.push(changes.map(({ text, base }) => [text, base]))
        if (sent.length === 1) saver.add([change('2', 'b')])
        return {
          kind: 'saved',
          cells: changes.map(({ row, column }) => ({ row, column, state: 'saved', base: 7 })),
        }
      },
      onSending: () => undefined,
      onWaiting: () => undefined,
      onAnswer: () => undefined,
      onStatus: () => undefined,
      onSignedOut: () => undefined,
    })
    saver.add([change('1', 'a')])
    expect(await saver.flush()).toBe(true)
    expect(sent).toEqual([[['1', 1]], [['2', 7]]])
  })
})

describe('what is in the document', () => {
  const sizes = { row: 50, column: 100, heading: 200, head: 100, width: 700, height: 600 }
  const opened = () => {
    const viewport = new Viewport(93, 54)
    viewport.measured(sizes)
    return viewport
  }
  const { row, column, width, height } = { ...sizes, width: 500, height: 500 }

  it('is little more than can be seen', () => {
    expect(opened().seen()).toEqual({ top: 0, bottom: 13, first: 0, last: 6 })
  })

  it('holds the cell that a move leads to, whole and before the browser has scrolled', () => {
    const place = fc.record({
      row: fc.integer({ min: 0, max: 92 }),
      column: fc.integer({ min: 0, max: 53 }),
    })
    fc.assert(
      fc.property(fc.array(place, { minLength: 1 }), (moves) => {
        const viewport = opened()
        let offset = { down: 0, along: 0 }
        for (const at of moves) {
          viewport.bring(at)
          offset = viewport.ahead() ?? offset
          const { down, along } = offset
          expect(down).toBeLessThanOrEqual(at.row * row)
          expect(down + height).toBeGreaterThanOrEqual((at.row + 1) * row)
          expect(along).toBeLessThanOrEqual(at.column * column)
          expect(along + width).toBeGreaterThanOrEqual((at.column + 1) * column)
          const { top, bottom, first, last } = viewport.seen()
          expect(top <= at.row && at.row < bottom && first <= at.column && at.column < last).toBe(
            true,
          )
          viewport.scrolled(offset)
        }
      }),
    )
  })

  it('is painted once where a move scrolls: the browser has nothing to add', () => {
    const viewport = opened()
    let painted = 0
    viewport.subscribe(() => {
      painted++
    })
    viewport.bring({ row: 40, column: 0 })
    viewport.scrolled(viewport.ahead() ?? { down: 0, along: 0 })
    expect(painted).toBe(1)
  })

  it('follows the moving end of a selection', () => {
    const store = new GridStore({
      rows,
      columns,
      cells: {},
      check: () => null,
      onTyped: () => undefined,
    })
    store.go({ row: 0, column: 0 })
    store.extend({ row: 2, column: 1 })
    expect(store.state()).toMatchObject({ active: { row: 0 }, sight: { row: 2, column: 1 } })
  })
})
