import { createRoot } from 'react-dom/client'
import { Grid } from '@/components/grid/grid'
import { type CellChange, cellKey, type GridCell, type SaveAnswer } from '@/components/grid/model'
import { gridWords } from '@/components/grid/words'
import type { Locale } from '@/lib/i18n'

/** Runs in the browser: a grid of its own, whose server is this page (see grid-harness.ts). */
const asked = new URLSearchParams(window.location.search)
const locale = (asked.get('locale') ?? 'en') as Locale
const rowCount = Number(asked.get('rows') ?? '93')
const columnCount = Number(asked.get('columns') ?? '4')
/** Every cell begins with a figure. */
const isFilled = asked.has('filled')

const names = ['Enrolled', 'Completed', 'Certified', 'Trainers']
const rows = Array.from({ length: rowCount }, (_, at) => ({
  id: `A${at + 1}`,
  label: `Academy ${at + 1}`,
  group: at % 2 === 0 ? 'Punjab' : 'Sindh',
  aliases: [`اکیڈمی ${at + 1}`],
}))
const columns = Array.from({ length: columnCount }, (_, at) => ({
  id: `C${at + 1}`,
  label: names[at % names.length] ?? '',
  group: `FY${2023 + Math.floor(at / names.length)}`,
  unit: at % names.length === 2 ? '%' : 'persons',
  percent: at % names.length === 2,
}))

/** The states that need somebody else, or a rule, to come about. */
function example(column: number): Partial<GridCell> {
  const theirs = { text: '77', by: 'Bilal Ahmed' }
  const examples: Partial<GridCell>[] = [
    { text: '76', state: 'conflict', theirs, note: 'As returned.', hasSource: true },
    { text: '9000', state: 'warning', message: 'Ten times as many as the year before.' },
    { text: '12,3', state: 'invalid', message: 'The number is not written as expected.' },
    { text: '5', state: 'failed', message: 'Not stored.' },
  ]
  return examples[column] ?? {}
}

const cells: Record<string, GridCell> = {}
for (const [r, row] of rows.entries()) {
  for (const [c, column] of columns.entries()) {
    const published = (r + c) % 3 === 0 ? String(1000 + r * 10 + c) : null
    const isLocked = r === 5 && c === 3
    cells[cellKey({ row: row.id, column: column.id })] = {
      text: isFilled ? String(2000 + r * 10 + c) : '',
      published,
      base: published ? 1 : null,
      state: isLocked ? 'locked' : isFilled ? 'saved' : 'empty',
      message: isLocked ? 'The period is closed.' : undefined,
      hasSource: false,
      ...(asked.has('states') && r === 0 && example(c)),
    }
  }
}

interface Harness {
  saved: CellChange[][]
  requests: unknown[]
  signedOut: number
  /** What the next answers are: stored, lost, signed out, or a conflict in the first cell. */
  mode: 'saved' | 'lost' | 'signedOut' | 'conflict'
  resume(): void
}

const harness: Harness = {
  saved: [],
  requests: [],
  signedOut: 0,
  mode: 'saved',
  resume: () => undefined,
}
Object.assign(window, { harness })

async function save(changes: CellChange[]): Promise<SaveAnswer> {
  await new Promise((done) => setTimeout(done, 50))
  if (harness.mode === 'lost') throw new TypeError('Failed to fetch')
  if (harness.mode === 'signedOut') return { kind: 'signedOut' }
  harness.saved.push(changes)
  return {
    kind: 'saved',
    cells: changes.map((change) => {
      const { row, column, text } = change
      if (harness.mode === 'conflict' && change.base !== 7) {
        const theirs = { text: '77', by: 'Bilal Ahmed', base: 7 }
        return { row, column, state: 'conflict', theirs }
      }
      if (/[a-z]/i.test(text))
        return { row, column, text, state: 'invalid', message: 'Not a number.', base: 2 }
      return { row, column, text, state: text === '' ? 'empty' : 'saved', base: 2 }
    }),
  }
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <main className="page">
    <h1>Grid</h1>
    <Grid
      ref={(handle) => {
        harness.resume = () => handle?.resume()
      }}
      label="Figures"
      corner="Academy"
      journalId={asked.get('journal')}
      rows={rows}
      columns={columns}
      cells={cells}
      words={gridWords(locale)}
      onSave={save}
      onSignedOut={() => {
        harness.signedOut++
      }}
      onRequest={(request) => harness.requests.push(request)}
    />
  </main>,
)
