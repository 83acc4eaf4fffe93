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
    })),
  })
  await tx.caveat.createMany({
    data: content.caveats.map((item, position) => ({
      code: item.code,
      indicatorCode: item.indicator ?? null,
      programmeCode: item.programme ?? null,
      text: item.text,
      position,
    })),
  })
}

async function createUnits(tx: Transaction, content: CatalogueContent, commitNo: number) {
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

async function createIndicators(tx: Transaction, content: CatalogueContent, commitNo: number) {
  await tx.indicator.createMany({
    data: content.indicators.map((indicator, position) => ({
      code: indicator.code,
      theme: indicator.theme,
      decimals: indicator.decimals,
      direction: indicator.direction,
      acrossAreas: indicator.acrossAreas,
      acrossPeriods: indicator.acrossPeriods,
      defaultKind: indicator.defaultKind,
      defaultUnitCode: indicator.defaultUnit,
      numeratorCode: indicator.numerator ?? null,
      denominatorCode: indicator.denominator ?? null,
      position,
    })),
  })
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
