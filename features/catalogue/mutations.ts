import { createHash } from 'node:crypto'
import { recheck } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import type { Transaction } from '@/lib/db/client'
import type { CatalogueContent } from './schema'

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
