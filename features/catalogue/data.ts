import type { Transaction } from '@/lib/db/client'
import type { LocalText } from '@/lib/i18n'
import { type Cadence, type Catalogue, type Indicator, steps } from './schema'

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
  const order = { orderBy: { position: 'asc' } } as const
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

/** Whether anything has been loaded yet. */
export async function hasCatalogue(database: Transaction): Promise<boolean> {
  return (await database.indicator.findFirst({ select: { code: true } })) !== null
}

/** The number of the newest commit: the version `v` of the record. */
export async function readNewestCommit(database: Transaction): Promise<number> {
  const { _max } = await database.commit.aggregate({ _max: { no: true } })
  return _max.no ?? 0
}
