import type { Browser } from '@playwright/test'

/** One event of a trace of Chromium; times in microseconds, `tdur` of the processor. */
export interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  dur?: number
  tdur?: number
}

/** Milliseconds. */
export interface Blocked {
  /** All tasks from the navigation on. */
  all: number
  longest: number
  /** Of tasks that ended after the first contentful paint, what is over 50 ms (Total Blocking Time). */
  blocked: number
}

const categories = ['disabled-by-default-lighthouse', 'loading', 'blink.user_timing', 'toplevel']

/** The trace of what a browser does meanwhile. */
export async function traced(browser: Browser, act: () => Promise<unknown>): Promise<TraceEvent[]> {
  const session = await browser.newBrowserCDPSession()
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) =>
    events.push(...(value as unknown as TraceEvent[])),
  )
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  const traceConfig = { includedCategories: categories }
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig })
  await act()
  await session.send('Tracing.end')
  await complete
  await session.detach()
  return events
}

const isTask = ({ name, ph }: TraceEvent) => ph === 'X' && name.endsWith('RunTask')

/** Tasks that stand in no other. */
function outermost(events: readonly TraceEvent[]): TraceEvent[] {
  const tasks = events.filter(isTask).sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
  let end = 0
  return tasks.filter(({ ts, dur = 0 }) => {
    if (ts + dur <= end) return false
    end = ts + dur
    return true
  })
}

/** Counts the tasks of the thread that painted, as a processor so many times slower would take them. */
export function blockedIn(events: readonly TraceEvent[], slowedBy: number): Blocked {
  const paint = events.findLast(({ name }) => name === 'firstContentfulPaint')
  if (!paint) throw new Error('The trace has no first contentful paint.')
  const own = events.filter(({ pid, tid }) => pid === paint.pid && tid === paint.tid)
  const begin = own.findLast(({ name, ts }) => name === 'navigationStart' && ts <= paint.ts)
  const tasks = outermost(own.filter(({ ts }) => ts >= (begin?.ts ?? 0))).map((task) => ({
    end: task.ts + (task.dur ?? 0),
    took: ((task.tdur ?? 0) / 1000) * slowedBy,
  }))
  const late = tasks.filter(({ end }) => end > paint.ts)
  return {
    all: tasks.reduce((sum, { took }) => sum + took, 0),
    longest: Math.max(...tasks.map(({ took }) => took)),
    blocked: late.reduce((sum, { took }) => sum + Math.max(0, took - 50), 0),
  }
}
