import { createHash } from 'node:crypto'
import { ActorRefused, recheck } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import type { Database, Transaction } from '@/lib/db/client'
import { fingerprintOf, readCatalogue, readOneItem, readUse } from './data'
import { changedFields, itemText, itemValues, readItem, sameTexts } from './rules'
import type { CatalogueContent, Item, ItemProblem, ItemValues, ListName } from './schema'

const day = (iso: string | undefined) => (iso ? new Date(`${iso}T00:00:00Z`) : null)

/** Fills an empty catalogue: code lists, their first versions, breaks and caveats, in one commit. */
export async function createCatalogue(
  tx: Transaction,
  actor: Actor,
  content: CatalogueContent,
): Promise<void> {
  await recheck(tx, actor)
  const commit = await tx.commit.create({
    data: {
      kind: 'catalogue',
      message: 'First catalogue',
      actorId: actor.userId,
      idempotencyKey: 'catalogue:first',
    },
  })
  await createUnits(tx, content, commit.no)
  await createIndicators(tx, content, commit.no)
  await createProgrammes(tx, content, commit.no)
  await createAreas(tx, content, commit.no)
  await createTotalAcademy(tx, commit.no)
  await tx.seriesBreak.createMany({
    data: content.breaks.map((item) => ({
      indicatorCode: item.indicator,
      programmeCode: item.programme,
      areaCode: item.area,
      startsOn: new Date(`${item.startsOn}T00:00:00Z`),
      note: item.note,
      commitNo: commit.no,
    })),
  })
  await tx.caveat.createMany({
    data: content.caveats.map((item, position) => ({
      code: item.code,
      indicatorCode: item.indicator ?? null,
      programmeCode: item.programme ?? null,
      text: item.text,
      position,
      commitNo: commit.no,
    })),
  })
}

async function createUnits(
  tx: Transaction,
  content: Pick<CatalogueContent, 'units'>,
  commitNo: number,
) {
  await tx.unit.createMany({
    data: content.units.map((unit, position) => ({ code: unit.code, position })),
  })
  await tx.unitVersion.createMany({
    data: content.units.map(({ code, name, pattern }) => ({
      unitCode: code,
      commitNo,
      name,
      pattern,
    })),
  })
}

type IndicatorContent = CatalogueContent['indicators'][number]

const indicatorRow = (indicator: IndicatorContent, position: number) => ({
  code: indicator.code,
  theme: indicator.theme,
  decimals: indicator.decimals,
  direction: indicator.direction,
  acrossAreas: indicator.acrossAreas,
  acrossPeriods: indicator.acrossPeriods,
  defaultKind: indicator.defaultKind,
  defaultUnitCode: indicator.defaultUnit,
  method: indicator.method ?? 'published',
  numeratorCode: indicator.numerator ?? null,
  numeratorSex: indicator.numeratorSex ?? null,
  denominatorCode: indicator.denominator ?? null,
  releaseEvery: indicator.cadence?.every ?? null,
  releaseLagDays: indicator.cadence?.lagDays ?? null,
  position,
})

async function createIndicators(tx: Transaction, content: CatalogueContent, commitNo: number) {
  await tx.indicator.createMany({ data: content.indicators.map(indicatorRow) })
  await tx.indicatorVersion.createMany({
    data: content.indicators.map(({ code, name, definition }) => ({
      indicatorCode: code,
      commitNo,
      name,
      definition,
    })),
  })
  await tx.indicatorAlias.createMany({
    data: content.aliases.map(({ alias, indicator, role }) => ({
      alias,
      indicatorCode: indicator,
      role,
    })),
  })
}

async function createProgrammes(tx: Transaction, content: CatalogueContent, commitNo: number) {
  await tx.programme.createMany({
    data: content.programmes.map((programme, position) => ({
      code: programme.code,
      parentCode: programme.parent ?? null,
      colour: programme.colour,
      position,
    })),
  })
  await tx.programmeVersion.createMany({
    data: content.programmes.map(({ code, name, description }) => ({
      programmeCode: code,
      commitNo,
      name,
      description,
    })),
  })
}

