import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemActor } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { verifyAudit } from '@/features/audit/data'
import { publishFigures } from '@/features/figures/mutations'
import { loadFirstContent } from '@/features/imports/mutations'
import { knownPublishers } from '@/features/proposals/data'
import { readCommits } from '@/features/revisions/data'
import {
  readDeskSources,
  readEditedSource,
  readLinks,
  readSource,
  readSourceNotes,
  readSources,
} from '@/features/sources/data'
import {
  archiveSource,
  correctSource,
  mergeSource,
  reopenSource,
  type SourceChange,
} from '@/features/sources/mutations'
import type { Database } from '@/lib/db/client'
import { newActor } from '../support/actors'
import { type TestDatabase, testDatabase } from '../support/database'

let home: TestDatabase
let database: Database
let admin: Actor
let editor: Actor
let year = 1900

const citation = { publisher: 'The Nashion', title: '', publishedLabel: '2022-05-11', url: '' }

/** Publishes a figure of its own and gives the number of its source. */
async function cite(source = citation): Promise<number> {
  year += 1
  const key = { role: 'actual', indicator: 'ICT_EXPORTS', programme: '_Z', area: 'PK' } as const
  const figure = {
    ...key,
    academy: '_T',
    sex: '_T',
    kind: 'flow',
    unit: 'USD_MILLION',
    period: `${year}`,
    value: '5',
    status: 'A',
    precision: 'exact',
    note: '',
    reason: '',
    periodLabel: '',
    releasedOn: '2022-05-11',
  } as const
  const named = { ...source, title: source.title || `Page ${year}` }
  const actor = await systemActor(database)
  await database.$transaction((tx) =>
    publishFigures(tx, actor, [{ ...figure, source: named }], {
      kind: 'import',
      message: '',
      idempotencyKey: randomUUID(),
    }),
  )
  return (await database.source.findFirstOrThrow({ where: named })).id
}

async function form(source: number): Promise<SourceChange> {
  const edited = await readEditedSource(source, database)
  return { id: randomUUID(), source, seen: edited?.seen ?? '', reason: 'A slip.' }
}

const wordingOf = async (id: number) => {
  const { publisher, title, publishedLabel, url } = await database.source.findUniqueOrThrow({
    where: { id },
  })
  return { publisher, title, publishedLabel, url }
}

beforeAll(async () => {
  home = await testDatabase()
  database = home.database
  await loadFirstContent(database)
  admin = await newActor(database, 'admin')
  editor = await newActor(database, 'editor')
})

afterAll(() => home.drop())

describe('a source that is corrected', () => {
  let old: number
  let title: string
  let now: number

  beforeEach(async () => {
    old = await cite()
    title = (await wordingOf(old)).title
    const corrected = { ...(await wordingOf(old)), publisher: 'The Nation', url: 'https://n.pk/1' }
    expect(
      await correctSource(database, admin, { ...(await form(old)), citation: corrected }),
    ).toEqual({ ok: true, value: null })
    now = (await readEditedSource(old, database))?.now?.id ?? 0
  })

  it('stays as it was cited and leads to the new wording, which has its figures', async () => {
    expect((await wordingOf(old)).publisher).toBe('The Nashion')
    expect(await wordingOf(now)).toMatchObject({ publisher: 'The Nation', url: 'https://n.pk/1' })
    expect(await readSource(old, database)).toMatchObject({
      figures: [{ isCurrent: true }],
      now: { id: now, kind: 'corrected', reason: 'A slip.' },
    })
    expect(await readSource(now, database)).toMatchObject({
      figures: [{ isCurrent: true }],
      now: null,
      former: [{ id: old, publisher: 'The Nashion', kind: 'corrected' }],
    })
    const notes = await readSourceNotes([old, now], database)
    expect(notes.get(old)?.now).toMatchObject({ id: now, publisher: 'The Nation', title })
    expect(notes.get(now)?.now).toBeNull()
  })

  it('is listed once, by either wording, with its figures', async () => {
    for (const search of [title, 'Nashion']) {
      const found = (await readSources(search, database)).filter((one) => one.title === title)
      expect(found).toMatchObject([{ id: now, figures: 1 }])
    }
    const atTheDesk = await readDeskSources(title, database)
    expect(atTheDesk.map(({ id, state }) => [id, state?.kind])).toEqual([
      [old, 'corrected'],
      [now, undefined],
    ])
    expect((await readLinks(database, 1)).map(({ url }) => url)).toContain('https://n.pk/1')
  })

  it('is offered by its new publisher', async () => {
    const unlike = { publisher: `Slip ${year}`, title: '', publishedLabel: '', url: '' }
    const id = await cite(unlike)
    expect(await knownPublishers(database)).toContain(unlike.publisher)
    const changed = { ...(await wordingOf(id)), publisher: `Right ${year}` }
    await correctSource(database, admin, { ...(await form(id)), citation: changed })
    const offered = await knownPublishers(database)
    expect(offered).toContain(`Right ${year}`)
    expect(offered).not.toContain(unlike.publisher)
  })

  it('stands for itself again when that is taken back, and can be corrected once more', async () => {
    const corrected = await wordingOf(now)
    expect((await reopenSource(database, admin, await form(old))).ok).toBe(true)
    expect((await readSource(old, database))?.now).toBeNull()
    expect(await readSource(now, database)).toBeNull()
    const again = { ...(await form(old)), citation: corrected }
    expect((await correctSource(database, admin, again)).ok).toBe(true)
    expect((await readSource(now, database))?.former).toHaveLength(1)
    expect((await readEditedSource(now, database))?.state).toBeNull()
  })

  it('is a commit that says what it did', async () => {
    const [commit] = await readCommits({ limit: 1 }, database)
    expect(commit).toMatchObject({
      kind: 'catalogue',
      sourceSteps: [{ kind: 'corrected', source: { id: old }, into: { id: now } }],
    })
  })

  it('refuses what is no correction, or comes too late', async () => {
    const change = await form(now)
    const refusal = async (source: number, wording: object, more: Partial<SourceChange> = {}) => {
      const from = { ...(await form(source)), ...more }
      const result = await correctSource(database, admin, {
        ...from,
        citation: { ...(await wordingOf(source)), ...wording },
      })
      return result.ok ? null : result.problem.code
    }
    expect(await refusal(now, {})).toBe('nothingNew')
    expect(await refusal(old, { publisher: 'X' })).toBe('led')
    expect(await refusal(now, { publisher: 'The Nashion', url: '' })).toBe('sourceExists')
    expect(await refusal(now, { publisher: 'X' }, { seen: '999999' })).toBe('moved')
    expect(await refusal(now, { publisher: 'X' }, { id: change.id })).toBeNull()
    // Sent once more, the form has no second effect.
    const before = await database.sourceStep.count()
    expect(await refusal(now, { publisher: 'X' }, { id: change.id })).toBeNull()
    expect(await database.sourceStep.count()).toBe(before)
    const forbidden = await correctSource(database, editor, { ...change, citation })
    expect(forbidden).toMatchObject({ problem: { code: 'forbidden' } })
  })
})

