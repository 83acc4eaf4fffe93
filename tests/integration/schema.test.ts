import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../support/database'

// What the database refuses whoever writes, also past the application.

type Row = Record<string, string | number | boolean | null>

const observation: Row = {
  role: 'actual',
  indicator_code: 'STUDENTS',
  programme_code: 'ACADEMY',
  area_code: 'PK',
  academy_code: '_T',
  sex: '_T',
  kind: 'stock',
  unit_code: 'PERSONS',
  period: '2022-05-11',
  period_start: '2022-05-11',
  period_end: '2022-05-11',
  frequency: 'D',
}
const revision: Row = {
  commit_no: 1,
  kind: 'publication',
  value: '40000',
  value_text: '40000',
  source_id: 1,
  author_id: 'officer',
  approver_id: 'officer',
  released_on: '2022-05-11',
  recorded_on: '2022-05-12',
  known_on: '2022-05-11',
}
const source: Row = { publisher: 'Dawn', title: '', published_label: '', url: '' }

let test: TestDatabase
let client: Client

beforeAll(async () => {
  test = await testDatabase()
  client = new Client({ connectionString: test.url })
  await client.connect()
  await client.query(`
    INSERT INTO users (id, name, email) VALUES ('officer', 'Officer', 'officer@example.org');
    INSERT INTO commits (kind, actor_id, idempotency_key) VALUES ('import', 'officer', 'first');
    INSERT INTO units (code) VALUES ('PERSONS');
    INSERT INTO indicators (code, theme, default_kind, default_unit_code)
      VALUES ('STUDENTS', 'people', 'stock', 'PERSONS');
    INSERT INTO programmes (code) VALUES ('ACADEMY');
    INSERT INTO areas (code) VALUES ('PK');
    INSERT INTO academies (code, programme_code, area_code) VALUES ('_T', 'ACADEMY', 'PK');
    INSERT INTO sources (publisher, url) VALUES ('The Nation', 'https://example.org/nation')`)
})

afterAll(async () => {
  await client.end()
  await test.drop()
})

beforeEach(() => client.query('BEGIN'))
afterEach(() => client.query('ROLLBACK'))

async function insert(table: string, row: Row): Promise<number> {
  const columns = Object.keys(row)
  const places = columns.map((_, n) => `$${n + 1}`)
  const { rows } = await client.query(
    `INSERT INTO ${table} (${columns}) VALUES (${places}) RETURNING *`,
    Object.values(row),
  )
  return rows[0].id
}

const insertObservation = (changes: Row = {}) =>
  insert('observations', { ...observation, ...changes })

async function insertRevision(changes: Row = {}): Promise<number> {
  const observation_id = changes.observation_id ?? (await insertObservation())
  return insert('revisions', { ...revision, ...changes, observation_id })
}

/** The constraint that refuses, or the message where a trigger does. */
const refusalOf = (write: Promise<unknown>): Promise<string | undefined> =>
  write.then(
    () => undefined,
    (error: { constraint?: string; message: string }) => error.constraint ?? error.message,
  )

describe('a figure as it should be', () => {
  it.each<Row>([
    { period: '2022', period_start: '2022-01-01', period_end: '2022-12-31', frequency: 'A' },
    { period: '2023-A1', period_start: '2023-07-01', period_end: '2024-06-30', frequency: 'A' },
    { period: '2022-Q4', period_start: '2022-10-01', period_end: '2022-12-31', frequency: 'Q' },
    { period: '2024-02', period_start: '2024-02-01', period_end: '2024-02-29', frequency: 'M' },
    { period: '2022-05-11', frequency: 'D' },
    {
      period: '2021-05-01/2022-05-11',
      period_start: '2021-05-01',
      period_end: '2022-05-11',
      frequency: '_O',
    },
    { period: '../2025-01-03', period_start: null, period_end: '2025-01-03', frequency: '_O' },
    { period: '2020-01-01/..', period_start: '2020-01-01', period_end: null, frequency: '_O' },
    {
      period: '_U',
      period_start: null,
      period_end: null,
      frequency: '_U',
      period_source: 'S1',
    },
  ])('is taken for the period $period', async (period) => {
    expect(await refusalOf(insertObservation(period))).toBeUndefined()
  })

  it('is taken with its source', async () => {
    expect(await refusalOf(insertRevision())).toBeUndefined()
  })

  it('keeps 29 digits and 20 decimals exactly', async () => {
    const value = `-12345678901234567890123456789.${'0123456789'.repeat(2)}`
    const id = await insertRevision({ value, value_text: value })
    const { rows } = await client.query('SELECT value::text FROM revisions WHERE id = $1', [id])
    expect(rows[0].value).toBe(value)
  })
})

