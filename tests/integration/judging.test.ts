import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '@/features/accounts/schema'
import { judgeFigures } from '@/features/checks/data'
import { saveRule } from '@/features/checks/mutations'
import type { Rule } from '@/features/checks/schema'
import { publishFigures } from '@/features/figures/mutations'
import type { PublicationInput } from '@/features/figures/schema'
import { loadFirstContent } from '@/features/imports/mutations'
import { judgeStaged } from '@/features/judging/data'
import { parsePeriod } from '@/features/periods/rules'
import type { Database, Transaction } from '@/lib/db/client'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

let home: TestDatabase
let database: Database
let admin: Actor

beforeAll(async () => {
  home = await testDatabase()
  database = home.database
  await loadFirstContent(database)
  admin = await newActor(database, 'admin')
  const own: [string, Rule['kind'], Record<string, string>][] = [
    ['LINK', 'source', { needs: 'link' }],
    ['FIVEFOLD', 'jump', { factor: '5' }],
    ['SUM_OF_TRAINED', 'areas_sum', { tolerance: '2' }],
  ]
  for (const [code, kind, parameters] of own) {
    const indicator = kind === 'areas_sum' ? 'TRAINED' : null
    const rule = { code, kind, parameters, indicator, version: 0, note: 'Test.', isActive: true }
    const saved = await saveRule(database, admin, { ...rule, severity: 'warning' })
    if (!saved.ok) throw new Error(saved.problem.code)
  }
  const published = fc.sample(anyFigure, { numRuns: 60, seed: 5 })
  const commit = { kind: 'publication' as const, message: '', idempotencyKey: randomUUID() }
  await database.$transaction((tx) => publishFigures(tx, admin, published, commit))
})

afterAll(() => home.drop())

const source = { publisher: 'Dawn', title: 'Tests', publishedLabel: '2022-05-11', url: '' }

const figure = (changes: Partial<PublicationInput>): PublicationInput => ({
  role: 'actual',
  indicator: 'TRAINED',
  programme: 'PSEB',
  area: 'PK',
  academy: '_T',
  sex: '_T',
  kind: 'flow',
  unit: 'PERSONS',
  period: '1960',
  value: '1',
  status: 'A',
  precision: 'exact',
  source,
  note: '',
  reason: '',
  periodLabel: '',
  releasedOn: '2022-05-11',
  ...changes,
})

const places = {
  indicator: ['TRAINED', 'CERTIFIED'],
  area: ['PK', 'PK', 'PK-PB', 'PK-SD'],
  sex: ['_T', '_T', 'F', 'M'],
  kind: ['flow', 'stock'],
  period: ['1960', '1961', '1962', '1961-05', '1961-06', '1961-05-09', '_U'],
  value: ['-3', '0', '1', '9', '10', '11', '11.50', '12', '40'],
} as const

const anyFigure = fc
  .record({
    ...{ indicator: fc.constantFrom(...places.indicator), area: fc.constantFrom(...places.area) },
    ...{ sex: fc.constantFrom(...places.sex), kind: fc.constantFrom(...places.kind) },
    ...{ period: fc.constantFrom(...places.period), value: fc.constantFrom(...places.value) },
    source: fc.constantFrom(source, { ...source, url: 'https://example.org/' }),
  })
  .map((one) => figure(one))
const anyFile = fc.array(anyFigure, { minLength: 5, maxLength: 30 })

/** One finding of each kind, between rows that no page of two holds together. */
const telling = [
  ...[figure({ value: '12' }), figure({ kind: 'stock', value: '12' }), figure({ value: '-3' })],
  ...[figure({ period: '1962', value: '9' }), figure({ sex: 'F', value: '1', period: '1961' })],
  ...[figure({ indicator: 'CERTIFIED', period: '1962', value: '12' }), figure({ period: '1961' })],
  ...[figure({ area: 'PK-PB', period: '1962', value: '40' }), figure({ sex: 'M', period: '1961' })],
  ...[
    figure({ kind: 'stock', period: '1962', value: '9' }),
    figure({ kind: 'stock', value: '10' }),
  ],
]

async function stage(tx: Transaction, uploadId: string, rows: PublicationInput[]): Promise<void> {
  const data = rows.map((row, at) => {
    const read = parsePeriod(row.period)
    if (!read.ok) throw new Error(row.period)
    const day = (text: string | null) => (text === null ? null : new Date(text))
    return {
      uploadId,
      no: at + 1,
      line: at + 2,
      role: row.role,
      indicatorCode: row.indicator,
      programmeCode: row.programme,
      areaCode: row.area,
      academyCode: row.academy,
      sex: row.sex,
      kind: row.kind,
      unitCode: row.unit,
      period: row.period,
      periodStart: day(read.value.start),
      periodEnd: day(read.value.end),
      frequency: read.value.frequency,
      valueText: row.value,
      status: row.status,
      precision: row.precision,
      releasedOn: null,
      sourceNo: at + 1,
      note: '',
      periodLabel: '',
    }
  })
  await tx.stagedFigure.createMany({ data })
  await tx.stagedSource.createMany({
    data: rows.map(({ source }, at) => ({ uploadId, no: at + 1, ...source })),
  })
}

class Undone extends Error {}

test('rules say of a file in pages what they say of all its figures together', async () => {
  const codes = new Set<string>()
  const compare = (rows: PublicationInput[]) =>
    database.$transaction(async (tx) => {
      const uploadId = randomUUID()
      await stage(tx, uploadId, rows)
      const together = (await judgeFigures(tx, rows)).map(({ index, ...finding }) => ({
        line: index + 2,
        ...finding,
      }))
      const paged: typeof together = []
      for await (const page of judgeStaged(tx, uploadId, { rows: 2, points: 3 })) {
        paged.push(...page.map(({ line, finding }) => ({ line, ...finding })))
      }
      for (const { code } of together) codes.add(code)
      const inOrder = (found: typeof together) =>
        found
          .map(({ line, rule, severity, code, params }) =>
            JSON.stringify([line, rule, severity, code, Object.entries(params).sort()]),
          )
          .sort()
      expect(inOrder(paged)).toEqual(inOrder(together))
      throw new Undone()
    })
  const property = fc.asyncProperty(anyFile, (rows) =>
    compare(rows).catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error
    }),
  )
  await fc.assert(property, { numRuns: 15, examples: [[telling]] })
  for (const code of ['falls', 'areasSum', 'sexesSum', 'partAboveWhole', 'negative', 'linkMissing'])
    expect(codes).toContain(code)
})
