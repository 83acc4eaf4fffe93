import { createHash } from 'node:crypto'
import { database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import { keptBy } from '@/lib/db/remembered'
import type { LocalText } from '@/lib/i18n'
import { findItem, inTree, itemText, itemValues } from './rules'
import {
  type Cadence,
  type Catalogue,
  type CatalogueChange,
  type EditedItem,
  type Indicator,
  type Item,
  type ItemUse,
  type ItemValues,
  type ListedItem,
  type ListName,
  steps,
} from './schema'

const isoDay = (date: Date) => date.toISOString().slice(0, 10)
const text = (value: unknown) => value as LocalText
/** Whether the row was in the catalogue yet: a code comes with its first name. */
const isNamed = (row: { versions: readonly unknown[] }) => row.versions.length > 0

function cadenceOf(row: {
  releaseEvery: string | null
  releaseLagDays: number | null
}): Cadence | null {
  const every = steps.find((step) => step === row.releaseEvery)
  return every && row.releaseLagDays !== null ? { every, lagDays: row.releaseLagDays } : null
}

/**
 * The whole catalogue with its newest names and definitions, or those of a commit: names, breaks and caveats
 * that came after it are not in it yet. A few hundred rows: read it once.
 */
export async function readCatalogue(
  database: Transaction,
  commit: number | null = null,
): Promise<Catalogue> {
  const newest = {
    orderBy: { commitNo: 'desc' },
    take: 1,
    ...(commit !== null && { where: { commitNo: { lte: commit } } }),
  } as const
  const order = { orderBy: [{ position: 'asc' as const }, { code: 'asc' as const }] }
  const known = { where: commit === null ? {} : { commitNo: { lte: commit } } }
  const [indicators, aliases, programmes, areas, units, academies, breaks, caveats] =
    await Promise.all([
      database.indicator.findMany({ ...order, include: { versions: newest } }),
      database.indicatorAlias.findMany({ orderBy: { alias: 'asc' } }),
      database.programme.findMany({ ...order, include: { versions: newest } }),
      database.area.findMany({ ...order, include: { versions: newest } }),
      database.unit.findMany({ ...order, include: { versions: newest } }),
      database.academy.findMany({ orderBy: { code: 'asc' }, include: { versions: newest } }),
      database.seriesBreak.findMany({ ...known, orderBy: { startsOn: 'asc' } }),
      database.caveat.findMany({ ...known, ...order }),
    ])
  return {
    indicators: indicators.filter(isNamed).map((row) => ({
      code: row.code,
      theme: row.theme as Indicator['theme'],
      decimals: row.decimals,
      direction: row.direction,
      acrossAreas: row.acrossAreas,
      acrossPeriods: row.acrossPeriods,
      defaultKind: row.defaultKind,
      defaultUnit: row.defaultUnitCode,
      method: row.method,
      numerator: row.numeratorCode,
      numeratorSex: row.numeratorSex,
      denominator: row.denominatorCode,
      cadence: cadenceOf(row),
      name: text(row.versions[0]?.name),
      definition: text(row.versions[0]?.definition),
    })),
    aliases: aliases.map(({ alias, indicatorCode, role }) => ({
      alias,
      indicator: indicatorCode,
      role,
    })),
    programmes: programmes.filter(isNamed).map((row) => ({
      code: row.code,
      parent: row.parentCode,
      colour: row.colour,
      name: text(row.versions[0]?.name),
      description: text(row.versions[0]?.description),
    })),
    areas: areas.filter(isNamed).map((row) => ({
      code: row.code,
      parent: row.parentCode,
      endedOn: row.endedOn ? isoDay(row.endedOn) : null,
      tile:
        row.tileColumn === null || row.tileRow === null
          ? null
          : { column: row.tileColumn, row: row.tileRow },
      name: text(row.versions[0]?.name),
    })),
    units: units.filter(isNamed).map((row) => ({
      code: row.code,
      name: text(row.versions[0]?.name),
      pattern: text(row.versions[0]?.pattern),
    })),
    academies: academies.filter(isNamed).map((row) => ({
      code: row.code,
      programme: row.programmeCode,
      area: row.areaCode,
      city: row.city,
      host: row.host,
      openedOn: row.openedOn ? isoDay(row.openedOn) : null,
      closedOn: row.closedOn ? isoDay(row.closedOn) : null,
      mergedInto: row.mergedIntoCode,
      version: row.version,
      name: text(row.versions[0]?.name),
    })),
    breaks: breaks.map((row) => ({
      indicator: row.indicatorCode,
      programme: row.programmeCode,
      area: row.areaCode,
      startsOn: isoDay(row.startsOn),
      note: text(row.note),
    })),
    caveats: caveats.map((row) => ({
      code: row.code,
      indicator: row.indicatorCode,
      programme: row.programmeCode,
      text: text(row.text),
    })),
  }
}

/**
 * Stands for the catalogue and the rules as they are: what is read after it is of this state or of a
 * later one, never of one before.
 */
export async function readStamp(database: Transaction): Promise<string> {
  return (await readGround(database)).stamp
}

/** What figures are judged on. */
export interface Ground {
  /** See `readStamp`. */
  stamp: string
  /** Today's day in Asia/Karachi, by the database's clock. */
  today: string
}

/** The columns of `Ground`, for a question that asks for more. */
export const groundColumns = Prisma.sql`
  (SELECT coalesce(string_agg(stamp::text, ' ' ORDER BY list), '') FROM catalogue_stamps) AS stamp,
  to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS today`

export async function readGround(database: Transaction): Promise<Ground> {
  const [row] = await database.$queryRaw<Ground[]>`SELECT ${groundColumns}`
  if (!row) throw new Error('The database did not tell the day.')
  return row
}

const keptCatalogue = keptBy<Catalogue>(4)

/**
 * The catalogue as it is now, read again only where it is another one. Of a replica it is always
 * read: the primary answers what that cannot, so that its stamp might be newer than its lists.
 */
export async function currentCatalogue(database: Transaction): Promise<Catalogue> {
  if (database !== sharedDatabase()) return readCatalogue(database)
  return keptCatalogue(await readStamp(database), () => readCatalogue(database))
}

// The desk

/** Where an item stands in the order of its list; null where there is none. */
async function readPosition(
  database: Transaction,
  list: ListName,
  code: string,
): Promise<number | null> {
  const query = { where: { code }, select: { position: true } } as const
  const row =
    list === 'indicators'
      ? await database.indicator.findUnique(query)
      : list === 'programmes'
        ? await database.programme.findUnique(query)
        : list === 'areas'
          ? await database.area.findUnique(query)
          : await database.unit.findUnique(query)
  return row?.position ?? null
}

/** The place after all items of a list. */
export async function readNextPosition(database: Transaction, list: ListName): Promise<number> {
  const query = { _max: { position: true } } as const
  const { _max } =
    list === 'indicators'
      ? await database.indicator.aggregate(query)
      : list === 'programmes'
        ? await database.programme.aggregate(query)
        : list === 'areas'
          ? await database.area.aggregate(query)
          : await database.unit.aggregate(query)
  return (_max.position ?? -1) + 1
}

/** An item as it is now; null where there is none. */
export async function readOneItem(
  database: Transaction,
  catalogue: Catalogue,
  list: ListName,
  code: string,
): Promise<Item | null> {
  const row = findItem(catalogue, list, code)
  const position = await readPosition(database, list, code)
  return row && position !== null ? ({ list, row, position } as Item) : null
}

const columnOf = {
  indicators: 'indicatorCode',
  programmes: 'programmeCode',
  areas: 'areaCode',
  units: 'unitCode',
} as const

/** What holds the settings of an item fast: figures, also those withdrawn since. */
export async function readUse(
  database: Transaction,
  list: ListName,
  code: string,
): Promise<ItemUse> {
  const where = { [columnOf[list]]: code }
  const [figures, used] = await Promise.all([
    database.observation.count({ where: { ...where, value: { not: null } } }),
    database.observation.groupBy({ by: ['kind', 'unitCode'], where }),
  ])
  return {
    figures,
    kinds: [...new Set(used.map(({ kind }) => kind))],
    units: [...new Set(used.map(({ unitCode }) => unitCode))],
  }
}

/** The catalogue as it is in the database, not as a page has kept it. */
export const readCatalogueNow = (): Promise<Catalogue> => readCatalogue(sharedDatabase())

/** An item for its form; null where there is none. */
export async function readEdited(
  list: ListName,
  code: string,
  database: Transaction = sharedDatabase(),
): Promise<EditedItem | null> {
  const item = await readOneItem(database, await readCatalogue(database), list, code)
  if (!item) return null
  return {
    values: itemValues(item),
    seen: fingerprintOf(item),
    use: await readUse(database, list, code),
  }
}

/** Tells one state of an item from another. */
export function fingerprintOf(item: Item): string {
  return createHash('sha256').update(itemText(item)).digest('hex')
}

/** A form for an item that is not there yet. */
export async function readBlank(
  list: ListName,
  database: Transaction = sharedDatabase(),
): Promise<ItemValues> {
  const common = { position: String(await readNextPosition(database, list)) }
  if (list === 'programmes') return { ...common, colour: '0' }
  if (list === 'units') return { ...common, patternEn: '{value} ', patternUr: '{value} ' }
  if (list === 'areas') return common
  return {
    ...common,
    decimals: '0',
    direction: 'neutral',
    acrossAreas: 'none',
    acrossPeriods: 'none',
    method: 'published',
  }
}

/** The items of a list in their order, trees as trees, each with its number of figures. */
export async function readListing(
  list: ListName,
  database: Transaction = sharedDatabase(),
): Promise<ListedItem[]> {
  const catalogue = await readCatalogue(database)
  const counts = await database.observation.groupBy({
    by: [columnOf[list]],
    where: { value: { not: null } },
    _count: { _all: true },
  })
  const figures = new Map(counts.map((row) => [row[columnOf[list]], row._count._all]))
  const rows = catalogue[list].map((row) => ({
    code: row.code,
    name: row.name,
    parent: 'parent' in row ? row.parent : null,
  }))
  return inTree(rows).map(({ row: { code, name }, depth }) => ({
    code,
    name,
    depth,
    figures: figures.get(code) ?? 0,
  }))
}

/** How many items each list has. */
export async function countItems(
  database: Transaction = sharedDatabase(),
): Promise<Record<ListName, number>> {
  const { indicators, programmes, areas, units } = await readCatalogue(database)
  return {
    indicators: indicators.length,
    programmes: programmes.length,
    areas: areas.length,
    units: units.length,
  }
}

/**
 * What commits did to the catalogue, by the commit's number: what the desk has noted, and else the
 * items that were given names by it.
 */
export async function readChanges(
  commits: readonly number[],
  database: Transaction = sharedDatabase(),
): Promise<Map<number, CatalogueChange[]>> {
  const rows = await database.$queryRaw<(CatalogueChange & { commit: number })[]>`
    WITH versions (list, code, commit_no, before) AS (
      SELECT 'indicators', indicator_code, commit_no, min(commit_no) OVER (PARTITION BY indicator_code)
      FROM indicator_versions
      UNION ALL SELECT 'programmes', programme_code, commit_no,
        min(commit_no) OVER (PARTITION BY programme_code) FROM programme_versions
      UNION ALL SELECT 'areas', area_code, commit_no,
        min(commit_no) OVER (PARTITION BY area_code) FROM area_versions
      UNION ALL SELECT 'units', unit_code, commit_no,
        min(commit_no) OVER (PARTITION BY unit_code) FROM unit_versions
      UNION ALL SELECT 'academies', academy_code, commit_no,
        min(commit_no) OVER (PARTITION BY academy_code) FROM academy_versions
    )
    SELECT commit_no AS commit, list, code, is_new AS "isNew", fields
    FROM commit_changes WHERE commit_no = ANY(${[...commits]}::int[])
    UNION ALL
    SELECT commit_no, list, code, commit_no = before, '{}'::jsonb
    FROM versions v WHERE commit_no = ANY(${[...commits]}::int[]) AND code <> '_T'
      AND NOT EXISTS (SELECT FROM commit_changes c
        WHERE c.commit_no = v.commit_no AND c.list = v.list AND c.code = v.code)
    ORDER BY commit, list, code`
  const changes = new Map<number, CatalogueChange[]>()
  for (const { commit, ...change } of rows) {
    changes.set(commit, [...(changes.get(commit) ?? []), change])
  }
  return changes
}

/** Whether anything has been loaded yet. */
export async function hasCatalogue(database: Transaction): Promise<boolean> {
  return (await database.indicator.findFirst({ select: { code: true } })) !== null
}

/** The number of the newest commit: the version `v` of the record. */
export async function readNewestCommit(database: Transaction): Promise<number> {
  const { _max } = await database.commit.aggregate({ _max: { no: true } })
  return _max.no ?? 0
}
