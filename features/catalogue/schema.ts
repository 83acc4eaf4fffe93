import { z } from 'zod'
import type { LocalText } from '@/lib/i18n'

/** Text in every language of the product; English is always there. */
export const localText = z.object({ en: z.string().trim().min(1), ur: z.string().trim().min(1) })
/** Optional text: both languages or neither. */
const optionalText = z.union([localText, z.object({ en: z.literal(''), ur: z.literal('') })])

export const code = z
  .string()
  .regex(/^[A-Z0-9_]+(-[A-Z0-9]+)?$/, 'Codes are capital letters, digits and _')

export const kinds = ['stock', 'flow', 'cumulative', 'ratio'] as const
export const roles = ['actual', 'target', 'claim'] as const
export const themes = ['academies', 'people', 'outcomes', 'exports', 'industry'] as const
const day = z.iso.date()

/** `published`: values are stored; parts, where named, may give computed ones too. */
export const methods = ['published', 'computed'] as const

/** How often a new figure comes: month, quarter, calendar year, fiscal year. */
export const steps = ['M', 'Q', 'A', 'A1'] as const

const cadence = z.strictObject({
  every: z.enum(steps),
  /** Days from the end of a period to the release of its figure. */
  lagDays: z.number().int().min(0).max(1000),
})

export type Cadence = z.infer<typeof cadence>

/** The catalogue a deployment begins with: code lists with names, and what readers must know. */
export const catalogueContent = z.strictObject({
  units: z.array(
    z.strictObject({
      code,
      /** How publishers write the unit, as found in `figures.csv`. */
      published: z.string().min(1),
      name: localText,
      /** How a value is written with the unit: `US$ {value} million`. */
      pattern: localText,
    }),
  ),
  indicators: z.array(
    z.strictObject({
      code,
      theme: z.enum(themes),
      name: localText,
      definition: localText,
      decimals: z.number().int().min(0).max(6),
      direction: z.enum(['up_is_good', 'down_is_good', 'neutral']),
      acrossAreas: z.enum(['sum', 'last', 'none']),
      acrossPeriods: z.enum(['sum', 'last', 'none']),
      defaultKind: z.enum(kinds),
      defaultUnit: code,
      method: z.enum(methods).optional(),
      numerator: code.optional(),
      /** The share of one sex among all; left out where both parts are of one sex. */
      numeratorSex: z.enum(['F', 'M']).optional(),
      denominator: code.optional(),
      cadence: cadence.optional(),
    }),
  ),
  /** Publishers' codes that name an indicator in another role. */
  aliases: z.array(z.strictObject({ alias: code, indicator: code, role: z.enum(roles) })),
  programmes: z.array(
    z.strictObject({
      code,
      parent: code.optional(),
      /** 1 to 8: place in the chart palette; 0 is neutral. */
      colour: z.number().int().min(0).max(8),
      name: localText,
      description: optionalText,
    }),
  ),
  areas: z.array(
    z.strictObject({
      code,
      parent: code.optional(),
      endedOn: day.optional(),
      tile: z.strictObject({ column: z.number().int(), row: z.number().int() }).optional(),
      name: localText,
    }),
  ),
  breaks: z.array(
    z.strictObject({
      indicator: code,
      programme: code,
      area: code,
      startsOn: day,
      note: localText,
    }),
  ),
  caveats: z.array(
    z.strictObject({
      code,
      indicator: code.optional(),
      programme: code.optional(),
      text: localText,
    }),
  ),
})

export type CatalogueContent = z.infer<typeof catalogueContent>

// What readers of the catalogue are given. Lists keep the order of the content file.

export interface Indicator {
  code: string
  theme: (typeof themes)[number]
  decimals: number
  direction: 'up_is_good' | 'down_is_good' | 'neutral'
  acrossAreas: 'sum' | 'last' | 'none'
  acrossPeriods: 'sum' | 'last' | 'none'
  defaultKind: (typeof kinds)[number]
  defaultUnit: string
  method: (typeof methods)[number]
  numerator: string | null
  /** `F` or `M`: the share of one sex among all; null where both parts are of one sex. */
  numeratorSex: string | null
  denominator: string | null
  /** How often a new figure comes; null where nobody said. */
  cadence: Cadence | null
  name: LocalText
  definition: LocalText
}

