import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, relative, resolve } from 'node:path'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import { withoutSettings } from '../tests/support/environment'
import { watchForOrphaning } from './orphan'
import { type ProcessGroup, startGroup } from './process-group'

/**
 * Everything that must hold before a change goes in: `npm test`, or some of it with
 * `npm test -- --only=types,lint`. The last line printed is `N passed, N failed`. The exit code is
 * not zero when anything failed, when no test ran, or when a stage did not run.
 */
const root = resolve(import.meta.dirname, '..')

interface Counts {
  passed: number
  failed: number
  /** Names of tests that were skipped. */
  skipped: string[]
  /** What failed, each with how its message begins: the end of a long output tells it again. */
  reasons: string[]
}

/** One line of at most 500 characters, without the colours of a terminal. */
function reason(file: string, name: string, message = ''): string {
  const words = stripVTControlCharacters(message).replace(/\s+/g, ' ').trim()
  return `${relative(root, file)}: ${name}: ${words}`.slice(0, 500)
}

interface Stage {
  name: string
  commands: string[][]
  /** Minutes until the stage is stopped and counts as failed. */
  limit: number
  /** A cheap check: when it fails, the stages after it are not worth running. */
  gate?: true
  /** Reads what the test runner reported in the file named by the environment below. */
  counts?: (report: unknown) => Counts
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] | null }[]
  }[]
}

function vitestCounts(report: unknown): Counts {
  const { numPassedTests, numFailedTests, testResults } = report as VitestReport
  const skipped = testResults
    .flatMap((file) => file.assertionResults)
    .filter(({ status }) => !['passed', 'failed'].includes(status))
    .map(({ fullName, status }) => `${fullName} (${status})`)
  const reasons = testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed')
    // A file that could not be read, or whose preparation failed, names no test.
    if (failed.length === 0 && file.status === 'failed') {
      return [reason(file.name, 'the whole file', file.message)]
    }
    return failed.map((test) => reason(file.name, test.fullName, test.failureMessages?.[0]))
  })
  return { passed: numPassedTests, failed: numFailedTests, skipped, reasons }
}

interface PlaywrightSuite {
  title: string
  suites?: PlaywrightSuite[]
  specs: {
    title: string
    file: string
    line: number
    tests: { status: string; results: { error?: { message?: string } }[] }[]
  }[]
}
interface PlaywrightReport {
  suites: PlaywrightSuite[]
  stats: { expected: number; unexpected: number; flaky: number }
}

function skippedSpecs(suite: PlaywrightSuite): string[] {
  const own = suite.specs
    .filter((spec) => spec.tests.some((test) => test.status === 'skipped'))
    .map((spec) => `${suite.title}: ${spec.title}`)
  return [...own, ...(suite.suites ?? []).flatMap(skippedSpecs)]
}

function failedSpecs(suite: PlaywrightSuite): string[] {
  const own = suite.specs
    .filter((spec) => spec.tests.some(({ status }) => ['unexpected', 'flaky'].includes(status)))
    .map((spec) => {
      const errors = spec.tests.flatMap(({ results }) => results.map(({ error }) => error?.message))
      return reason(
        join(root, 'tests/e2e', spec.file),
        `${spec.line}: ${spec.title}`,
        errors.find((message) => message !== undefined),
      )
    })
  return [...own, ...(suite.suites ?? []).flatMap(failedSpecs)]
}

/** A browser test that was skipped has checked nothing: it counts as failed. */
function playwrightCounts(report: unknown): Counts {
  const { suites, stats } = report as PlaywrightReport
  const skipped = suites.flatMap(skippedSpecs)
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + skipped.length,
    skipped,
    reasons: suites.flatMap(failedSpecs),
  }
}

const folder = join(tmpdir(), `shumar-test-${process.pid}-${randomUUID().slice(0, 8)}`)
const report = (stage: string) => join(folder, `${stage}.json`)