async function createAreas(tx: Transaction, content: CatalogueContent, commitNo: number) {
  await tx.area.createMany({
    data: content.areas.map((area, position) => ({
      code: area.code,
      parentCode: area.parent ?? null,
      endedOn: day(area.endedOn),
      tileColumn: area.tile?.column ?? null,
      tileRow: area.tile?.row ?? null,
      position,
    })),
  })
  await tx.areaVersion.createMany({
    data: content.areas.map(({ code, name }) => ({ areaCode: code, commitNo, name })),
  })
}

/** `_T`, all academies together: the academy part of a key is never absent. */
async function createTotalAcademy(tx: Transaction, commitNo: number) {
  await tx.academy.create({ data: { code: '_T', programmeCode: '_Z', areaCode: 'PK' } })
  await tx.academyVersion.create({
    data: { academyCode: '_T', commitNo, name: { en: 'All academies', ur: 'تمام اکیڈمیاں' } },
  })
}

/**
 * Gives a catalogue that an earlier release of the product began what has been added since: units,
 * indicators, and the texts of indicators that nobody has reworded. In one commit; none where all is there.
 */
export async function completeCatalogue(
  tx: Transaction,
  actor: Actor,
  content: CatalogueContent,
): Promise<void> {
  await recheck(tx, actor)
  const newest = { orderBy: { commitNo: 'desc' }, take: 1, include: { commit: true } } as const
  const stored = await tx.indicator.findMany({ include: { versions: newest } })
  const byCode = new Map(stored.map((row) => [row.code, row.versions[0]]))
  const units = new Set(
    (await tx.unit.findMany({ select: { code: true } })).map(({ code }) => code),
  )
  const added = content.indicators.filter(({ code }) => !byCode.has(code))
  const addedUnits = content.units.filter(({ code }) => !units.has(code))
  const reworded = content.indicators.filter((indicator) => {
    const version = byCode.get(indicator.code)
    return (
      version?.commit.idempotencyKey.startsWith('catalogue:') && !saysTheSame(version, indicator)
    )
  })
  if (added.length + reworded.length + addedUnits.length === 0) return
  const texts = [...added, ...reworded, ...addedUnits]
  const fingerprint = createHash('sha256').update(JSON.stringify(texts)).digest('hex')
  const commit = await tx.commit.create({
    data: {
      kind: 'catalogue',
      message: 'Catalogue of a newer release',
      actorId: actor.userId,
      idempotencyKey: `catalogue:${fingerprint}`,
    },
  })
  await createUnits(tx, { units: addedUnits }, commit.no)
  const position = (code: string) => content.indicators.findIndex((row) => row.code === code)
  await tx.indicator.createMany({ data: added.map((row) => indicatorRow(row, position(row.code))) })
  await tx.indicatorVersion.createMany({
    data: [...added, ...reworded].map(({ code, name, definition }) => ({
      indicatorCode: code,
      commitNo: commit.no,
      name,
      definition,
    })),
  })
}

function saysTheSame(
  version: { name: unknown; definition: unknown },
  { name, definition }: IndicatorContent,
): boolean {
  const texts = (row: { name: unknown; definition: unknown }) =>
    [row.name, row.definition].map((text) => Object.entries(text as object).sort())
  return JSON.stringify(texts(version)) === JSON.stringify(texts({ name, definition }))
}

// The desk

const catalogueLock = 5_012

export interface ItemSubmission {
  list: ListName
  /** Null for a new item. */
  code: string | null
  /** The id of the form: sent again, it has no second effect. */
  id: string
  /** What the form showed, by `fingerprintOf`; empty for a new item. */
  seen: string
  values: ItemValues
  /** Why, for the commit. */
  reason: string
}

export type ItemOutcome =
  | { kind: 'stored'; code: string }
  | { kind: 'refused'; problems: ItemProblem[] }

const refusedFor = (code: string): ItemOutcome => ({
  kind: 'refused',
  problems: [{ field: null, code }],
})

/**
 * Adds an item to a list of the catalogue or changes one, in one commit: names and definitions as a
 * new version, so that earlier states keep theirs. What changes nothing makes no commit. Refuses
 * with `forbidden`, `gone`, `moved` (somebody changed it since the form was opened), and with all
 * that is wrong with the fields.
 */
