import { stringify } from 'csv-stringify/sync'
import { readScopes } from '@/features/accounts/data'
import { inScope } from '@/features/accounts/rules'
import type { Actor, Scope } from '@/features/accounts/schema'
import { readCatalogue } from '@/features/catalogue/data'
import { programmesUnder } from '@/features/catalogue/rules'
import type { Academy, Area } from '@/features/catalogue/schema'
import { type Database, database as sharedDatabase, type Transaction } from '@/lib/db/client'
import type { LocalText } from '@/lib/i18n'
import { isFound } from '@/lib/search-text'
import { isAcademy, openIn, registryRows } from './rules'
import {
  type AcademyChange,
  type AcademyFilter,
  type AcademyTies,
  actNames,
  type RegistryView,
} from './schema'

/** Academies of the registry by area and code, with their newest names; never their contacts. */
export async function readAcademies(
  filter: AcademyFilter = {},
  database: Database | Transaction = sharedDatabase(),
): Promise<Academy[]> {
  const catalogue = await readCatalogue(database)
  const programmes = filter.programme && new Set(programmesUnder(catalogue, filter.programme))
  const areas = filter.area && new Set(areasIn(catalogue.areas, filter.area))
  return catalogue.academies
    .filter(isAcademy)
    .filter(
      (academy) =>
        (!programmes || programmes.has(academy.programme)) &&
        (!areas || areas.has(academy.area)) &&
        (filter.includeClosed !== false || academy.closedOn === null) &&
        (!filter.openIn || openIn(academy, filter.openIn)) &&
        isFound(filter.search ?? '', searchedTexts(academy)),
    )
    .sort((one, other) => byText(one.area, other.area) || byText(one.code, other.code))
}

const byText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

const searchedTexts = ({ code, name, city, host }: Academy) => [
  name.en,
  name.ur ?? '',
  code,
  city,
  host,
]

function areasIn(areas: readonly Area[], code: string): string[] {
  const parts = areas.filter(({ parent }) => parent === code)
  return [code, ...parts.flatMap((part) => areasIn(areas, part.code))]
}

// The desk

/** Whether somebody with these limits may keep an academy; an unlimited one may keep all. */
export const mayKeep =
  (scopes: readonly Scope[]) =>
  ({ code, programme }: Pick<Academy, 'code' | 'programme'>) =>
    inScope(scopes, { programme, academy: code })

/** An academy with what only those who may keep it see. */
export interface KeptAcademy {
  academy: Academy
  /** Empty where nobody is named. */
  contact: string
  ties: AcademyTies
  /** Codes of those that became a part of it. */
  merged: string[]
  /** The newest first. */
  history: AcademyChange[]
}

/** An academy for its page at the desk; null where there is none within the limits of its reader. */
export async function readKeptAcademy(
  actor: Actor,
  code: string,
  database: Database | Transaction = sharedDatabase(),
): Promise<KeptAcademy | null> {
  const [{ academies }, scopes] = await Promise.all([
    readCatalogue(database),
    readScopes(database, actor.userId),
  ])
  const academy = academies.find((row) => isAcademy(row) && row.code === code)
  if (!academy || !mayKeep(scopes)(academy)) return null
  const [contact, ties, history] = await Promise.all([
    readContact(database, code),
    readTies(database, code),
    readHistory(database, code),
  ])
  const merged = academies.filter(({ mergedInto }) => mergedInto === code).map((row) => row.code)
  return { academy, contact, ties, merged, history }
}

export async function readContact(
  database: Database | Transaction,
  academyCode: string,
): Promise<string> {
  const row = await database.academyContact.findUnique({ where: { academyCode } })
  return row?.contact ?? ''
}

export async function readTies(
  database: Database | Transaction,
  code: string,
): Promise<AcademyTies> {
  const [figures, mergers] = await Promise.all([
    database.observation.count({ where: { academyCode: code } }),
    database.academy.count({
      where: { OR: [{ mergedIntoCode: code }, { code, mergedIntoCode: { not: null } }] },
    }),
  ])
  return { figures, mergers }
}

/** The same for every academy that any figure or merger holds. */
export async function readAllTies(
  database: Database | Transaction,
  academies: readonly Academy[],
): Promise<(code: string) => AcademyTies> {
  const rows = await database.observation.groupBy({ by: ['academyCode'], _count: { _all: true } })
  const figures = new Map(rows.map(({ academyCode, _count }) => [academyCode, _count._all]))
  const mergers = new Set(
    academies.flatMap(({ code, mergedInto }) => (mergedInto === null ? [] : [code, mergedInto])),
  )
  return (code) => ({ figures: figures.get(code) ?? 0, mergers: mergers.has(code) ? 1 : 0 })
}

/** What a commit did is the first word of its key. */
export const changeKey = (act: AcademyChange['act'], id: string) => `academy-${act}:${id}`

async function readHistory(
  database: Database | Transaction,
  academyCode: string,
): Promise<AcademyChange[]> {
  const rows = await database.academyVersion.findMany({
    where: { academyCode },
    orderBy: { commitNo: 'desc' },
    include: { commit: { include: { actor: true } } },
  })
  return rows.map(({ name, commit }) => ({
    commit: commit.no,
    at: commit.committedAt.toISOString(),
    author: commit.actor.name,
    act: actOfKey(commit.idempotencyKey),
    reason: commit.message,
    name: name as unknown as LocalText,
  }))
}

function actOfKey(key: string): AcademyChange['act'] {
  const word = /^academy-(\w+):/.exec(key)?.[1]
  return (['import', ...actNames] as const).find((act) => act === word) ?? 'save'
}

/**
 * What was entered for an academy after a commit: revisions, and proposals that are neither
 * published nor put aside.
 */
export async function countEnteredSince(
  database: Transaction,
  academyCode: string,
  commit: { no: number; at: Date },
): Promise<number> {
  const [revisions, proposals] = await Promise.all([
    database.revision.count({
      where: { observation: { academyCode }, commitNo: { gt: commit.no } },
    }),
    database.proposal.count({
      where: {
        academyCode,
        createdAt: { gt: commit.at },
        state: { notIn: ['published', 'discarded'] },
      },
    }),
  ])
  return revisions + proposals
}

/** The academies that somebody may keep and that a list asks for, by area and code. */
export async function readKeptAcademies(
  actor: Actor,
  { search, programme, area, state }: RegistryView,
  database: Database | Transaction = sharedDatabase(),
): Promise<{ academies: Academy[]; isLimited: boolean; total: number }> {
  const filter: AcademyFilter = { search, includeClosed: state !== 'open' }
  if (programme !== '') filter.programme = programme
  if (area !== '') filter.area = area
  const [all, found, scopes] = await Promise.all([
    readAcademies({}, database),
    readAcademies(filter, database),
    readScopes(database, actor.userId),
  ])
  const academies = found.filter(mayKeep(scopes))
  return {
    academies: state === 'closed' ? academies.filter(({ closedOn }) => closedOn) : academies,
    isLimited: scopes.length > 0,
    total: all.filter(mayKeep(scopes)).length,
  }
}

/** The registry as a file: what is public of it, with a mark by which spreadsheets know UTF-8. */
export async function registryCsv(
  database: Database | Transaction = sharedDatabase(),
): Promise<string> {
  const rows = registryRows(await readAcademies({}, database))
  return stringify(rows, { record_delimiter: '\r\n', bom: true })
}
