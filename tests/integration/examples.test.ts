import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { GET as getObservations } from '@/app/api/v1/observations/route'
import { GET as getFile } from '@/app/download/figures.csv/route'
import { exampleColumns, examples } from '@/features/developers/series'
import { loadFirstContent } from '@/features/imports/mutations'
import type { Database } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '../support/database'

// Code that people copy from the page for developers, run against the routes that it names.

const run = promisify(execFile)

let test: TestDatabase
let server: Server
let origin: string

beforeAll(async () => {
  test = await testDatabase()
  await loadFirstContent(test.database)
  server = createServer(async (request, response) => {
    const asked = new Request(new URL(request.url ?? '', origin))
    const isFile = new URL(asked.url).pathname === '/download/figures.csv'
    const answer = await (isFile ? getFile(asked) : getObservations(asked))
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(await answer.text())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', test.url)
  vi.stubEnv('SHUMAR_URL', origin)
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  const shared = globalThis as { shumarStreams?: Pool; shumarDatabase?: Database }
  await Promise.all([shared.shumarStreams?.end(), shared.shumarDatabase?.$disconnect()])
  await test.drop()
})

const example = (name: string) => {
  const found = examples(origin).find((one) => one.name === name)
  if (!found) throw new Error(`There is no example for ${name}.`)
  return found
}

const isThere = (program: string) =>
  run(program, ['--version']).then(
    () => true,
    () => false,
  )

/** `2024-A1 3810 USD_MILLION`, a line each. */
async function exports(): Promise<string[]> {
  const answer = await getObservations(new Request(`${example('curl').address}&limit=1000`))
  const { observations } = await answer.json()
  return observations.map((row: Record<string, string>) =>
    exampleColumns.map((column) => row[column]).join(' '),
  )
}

const linesOf = (text: string) => text.trim().split(/\r?\n/)

describe('the example', () => {
  it('for the command line runs', async () => {
    const { stdout } = await run('sh', ['-c', `${example('curl').code} --silent`])
    const { observations } = JSON.parse(stdout)
    expect(observations).toHaveLength(5)
    expect(Object.keys(observations[0])).toEqual([...exampleColumns])
  })

  it('in JavaScript runs, and takes every page', async () => {
    const code = example('javascript').code.replace('fields=', 'limit=4&fields=')
    const { stdout } = await run('node', ['--input-type=module', '-e', code])
    expect(linesOf(stdout)).toEqual(await exports())
  })

  it('in Python runs where Python is, and takes every page', async ({ skip }) => {
    if (!(await isThere('python3'))) skip('There is no python3 here.')
    const code = example('python').code.replace('fields=', 'limit=4&fields=')
    const { stdout } = await run('python3', ['-c', code])
    expect(linesOf(stdout)).toEqual(await exports())
  })

  // No R, Excel or Google Sheets is to be had here: what they ask for is, and has what they name.
  it.each(['r', 'excel', 'sheets'])(
    'for %s asks for a file with the columns that it names',
    async (name) => {
      const { address, code } = example(name)
      expect(code).toContain(`"${address}"`)
      const answer = await fetch(address)
      expect(answer.status).toBe(200)
      const [header = '', ...rows] = linesOf(await answer.text())
      const columns = header.split(',')
      const named =
        name === 'sheets'
          ? [...code.matchAll(/Col(\d+)/g)].map(([, number]) => columns[Number(number) - 1])
          : exampleColumns.filter((column) => code.includes(`"${column}"`))
      expect(named).toEqual([...exampleColumns])
      expect(rows).toHaveLength((await exports()).length)
    },
  )
})
