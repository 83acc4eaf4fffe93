import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { actorOf, systemActor } from '@/features/accounts/data'
import { acceptInvitation, issueSetUpToken, setRole } from '@/features/accounts/mutations'
import type { Actor } from '@/features/accounts/schema'
import { readHeads, searchAudit, verifyAudit, watchedTables } from '@/features/audit/data'
import { createCatalogue } from '@/features/catalogue/mutations'
import { catalogueContent } from '@/features/catalogue/schema'
import { readFeed } from '@/features/feeds/data'
import { publishFigures } from '@/features/figures/mutations'
import type { PublicationInput } from '@/features/figures/schema'
import type { Database } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase
let database: Database
let actor: Actor

const figure = (period: string, value: string): PublicationInput => ({
  role: 'actual',
  indicator: 'STUDENTS_SERVED',
  programme: 'HUAWEI_ICTA',
  area: 'PK',
  academy: '_T',
  sex: '_T',
  kind: 'stock',
  unit: 'PERSONS',
  period,
  value,
  status: 'A',
  precision: 'exact',
  source: { publisher: 'Dawn', title: 'A title', publishedLabel: '2022-05-11', url: '' },
  note: '',
  reason: '',
  periodLabel: '',
  releasedOn: '2022-05-11',
})

let commits = 0

function publish(...figures: PublicationInput[]) {
  commits += 1
  const options = {
    kind: 'publication',
    message: `Commit ${commits}`,
    idempotencyKey: `audit-test-${commits}`,
  } as const
  return database.$transaction((tx) => publishFigures(tx, actor, figures, options))
}

/** What somebody with the database's password can do: no trigger fires, nothing is checked. */
async function tamper(sql: string): Promise<void> {
  const client = new Client({ connectionString: test.url })
  await client.connect()
  try {
    await client.query(`SET session_replication_role = replica; ${sql}`)
  } finally {
    await client.end()
  }
}

/** The faults found after tampering, which is taken back by its opposite. */
async function faultsOf(sql: string) {
  await tamper(sql)
  const { problems } = await verifyAudit(database)
  return problems.map(({ code, subject }) => `${code} ${subject}`)
}

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
  actor = await systemActor(database)
  const file = resolve(import.meta.dirname, '../../prisma/content/catalogue.json')
  const content = catalogueContent.parse(JSON.parse(await readFile(file, 'utf8')))
  await database.$transaction((tx) => createCatalogue(tx, actor, content), { timeout: 30_000 })
})

afterAll(() => test.drop())

