import { systemActor } from '@/features/accounts/data'
import { publishFigures } from '@/features/figures/mutations'
import type { PublicationInput } from '@/features/figures/schema'
import type { Database } from '@/lib/db/client'

const source = (title: string) => ({
  publisher: `${title} A`,
  title,
  publishedLabel: '2022-05',
  url: 'https://example.org/',
})

/** Notes and titles that spreadsheets like to run, or take for something else. */
export const texts = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '＝1',
  "'=1",
  "''=1",
  '"=1',
  'He said: "آئی سی ٹی, 40,000"',
  '2022-05',
  'March 2022',
  'TRUE',
  '007',
  'C:\\data',
  '<b>&amp;</b>',
]
/** Values that do not fit a double, or look otherwise once they went through one. */
export const values = [
  '-5',
  '-0.50',
  '0.05',
  '2.20',
  '0.00',
  '396.243',
  '123456789012345678901234567890',
  '-1234567890.12345678901234567890',
  '9007199254740993',
]

/** Publishes them all, for COUNTRIES, in the years from 1910 on; under another key, nothing new. */
export async function publishHardFigures(database: Database, key: string) {
  const actor = await systemActor(database)
  const figure = (n: number, changes: Partial<PublicationInput>): PublicationInput => ({
    role: 'actual',
    indicator: 'COUNTRIES',
    programme: 'HUAWEI_TALENT',
    area: '001',
    academy: '_T',
    sex: '_T',
    kind: 'stock',
    unit: 'COUNTRIES',
    period: `${1910 + n}`,
    value: '1',
    status: 'A',
    precision: 'exact',
    source: source('Dawn'),
    note: '',
    reason: '',
    periodLabel: '',
    releasedOn: '2022-05-31',
    ...changes,
  })
  const figures = [
    ...texts.map((note, n) => figure(n, { note, source: source(note) })),
    ...values.map((value, n) => figure(n + 40, { value })),
    figure(80, { period: '1890-01-01/1895-06-30'.replaceAll('18', '19'), kind: 'flow' }),
    figure(81, { period: '../1995-06-30', kind: 'cumulative' }),
    figure(82, { period: '_U' }),
    figure(83, { period: '1999-A1', kind: 'flow' }),
    figure(84, { period: '1903-02', kind: 'flow' }),
    figure(85, { period: '1900-01', kind: 'flow' }),
  ]
  const options = { kind: 'publication' as const, message: '', idempotencyKey: key }
  await database.$transaction((tx) => publishFigures(tx, actor, figures, options), {
    timeout: 60_000,
  })
}