describe('the key of an observation', () => {
  it.each<[string, Row]>([
    ['sex', { sex: 'X' }],
    ['frequency', { frequency: 'W' }],
    ['status', { status: 'AB' }],
    ['status', { status: 'a' }],
    ['status', { status: '' }],
    ['value', { value: 'NaN' }],
    ['value', { value: 'Infinity' }],
    ['value', { value: '-Infinity' }],
    ['value', { value: '1e30' }],
    ['value', { value: '-1e30' }],
    ['value', { value: `0.${'1'.repeat(21)}` }],
  ])('is refused by the %s check: %o', async (check, changes) => {
    expect(await refusalOf(insertObservation(changes))).toBe(`observations_${check}_check`)
  })

  it.each<[string, Row]>([
    ['a day of another day', { period: '2022-05-12' }],
    ['a day without its end', { period_end: null }],
    ['a day without its start', { period_start: null }],
    ['a day of two days', { period_end: '2022-05-12' }],
    ['a month that begins late', { period: '2022-05', frequency: 'M', period_end: '2022-05-31' }],
    [
      'a month that ends early',
      { period: '2024-02', frequency: 'M', period_start: '2024-02-01', period_end: '2024-02-28' },
    ],
    [
      'a month without its end',
      { period: '2022-05', frequency: 'M', period_start: '2022-05-01', period_end: null },
    ],
    [
      'a quarter that is another one',
      { period: '2022-Q2', frequency: 'Q', period_start: '2022-01-01', period_end: '2022-03-31' },
    ],
    [
      'a quarter of four months',
      { period: '2022-Q1', frequency: 'Q', period_start: '2022-01-01', period_end: '2022-04-30' },
    ],
    [
      'a year of eleven months',
      { period: '2022', frequency: 'A', period_start: '2022-01-01', period_end: '2022-11-30' },
    ],
    [
      'a fiscal year under a calendar code',
      { period: '2022', frequency: 'A', period_start: '2022-07-01', period_end: '2023-06-30' },
    ],
    [
      'a calendar year under a fiscal code',
      { period: '2022-A1', frequency: 'A', period_start: '2022-01-01', period_end: '2022-12-31' },
    ],
    [
      'a year without its start',
      { period: '2022', frequency: 'A', period_start: null, period_end: '2022-12-31' },
    ],
    ['a span with other dates', { period: '2022-05-01/2022-05-11', frequency: '_O' }],
    [
      'a half-open span that is closed',
      { period: '../2022-05-11', frequency: '_O', period_start: '2022-05-11' },
    ],
  ])('fits its dates: refuses %s', async (_, changes) => {
    expect(await refusalOf(insertObservation(changes))).toBe('observations_period_code_check')
  })

  it.each<[string, Row]>([
    ['dates', { period: '_U', frequency: '_U', period_source: 'S1' }],
    [
      'a frequency',
      { period: '_U', period_source: 'S1', period_start: null, period_end: null, frequency: '_O' },
    ],
    [
      'no source in its key',
      { period: '_U', frequency: '_U', period_start: null, period_end: null },
    ],
  ])('has no unknown period with %s', async (_, changes) => {
    expect(await refusalOf(insertObservation(changes))).toMatch(
      /^observations_period_(unknown|code)_check$/,
    )
  })

  it('names a source only where the period is unknown', async () => {
    expect(await refusalOf(insertObservation({ period_source: 'S1' }))).toBe(
      'observations_period_unknown_check',
    )
  })

  it.each<[string, string, Row]>([
    ['order', 'the end before the start', { period_end: '2022-05-10' }],
    ['range', 'the year 1899', { period_start: '1899-12-31', period_end: '1899-12-31' }],
    ['range', 'the year 2101', { period_start: '2101-01-01', period_end: '2101-01-01' }],
  ])('is refused by the period %s check: %s', async (check, _, changes) => {
    const days = `${changes.period_start ?? observation.period_start}/${changes.period_end}`
    const period = check === 'order' ? days : String(changes.period_start)
    const frequency = check === 'order' ? '_O' : 'D'
    expect(await refusalOf(insertObservation({ ...changes, period, frequency }))).toBe(
      `observations_period_${check}_check`,
    )
  })

  it('stands once', async () => {
    await insertObservation()
    expect(await refusalOf(insertObservation())).toBe('observations_key')
  })

  it.each<[string, Row]>([
    ['role', { role: 'target' }],
    ['sex', { sex: 'F' }],
    ['kind', { kind: 'cumulative' }],
    ['period', { period: '2022-05-12', period_start: '2022-05-12', period_end: '2022-05-12' }],
  ])('differs by %s', async (_, changes) => {
    await insertObservation()
    expect(await refusalOf(insertObservation(changes))).toBeUndefined()
  })

  it('differs by source where the period is unknown', async () => {
    const unknown = { period: '_U', period_start: null, period_end: null, frequency: '_U' }
    await insertObservation({ ...unknown, period_source: 'S1' })
    expect(await refusalOf(insertObservation({ ...unknown, period_source: 'S2' }))).toBeUndefined()
  })

  it.each(['indicator_code', 'programme_code', 'area_code', 'academy_code', 'unit_code'])(
    'uses a known %s',
    async (column) => {
      expect(await refusalOf(insertObservation({ [column]: 'NOWHERE' }))).toBe(
        `observations_${column}_fkey`,
      )
    },
  )

  it.each([
    `period = '2022-05-12', period_start = '2022-05-12', period_end = '2022-05-12'`,
    `sex = 'F'`,
    `role = 'claim'`,
    `kind = 'flow'`,
  ])('never changes: %s', async (change) => {
    await insertObservation()
    const refusal = await refusalOf(client.query(`UPDATE observations SET ${change}`))
    expect(refusal).toMatch('the key of an observation never changes')
  })

  it('is never removed', async () => {
    await insertObservation()
    expect(await refusalOf(client.query('DELETE FROM observations'))).toMatch('never removed')
  })
})

