import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ActorRefused, systemActor } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { createCatalogue } from '@/features/catalogue/mutations'
import { catalogueContent } from '@/features/catalogue/schema'
import { readFigures, readHistory, readRevisions } from '@/features/figures/data'
import { type Publication, publishFigures, RevisionConflict } from '@/features/figures/mutations'
import { orderRevisions, publisherName, revisionAsOf } from '@/features/figures/rules'
import type { Figure, PublicationInput, Revision } from '@/features/figures/schema'
import type { Database } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase
let database: Database
let actor: Actor

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
  actor = await systemActor(database)
  const file = resolve(import.meta.dirname, '../../prisma/content/catalogue.json')
  const content = catalogueContent.parse(JSON.parse(await readFile(file, 'utf8')))
  await database.$transaction((tx) => createCatalogue(tx, actor, content), { timeout: 30_000 })
})

afterAll(() => test.drop())

const dayNumber = (n: number) => new Date(Date.UTC(1950, 0, n)).toISOString().slice(0, 10)
let days = 0

/** A figure of a key that no other test uses. */
function newFigure(changes: Partial<PublicationInput> = {}): PublicationInput {
  days += 1
  return {
    role: 'actual',
    indicator: 'STUDENTS_SERVED',
    programme: 'HUAWEI_ICTA',
    area: 'PK',
    academy: '_T',
    sex: '_T',
    kind: 'stock',
    unit: 'PERSONS',
    period: dayNumber(days),
    value: '40000',
    status: 'A',
    precision: 'exact',
    source: source('Dawn'),
    note: '',
    reason: '',
    periodLabel: '',
    releasedOn: '2022-05-11',
    ...changes,
  }
}

const source = (publisher: string, title = '') => ({
  publisher,
  title,
  publishedLabel: '2022-05',
  url: 'https://example.org/',
})

interface Options {
  idempotencyKey?: string
  by?: Actor
  /** Held open until this is through. */
  after?: () => Promise<void>
}

function publish(
  figures: PublicationInput[],
  { idempotencyKey = randomUUID(), by = actor, after = async () => {} }: Options = {},
): Promise<Publication> {
  return database.$transaction(
    async (tx) => {
      // Many writers queue up here, on machines of any speed.
      await tx.$executeRaw`SET LOCAL lock_timeout = '60s'`
      await after()
      return publishFigures(tx, by, figures, {
        kind: 'publication',
        message: 'A test',
        idempotencyKey,
      })
    },
    { maxWait: 60_000, timeout: 60_000 },
  )
}

/** Lets everybody through once so many have arrived. */
function gate(size: number): () => Promise<void> {
  let arrived = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    arrived += 1
    if (arrived === size) open()
    return opened
  }
}

const history = (figure: PublicationInput) => readHistory(database, figure)

async function current(figure: PublicationInput): Promise<Figure | undefined> {
  const figures = await readFigures(database, { indicators: [figure.indicator] })
  return figures.find(
    ({ period, sex, role }) =>
      period === figure.period && sex === figure.sex && role === figure.role,
  )
}

const counts = async () => ({
  commits: await database.commit.count(),
  observations: await database.observation.count(),
  revisions: await database.revision.count(),
  sources: await database.source.count(),
})