export async function saveItem(
  database: Database,
  actor: Actor,
  submission: ItemSubmission,
): Promise<ItemOutcome> {
  if (!may(actor.role, 'catalogue.edit')) return refusedFor('forbidden')
  try {
    return await database.$transaction(async (tx) => {
      await recheck(tx, actor)
      // One at a time, so that no two make a circle, or twins, together.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${catalogueLock}::bigint)`
      return storeItem(tx, actor, submission)
    })
  } catch (error) {
    if (error instanceof ActorRefused) return refusedFor('forbidden')
    throw error
  }
}

async function storeItem(
  tx: Transaction,
  actor: Actor,
  { list, code, id, seen, values, reason }: ItemSubmission,
): Promise<ItemOutcome> {
  const idempotencyKey = `desk:${id}`
  const sent = await tx.commit.findUnique({ where: { idempotencyKey } })
  if (sent) return { kind: 'stored', code: code ?? values.code?.trim() ?? '' }
  const catalogue = await readCatalogue(tx)
  const item = code === null ? null : await readOneItem(tx, catalogue, list, code)
  if (code !== null && !item) return refusedFor('gone')
  if (item && fingerprintOf(item) !== seen) return refusedFor('moved')
  const before = item && { item, use: await readUse(tx, list, item.row.code) }
  const read = readItem(list, values, catalogue, before)
  if (!read.ok) return { kind: 'refused', problems: read.problems }
  const stored: ItemOutcome = { kind: 'stored', code: read.item.row.code }
  if (item && itemText(item) === itemText(read.item)) return stored
  const commit = await tx.commit.create({
    data: { kind: 'catalogue', message: reason, actorId: actor.userId, idempotencyKey },
  })
  await writeChange(tx, commit.no, item, read.item)
  await writeRow(tx, read.item)
  if (!item || !sameTexts(item, read.item)) await writeVersion(tx, read.item, commit.no)
  return stored
}

async function writeChange(
  tx: Transaction,
  commitNo: number,
  before: Item | null,
  after: Item,
): Promise<void> {
  const { list } = after
  const { code } = after.row
  const fields = before ? changedFields(itemValues(before), itemValues(after)) : {}
  await tx.commitChange.create({ data: { commitNo, list, code, isNew: before === null, fields } })
}

async function writeRow(tx: Transaction, item: Item): Promise<void> {
  const { position } = item
  const { code } = item.row
  const upsert = <Data extends object>(data: Data) => ({
    where: { code },
    create: { code, position, ...data },
    update: { position, ...data },
  })
  if (item.list === 'indicators') {
    const { name, definition, cadence, numerator, denominator, defaultUnit, ...row } = item.row
    await tx.indicator.upsert(
      upsert({
        ...row,
        defaultUnitCode: defaultUnit,
        numeratorCode: numerator,
        denominatorCode: denominator,
        releaseEvery: cadence?.every ?? null,
        releaseLagDays: cadence?.lagDays ?? null,
      }),
    )
  } else if (item.list === 'programmes') {
    const { parent, colour } = item.row
    await tx.programme.upsert(upsert({ parentCode: parent, colour }))
  } else if (item.list === 'areas') {
    const { parent, endedOn, tile } = item.row
    await tx.area.upsert(
      upsert({
        parentCode: parent,
        endedOn: day(endedOn ?? undefined),
        tileColumn: tile?.column ?? null,
        tileRow: tile?.row ?? null,
      }),
    )
  } else await tx.unit.upsert(upsert({}))
}

async function writeVersion(tx: Transaction, item: Item, commitNo: number): Promise<void> {
  const { code, name } = item.row
  if (item.list === 'indicators') {
    const { definition } = item.row
    await tx.indicatorVersion.create({ data: { indicatorCode: code, commitNo, name, definition } })
  } else if (item.list === 'programmes') {
    const { description } = item.row
    await tx.programmeVersion.create({ data: { programmeCode: code, commitNo, name, description } })
  } else if (item.list === 'areas') {
    await tx.areaVersion.create({ data: { areaCode: code, commitNo, name } })
  } else {
    await tx.unitVersion.create({
      data: { unitCode: code, commitNo, name, pattern: item.row.pattern },
    })
  }
}