describe('a revision', () => {
  it.each<[string, string, Row]>([
    ['value', 'not a number', { value: 'NaN', value_text: '1' }],
    ['value', 'too large', { value: '1e30', value_text: `1${'0'.repeat(30)}` }],
    ['value', '21 decimals', { value: `1.${'1'.repeat(21)}`, value_text: `1.${'1'.repeat(21)}` }],
    ['value_text', 'another text', { value_text: '40001' }],
    ['value_text', 'a grouped text', { value_text: '40,000' }],
    ['value_text', 'an exponent', { value_text: '4e4' }],
    ['value_text', 'no text', { value_text: null }],
    ['value_text', 'a text only', { value: null, kind: 'withdrawal', reason: 'Wrong.' }],
    ['kind', 'a publication without a source', { source_id: null }],
    ['kind', 'a publication without a value', { value: null, value_text: null }],
    [
      'kind',
      'a withdrawal without a reason',
      { kind: 'withdrawal', value: null, value_text: null },
    ],
    ['kind', 'a withdrawal with a value', { kind: 'withdrawal', reason: 'Wrong.' }],
    ['kind', 'a pin without a reason', { kind: 'pin' }],
    ['status', 'a long status', { status: 'AA' }],
    ['known_on', 'known on another day', { known_on: '2022-05-12' }],
    [
      'released_on',
      'released after it was recorded',
      { released_on: '2022-05-13', known_on: '2022-05-13' },
    ],
  ])('is refused by the %s check: %s', async (check, _, changes) => {
    expect(await refusalOf(insertRevision(changes))).toBe(`revisions_${check}_check`)
  })

  it.each<[string, Row]>([
    ['a withdrawal', { kind: 'withdrawal', value: null, value_text: null, reason: 'Wrong.' }],
    ['a pin', { kind: 'pin', reason: 'The better-defined series.' }],
    ['no release day', { released_on: null, known_on: '2022-05-12' }],
    ['trailing zeros', { value: '2.20', value_text: '2.20' }],
  ])('may be %s', async (_, changes) => {
    expect(await refusalOf(insertRevision(changes))).toBeUndefined()
  })

  it.each<[string, Row]>([
    ['observation_id', { observation_id: 0 }],
    ['commit_no', { commit_no: 0 }],
    ['source_id', { source_id: 0 }],
    ['author_id', { author_id: 'nobody' }],
    ['approver_id', { approver_id: 'nobody' }],
    ['proposal_id', { proposal_id: 'none' }],
  ])('has a known %s', async (column, changes) => {
    expect(await refusalOf(insertRevision(changes))).toBe(`revisions_${column}_fkey`)
  })

  it('is current only for its own observation', async () => {
    const id = await insertRevision()
    const other = await insertObservation({ sex: 'F' })
    const refusal = await refusalOf(
      client.query('UPDATE observations SET current_revision_id = $1 WHERE id = $2', [id, other]),
    )
    expect(refusal).toMatch(`revision ${id} does not belong to observation ${other}`)
  })

  it('is current for one observation', async () => {
    const observation_id = await insertObservation()
    const id = await insertRevision({ observation_id })
    const update = 'UPDATE observations SET current_revision_id = $1 WHERE id = $2'
    expect(await refusalOf(client.query(update, [id, observation_id]))).toBeUndefined()
  })
})

