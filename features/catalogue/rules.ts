import { inLocale, type Locale, type LocalText, translator } from '@/lib/i18n'
import { formatDecimal, multiply } from '@/lib/number'
import { settingsOf } from '@/lib/reader-settings'
import { westernDigits } from '@/lib/typed-text'
import {
  type Area,
  type Catalogue,
  type Indicator,
  type Item,
  type ItemField,
  type ItemProblem,
  type ItemUse,
  type ItemValues,
  itemFields,
  kinds,
  type ListName,
  methods,
  type Programme,
  steps,
  themes,
} from './schema'

/** The catalogue's names in one language. A code without a name stands for itself. */
export interface CatalogueNames {
  indicator(code: string): string
  definition(code: string): string
  programme(code: string): string
  area(code: string): string
  academy(code: string): string
  unit(code: string): string
  /** The unit that `number` writes in: `US$ million`, or `US dollars` for a reader who counts in lakh. */
  shownUnit(code: string): string
  /** A decimal of a unit as the reader counts: `3,810`, `381 crore`. */
  number(value: string, unit: string): string
  /** The same with its unit: `US$ 3,810 million`, `US$ 381 crore`. */
  withUnit(value: string, unit: string): string
}

export const currencies = ['USD', 'PKR'] as const
export type Currency = (typeof currencies)[number]

/** What a unit of money such as `USD_MILLION` counts: a currency, and how much of it is one. */
export function moneyOf(unit: string): { currency: Currency; each: string } | null {
  const currency = currencies.find((code) => unit === `${code}_MILLION`)
  return currency ? { currency, each: '1000000' } : null
}

export function catalogueNames(catalogue: Catalogue, locale: Locale): CatalogueNames {
  const names = <T extends { code: string }>(rows: readonly T[], text: (row: T) => LocalText) => {
    const byCode = new Map(rows.map((row) => [row.code, inLocale(text(row), locale)]))
    return (code: string) => byCode.get(code) ?? code
  }
  const pattern = names(catalogue.units, (unit) => unit.pattern)
  const unit = names(catalogue.units, ({ name }) => name)
  const t = translator(locale, 'numbers')
  // Millions are no step of lakh and crore: whoever counts in those is given the whole amount.
  const recounted = (code: string) => (settingsOf(locale).scale === 'lakh' ? moneyOf(code) : null)
  const number: CatalogueNames['number'] = (value, code) => {
    const money = recounted(code)
    return money
      ? formatDecimal(multiply(value, money.each), { locale, scale: 'lakh' })
      : formatDecimal(value, { locale })
  }
  return {
    indicator: names(catalogue.indicators, (indicator) => indicator.name),
    definition: names(catalogue.indicators, (indicator) => indicator.definition),
    programme: names(catalogue.programmes, (programme) => programme.name),
    area: names(catalogue.areas, (area) => area.name),
    academy: names(catalogue.academies, (academy) => academy.name),
    unit,
    shownUnit: (code) => {
      const money = recounted(code)
      return money ? t(`money.${money.currency}.name`) : unit(code)
    },
    number,
    withUnit: (value, code) => {
      const money = recounted(code)
      const written = number(value, code)
      return money
        ? t(`money.${money.currency}.pattern`, { number: written })
        : pattern(code).replace('{value}', () => written)
    },
  }
}

export function findIndicator(catalogue: Catalogue, code: string): Indicator | undefined {
  return catalogue.indicators.find((indicator) => indicator.code === code)
}

/** `_Z` says that a figure is of no programme: it is none itself. */
export const isProgramme = ({ code }: Pick<Programme, 'code'>) => code !== '_Z'

export function findProgramme(catalogue: Catalogue, code: string): Programme | undefined {
  return catalogue.programmes.find((row) => row.code === code && isProgramme(row))
}

/** Rows of a tree, each after its parent, with how deep it stands. */
export function inTree<Row extends { code: string; parent: string | null }>(
  rows: readonly Row[],
  parent: string | null = null,
  depth = 0,
): { row: Row; depth: number }[] {
  return rows
    .filter((row) => row.parent === parent)
    .flatMap((row) => [{ row, depth }, ...inTree(rows, row.code, depth + 1)])
}