describe('publishing a figure', () => {
  it('makes it public at once, with all that was said of it', async () => {
    const figure = newFigure({
      value: '2.20',
      status: 'E',
      precision: 'over',
      note: 'آئی سی ٹی, "quoted"',
      reason: 'Checked by phone',
      periodLabel: 'POINT',
    })
    const publication = await publish([figure])
    const shown = await current(figure)
    const { role, indicator, programme, area, academy, sex, kind, unit, period } = figure
    expect(shown).toMatchObject({ role, indicator, programme, area, academy, sex, kind, unit })
    expect(shown).toMatchObject({
      period,
      periodStart: period,
      periodEnd: period,
      frequency: 'D',
      value: '2.20',
      status: 'E',
      precision: 'over',
      publishersDiffer: false,
      startsBreak: false,
    })
    expect(shown?.current).toEqual({
      id: publication.revisions[0]?.id,
      kind: 'publication',
      value: '2.20',
      status: 'E',
      precision: 'over',
      releasedOn: '2022-05-11',
      knownOn: '2022-05-11',
      commit: publication.commit,
      source: { id: expect.any(Number), ...source('Dawn') },
      note: 'آئی سی ٹی, "quoted"',
      reason: 'Checked by phone',
      periodLabel: 'POINT',
    })
  })

  it('is public in the instant of its commit, every time', async () => {
    for (let n = 0; n < 8; n += 1) {
      const figure = newFigure()
      await publish([figure])
      expect((await current(figure))?.value).toBe('40000')
    }
  })

  it('keeps 30 digits to the last one', async () => {
    const figure = newFigure({ value: '1234567890.12345678901234567890' })
    await publish([figure])
    expect((await current(figure))?.value).toBe('1234567890.12345678901234567890')
  })

  it('names who wrote and who approved', async () => {
    const publication = await publish([newFigure()])
    const row = await database.revision.findFirstOrThrow({
      where: { commitNo: publication.commit },
      include: { commit: true },
    })
    expect(row).toMatchObject({ authorId: actor.userId, approverId: actor.userId })
    expect(row.commit).toMatchObject({ kind: 'publication', message: 'A test' })
  })

  it('takes a month of a source for its last day', async () => {
    await publish([newFigure({ source: source('A monthly') })])
    const row = await database.source.findFirstOrThrow({ where: { publisher: 'A monthly' } })
    expect(row.publishedOn?.toISOString().slice(0, 10)).toBe('2022-05-31')
  })

  it('is refused to somebody who was deactivated since', async () => {
    const by = { ...actor, userId: 'left', role: 'editor' } as Actor
    await expect(publish([newFigure()], { by })).rejects.toThrow(ActorRefused)
  })
})

describe('revising a figure', () => {
  it('a correction released later becomes the current value and the old one stays', async () => {
    const figure = newFigure()
    await publish([figure])
    await publish([{ ...figure, value: '41000', releasedOn: '2022-06-01' }])
    expect((await current(figure))?.value).toBe('41000')
    expect((await history(figure)).map(({ value }) => value)).toEqual(['41000', '40000'])
  })

  it('what was released earlier joins the history and changes no value', async () => {
    const figure = newFigure()
    await publish([figure])
    await publish([{ ...figure, value: '39000', releasedOn: '2022-05-10' }])
    expect((await current(figure))?.value).toBe('40000')
    expect(orderRevisions(await history(figure)).map(({ value }) => value)).toEqual([
      '39000',
      '40000',
    ])
  })

  it('what has no date never outranks what has one', async () => {
    const figure = newFigure()
    await publish([figure])
    await publish([{ ...figure, value: '39000', releasedOn: null, source: source('Undated') }])
    expect((await current(figure))?.value).toBe('40000')
  })

  it('a date outranks what has none, however late it was recorded', async () => {
    const figure = newFigure({ releasedOn: null })
    await publish([figure])
    await publish([{ ...figure, value: '1', releasedOn: '1999-01-01' }])
    expect((await current(figure))?.value).toBe('1')
  })

  it('of one day, what was recorded later stands', async () => {
    const figure = newFigure()
    await publish([
      { ...figure, value: '3', source: source('Third') },
      { ...figure, value: '1', source: source('First') },
    ])
    expect((await current(figure))?.value).toBe('1')
  })

  it('what has no date was known on the Karachi day it was recorded', async () => {
    const figure = newFigure({ releasedOn: null })
    await publish([figure])
    const [{ day } = { day: '' }] = await database.$queryRaw<{ day: string }[]>`
      SELECT (now() AT TIME ZONE 'Asia/Karachi')::date::text AS day`
    expect((await current(figure))?.current).toMatchObject({ releasedOn: null, knownOn: day })
  })

  it('a release still to come is refused by the database', async () => {
    const figure = newFigure({ releasedOn: '2099-01-01' })
    await expect(publish([figure])).rejects.toThrow('revisions_released_on_check')
  })
})

