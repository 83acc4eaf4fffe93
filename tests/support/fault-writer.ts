import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { actorOf } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { figuresCsv } from '@/features/files/data'
import { decideProposal, submitFigure } from '@/features/proposals/mutations'
import type { EnteredFigure } from '@/features/proposals/schema'
import { createRelease, publishDueReleases } from '@/features/releases/mutations'
import { readUpload } from '@/features/uploads/data'
import { keepUpload, startCheck, startCommit } from '@/features/uploads/mutations'
import { connect } from '@/lib/db/client'

/**
 * Saves, imports, releases and downloads without end, until it is killed, and says each thing
 * it begins and each that it was told is done. What the database refuses meanwhile is tried anew.
 */

export const rowsOfImport = 200
export const figuresOfRelease = 3

const database = connect(process.env.DATABASE_URL ?? '')
// At once and whole: a killed process must not owe us a line.
const say = (...words: string[]) => writeSync(1, `${words.join(' ')}\n`)

let next = Number(process.env.FAULTS_FROM ?? 0)

const areas = ['PK-GB', 'PK-BA', 'PK-KP', 'PK-SD', 'PK-PB']
const daysOfArea = 40_000

/** A figure nobody has entered: each takes a day of its own. */
function freshFigure(publisher: string): EnteredFigure {
  next += 1
  const day = new Date(Date.UTC(1900, 0, 1) + (next % daysOfArea) * 86_400_000)
  return {
    ...{ role: 'actual', indicator: 'ENROLLED', programme: 'PSEB', academy: '_T' },
    area: areas[Math.floor(next / daysOfArea)],
    ...{ sex: '_T', kind: 'stock', unit: 'PERSONS', period: day.toISOString().slice(0, 10) },
    ...{ value: String(next), status: 'A', precision: 'exact', note: '', reason: 'Counted anew.' },
    ...{ periodLabel: '', releasedOn: '2022-05-11' },
    source: { publisher, title: '', publishedLabel: '', url: '' },
  } as EnteredFigure
}

async function submit(actor: Actor, figure: EnteredFigure, releaseId: number | null, id: string) {
  const ticket = { id, figure, base: null, version: null, releaseId }
  const first = await submitFigure(database, actor, { ...ticket, confirmed: [] })
  if (first.kind === 'stored') return
  const confirmed = 'warnings' in first ? first.warnings.map(({ code }) => code) : []
  const second = await submitFigure(database, actor, { ...ticket, confirmed })
  if (second.kind !== 'stored') throw new Error(JSON.stringify(second))
}

async function save(admin: Actor) {
  const id = randomUUID()
  say('begin', 'save', id)
  await submit(admin, freshFigure('Saved'), null, id)
  say('done', 'save', id)
}

async function* once(content: string) {
  yield Buffer.from(content)
}

async function load(admin: Actor) {
  const id = randomUUID()
  const header = 'indicator,programme,area,sex,kind,unit,period,value,released_on,publisher'
  const lines = Array.from({ length: rowsOfImport }, () => {
    const { indicator, programme, area, sex, kind, unit, period, value } = freshFigure('')
    return [indicator, programme, area, sex, kind, unit, period, value, '2022-05-11', id].join(',')
  })
  const kept = await keepUpload(database, admin, {
    name: `${id}.csv`,
    bytes: once([header, ...lines, ''].join('\r\n')),
  })
  if (!kept.ok) throw new Error(JSON.stringify(kept.problem))
  const check = await startCheck(database, admin, kept.value)
  if (!check.ok) throw new Error(JSON.stringify(check.problem))
  await check.value.finished
  say('begin', 'import', id)
  const commit = await startCommit(database, admin, kept.value, 'Counted anew.')
  if (!commit.ok) throw new Error(JSON.stringify(commit.problem))
  await commit.value.finished
  const upload = await readUpload(admin, kept.value, database)
  if (upload?.state === 'committed') say('done', 'import', id)
  else say('failed', 'import', JSON.stringify(upload?.problem ?? null))
}

async function release(reviewer: Actor, editor: Actor) {
  const name = randomUUID().slice(0, 8)
  const at = `${new Date().getUTCFullYear() + 1}-06-01 15:30`
  const title = { en: `Release ${name}`, ur: `اجرا ${name}` }
  const slug = await createRelease(database, reviewer, { title, note: { en: '', ur: '' }, at })
  if (!slug.ok) throw new Error(JSON.stringify(slug.problem))
  const { id } = await database.release.findUniqueOrThrow({ where: { slug: slug.value } })
  for (let n = 0; n < figuresOfRelease; n++) {
    const figure = randomUUID()
    await submit(editor, freshFigure(`Released ${id}`), id, figure)
    const approval = { id: figure, step: 'approve', version: 1, comment: '' } as const
    const approved = await decideProposal(database, reviewer, approval)
    if (approved.kind !== 'stored') throw new Error(JSON.stringify(approved))
  }
  say('begin', 'release', String(id))
  await database.$executeRaw`UPDATE releases SET announced_at = clock_timestamp() WHERE id = ${id}`
  await publishDueReleases(database)
  const { state } = await database.release.findUniqueOrThrow({ where: { id } })
  if (state === 'published') say('done', 'release', String(id))
}

/** A download that ends well has a whole last line; one that was cut fails. */
async function download() {
  say('begin', 'download', '-')
  const lines: Buffer[] = []
  for await (const chunk of await figuresCsv({})) lines.push(Buffer.from(chunk))
  const text = Buffer.concat(lines).toString()
  say('done', 'download', text.endsWith('\n') ? String(text.split('\n').length - 2) : 'CUT')
}

async function withoutEnd(name: string, work: () => Promise<void>) {
  for (;;) {
    try {
      await work()
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      say('failed', name, message.trim().split('\n').at(-1) ?? '')
      await sleep(100)
    }
  }
}

async function actors() {
  for (;;) {
    try {
      const [admin, reviewer, editor] = await Promise.all(
        ['admin', 'reviewer', 'editor'].map((id) => actorOf(database, id)),
      )
      if (admin && reviewer && editor) return { admin, reviewer, editor }
    } catch {
      await sleep(100)
    }
  }
}

if (process.env.FAULTS_FROM !== undefined) {
  const { admin, reviewer, editor } = await actors()
  say('ready')
  void withoutEnd('save', () => save(admin))
  void withoutEnd('import', () => load(admin))
  void withoutEnd('release', () => release(reviewer, editor))
  void withoutEnd('download', download)
}