/** Programmes, each after its parent, with how deep it stands. */
export function programmesInTree({ programmes }: Catalogue) {
  return inTree(programmes).map(({ row, depth }) => ({ ...row, depth }))
}

/** The code of a programme and of every one under it. */
export function programmesUnder(catalogue: Catalogue, code: string): string[] {
  const children = catalogue.programmes.filter(({ parent }) => parent === code)
  return [code, ...children.flatMap((child) => programmesUnder(catalogue, child.code))]
}

export function findArea(catalogue: Catalogue, code: string): Area | undefined {
  return catalogue.areas.find((row) => row.code === code)
}

/** A programme's fixed place in the chart palette, its parent's where it has none of its own. */
export function programmeColour(catalogue: Catalogue, code: string): number {
  const byCode = new Map<string, Programme>(catalogue.programmes.map((row) => [row.code, row]))
  let programme = byCode.get(code)
  while (programme && programme.colour === 0 && programme.parent) {
    programme = byCode.get(programme.parent)
  }
  return programme?.colour ?? 0
}

// The desk

/** What differs between two states of an item's form: before and after, by field. */
export function changedFields(before: ItemValues, after: ItemValues): Record<string, string[]> {
  const names = Object.keys({ ...before, ...after }) as ItemField[]
  return Object.fromEntries(
    names
      .filter((name) => (before[name] ?? '') !== (after[name] ?? ''))
      .map((name) => [name, [before[name] ?? '', after[name] ?? '']]),
  )
}

/** An item as the fields of its form. */
export function itemValues(item: Item): ItemValues {
  const { row, position } = item
  const named = { code: row.code, nameEn: row.name.en, nameUr: row.name.ur ?? '' }
  const placed = { position: String(position) }
  if (item.list === 'indicators') return { ...named, ...indicatorValues(item.row), ...placed }
  if (item.list === 'programmes') {
    const { description, parent, colour } = item.row
    return {
      ...named,
      descriptionEn: description.en,
      descriptionUr: description.ur ?? '',
      parent: parent ?? '',
      colour: String(colour),
      ...placed,
    }
  }
  if (item.list === 'areas') {
    const { parent, endedOn, tile } = item.row
    return {
      ...named,
      parent: parent ?? '',
      endedOn: endedOn ?? '',
      tileColumn: tile ? String(tile.column) : '',
      tileRow: tile ? String(tile.row) : '',
      ...placed,
    }
  }
  const { pattern } = item.row
  return { ...named, patternEn: pattern.en, patternUr: pattern.ur ?? '', ...placed }
}

function indicatorValues(row: Indicator): ItemValues {
  return {
    definitionEn: row.definition.en,
    definitionUr: row.definition.ur ?? '',
    theme: row.theme,
    defaultKind: row.defaultKind,
    defaultUnit: row.defaultUnit,
    decimals: String(row.decimals),
    direction: row.direction,
    acrossAreas: row.acrossAreas,
    acrossPeriods: row.acrossPeriods,
    method: row.method,
    numerator: row.numerator ?? '',
    numeratorSex: row.numeratorSex ?? '',
    denominator: row.denominator ?? '',
    releaseEvery: row.cadence?.every ?? '',
    releaseLagDays: row.cadence ? String(row.cadence.lagDays) : '',
  }
}

/** The item of a list that a code names. */
export function findItem(
  catalogue: Catalogue,
  list: ListName,
  code: string,
): Indicator | Programme | Area | Catalogue['units'][number] | undefined {
  return catalogue[list].find((row) => row.code === code)
}

/** Two names that a reader could not tell apart are one. */
function sameName(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
}

/**
 * Controls, lone surrogates, unassigned characters, and format characters that reorder a text or
 * hide in it. Marks that steady the layout of Urdu, and its joiners, belong to it.
 */
const hidden = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}]|(?![\u200c-\u200f\u061c])\p{Cf}/u

const codePatterns: Record<ListName, RegExp> = {
  indicators: /^[A-Z][A-Z0-9_]{0,49}$/,
  programmes: /^[A-Z][A-Z0-9_]{0,49}$/,
  areas: /^[A-Z]{2}(-[A-Z0-9]{1,8})?$/,
  units: /^[A-Z][A-Z0-9_]{0,49}$/,
}