describe('an honest record', () => {
  it('holds, with one entry for each commit', async () => {
    const { commit } = await publish(figure('2022-05-11', '40000'), figure('2023-05-11', '1'))
    await publish(figure('2022-05-11', '41000'))
    const report = await verifyAudit(database)
    expect(report.problems).toEqual([])
    expect(report.rows).toBeGreaterThan(100)
    const found = await searchAudit({ text: `commits/${commit}` }, 10, database)
    expect(found.map(({ action, actor: who }) => [action, who])).toEqual([
      ['commits.insert', 'system'],
    ])
  })

  it('tells who changed what about people, and no secret', async () => {
    const token = (await issueSetUpToken(database)) ?? ''
    const person = {
      token,
      name: 'Ayesha',
      email: 'ayesha@example.org',
      password: 'lamps over hunza 5',
    }
    const made = await acceptInvitation(database, person)
    if (!made.ok) throw new Error(made.problem.code)
    const invited = await database.user.create({
      data: { id: 'bilal', name: 'Bilal', email: 'bilal@example.org' },
    })
    await database.account.create({
      data: { id: 'b', accountId: 'b', providerId: 'credential', userId: 'bilal', password: 'h1' },
    })
    const admin = await actorOf(database, made.value.userId)
    await setRole(database, admin, { userId: invited.id, role: 'reviewer' })
    await database.account.update({ where: { id: 'b' }, data: { password: 'h2' } })
    const lines = await searchAudit({ text: 'users/bilal' }, 10, database)
    expect(lines.map(({ action, name }) => [action, name])).toEqual([
      ['users.update', 'Ayesha'],
      ['users.insert', ''],
    ])
    expect(JSON.parse(lines[0]?.detail ?? '')).toMatchObject({
      before: { role: 'editor' },
      after: { role: 'reviewer' },
    })
    const [changed] = await searchAudit({ text: 'accounts/b' }, 1, database)
    expect(JSON.parse(changed?.detail ?? '')).toMatchObject({ secrets: ['password'] })
    const all = JSON.stringify(await searchAudit({}, 1_000, database))
    expect(all).not.toMatch(/h1|h2|"password":/)
    expect((await verifyAudit(database)).problems).toEqual([])
  })

  it('watches every table that can be changed', async () => {
    const rows = await database.$queryRaw<{ name: string }[]>`
      SELECT c.relname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE t.tgname = c.relname || '_audit' ORDER BY 1`
    const watched = rows.map(({ name }) => name)
    expect(watched.filter((name) => name !== 'commits' && name !== 'sign_in_failures')).toEqual(
      Object.keys(watchedTables).sort(),
    )
    const all = await database.$queryRaw<{ name: string }[]>`
      SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`
    const left = all.map(({ name }) => name).filter((name) => !watched.includes(name))
    // What commits stand for is held by their entries; the rest keeps no record of anything.
    expect(left.sort()).toEqual([
      '_prisma_migrations',
      'academy_versions',
      'area_versions',
      'audit_entries',
      'catalogue_stamps',
      // Members of a set never change; drafts are nobody's statement yet.
      'figure_set_members',
      'figures_apart',
      'indicator_versions',
      // So that an answer can be given once more.
      'kept_answers',
      'observations',
      'permalinks',
      'programme_versions',
      'rate_limits',
      'report_counts',
      'revisions',
      'series',
      'series_shares',
      'sheet_cells',
      'sheets',
      'spent_challenges',
      'staged_figures',
      'staged_outcomes',
      'staged_problems',
      'staged_sources',
      'unit_versions',
      'upload_chunks',
      'upload_mappings',
      'uploads',
      'verifications',
    ])
  })

  it('gives entries one after the other to many writers at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => publish(figure(`2001-01-${10 + n}`, `${n}`))),
    )
    expect((await verifyAudit(database)).problems).toEqual([])
  })

  it('gives the head of each past day', async () => {
    const [head] = await readHeads(3, database)
    expect(head).toBeUndefined()
    await tamper(`UPDATE audit_entries SET at = at - interval '2 days' WHERE no <= 3`)
    const heads = await readHeads(3, database)
    expect(heads.map(({ no }) => no)).toEqual([3, 3])
    vi.stubEnv('SHUMAR_URL', 'https://stats.example.org')
    expect((await readFeed('en', database)).xml).toContain(`3:${heads[0]?.hash}`)
    await tamper(`UPDATE audit_entries SET at = at + interval '2 days' WHERE no <= 3`)
  })
})