describe('a source', () => {
  it.each<[string, string, Row]>([
    ['publisher', 'no publisher', { publisher: '' }],
    ['publisher', 'a publisher of spaces', { publisher: '  ' }],
    ['url', 'a script', { url: 'javascript:alert(1)' }],
    ['url', 'a file', { url: 'file:///etc/passwd' }],
    ['url', 'a path', { url: '//example.org' }],
    ['published', 'a label without its day', { published_label: '2022-05' }],
    ['published', 'a day without its label', { published_on: '2022-05-31' }],
  ])('is refused by the %s check: %s', async (check, _, changes) => {
    expect(await refusalOf(insert('sources', { ...source, ...changes }))).toBe(
      `sources_${check}_check`,
    )
  })

  it('stands once', async () => {
    await insert('sources', source)
    expect(await refusalOf(insert('sources', source))).toBe(
      'sources_publisher_title_published_label_url_key',
    )
  })

  it('is never reworded', async () => {
    const refusal = await refusalOf(client.query(`UPDATE sources SET publisher = 'Other'`))
    expect(refusal).toMatch('sources is append-only: UPDATE refused')
  })

  it('stays as long as a revision cites it', async () => {
    await insertRevision()
    expect(await refusalOf(client.query('DELETE FROM sources'))).toMatch('append-only')
  })
})