/** Fields of a form as they are read, and all that is wrong with them. */
class Reading {
  readonly problems: ItemProblem[] = []
  constructor(private readonly values: ItemValues) {}

  refuse(field: ItemField | null, code: string, params?: ItemProblem['params']): void {
    this.problems.push(params ? { field, code, params } : { field, code })
  }

  text(field: ItemField, most: number, isRequired = true): string {
    const typed = this.values[field] ?? ''
    const text = typed.replace(/\s+/g, ' ').trim().normalize('NFC')
    const found = hidden.exec(text)?.[0]
    if (found !== undefined) {
      const point = found.codePointAt(0) ?? 0
      this.refuse(field, 'hiddenCharacter', {
        character: `U+${point.toString(16).toUpperCase().padStart(4, '0')}`,
      })
    } else if (!/[\p{L}\p{N}]/u.test(text)) {
      if (isRequired || text !== '') this.refuse(field, 'missing')
    } else if (Array.from(text).length > most) this.refuse(field, 'tooLong', { most })
    return text
  }

  local(english: ItemField, urdu: ItemField, most: number, isRequired = true): LocalText {
    return { en: this.text(english, most, isRequired), ur: this.text(urdu, most, isRequired) }
  }

  choice<Choice extends string>(field: ItemField, choices: readonly Choice[]): Choice {
    const typed = this.values[field] ?? ''
    const known = choices.find((choice) => choice === typed)
    if (known === undefined) this.refuse(field, 'notInList')
    return known ?? (choices[0] as Choice)
  }

  optional<Choice extends string>(field: ItemField, choices: readonly Choice[]): Choice | null {
    return (this.values[field] ?? '') === '' ? null : this.choice(field, choices)
  }

  whole(field: ItemField, least: number, most: number): number {
    const typed = westernDigits((this.values[field] ?? '').trim())
    const number = /^-?\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN
    if (number >= least && number <= most) return number
    this.refuse(field, 'notWhole', { least, most })
    return least
  }

  optionalWhole(field: ItemField, least: number, most: number): number | null {
    return (this.values[field] ?? '').trim() === '' ? null : this.whole(field, least, most)
  }

  day(field: ItemField): string | null {
    const typed = westernDigits((this.values[field] ?? '').trim())
    if (typed === '') return null
    const date = new Date(`${typed}T00:00:00Z`)
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(typed) && !Number.isNaN(date.getTime())
    if (isDay && date.toISOString().startsWith(typed)) return typed
    this.refuse(field, 'notDay')
    return null
  }
}

/**
 * Reads the form of an item of a list, new or known, against the catalogue it will be part of: all
 * that is wrong with it, each with its field, or the item.
 *
 * @param before the item as it is; null for a new one, whose place is after the others by default
 */
export function readItem(
  list: ListName,
  values: ItemValues,
  catalogue: Catalogue,
  before: { item: Item; use: ItemUse } | null,
): { ok: true; item: Item } | { ok: false; problems: ItemProblem[] } {
  const reading = new Reading(values)
  const code = readCode(reading, list, values, catalogue, before?.item.row.code ?? null)
  const name = reading.local('nameEn', 'nameUr', 120)
  refuseTwins(reading, list, catalogue, code, name)
  const position = reading.whole('position', 0, 9999)
  const parts = { code, name }
  const item: Item =
    list === 'indicators'
      ? { list, position, row: { ...parts, ...readIndicator(reading, catalogue, code, before) } }
      : list === 'programmes'
        ? { list, position, row: { ...parts, ...readProgramme(reading, catalogue, code) } }
        : list === 'areas'
          ? { list, position, row: { ...parts, ...readArea(reading, catalogue, code) } }
          : { list, position, row: { ...parts, pattern: readPattern(reading) } }
  return reading.problems.length > 0
    ? { ok: false, problems: reading.problems }
    : { ok: true, item }
}