describe('a record that was tampered with', () => {
  let id: number
  let key: number

  beforeEach(async () => {
    const { revisions } = await publish(
      figure(`19${60 + commits}-02-03`, '10'),
      figure(`19${60 + commits}-02-04`, '20'),
    )
    id = revisions[0]?.id ?? 0
    key = revisions[0]?.observationId ?? 0
  })

  it('names the revision whose value was changed', async () => {
    expect(
      await faultsOf(`UPDATE revisions SET value = 11, value_text = '11' WHERE id = ${id};
        UPDATE observations SET value = 11 WHERE id = ${key}`),
    ).toEqual([`rowChanged revisions/${id}`])
    await tamper(`UPDATE revisions SET value = 10, value_text = '10' WHERE id = ${id};
      UPDATE observations SET value = 10 WHERE id = ${key}`)
  })

  it.each([
    ['its key', 'observations', `programme_code = 'NAVTTC'`, `programme_code = 'HUAWEI_ICTA'`],
    ['a shown value', 'observations', 'value = 12', 'value = 10'],
  ])('names a figure of which %s was changed', async (_, table, change, back) => {
    const [fault] = await faultsOf(`UPDATE ${table} SET ${change} WHERE id = ${key}`)
    expect(fault).toMatch(new RegExp(`^(rowChanged|notCurrent) observations/${key}$`))
    await tamper(`UPDATE ${table} SET ${back} WHERE id = ${key}`)
  })

  it('names a revision that was removed and one that was slipped in', async () => {
    await tamper(`CREATE TABLE kept AS SELECT * FROM revisions WHERE id = ${id}`)
    expect(
      await faultsOf(`UPDATE observations SET current_revision_id = NULL, value = NULL
          WHERE id = ${key}; DELETE FROM revisions WHERE id = ${id}`),
    ).toEqual([`rowMissing observations/${key}`, `rowMissing revisions/${id}`])
    await tamper(`INSERT INTO revisions SELECT * FROM kept;
      UPDATE observations SET current_revision_id = ${id}, value = 10 WHERE id = ${key};
      UPDATE kept SET id = 900000; INSERT INTO revisions SELECT * FROM kept;
      UPDATE observations SET current_revision_id = 900000 WHERE id = ${key}`)
    const { problems } = await verifyAudit(database)
    expect(problems.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'rowUnrecorded revisions/900000',
    ])
    await tamper(`UPDATE observations SET current_revision_id = ${id} WHERE id = ${key};
      DELETE FROM revisions WHERE id = 900000; DROP TABLE kept`)
  })

  it('names a source, a setting and a role that were changed', async () => {
    const [source] = await database.source.findMany({ take: 1 })
    expect(
      await faultsOf(`UPDATE sources SET publisher = 'Nobody' WHERE id = ${source?.id}`),
    ).toContain(`rowChanged sources/${source?.id}`)
    await tamper(`UPDATE sources SET publisher = '${source?.publisher}' WHERE id = ${source?.id}`)
    expect(await faultsOf(`INSERT INTO settings VALUES ('attribution', '"names"')`)).toEqual([
      'rowUnrecorded settings/attribution',
    ])
    await tamper(`DELETE FROM settings WHERE key = 'attribution'`)
    expect(await faultsOf(`UPDATE users SET role = 'admin' WHERE id = 'bilal'`)).toEqual([
      'rowChanged users/bilal',
    ])
    await tamper(`UPDATE users SET role = 'reviewer' WHERE id = 'bilal'`)
    expect((await verifyAudit(database)).problems).toEqual([])
  })

  it('names the entry that was changed, removed or cut off', async () => {
    const { head } = await verifyAudit(database)
    const last = head?.no ?? 0
    await tamper(`CREATE TABLE kept_log AS SELECT * FROM audit_entries`)
    const first = async (sql: string) => {
      await tamper(sql)
      const { problems } = await verifyAudit(database, head ? [head] : [])
      await tamper(`DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM kept_log`)
      return `${problems[0]?.code} ${problems[0]?.entry}`
    }
    const detail = `'{"after": {}}'`
    expect(await first(`UPDATE audit_entries SET detail = ${detail} WHERE no = 5`)).toBe(
      'entryChanged 5',
    )
    expect(await first('DELETE FROM audit_entries WHERE no = 7')).toBe('gap 8')
    expect(
      await first(`UPDATE audit_entries SET row_digests[1] = '\\x00' WHERE no = ${last}`),
    ).toBe(`digest ${last}`)
    // Whoever cuts the commit off with its entry leaves a log that is whole, and too short.
    const cut = await first(`DELETE FROM audit_entries WHERE no = ${last}`)
    expect(cut).toBe(`headMissing ${last}`)
    expect((await verifyAudit(database)).problems).toEqual([])
    await tamper('DROP TABLE kept_log')
  })

  it('cannot be made by the product itself', async () => {
    await expect(
      database.$executeRaw`UPDATE audit_entries SET actor_id = 'x' WHERE no = 1`,
    ).rejects.toThrow('append-only')
    await expect(database.$executeRaw`DELETE FROM audit_entries`).rejects.toThrow('append-only')
  })
})