describe('two publishers', () => {
  it('with two values are marked', async () => {
    const figure = newFigure()
    await publish([figure])
    await publish([
      { ...figure, value: '41000', releasedOn: '2022-06-01', source: source('The Nation') },
    ])
    expect((await current(figure))?.publishersDiffer).toBe(true)
  })

  it('with one value in different digits agree', async () => {
    const figure = newFigure({ value: '2.2' })
    await publish([figure, { ...figure, value: '2.20', source: source('The Nation') }])
    expect((await current(figure))?.publishersDiffer).toBe(false)
  })

  it('agree again once the newest word of each is the same', async () => {
    const figure = newFigure()
    await publish([figure, { ...figure, value: '41000', source: source('The Nation') }])
    await publish([{ ...figure, value: '41000', releasedOn: '2022-07-01' }])
    expect((await current(figure))?.publishersDiffer).toBe(false)
  })

  it('are one publisher when only the origin in brackets differs', async () => {
    const figure = newFigure()
    await publish([figure, { ...figure, value: '41000', source: source('Dawn (SBP data)') }])
    expect((await current(figure))?.publishersDiffer).toBe(false)
  })

  it('have an observation each where neither states a period', async () => {
    const figure = newFigure({ period: '_U', sex: 'F' })
    await publish([figure, { ...figure, value: '5', source: source('The Nation') }])
    const rows = await database.observation.findMany({ where: { period: '_U', sex: 'F' } })
    expect(rows.map(({ value }) => value?.toString()).toSorted()).toEqual(['40000', '5'])
    expect(rows.every(({ publishersDiffer }) => !publishersDiffer)).toBe(true)
  })
})

describe('what adds nothing', () => {
  it('is not written: the same figure again', async () => {
    const figure = newFigure()
    const first = await publish([figure])
    const before = await counts()
    const again = await publish([figure])
    expect(again).toMatchObject({ isNew: false, revisions: [], sources: [] })
    expect(again.commit).toBeGreaterThanOrEqual(first.commit)
    expect(await counts()).toEqual(before)
  })

  it('is not written twice within one submission', async () => {
    const figure = newFigure()
    const { revisions } = await publish([figure, { ...figure }])
    expect(revisions).toHaveLength(1)
    expect(await history(figure)).toHaveLength(1)
  })

  it.each<[string, Partial<PublicationInput>]>([
    ['digits', { value: '40000.0' }],
    ['status', { status: 'P' }],
    ['precision', { precision: 'about' }],
    ['note', { note: 'Counts both campuses.' }],
    ['source', { source: source('Dawn', 'Another page') }],
    ['release day', { releasedOn: '2022-05-12' }],
    ['release day', { releasedOn: null }],
  ])('is not the same figure with another %s', async (_, changes) => {
    const figure = newFigure()
    await publish([figure])
    expect((await publish([{ ...figure, ...changes }])).isNew).toBe(true)
    expect(await history(figure)).toHaveLength(2)
  })

  it('leaves the other figures of a submission their place', async () => {
    const known = newFigure()
    const fresh = newFigure()
    await publish([known])
    const { revisions } = await publish([known, fresh])
    expect(revisions).toMatchObject([{ index: 1 }])
  })

  it('does not undo a correction: an old file says again what was said before', async () => {
    const figure = newFigure({ value: '400000' })
    await publish([figure])
    await publish([{ ...figure, value: '40000' }])
    expect((await publish([figure])).isNew).toBe(false)
    expect((await current(figure))?.value).toBe('40000')
  })

  it('is not a value taken back by somebody who saw the one that replaced it', async () => {
    const figure = newFigure({ baseRevision: null })
    const first = await publish([figure])
    const second = await publish([
      { ...figure, value: '41000', baseRevision: first.revisions[0]?.id },
    ])
    const base = second.revisions[0]?.id
    expect((await publish([{ ...figure, baseRevision: base }])).isNew).toBe(true)
    expect((await current(figure))?.value).toBe('40000')
  })
})