/** A code never changes: that of a known item is taken from there, whatever the form says. */
function readCode(
  reading: Reading,
  list: ListName,
  values: ItemValues,
  catalogue: Catalogue,
  known: string | null,
): string {
  if (known !== null) return known
  const code = (values.code ?? '').trim()
  const isAlias = list === 'indicators' && catalogue.aliases.some(({ alias }) => alias === code)
  if (!codePatterns[list].test(code)) {
    reading.refuse('code', list === 'areas' ? 'areaCodeForm' : 'codeForm')
  } else if (isAlias || findItem(catalogue, list, code)) reading.refuse('code', 'codeTaken')
  return code
}

function refuseTwins(
  reading: Reading,
  list: ListName,
  catalogue: Catalogue,
  code: string,
  name: LocalText,
): void {
  for (const [field, language] of [
    ['nameEn', 'en'],
    ['nameUr', 'ur'],
  ] as const) {
    const typed = sameName(name[language] ?? '')
    const twin = catalogue[list].find(
      (row) => row.code !== code && sameName(row.name[language] ?? '') === typed,
    )
    if (typed !== '' && twin) reading.refuse(field, 'nameTaken', { code: twin.code })
  }
}

function readPattern(reading: Reading): LocalText {
  const pattern = reading.local('patternEn', 'patternUr', 80)
  for (const [field, text] of [
    ['patternEn', pattern.en],
    ['patternUr', pattern.ur ?? ''],
  ] as const) {
    const isWhole = text.split('{value}').length === 2 && !/[{}]/.test(text.replace('{value}', ''))
    if (!isWhole) reading.refuse(field, 'patternForm')
  }
  return pattern
}

function readProgramme(
  reading: Reading,
  catalogue: Catalogue,
  code: string,
): Omit<Programme, 'code' | 'name'> {
  const description = reading.local('descriptionEn', 'descriptionUr', 2000, false)
  if ((description.en === '') !== (description.ur === '')) {
    reading.refuse(description.en === '' ? 'descriptionEn' : 'descriptionUr', 'bothLanguages')
  }
  const parents = catalogue.programmes.filter(isProgramme)
  return {
    description,
    parent: readParent(reading, isProgramme({ code }) ? parents : [], code),
    colour: reading.whole('colour', 0, 8),
  }
}

function readArea(
  reading: Reading,
  catalogue: Catalogue,
  code: string,
): Omit<Area, 'code' | 'name'> {
  // The world is context, and nothing is part of it.
  const parents = catalogue.areas.filter((area) => area.code !== '001')
  const [column, row] = [
    reading.optionalWhole('tileColumn', 0, 20),
    reading.optionalWhole('tileRow', 0, 20),
  ]
  if ((column === null) !== (row === null)) {
    reading.refuse(column === null ? 'tileColumn' : 'tileRow', 'bothTile')
  }
  const tile = column === null || row === null ? null : { column, row }
  const taken = catalogue.areas.find(
    (area) => area.code !== code && tile && area.tile?.column === column && area.tile.row === row,
  )
  if (taken) reading.refuse('tileColumn', 'tileTaken', { code: taken.code })
  return {
    parent: readParent(reading, code === '001' ? [] : parents, code),
    endedOn: reading.day('endedOn'),
    tile,
  }
}

/** A parent that is neither the item itself nor under it. */
function readParent(
  reading: Reading,
  rows: readonly { code: string; parent: string | null }[],
  code: string,
): string | null {
  const parent = reading.optional('parent', ['', ...rows.map((row) => row.code)])
  const parentOf = new Map(rows.map((row) => [row.code, row.parent]))
  for (let above = parent; above; above = parentOf.get(above) ?? null) {
    if (above === code) {
      reading.refuse('parent', 'cycle')
      return null
    }
  }
  return parent
}

