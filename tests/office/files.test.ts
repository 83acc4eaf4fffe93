import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { answerFile } from '@/features/files/data'
import { fileKinds } from '@/features/files/schema'
import { loadFirstContent } from '@/features/imports/mutations'
import { uncoverDecimal, uncoverText } from '@/lib/csv'
import { type TestDatabase, testDatabase } from '../support/database'
import { publishHardFigures, texts, values } from '../support/hard-figures'

/**
 * What LibreOffice makes of our files when it opens them as a user would, and saves them as CSV:
 * `npm run test:office`, with `soffice` on the PATH.
 */
let test: TestDatabase
let folder: string

beforeAll(async () => {
  test = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'shumar-office-'))
  await loadFirstContent(test.database)
  await publishHardFigures(test.database, 'office')
})

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', test.url)
  vi.stubEnv('SHUMAR_URL', 'https://shumar.example.org')
})

afterAll(async () => {
  await (globalThis as { shumarSnapshots?: Pool }).shumarSnapshots?.end()
  await test.drop()
  await rm(folder, { recursive: true })
})

const bytesOf = async (form: 'csv' | 'excel' | 'xlsx', query: string) => {
  const { name } = fileKinds[form]
  const answer = await answerFile(
    new Request(`https://shumar.example.org/download/${name}${query}`),
    name,
  )
  return Buffer.from(await answer.arrayBuffer())
}

type Rows = Record<string, string>[]
const read = (file: Buffer): Rows => parse(file, { columns: true, bom: true })

/** The rows of a file once LibreOffice has opened it, every cell as it is shown. */
async function throughOffice(file: Buffer, ending: string): Promise<Rows> {
  const path = join(folder, `figures.${ending}`)
  const out = join(folder, ending)
  await writeFile(path, file)
  await promisify(execFile)(
    'soffice',
    [
      `-env:UserInstallation=file://${folder}/profile`,
      '--headless',
      // Tokens: comma, quote, UTF-8, from line 1, no columns, English, every text quoted, as shown.
      '--infilter=CSV:44,34,76,1,,1033,false,true',
      '--convert-to',
      'csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,true,true,false,false,false,1',
      '--outdir',
      out,
      path,
    ].filter((word) => ending === 'csv' || !word.startsWith('--infilter')),
  )
  // The first sheet; its name is in that of the file.
  const [made = ''] = await readdir(out)
  return read(await readFile(join(out, made)))
}

const own = '?indicator=COUNTRIES&from=1910&to=1999'

it('the CSV for Excel keeps every text, also when a spreadsheet looks for numbers and days', async () => {
  const plain = read(await bytesOf('csv', own))
  const seen = await throughOffice(await bytesOf('excel', own), 'csv')
  expect(seen).toHaveLength(plain.length)
  for (const [n, row] of seen.entries()) {
    for (const column of ['note', 'title', 'publisher', 'area', 'period', 'indicator'] as const)
      expect(uncoverText(row[column] ?? ''), `${column} of row ${n}`).toBe(plain[n]?.[column])
    // A spreadsheet keeps fifteen digits and shows fewer.
    const value = Number(uncoverDecimal(row.value ?? ''))
    expect(value, `value of row ${n}`).toBeCloseTo(Number(plain[n]?.value), 2)
  }
})

it('the workbook keeps every text, long decimals as text, and Urdu', async () => {
  const plain = read(await bytesOf('csv', own))
  const seen = await throughOffice(await bytesOf('xlsx', own), 'xlsx')
  expect(seen.map(({ note }) => note)).toEqual(plain.map(({ note }) => note))
  expect(seen.map(({ title }) => title)).toEqual(plain.map(({ title }) => title))
  expect(seen.map(({ period_end }) => period_end)).toEqual(plain.map((row) => row.period_end))
  expect(seen.map(({ note }) => note)).toEqual(expect.arrayContaining(texts))
  const long = values.filter((value) => value.replace(/\D/g, '').length > 15)
  expect(seen.map(({ value }) => value)).toEqual(expect.arrayContaining(long))
  const short = plain.map(({ value = '' }) => value).filter((value) => !long.includes(value))
  const shown = new Set(seen.map(({ value }) => Number(value)))
  for (const value of short) expect(shown, value).toContain(Number(value))
})
