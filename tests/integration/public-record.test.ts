import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { GET as getObservations } from '@/app/api/v1/observations/route'
import { GET as getRevisions } from '@/app/api/v1/revisions/route'
import { systemActor } from '@/features/accounts/data'
import { readFeed, readReleaseFeed } from '@/features/feeds/data'
import { readFiguresAsOf } from '@/features/figures/data'
import { publishFigures } from '@/features/figures/mutations'
import type { PublicationInput } from '@/features/figures/schema'
import { figuresCsv } from '@/features/files/data'
import { readChartImage, readSocialImage } from '@/features/images/data'
import { readSocialPlace } from '@/features/images/schema'
import { loadFirstContent } from '@/features/imports/mutations'
import { submitFigure } from '@/features/proposals/mutations'
import { encodeWarnings } from '@/features/proposals/rules'
import { recordAsOf } from '@/features/record/data'
import { createRelease } from '@/features/releases/mutations'
import { readComparison, readRevisionsPage } from '@/features/revisions/data'
import type { Database } from '@/lib/db/client'
import { type TestDatabase, testDatabase } from '../support/database'

let test: TestDatabase
let database: Database
/** A correction with a reason, and one dated before the current value. */
let corrected: number
let backDated: number

const secret = '987654.321'

beforeAll(async () => {
  test = await testDatabase()
  database = test.database
  await loadFirstContent(database)
  corrected = await publish({ value: '2600', releasedOn: '2026-01-05', reason: 'Typing error' })
  backDated = await publish({ value: '2601', releasedOn: '2023-07-20' })
  await hold()
})

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', test.url)
  vi.stubEnv('SHUMAR_URL', 'https://stats.example.org')
})

afterAll(async () => {
  await (globalThis as { shumarStreams?: Pool }).shumarStreams?.end()
  await test.drop()
})

const revisionsPage = (request: { before?: number; commit?: number; after?: number }) =>
  readRevisionsPage({ before: null, commit: null, after: 0, ...request }, database)

