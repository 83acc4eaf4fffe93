import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { issueSetUpToken } from '@/features/accounts/mutations'
import { verifyAudit } from '@/features/audit/data'
import { loadFirstContent } from '@/features/imports/mutations'
import { restoreBackup, verifyBackup, writeBackup } from '@/lib/db/backup'
import { connect } from '@/lib/db/client'
import { ofARecord, withoutRows } from '@/scripts/backups'
import { type TestDatabase, testDatabase } from '../support/database'

const folder = mkdtempSync(join(tmpdir(), 'shumar-backup-'))
const names: string[] = []
let source: TestDatabase

async function asking<T>(url: string, ask: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await ask(client)
  } finally {
    await client.end()
  }
}

/** A database without a single table, owned by somebody who is no superuser. */
async function emptyDatabase(): Promise<string> {
  const name = `restored_${randomUUID().replaceAll('-', '')}`
  names.push(name)
  await asking(inject('postgres'), async (client) => {
    await client.query(`CREATE ROLE ${name} LOGIN PASSWORD 'x'`)
    await client.query(`CREATE DATABASE ${name} OWNER ${name} TEMPLATE template0`)
  })
  const url = new URL(inject('postgres'))
  url.pathname = `/${name}`
  url.username = name
  url.password = 'x'
  return url.href
}

/** Every row of every table as text, in an order of its own. */
async function contentOf(url: string): Promise<Record<string, string>> {
  return asking(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
         AND relkind = 'r' AND relname <> '_prisma_migrations' ORDER BY 1`,
    )
    const digests: Record<string, string> = {}
    for (const { name } of tables.filter((table) => !withoutRows.includes(table.name))) {
      const { rows } = await client.query<{ digest: string }>(
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') AS digest FROM "${name}" t`,
      )
      digests[name] = rows[0]?.digest ?? ''
    }
    return digests
  })
}

const back = (url: string, name: string) =>
  writeBackup(url, join(folder, name), { withoutRows, about: async () => ({ a: 1 }) })

beforeAll(async () => {
  source = await testDatabase()
  await loadFirstContent(source.database)
  await issueSetUpToken(source.database)
  // A file with every byte, and a text with what CSV has to take care of.
  await asking(source.url, (client) =>
    client.query(
      `INSERT INTO source_copies (source_id, sha256, media_type, file_name, size, bytes, captured_on, note, stored_by_id)
       SELECT s.id, encode(sha256(b.bytes), 'hex'), 'application/pdf', 'a.pdf', 256, b.bytes,
              '2024-01-01', E'"quoted", and\\n\\\\.\\nشمار', u.id
       FROM (SELECT min(id) AS id FROM sources) s, (SELECT min(id) AS id FROM users) u,
            (SELECT string_agg(set_byte('\\x00'::bytea, 0, n), ''::bytea ORDER BY n) AS bytes
             FROM generate_series(0, 255) n) b`,
    ),
  )
})

afterAll(async () => {
  await source?.drop()
  await asking(inject('postgres'), async (client) => {
    for (const name of names) {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await client.query(`DROP ROLE ${name}`)
    }
  })
  rmSync(folder, { recursive: true })
})

describe('a backup', () => {
  it('brings everything back into an empty database, whose owner is no superuser', async () => {
    const before = await contentOf(source.url)
    await back(source.url, 'whole.zip')
    expect(statSync(join(folder, 'whole.zip')).mode & 0o777).toBe(0o600)
    const url = await emptyDatabase()
    await restoreBackup(url, join(folder, 'whole.zip'), ofARecord)
    expect(await contentOf(url)).toEqual(before)

    const database = connect(url)
    try {
      expect(await verifyAudit(database)).toMatchObject({ problemCount: 0 })
      // It goes on from there: numbers, triggers and references are as they were.
      await asking(url, async (client) => {
        const next = await client.query(
          "INSERT INTO sources (publisher) VALUES ('New') RETURNING id",
        )
        const { rows } = await client.query('SELECT max(id) AS last FROM sources')
        expect(next.rows[0].id).toBe(rows[0].last)
        await expect(client.query('UPDATE revisions SET note = note')).rejects.toThrow()
        await expect(
          client.query("UPDATE observations SET area_code = 'NOWHERE'"),
        ).rejects.toThrow()
      })
    } finally {
      await database.$disconnect()
    }
  })

  it('leaves out who is signed in', async () => {
    await asking(source.url, (client) =>
      client.query(
        "INSERT INTO sessions (id, expires_at, token, user_id) SELECT 's', now(), 't', min(id) FROM users",
      ),
    )
    const { tables } = await back(source.url, 'signed-in.zip')
    expect(tables.find(({ name }) => name === 'sessions')).toMatchObject({ rows: 0 })
  })

  it('is of one moment, whatever is written meanwhile', async () => {
    let writing = true
    const writer = asking(source.url, async (client) => {
      for (let n = 0; writing; n++) {
        await client.query('BEGIN')
        await client.query("INSERT INTO sources (publisher, title) VALUES ('Pair', $1)", [`${n}a`])
        await client.query("INSERT INTO sources (publisher, title) VALUES ('Pair', $1)", [`${n}b`])
        await client.query('COMMIT')
      }
    })
    await back(source.url, 'moment.zip').finally(() => {
      writing = false
    })
    await writer
    const url = await emptyDatabase()
    await restoreBackup(url, join(folder, 'moment.zip'), ofARecord)
    const [pairs] = await asking(
      url,
      async (client) =>
        (
          await client.query(
            "SELECT count(*)::int % 2 AS odd, (SELECT last_value FROM sources_id_seq) >= max(id) AS ahead FROM sources WHERE publisher = 'Pair'",
          )
        ).rows,
    )
    expect(pairs).toMatchObject({ odd: 0 })
  })

  it('never overwrites a database that somebody uses', async () => {
    const before = await contentOf(source.url)
    await expect(restoreBackup(source.url, join(folder, 'whole.zip'), ofARecord)).rejects.toThrow(
      'The database is not empty, and a restore overwrites nothing:',
    )
    expect(await contentOf(source.url)).toEqual(before)
  })

  it('that was cut off or changed is refused before anything is done', async () => {
    const whole = readFileSync(join(folder, 'whole.zip'))
    const cut = join(folder, 'cut.zip')
    const changed = join(folder, 'changed.zip')
    writeFileSync(cut, whole.subarray(0, whole.length - 100))
    const flipped = Buffer.from(whole)
    const place = Math.floor(whole.length / 2)
    flipped[place] = (flipped[place] ?? 0) ^ 0xff
    writeFileSync(changed, flipped)
    const url = await emptyDatabase()
    for (const file of [cut, changed]) {
      await expect(verifyBackup(file)).rejects.toThrow('is not a whole backup')
      await expect(restoreBackup(url, file, ofARecord)).rejects.toThrow('is not a whole backup')
    }
    expect(await contentOf(url)).toEqual({})
  })

  it('that cannot be written leaves nothing behind', async () => {
    const unreachable = new URL(source.url)
    unreachable.pathname = '/nowhere'
    await expect(back(unreachable.href, 'never.zip')).rejects.toThrow()
    expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([])
  })
})