const stages: Stage[] = [
  { name: 'generate', commands: [['tsx', 'scripts/generate.ts']], limit: 2, gate: true },
  {
    name: 'types',
    commands: [
      ['next', 'typegen'],
      ['tsc', '--noEmit', '--incremental', 'false'],
    ],
    limit: 5,
    gate: true,
  },
  { name: 'lint', commands: [['biome', 'check', '--error-on-warnings']], limit: 2, gate: true },
  { name: 'structure', commands: [['tsx', 'scripts/check-structure.ts']], limit: 1, gate: true },
  { name: 'messages', commands: [['tsx', 'scripts/check-messages.ts']], limit: 1, gate: true },
  {
    name: 'vitest',
    commands: [
      [
        'vitest',
        'run',
        '--project=unit',
        '--project=integration',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report('vitest')}`,
      ],
    ],
    limit: 15,
    counts: vitestCounts,
  },
  {
    name: 'browser',
    commands: [['playwright', 'test', '--reporter=list,json']],
    limit: 40,
    counts: playwrightCounts,
  },
]

function select(): Stage[] {
  const { values } = parseArgs({ options: { only: { type: 'string' } } })
  if (values.only === undefined) return stages
  const names = values.only.split(',')
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name))
  if (unknown.length > 0) {
    const known = stages.map((stage) => stage.name).join(', ')
    throw new Error(`No stage is called ${unknown.join(', ')}. The stages: ${known}.`)
  }
  return stages.filter((stage) => names.includes(stage.name))
}

const chosen = select()

const environment = withoutSettings({
  PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  TMPDIR: folder,
  PLAYWRIGHT_JSON_OUTPUT_FILE: report('browser'),
})

let running: ProcessGroup | undefined
let interrupted = false

async function run([command = '', ...args]: string[], limit: number): Promise<boolean> {
  const group = startGroup(command, args, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  running = group
  const timer = setTimeout(() => {
    console.log(`\nStopped: ${command} ran longer than ${limit} minutes.`)
    void group.stop()
  }, limit * 60_000)
  const code = await group.exited
  clearTimeout(timer)
  await group.stop()
  return code === 0
}

function interrupt() {
  interrupted = true
  void running?.stop()
}
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt)
watchForOrphaning(interrupt)

interface Outcome {
  stage: string
  state: 'ok' | 'failed' | 'not run'
  seconds: number
  counts?: Counts
}

async function readCounts({ name, counts }: Stage): Promise<Counts | undefined> {
  if (!counts) return undefined
  const file = report(name)
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: [], reasons: [] }
  return counts(JSON.parse(await readFile(file, 'utf8')))
}

async function runStage(stage: Stage): Promise<Outcome> {
  console.log(`\n=== ${stage.name} ===`)
  const begin = performance.now()
  let success = true
  for (const command of stage.commands) success &&= await run(command, stage.limit)
  const counts = await readCounts(stage)
  const tested = !counts || (counts.failed === 0 && counts.passed > 0)
  return {
    stage: stage.name,
    state: success && tested && !interrupted ? 'ok' : 'failed',
    seconds: (performance.now() - begin) / 1000,
    counts,
  }
}

function line({ stage, state, seconds, counts }: Outcome): string {
  const tests = counts ? `  ${counts.passed} passed, ${counts.failed} failed` : ''
  const time = state === 'not run' ? '' : `${seconds.toFixed(1)} s`
  return `${stage.padEnd(10)} ${state.padEnd(8)} ${time.padStart(8)}${tests}`
}

/** A stage that failed without naming a failed test still counts as one failure. */
function failures({ state, counts }: Outcome): number {
  return state === 'failed' ? Math.max(counts?.failed ?? 0, 1) : 0
}

const outcomes: Outcome[] = []
let blocked = false
// Run as root, the embedded database is another user, who must be able to pass through here.
await mkdir(folder, { mode: 0o700 })
await chmod(folder, 0o711)
try {
  for (const stage of chosen) {
    if (blocked || interrupted) {
      outcomes.push({ stage: stage.name, state: 'not run', seconds: 0 })
      continue
    }
    const outcome = await runStage(stage)
    outcomes.push(outcome)
    blocked ||= outcome.state === 'failed' && stage.gate === true
  }
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

console.log('\n=== summary ===')
for (const outcome of outcomes) console.log(line(outcome))
for (const { stage, counts } of outcomes) {
  for (const name of counts?.skipped ?? []) console.log(`skipped in ${stage}: ${name}`)
  for (const text of counts?.reasons ?? []) console.log(`failed in ${stage}: ${text}`)
}
if (interrupted) console.log('Interrupted.')

const passed = outcomes.reduce((sum, { counts }) => sum + (counts?.passed ?? 0), 0)
const failed = outcomes.reduce((sum, outcome) => sum + failures(outcome), 0)
process.exitCode = outcomes.every(({ state }) => state === 'ok') ? 0 : 1
console.log(`${passed} passed, ${failed} failed`)