describe('the log of revisions', () => {
  it('has each commit, newest first, with what each figure was before and why it changed', async () => {
    const page = await revisionsPage({})
    const [first, second] = page?.commits ?? []
    expect([first?.commit.no, second?.commit.no]).toEqual([backDated, corrected])
    expect(second?.revisions).toMatchObject([
      { value: '2600', before: { value: '2596' }, reason: 'Typing error', tookOver: true },
    ])
    expect(first?.revisions).toMatchObject([
      { value: '2601', before: { value: '2600' }, tookOver: false },
    ])
  })

  it('summarises a large commit, and gives it whole on pages of its own', async () => {
    const page = await revisionsPage({})
    const large = page?.commits.find(({ commit }) => commit.kind === 'import')
    expect(large?.revisions).toEqual([])
    const seen: number[] = []
    for (let after: number | undefined = 0; after !== undefined; ) {
      const part = await revisionsPage({ commit: large?.commit.no, after })
      seen.push(...(part?.commits[0]?.revisions ?? []).map(({ id }) => id))
      const next = new URLSearchParams(part?.next ?? '').get('after')
      after = next === null ? undefined : Number(next)
    }
    expect(seen).toHaveLength(large?.commit.count ?? 0)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('says nothing of what is not public yet, anywhere', async () => {
    const everywhere = [
      JSON.stringify(await revisionsPage({})),
      (await readFeed('en', database)).xml,
      await text(await figuresCsv({})),
      await (await api(getObservations, 'limit=1000')).text(),
      await (await api(getRevisions, 'limit=1000')).text(),
      JSON.stringify(await readComparison('ICT_EXPORTS', { to: '2026-11-24' }, database)),
      JSON.stringify(await readFiguresAsOf(database, { asOf: '2100-01-01', commit: 1e6 })),
    ]
    for (const answer of everywhere) expect(answer).not.toContain(secret)
  })
})

describe('the feed', () => {
  it('has an entry a commit with addresses that lead from anywhere, in each language', async () => {
    for (const [locale, path] of [
      ['en', ''],
      ['ur', '/ur'],
    ] as const) {
      const { xml, updated } = await readFeed(locale, database)
      expect(xml).toContain(`<id>https://stats.example.org${path}/revisions.atom</id>`)
      const ids = [...xml.matchAll(/<entry>\n<id>(.*?)<\/id>/g)].map(([, id]) => id)
      expect(ids.slice(0, 2)).toEqual(
        [backDated, corrected].map(
          (no) => `https://stats.example.org${path}/revisions?commit=${no}`,
        ),
      )
      expect(xml).toContain('Typing error')
      expect(xml.match(/<updated>(.*?)<\/updated>/)?.[1]).toBe(updated)
      expect(xml.match(/href="(?!https:)/)).toBeNull()
    }
  })
})

describe('the feed of releases', () => {
  it('says what is announced, and nothing of its figures', async () => {
    const { xml } = await readReleaseFeed('ur', database)
    expect(xml).toContain('<id>https://stats.example.org/ur/releases.atom</id>')
    expect(xml).toMatch(/<id>https:\/\/stats\.example\.org\/ur\/releases\/[^<]+#event-\d+<\/id>/)
    expect(xml).toContain('برآمدات')
    expect(xml).not.toContain(secret)
  })
})

describe('the API', () => {
  it('gives page by page what the file gives at once', async () => {
    const rows: Record<string, string | null>[] = []
    let next: string | null = 'https://stats.example.org/api/v1/observations?limit=100'
    while (next) {
      const answer = await (await getObservations(new Request(next))).json()
      rows.push(...answer.observations)
      next = answer.next
    }
    const csv = (await text(await figuresCsv({}))).trimEnd().split('\n')
    expect(rows).toHaveLength(csv.length - 1)
    const exports = rows.find((row) => row.indicator === 'ICT_EXPORTS' && row.period === '2022-A1')
    expect(exports).toMatchObject({ value: '2600', period_start: '2022-07-01', role: 'actual' })
    expect(csv).toContainEqual(expect.stringContaining(`2022-A1,2022-07-01,2023-06-30,A,2600,`))
  })

  it('answers for a past day and commit', async () => {
    const query = `indicator=ICT_EXPORTS&asOf=2023-08-01&v=${corrected}&limit=1000`
    const answer = await (await api(getObservations, query)).json()
    expect(answer).toMatchObject({ asOf: '2023-08-01', v: corrected })
    const values = answer.observations.map((row: Record<string, string>) => row.value)
    expect(values).toContain('2605')
    expect(values).not.toContain('2601')
  })

  it('lists revisions newest first, and of a vintage those known in it', async () => {
    const all = await (await api(getRevisions, 'limit=2')).json()
    expect(all.revisions).toMatchObject([
      { commit: backDated, value: '2601' },
      { commit: corrected, value: '2600', reason: 'Typing error' },
    ])
    const before = await (await api(getRevisions, `asOf=2023-08-01&v=${corrected}`)).json()
    const known = before.revisions as { known_on: string; commit: number }[]
    expect(known.length).toBeGreaterThan(0)
    expect(known.every((row) => row.known_on <= '2023-08-01' && row.commit <= corrected)).toBe(true)
  })

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['after=x', 'after'],
    ['sort=value', 'sort'],
    ['fields=id,colour', 'fields'],
    ['sex=X', 'sex'],
    ['colour=red', 'colour'],
    ['asOf=2999-01-01', 'asOf'],
    ['v=2', 'asOf'],
    ['asOf=2023-01-01&v=0', 'v'],
  ])('refuses %s and names the parameter', async (query, parameter) => {
    const answer = await api(getObservations, query)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(await answer.json()).toMatchObject({
      status: 400,
      parameter,
      detail: expect.stringMatching(/\w/),
    })
  })
})

describe('two days of an indicator', () => {
  const compare = (from: string, to: string) =>
    readComparison('ICT_EXPORTS', { from, to }, database)

  it('differ in what the record says was learned between them', async () => {
    const { compared } = await compare('2023-07-19', '2023-08-18')
    const year = compared?.changes.find(({ after }) => after.key.period === '2022-A1')
    expect(year).toMatchObject({
      kind: 'revised',
      before: { value: '2605' },
      after: { value: '2593', knownOn: '2023-08-18' },
    })
    const shown = new Map(compared?.earlier.figures.map((figure) => [figure.id, figure.value]))
    for (const { observation, after } of compared?.changes ?? []) {
      if (after.value === null) shown.delete(observation)
      else shown.set(observation, after.value)
    }
    expect(shown).toEqual(new Map(compared?.later.figures.map(({ id, value }) => [id, value])))
  })

  it.each([
    ['yesterday', '2023-08-18', 'from', 'notADay'],
    ['2023-08-18', '2999-01-01', 'to', 'future'],
    ['2024-01-01', '2023-01-01', 'from', 'order'],
  ])('are refused in words where they are no two days: %s, %s', async (from, to, field, code) => {
    const { compared, problems, words } = await compare(from, to)
    expect(compared).toBeNull()
    expect(problems).toMatchObject([{ field, problem: { code } }])
    expect(words).toEqual({ from, to })
  })
})

describe('a past state', () => {
  const state = { asOf: '2024-06-30', commit: 1e6 }

  it('of a programme or an area is a part of the whole', async () => {
    const all = await readFiguresAsOf(database, state)
    const programmes = ['DIGISKILLS', 'DIGISKILLS_2']
    expect(await readFiguresAsOf(database, state, { programmes })).toEqual(
      all.filter((figure) => programmes.includes(figure.programme)),
    )
    expect(await readFiguresAsOf(database, state, { areas: ['PK-PB'] })).toEqual(
      all.filter((figure) => figure.area === 'PK-PB'),
    )
    expect(all.length).toBeGreaterThan(0)
  })

  it('keeps its names and definitions, and its images, under a frozen address', async () => {
    const words = { asOf: '2024-06-30', v: String(corrected) }
    const place = { page: 'indicators', code: 'ICT_EXPORTS', chart: 'chart-0' } as const
    const nameIn = async (frozen: { asOf: string; v?: string }) => {
      const record = await recordAsOf(frozen, () => [], database)
      if (!record.ok) throw new Error(record.problem.code)
      return record.value.catalogue.indicators.find(({ code }) => code === 'ICT_EXPORTS')
    }
    const image = await readChartImage(place, words, 'en', database)
    const before = await nameIn(words)
    const renamed = { en: 'A new name', ur: 'نیا نام' }
    await database.commit.create({
      data: {
        kind: 'catalogue',
        actorId: 'system',
        idempotencyKey: randomUUID(),
        indicators: {
          create: [{ indicatorCode: 'ICT_EXPORTS', name: renamed, definition: renamed }],
        },
      },
    })
    expect((await nameIn({ asOf: '2024-06-30' }))?.name).toEqual(renamed)
    expect(await nameIn(words)).toEqual(before)
    expect(before?.name.en).toBe('ICT exports')
    expect(await readChartImage(place, words, 'en', database)).toEqual(image)
    expect(image).toMatchObject({ ok: true, value: expect.stringContaining('ICT exports') })
  })
})

describe('the image for shared links', () => {
  const image = (...path: string[]) => {
    const place = readSocialPlace(path)
    if (!place) throw new Error(`${path} is no place.`)
    return readSocialImage(place, 'ur', database)
  }

  it('is there for the overview, and each indicator, programme, area and figure', async () => {
    const figure = await database.observation.findFirstOrThrow({
      where: { indicatorCode: 'ICT_EXPORTS', period: '2024-A1' },
    })
    for (const path of [
      'overview',
      'site',
      'indicators/ACADEMIES',
      'programmes/DIGISKILLS',
      'areas/PK-PB',
    ])
      expect(await image(...`${path}.png`.split('/')), path).toContain('شمار')
    expect(await image('figures', `${figure.id}.png`)).toContain('3,810')
  })

  it('is not there for what is not in the record', async () => {
    for (const path of [
      'indicators/X',
      'programmes/_Z',
      'areas/XX',
      'figures/999999',
      'figures/x',
      'releases/x',
    ])
      expect(await image(...`${path}.png`.split('/')), path).toBeNull()
  })
})

const api = (get: (request: Request) => Response | Promise<Response>, query: string) =>
  get(new Request(`https://stats.example.org/api/v1/x?${query}`))

const entry = {
  role: 'actual',
  indicator: 'ICT_EXPORTS',
  programme: '_Z',
  area: 'PK',
  academy: '_T',
  sex: '_T',
  kind: 'flow',
  unit: 'USD_MILLION',
  period: '2022-A1',
  status: 'A',
  precision: 'exact',
  source: { publisher: 'Dawn', title: '', publishedLabel: '', url: '' },
  note: '',
  reason: '',
  periodLabel: '',
} as const

async function publish(said: Pick<PublicationInput, 'value' | 'releasedOn'> & { reason?: string }) {
  const figure: PublicationInput = { ...entry, ...said }
  const actor = await systemActor(database)
  const { commit } = await database.$transaction((tx) =>
    publishFigures(tx, actor, [figure], {
      kind: 'publication',
      message: '',
      idempotencyKey: randomUUID(),
    }),
  )
  return commit
}

/** A figure that is approved and held for a release. */
async function hold(): Promise<void> {
  const actor = await systemActor(database)
  const slug = await createRelease(database, actor, {
    title: { en: 'Exports', ur: 'برآمدات' },
    note: { en: '', ur: '' },
    at: '2099-01-01 10:00',
  })
  if (!slug.ok) throw new Error(slug.problem.code)
  const release = await database.release.findUniqueOrThrow({ where: { slug: slug.value } })
  const figure = { ...entry, value: secret, releasedOn: '2026-02-01', reason: 'Checked.' }
  const sent = { id: randomUUID(), figure, version: null, releaseId: release.id }
  const asked = await submitFigure(database, actor, { ...sent, base: null, confirmed: [] })
  if (asked.kind !== 'ask') throw new Error(asked.kind)
  const base = asked.existing?.newest ?? null
  const confirmed = encodeWarnings(asked.warnings)
  const held = await submitFigure(database, actor, { ...sent, base, confirmed })
  expect(held).toMatchObject({ state: 'scheduled' })
}