describe('two sources that are one', () => {
  it('are merged: both keep their figures, and the one that stays shows all', async () => {
    const [double, stays] = [await cite(), await cite()]
    expect(await mergeSource(database, admin, { ...(await form(double)), into: stays })).toEqual({
      ok: true,
      value: null,
    })
    expect((await readSource(stays, database))?.figures).toHaveLength(2)
    expect((await readSource(double, database))?.figures).toHaveLength(1)
    expect((await readSourceNotes([double], database)).get(double)?.now).toMatchObject({
      id: stays,
      kind: 'merged',
    })
    expect((await readSources('', database)).map(({ id }) => id)).not.toContain(double)
    expect((await reopenSource(database, admin, await form(double))).ok).toBe(true)
    expect((await readSource(stays, database))?.figures).toHaveLength(1)
    expect((await readSources('', database)).map(({ id }) => id)).toContain(double)
  })

  it('never lead to each other, whoever comes first', async () => {
    const [a, b] = [await cite(), await cite()]
    const results = await Promise.all([
      mergeSource(database, admin, { ...(await form(a)), into: b }),
      mergeSource(database, admin, { ...(await form(b)), into: a }),
    ])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    const self = await mergeSource(database, admin, { ...(await form(a)), into: a })
    expect(self.ok).toBe(false)
    const nowhere = await mergeSource(database, admin, { ...(await form(a)), into: 999_999 })
    expect(nowhere.ok).toBe(false)
  })

  it('lead on to the last of a chain', async () => {
    const [a, b, c] = [await cite(), await cite(), await cite()]
    await mergeSource(database, admin, { ...(await form(a)), into: b })
    await mergeSource(database, admin, { ...(await form(b)), into: c })
    expect((await readSource(a, database))?.now?.id).toBe(c)
    expect((await readSource(c, database))?.figures).toHaveLength(3)
    const refused = await mergeSource(database, admin, { ...(await form(c)), into: a })
    expect(refused).toMatchObject({ problem: { code: 'intoLed' } })
  })
})

it('an archived source keeps its page and is not offered until it is brought back', async () => {
  const publisher = 'Gone Gazette'
  const id = await cite({ ...citation, publisher })
  expect((await archiveSource(database, admin, await form(id))).ok).toBe(true)
  expect(await knownPublishers(database)).not.toContain(publisher)
  expect((await readSource(id, database))?.figures).toHaveLength(1)
  expect((await archiveSource(database, admin, await form(id))).ok).toBe(false)
  expect((await reopenSource(database, admin, await form(id))).ok).toBe(true)
  expect(await knownPublishers(database)).toContain(publisher)
})

it('nothing of it can be changed or removed, and the audit log holds', async () => {
  const step = await database.sourceStep.findFirstOrThrow()
  await expect(
    database.sourceStep.update({
      where: { id: step.id },
      data: { kind: 'archived', intoId: null },
    }),
  ).rejects.toThrow('append-only')
  expect((await verifyAudit(database)).problems).toEqual([])
})