export interface Programme {
  code: string
  parent: string | null
  colour: number
  name: LocalText
  description: LocalText
}

export interface Area {
  code: string
  parent: string | null
  endedOn: string | null
  tile: { column: number; row: number } | null
  name: LocalText
}

export interface Unit {
  code: string
  name: LocalText
  /** How a value is written with the unit: `US$ {value} million`. */
  pattern: LocalText
}

export interface SeriesBreak {
  indicator: string
  programme: string
  area: string
  startsOn: string
  note: LocalText
}

export interface Caveat {
  code: string
  indicator: string | null
  programme: string | null
  text: LocalText
}

/** An academy; `_T` is all of them together. */
export interface Academy {
  code: string
  programme: string
  area: string
  city: string
  /** Who runs it. */
  host: string
  openedOn: string | null
  closedOn: string | null
  /** The academy that it became a part of; its figures stay under its own code. */
  mergedInto: string | null
  /** Rises with each change. */
  version: number
  name: LocalText
}

export interface Catalogue {
  indicators: Indicator[]
  /** Publishers' codes in other roles, e.g. `ACADEMIES_TARGET`. */
  aliases: { alias: string; indicator: string; role: (typeof roles)[number] }[]
  programmes: Programme[]
  areas: Area[]
  units: Unit[]
  academies: Academy[]
  breaks: SeriesBreak[]
  caveats: Caveat[]
}

// The desk: lists that administrators edit, field by field, as text.

export const lists = ['indicators', 'programmes', 'areas', 'units'] as const
export type ListName = (typeof lists)[number]

/** The fields of an item's form, in the order of the form. */
export const itemFields = {
  indicators: [
    'code',
    'nameEn',
    'nameUr',
    'definitionEn',
    'definitionUr',
    'theme',
    'defaultKind',
    'defaultUnit',
    'decimals',
    'direction',
    'acrossAreas',
    'acrossPeriods',
    'method',
    'numerator',
    'numeratorSex',
    'denominator',
    'releaseEvery',
    'releaseLagDays',
    'position',
  ],
  programmes: [
    'code',
    'nameEn',
    'nameUr',
    'descriptionEn',
    'descriptionUr',
    'parent',
    'colour',
    'position',
  ],
  areas: ['code', 'nameEn', 'nameUr', 'parent', 'endedOn', 'tileColumn', 'tileRow', 'position'],
  units: ['code', 'nameEn', 'nameUr', 'patternEn', 'patternUr', 'position'],
} as const satisfies Record<ListName, readonly string[]>

export type ItemField = (typeof itemFields)[ListName][number]
/** What a form holds; a field that the list does not have is left out. */
export type ItemValues = Partial<Record<ItemField, string>>

export type Item =
  | { list: 'indicators'; row: Indicator; position: number }
  | { list: 'programmes'; row: Programme; position: number }
  | { list: 'areas'; row: Area; position: number }
  | { list: 'units'; row: Unit; position: number }

/** What holds an item's settings fast. */
export interface ItemUse {
  /** Current figures. */
  figures: number
  /** Kinds and units in which an indicator has had figures. */
  kinds: readonly string[]
  units: readonly string[]
}

/** `code` is a message under `catalogue.problems`; `field` null: the form as a whole. */
export interface ItemProblem {
  field: ItemField | null
  code: string
  params?: Record<string, string | number>
}

/** One line of a list at the desk. */
export interface ListedItem {
  code: string
  name: LocalText
  depth: number
  figures: number
}

/** An item as its form shows it; `seen` tells whether it has changed since. */
export interface EditedItem {
  values: ItemValues
  seen: string
  use: ItemUse
}

/** What a commit did to an item: `fields` hold before and after, as its form shows them. */
export interface CatalogueChange {
  list: ListName | 'academies'
  code: string
  isNew: boolean
  fields: Partial<Record<ItemField, readonly string[]>>
}

export const itemTicket = z.object({
  /** One submission has one effect, however often it is sent. */
  id: z.uuid(),
  seen: z.string().max(64),
})

/** What the form of an item is given and answers; texts are in the reader's language. */
export interface ItemFormState {
  attempt: number
  values: ItemValues
  reason: string
  ticket: { id: string; seen: string }
  problems: readonly { field: ItemField | 'reason' | null; text: string }[]
  goTo: string | null
}