describe('a proposal', () => {
  const proposal: Row = {
    id: 'p1',
    indicator_code: 'STUDENTS',
    programme_code: 'ACADEMY',
    area_code: 'PK',
    kind: 'stock',
    unit_code: 'PERSONS',
    period: '2022',
    value_text: '5',
    source_id: 1,
    author_id: 'officer',
    warnings: '{}',
  }

  it('is taken as it should be', async () => {
    expect(await refusalOf(insert('proposals', proposal))).toBeUndefined()
  })

  it.each<[string, Row]>([
    ['sex', { sex: 'X' }],
    ['status', { status: '?' }],
    ['value_text', { value_text: '1,000' }],
    ['value_text', { value_text: '' }],
  ])('is refused by the %s check: %o', async (check, changes) => {
    expect(await refusalOf(insert('proposals', { ...proposal, ...changes }))).toBe(
      `proposals_${check}_check`,
    )
  })
})

it('a rate names what it divides by what, or neither', async () => {
  const rate = {
    code: 'RATE',
    theme: 'people',
    default_kind: 'ratio',
    default_unit_code: 'PERSONS',
  }
  expect(await refusalOf(insert('indicators', { ...rate, numerator_code: 'STUDENTS' }))).toBe(
    'indicators_rate_check',
  )
})

it('an address of a person is kept in small letters', async () => {
  const user = { id: 'u', name: 'U', email: 'U@example.org' }
  expect(await refusalOf(insert('users', user))).toBe('users_email_check')
})

it('one submission makes one commit', async () => {
  const commit = { kind: 'import', actor_id: 'officer', idempotency_key: 'first' }
  expect(await refusalOf(insert('commits', commit))).toBe('commits_idempotency_key_key')
})

describe('what was published stays', () => {
  const name = '{"en": "A"}'
  const rows: Record<string, () => Promise<unknown>> = {
    revisions: () => insertRevision(),
    commits: async () => {},
    proposal_events: () =>
      client.query(`
        INSERT INTO proposals (id, indicator_code, programme_code, area_code, kind, unit_code, period,
          value_text, source_id, author_id)
        VALUES ('p1', 'STUDENTS', 'ACADEMY', 'PK', 'stock', 'PERSONS', '2022', '5', 1, 'officer');
        INSERT INTO proposal_events (proposal_id, to_state, actor_id)
        VALUES ('p1', 'draft', 'officer')`),
    indicator_versions: () =>
      insert('indicator_versions', {
        indicator_code: 'STUDENTS',
        commit_no: 1,
        name,
        definition: name,
      }),
    programme_versions: () =>
      insert('programme_versions', {
        programme_code: 'ACADEMY',
        commit_no: 1,
        name,
        description: name,
      }),
    area_versions: () => insert('area_versions', { area_code: 'PK', commit_no: 1, name }),
    academy_versions: () => insert('academy_versions', { academy_code: '_T', commit_no: 1, name }),
    unit_versions: () =>
      insert('unit_versions', { unit_code: 'PERSONS', commit_no: 1, name, pattern: name }),
  }
  const column: Record<string, string> = {
    revisions: 'note',
    commits: 'message',
    proposal_events: 'comment',
  }

  describe.each(Object.keys(rows))('%s', (table) => {
    beforeEach(async () => {
      await rows[table]?.()
      // A table of which the audit log is still to hear cannot be emptied for that reason alone.
      await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    })

    it('has no row changed', async () => {
      const name = column[table] ?? 'name'
      const refusal = await refusalOf(client.query(`UPDATE ${table} SET ${name} = ${name}`))
      expect(refusal).toBe(`${table} is append-only: UPDATE refused`)
    })

    it('has no row removed', async () => {
      const refusal = await refusalOf(client.query(`DELETE FROM ${table}`))
      expect(refusal).toBe(`${table} is append-only: DELETE refused`)
    })

    it('is not emptied', async () => {
      const refusal = await refusalOf(client.query(`TRUNCATE ${table} CASCADE`))
      expect(refusal).toMatch(/ is append-only: TRUNCATE refused$/)
    })
  })

  it('is not emptied through the observations either', async () => {
    expect(await refusalOf(client.query('TRUNCATE observations CASCADE'))).toMatch(
      /TRUNCATE refused/,
    )
  })
})
