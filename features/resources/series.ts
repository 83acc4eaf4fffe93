import { z } from 'zod'
import { isAcademy } from '@/features/academies/rules'
import { type ApiPaths, addressWords, explained, problemResponse } from '@/features/api/series'
import { isProgramme } from '@/features/catalogue/rules'
import type { Academy, Catalogue } from '@/features/catalogue/schema'
import type { Release } from '@/features/releases/schema'
import { defaultLocale, translator } from '@/lib/i18n'
import { isFound } from '@/lib/search-text'
import type { ListOrders } from './rules'
import {
  type Filter,
  queryOf,
  type ResourceName,
  type Row,
  resourceNames,
  resources,
} from './schema'

// Short lists: what a filter leaves of them, as rows, and the orders they can stand in.

/** A filter without values lets everything through. */
const among = (values: readonly string[] | undefined, value: string | null): boolean =>
  values === undefined || values.some((one) => one === value)

const found = (q: readonly string[] | undefined, texts: readonly (string | undefined)[]): boolean =>
  isFound(
    q?.[0] ?? '',
    texts.map((text) => text ?? ''),
  )

/** Numbers as texts of one length, which sort as the numbers do. */
const padded = (place: number) => String(place).padStart(8, '0')

type Positioned = { code: string; position: number }

export const byPosition: ListOrders<Positioned> = {
  position: ({ position, code }) => [padded(position), code],
  code: ({ code }) => [code],
}

export function indicatorRows(
  { indicators }: Catalogue,
  { code, theme, q }: Filter<'indicators'>,
): Row<'indicators'>[] {
  return indicators
    .map((one, at) => ({
      code: one.code,
      position: at + 1,
      name: one.name,
      definition: one.definition,
      theme: one.theme,
      decimals: one.decimals,
      direction: one.direction,
      across_areas: one.acrossAreas,
      across_periods: one.acrossPeriods,
      default_kind: one.defaultKind,
      default_unit: one.defaultUnit,
      method: one.method,
      numerator: one.numerator,
      numerator_sex: one.numeratorSex,
      denominator: one.denominator,
      release_every: one.cadence?.every ?? null,
      release_lag_days: one.cadence?.lagDays ?? null,
    }))
    .filter(
      (row) =>
        among(code, row.code) &&
        among(theme, row.theme) &&
        found(q, [row.code, row.name.en, row.name.ur, row.definition.en, row.definition.ur]),
    )
}

export function programmeRows(
  { programmes }: Catalogue,
  { code, parent, q }: Filter<'programmes'>,
): Row<'programmes'>[] {
  return programmes
    .filter(isProgramme)
    .map((one, at) => ({
      code: one.code,
      position: at + 1,
      name: one.name,
      description: one.description,
      parent: one.parent,
    }))
    .filter(
      (row) =>
        among(code, row.code) &&
        among(parent, row.parent) &&
        found(q, [row.code, row.name.en, row.name.ur, row.description.en, row.description.ur]),
    )
}

export function areaRows(
  { areas }: Catalogue,
  { code, parent, q }: Filter<'areas'>,
): Row<'areas'>[] {
  return areas
    .map((one, at) => ({
      code: one.code,
      position: at + 1,
      name: one.name,
      parent: one.parent,
      ended_on: one.endedOn,
    }))
    .filter(
      (row) =>
        among(code, row.code) &&
        among(parent, row.parent) &&
        found(q, [row.code, row.name.en, row.name.ur]),
    )
}

/** Academies without what is private: a contact is in no list that this is given. */
export function academyRows(
  { academies }: Catalogue,
  { code, programme, area, state, q }: Filter<'academies'>,
): Row<'academies'>[] {
  return academies
    .filter(isAcademy)
    .map(academyRow)
    .filter(
      (row) =>
        among(code, row.code) &&
        among(programme, row.programme) &&
        among(area, row.area) &&
        among(state, row.closed_on === null ? 'open' : 'closed') &&
        found(q, [row.code, row.name.en, row.name.ur, row.city, row.host]),
    )
}

const academyRow = (one: Academy): Row<'academies'> => ({
  code: one.code,
  name: one.name,
  programme: one.programme,
  area: one.area,
  city: one.city,
  host: one.host,
  opened_on: one.openedOn,
  closed_on: one.closedOn,
  merged_into: one.mergedInto,
})

export const academyOrders: ListOrders<Row<'academies'>> = {
  code: ({ code }) => [code],
  opened_on: ({ opened_on, code }) => [opened_on ?? '', code],
}

export function releaseRows(
  releases: readonly Release[],
  { slug, state }: Filter<'releases'>,
): Row<'releases'>[] {
  return releases.map(releaseRow).filter((row) => among(slug, row.slug) && among(state, row.state))
}

const releaseRow = (one: Release): Row<'releases'> => ({
  slug: one.slug,
  title: one.title,
  note: one.note,
  state: one.state,
  announced_at: one.announcedAt,
  moves: one.moves,
  published_at: one.publishedAt,
  cancelled_at: one.cancelled?.at ?? null,
  cancelled_because: one.cancelled?.reason ?? null,
  commit: one.commit,
  figures: one.figures,
})

export const releaseOrders: ListOrders<Row<'releases'>> = {
  announced_at: ({ announced_at, slug }) => [announced_at, slug],
  slug: ({ slug }) => [slug],
}

// The API described.

/** The routes of all resources, for the OpenAPI document. */
export function readingPaths(): ApiPaths {
  return Object.fromEntries(
    resourceNames.map((name) => [`/api/v1/${name}`, { get: operationOf(name) }]),
  )
}

function operationOf(name: ResourceName): NonNullable<ApiPaths[string]['get']> {
  const t = translator(defaultLocale, 'api')
  return {
    operationId: `get${name[0]?.toUpperCase()}${name.slice(1)}`,
    summary: t(`resources.${name}`),
    requestParams: {
      query: explained(addressWords(queryOf(name)), (word) => t(`words.${word}` as 'words.limit')),
    },
    responses: {
      200: {
        description: t('answers.page'),
        content: { 'application/json': { schema: pageSchema(name) } },
      },
      304: { description: t('answers.known') },
      400: problemResponse(t('answers.wrong')),
      429: problemResponse(t('answers.tooMany')),
      503: problemResponse(t('answers.unavailable')),
    },
  }
}

/** An answer. A column that `fields` leaves out is in none of its rows, so that none is required. */
function pageSchema(name: ResourceName): z.ZodObject {
  const t = translator(defaultLocale, 'api')
  const { row, hasVintage } = resources[name]
  const rows = explained(row.partial().meta({ ...row.meta() }), (column) =>
    t(`columns.${column}` as 'columns.id'),
  )
  const page = z.strictObject({
    ...(hasVintage && { asOf: z.iso.date().optional(), v: z.int().optional() }),
    licence: z.url(),
    limit: z.int(),
    next: z.url().nullable(),
  })
  const envelope = explained(page, (word) => t(`envelope.${word}` as 'envelope.next'))
  return envelope.extend({ [name]: z.array(rows) })
}