describe('a submission', () => {
  it('sent again has one effect', async () => {
    const figure = newFigure()
    const options = { idempotencyKey: randomUUID() }
    const first = await publish([figure, newFigure()], options)
    const before = await counts()
    const again = await publish([figure, newFigure({ value: '7' })], options)
    expect(again).toEqual({ ...first, isNew: false, sources: [], transaction: null })
    expect(await counts()).toEqual(before)
  })

  it('sent several times at once has one effect and no conflict', async () => {
    const figure = newFigure({ baseRevision: null })
    const options = { idempotencyKey: randomUUID(), after: gate(6) }
    const all = await Promise.all(Array.from({ length: 6 }, () => publish([figure], options)))
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(new Set(all.map(({ commit }) => commit)).size).toBe(1)
    expect(await history(figure)).toHaveLength(1)
  })

  it('stores nothing when one of its figures cannot be stored', async () => {
    const good = Array.from({ length: 20 }, () => newFigure({ source: source('Only here') }))
    const bad = newFigure({ area: 'PK-NOWHERE' })
    const before = await counts()
    await expect(publish([...good, bad])).rejects.toThrow('observations_area_code_fkey')
    expect(await counts()).toEqual(before)
  })

  it('holds more figures than a statement has places', async () => {
    const figures = Array.from({ length: 3000 }, (_, n) =>
      newFigure({ indicator: 'ASSESSED', value: `${n}` }),
    )
    const { revisions } = await publish(figures)
    expect(revisions).toHaveLength(3000)
    const stored = await readFigures(database, { indicators: ['ASSESSED'] })
    expect(stored.map(({ value }) => value)).toEqual(figures.map(({ value }) => value))
  })
})

describe('two people at one figure', () => {
  it('the one who saw an old value is refused, and nothing of theirs is stored', async () => {
    const figure = newFigure({ baseRevision: null })
    const first = await publish([figure])
    const base = first.revisions[0]?.id
    const second = await publish([{ ...figure, value: '41000', baseRevision: base }])
    const before = await counts()
    const late = publish([
      newFigure({ baseRevision: null, source: source('Late') }),
      { ...figure, value: '42000', baseRevision: base },
    ])
    await expect(late).rejects.toThrow(RevisionConflict)
    await expect(late).rejects.toMatchObject({
      index: 1,
      newestRevision: second.revisions[0]?.id,
    })
    expect(await counts()).toEqual(before)
    expect((await current(figure))?.value).toBe('41000')
  })

  it('the one who saw no value is refused where there is one', async () => {
    const figure = newFigure()
    await publish([figure])
    await expect(publish([{ ...figure, value: '1', baseRevision: null }])).rejects.toThrow(
      RevisionConflict,
    )
  })

  it('a base that never was is refused', async () => {
    const stale = publish([newFigure({ baseRevision: 2_000_000_000 })])
    await expect(stale).rejects.toMatchObject({ newestRevision: null })
  })

  it.each(['a new figure', 'a figure that is there'])(
    'of 100 writers of %s with one base, exactly one wins',
    async (which) => {
      const figure = newFigure({ baseRevision: null })
      if (which !== 'a new figure') {
        const { revisions } = await publish([figure])
        figure.baseRevision = revisions[0]?.id
      }
      const before = await counts()
      const known = await history(figure)
      const results = await Promise.allSettled(
        Array.from({ length: 100 }, (_, n) => publish([{ ...figure, value: `${n}` }])),
      )
      const won = results.filter(({ status }) => status === 'fulfilled')
      const lost = results.filter((result) => result.status === 'rejected')
      expect(won).toHaveLength(1)
      expect(lost.filter(({ reason }) => !(reason instanceof RevisionConflict))).toEqual([])
      expect(await history(figure)).toHaveLength(known.length + 1)
      const after = await counts()
      expect(after).toMatchObject({ commits: before.commits + 1, revisions: before.revisions + 1 })
    },
  )

  it.each([
    ['sources', (n: number) => source('New ones', `${n}`)],
    ['figures of one source', () => source('Dawn')],
  ])(
    'writers of the same new %s in opposite orders do not lock each other out',
    async (_, cite) => {
      for (let round = 0; round < 5; round += 1) {
        const figures = Array.from({ length: 30 }, (_, n) =>
          newFigure({ indicator: 'TRAINED', source: cite(30 * round + n) }),
        )
        const writers = [figures, figures.toReversed(), figures, figures.toReversed()]
        const options = { after: gate(writers.length) }
        const results = await Promise.all(writers.map((each) => publish(each, options)))
        expect(results.filter(({ isNew }) => isNew)).toHaveLength(1)
      }
    },
  )
})