function readIndicator(
  reading: Reading,
  catalogue: Catalogue,
  code: string,
  before: { item: Item; use: ItemUse } | null,
): Omit<Indicator, 'code' | 'name'> {
  const units = catalogue.units.map((unit) => unit.code)
  const row = {
    definition: reading.local('definitionEn', 'definitionUr', 2000),
    theme: reading.choice('theme', themes),
    defaultKind: reading.choice('defaultKind', kinds),
    defaultUnit: reading.choice('defaultUnit', units),
    decimals: reading.whole('decimals', 0, 6),
    direction: reading.choice('direction', ['neutral', 'up_is_good', 'down_is_good']),
    acrossAreas: reading.choice('acrossAreas', ['none', 'sum', 'last']),
    acrossPeriods: reading.choice('acrossPeriods', ['none', 'sum', 'last']),
    method: reading.choice('method', methods),
    ...readParts(reading, catalogue, code),
    cadence: readCadence(reading),
  }
  if (row.method === 'computed') {
    if (row.numerator === null) reading.refuse('numerator', 'partsMissing')
    const rate = catalogue.indicators.find(
      ({ numerator, denominator }) => numerator === code || denominator === code,
    )
    if (rate) reading.refuse('method', 'isPart', { code: rate.code })
  }
  if (before?.item.list === 'indicators')
    refuseUnderFigures(reading, before.item.row, row, before.use)
  return row
}

/** What figures are counted in does not change under them. */
function refuseUnderFigures(
  reading: Reading,
  was: Indicator,
  row: Pick<Indicator, 'defaultKind' | 'defaultUnit' | 'method'>,
  { figures, kinds: usedKinds, units }: ItemUse,
): void {
  if (row.defaultKind !== was.defaultKind && usedKinds.includes(was.defaultKind)) {
    reading.refuse('defaultKind', 'kindInUse', { count: figures })
  }
  if (row.defaultUnit !== was.defaultUnit && units.includes(was.defaultUnit)) {
    reading.refuse('defaultUnit', 'unitInUse', { count: figures })
  }
  if (row.method === 'computed' && was.method === 'published' && usedKinds.length > 0) {
    reading.refuse('method', 'figuresStored', { count: figures })
  }
}

function readParts(
  reading: Reading,
  catalogue: Catalogue,
  code: string,
): Pick<Indicator, 'numerator' | 'numeratorSex' | 'denominator'> {
  const all = catalogue.indicators.map((row) => row.code)
  const parts = {
    numerator: reading.optional('numerator', all),
    numeratorSex: reading.optional('numeratorSex', ['F', 'M']),
    denominator: reading.optional('denominator', all),
  }
  const { numerator, numeratorSex, denominator } = parts
  if ((numerator === null) !== (denominator === null)) {
    reading.refuse(numerator === null ? 'numerator' : 'denominator', 'bothParts')
  }
  for (const field of ['numerator', 'denominator'] as const) {
    const part = findIndicator(catalogue, parts[field] ?? '')
    if (parts[field] !== null && parts[field] === code) reading.refuse(field, 'partSelf')
    else if (part?.method === 'computed') reading.refuse(field, 'partComputed')
  }
  if (numerator !== null && numerator === denominator && numeratorSex === null) {
    reading.refuse('numeratorSex', 'partsSame')
  }
  if (numeratorSex !== null && numerator === null) reading.refuse('numeratorSex', 'sexAlone')
  return parts
}

function readCadence(reading: Reading): Indicator['cadence'] {
  const every = reading.optional('releaseEvery', steps)
  const lagDays = reading.optionalWhole('releaseLagDays', 0, 1000)
  if ((every === null) !== (lagDays === null)) {
    reading.refuse(every === null ? 'releaseEvery' : 'releaseLagDays', 'bothCadence')
  }
  return every !== null && lagDays !== null ? { every, lagDays } : null
}

/** Whether two items have the same names, definitions and patterns: what is kept in versions. */
export function sameTexts(one: Item, other: Item): boolean {
  const texts = (item: Item) => {
    const { name, definition, description, pattern } = item.row as Partial<
      Record<'name' | 'definition' | 'description' | 'pattern', LocalText>
    >
    return [name, definition, description, pattern].map((text) => [text?.en, text?.ur ?? ''])
  }
  return JSON.stringify(texts(one)) === JSON.stringify(texts(other))
}

/** An item as one text, the same for the same fields. */
export function itemText(item: Item): string {
  const values = itemValues(item)
  return JSON.stringify(itemFields[item.list].map((field) => values[field] ?? ''))
}