describe('any history', () => {
  const publishers = ['Dawn', 'Dawn (APP)', 'The Nation', '(only brackets)']
  const releases = [null, '2022-05-10', '2022-05-11', '2022-05-12', '2023-01-01']
  const event = fc.record({
    value: fc.constantFrom('1', '1.0', '2', '-3', '10.50'),
    publisher: fc.constantFrom(...publishers),
    releasedOn: fc.constantFrom(...releases),
    status: fc.constantFrom('A' as const, 'P' as const),
  })

  /** Whether the newest word of each publisher differs from another's. */
  function differ(revisions: readonly Revision[]): boolean {
    const latest = new Map<string, number>()
    for (const { source, value } of orderRevisions(revisions)) {
      latest.set(publisherName(source?.publisher ?? ''), Number(value))
    }
    return new Set(latest.values()).size > 1
  }

  it('leaves the current value that the rules name', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(event, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
        async (submissions) => {
          const figure = newFigure({ indicator: 'ENROLLED' })
          for (const events of submissions) {
            await publish(
              events.map(({ publisher, ...said }) => ({
                ...figure,
                ...said,
                source: source(publisher),
              })),
            )
          }
          const revisions = await history(figure)
          const expected = revisionAsOf(revisions)
          const shown = await current(figure)
          expect(shown?.current).toEqual(expected)
          expect(shown?.value).toBe(expected?.value)
          expect(shown?.status).toBe(expected?.status)
          expect(shown?.publishersDiffer).toBe(differ(revisions))
          const stored = await database.observation.findFirstOrThrow({
            where: { id: shown?.id ?? 0 },
          })
          expect(stored.value?.equals(expected?.value ?? 'NaN')).toBe(true)
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('reading figures', () => {
  it('narrows by every part of the filter; an empty list matches nothing', async () => {
    const figure = newFigure({
      indicator: 'TRAINERS_TRAINED',
      role: 'target',
      programme: 'PSEB',
      area: 'PK-PB',
      sex: 'F',
    })
    await publish([figure, newFigure({ indicator: 'TRAINERS_TRAINED' })])
    const indicators = ['TRAINERS_TRAINED']
    for (const filter of [
      { roles: ['target'] as const },
      { programmes: ['PSEB', 'KPITB'] },
      { areas: ['PK-PB'] },
      { sexes: ['F'] },
    ]) {
      const found = await readFigures(database, { indicators, ...filter })
      expect(found.map(({ period }) => period)).toEqual([figure.period])
    }
    expect(await readFigures(database, { indicators })).toHaveLength(2)
    expect(await readFigures(database, { indicators: [] })).toEqual([])
  })

  it('comes in the order of the periods, undated last', async () => {
    const indicator = 'CERTIFIED'
    const periods = ['2020-01-01/..', '2022', '../2021-05-05', '_U', '2021', '2021-05-05']
    await publish(periods.map((period) => newFigure({ indicator, period })))
    const figures = await readFigures(database, { indicators: [indicator] })
    expect(figures.map(({ period }) => period)).toEqual([
      '2021-05-05',
      '../2021-05-05',
      '2021',
      '2022',
      '2020-01-01/..',
      '_U',
    ])
  })

  it('gives every revision of an indicator with its key, newest record first', async () => {
    const figure = newFigure({ indicator: 'COST_PER_TRAINEE', sex: 'M' })
    await publish([figure])
    await publish([{ ...figure, value: '5', releasedOn: '2022-01-01' }])
    const revisions = await readRevisions(database, 'COST_PER_TRAINEE')
    expect(revisions.map(({ value }) => value)).toEqual(['5', '40000'])
    expect(revisions[0]?.key).toMatchObject({ period: figure.period, sex: 'M', unit: 'PERSONS' })
  })
})
