import { type FigureKey, keyParts } from '@/features/figures/schema'
import {
  changeBetween,
  comparePeriods,
  type Measured,
  type Period,
  parsePeriod,
} from '@/features/periods/rules'
import { add, compareDecimals, multiply, readDecimal, subtract } from '@/lib/number'
import type {
  Finding,
  FindingCode,
  JudgedFigure,
  ParameterName,
  Rule,
  RuleField,
  RuleInput,
  RuleKind,
  RuleProblem,
  TypedRule,
} from './schema'
import { parameterNames, ruleFields, ruleInput, ruleKinds, sourceNeeds } from './schema'

// Keys

const seriesParts = keyParts.filter((part) => part !== 'period')

export const seriesText = (key: FigureKey) => seriesParts.map((name) => key[name]).join(' ')
export const keyText = (key: FigureKey) => `${seriesText(key)} ${key.period}`

export interface Point extends Measured {
  period: Period
}

/** What the figures of a batch stand beside. Values are canonical decimals. */
export interface Surroundings {
  areas: readonly { code: string; parent: string | null; endedOn: string | null }[]
  /** Indicators whose values add up over areas. */
  additive: ReadonlySet<string>
  /** Public values by `keyText`, of at least the keys in `neighbours`. */
  values: ReadonlyMap<string, string>
  /** Public values by `seriesText` and period code, of the series of each figure. */
  series: ReadonlyMap<string, readonly { period: string; value: string }[]>
}

/** Whether a rule compares a figure with others of its series. */
export const isOnTime = (rule: Rule) => rule.kind === 'jump' || rule.kind === 'never_falls'

/** Whether a rule is about figures of an indicator. */
function isAbout(rule: Rule, indicator: string): boolean {
  if (rule.kind !== 'part_of') return rule.indicator === null || rule.indicator === indicator
  return indicator === rule.parameters.part || indicator === rule.parameters.whole
}

/** Whether any rule looks at the series of figures. */
export const needsSeries = (rules: readonly Rule[]) => rules.some(isOnTime)

/** Every key that the rules look at besides the figures' own series, each once. */
export function neighbours(
  rules: readonly Rule[],
  figures: readonly JudgedFigure[],
  surroundings: Pick<Surroundings, 'areas' | 'additive'>,
): FigureKey[] {
  const found = new Map<string, FigureKey>()
  for (const figure of figures) {
    if (figure.period === '_U') continue
    const keys = rules
      .filter((rule) => isAbout(rule, figure.indicator))
      .flatMap((rule) => keysOf(rule, figure, surroundings))
    for (const key of [figure, ...keys]) found.set(keyText(key), key)
  }
  return [...found.values()]
}

function keysOf(
  rule: Rule,
  figure: JudgedFigure,
  surroundings: Pick<Surroundings, 'areas' | 'additive'>,
): FigureKey[] {
  if (rule.kind === 'part_of') return [{ ...figure, indicator: partner(rule, figure.indicator) }]
  if (rule.kind === 'sexes_sum') return ['_T', 'F', 'M'].map((sex) => ({ ...figure, sex }))
  const family = rule.kind === 'areas_sum' ? familyOf(rule, figure, surroundings) : null
  return family ? [family.total, ...family.parts].map((area) => ({ ...figure, area })) : []
}

const partner = ({ parameters: { part = '', whole = '' } }: Rule, indicator: string) =>
  indicator === part ? whole : part

interface Family {
  total: string
  parts: string[]
  /** Those that must be there before a sum can fall short. */
  expected: string[]
}

/** The areas that make up the area of a figure, or the area it is a part of. */
function familyOf(
  rule: Rule,
  { area, indicator, kind, academy }: JudgedFigure,
  { areas, additive }: Pick<Surroundings, 'areas' | 'additive'>,
): Family | null {
  // A rule that names its indicator knows that it adds up.
  const addsUp = kind !== 'ratio' && (rule.indicator !== null || additive.has(indicator))
  if (!addsUp || academy !== '_T') return null
  const isTotal = areas.some(({ parent }) => parent === area)
  const total = isTotal ? area : areas.find(({ code }) => code === area)?.parent
  if (!total) return null
  const parts = areas.filter(({ parent }) => parent === total)
  const expected = parts.filter(({ endedOn }) => endedOn === null)
  return { total, parts: parts.map(({ code }) => code), expected: expected.map(({ code }) => code) }
}

// Judging

type Said = { code: FindingCode; params?: Record<string, string> }

/** What is to be published together: the figures that are judged, or a file that they are part of. */
export interface Company {
  /** The last figure for each key, by `keyText`; `place` as `placeOf` gives it. */
  last: ReadonlyMap<string, { value: string; place: number }>
  /** Values by `seriesText` and period code, of the series of each figure that is judged. */
  series: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Sums that were complained of already. */
  told: Set<string>
  /** Place of a figure among all of them, by its place among those that are judged. */
  placeOf: (index: number) => number
}

/** Figures that have no others beside them than each other. */
function companyOf(figures: readonly JudgedFigure[]): Company {
  const last = new Map<string, { value: string; place: number }>()
  const series = new Map<string, Map<string, string>>()
  for (const [place, figure] of figures.entries()) {
    const { period, value } = figure
    if (period === '_U') continue
    last.set(keyText(figure), { value, place })
    const text = seriesText(figure)
    const members = series.get(text)
    if (members) members.set(period, value)
    else series.set(text, new Map([[period, value]]))
  }
  return { last, series, told: new Set(), placeOf: (index) => index }
}

/**
 * What rules say about figures that are to be published together, each beside the others and what
 * is public. In the order of the figures, then of the rules. A sum is complained of once, at its
 * total where that is among the figures.
 */
export function judge(
  rules: readonly Rule[],
  figures: readonly JudgedFigure[],
  surroundings: Surroundings,
  company: Company = companyOf(figures),
): Finding[] {
  const active = rules.filter(({ isActive }) => isActive)
  const scene = setScene(surroundings, company)
  return figures.flatMap((figure, index) =>
    active
      .filter((rule) => isAbout(rule, figure.indicator))
      .flatMap((rule) => {
        const said = ask(rule, figure, company.placeOf(index), scene)
        return said
          ? [{ index, rule: rule.code, severity: rule.severity, params: {}, ...said }]
          : []
      }),
  )
}

interface Scene extends Surroundings {
  company: Company
  /** Public values with those of the company in their place, by `keyText`. */
  valueOf: (key: string) => string | undefined
  points: (figure: JudgedFigure) => readonly Point[]
}

function setScene(surroundings: Surroundings, company: Company): Scene {
  const made = new Map<string, readonly Point[]>()
  return {
    ...surroundings,
    company,
    valueOf: (key) => company.last.get(key)?.value ?? surroundings.values.get(key),
    points(figure) {
      const series = seriesText(figure)
      const known = made.get(series)
      if (known) return known
      const values = new Map(surroundings.series.get(series)?.map((one) => [one.period, one.value]))
      for (const [period, value] of company.series.get(series) ?? []) values.set(period, value)
      const points = pointsOf(figure.kind, values)
      made.set(series, points)
      return points
    },
  }
}

function pointsOf(kind: Point['kind'], values: ReadonlyMap<string, string>): Point[] {
  return [...values]
    .flatMap(([code, value]) => {
      const period = parsePeriod(code)
      return period.ok ? [{ period: period.value, kind, value }] : []
    })
    .sort((a, b) => comparePeriods(a.period, b.period))
}

function ask(rule: Rule, figure: JudgedFigure, place: number, scene: Scene): Said | null {
  switch (rule.kind) {
    case 'range':
      return range(rule, figure)
    case 'source':
      return source(rule, figure)
    case 'jump':
      return jump(rule, figure, scene)
    case 'never_falls':
      return falls(figure, scene)
    case 'part_of':
      return partOf(rule, figure, scene)
    case 'areas_sum':
      return areasSum(rule, figure, place, scene)
    case 'sexes_sum':
      return sexesSum(rule, figure, place, scene)
  }
}

function range({ parameters }: Rule, { value, unit }: JudgedFigure): Said | null {
  if (parameters.unit && parameters.unit !== unit) return null
  const { min, max } = parameters
  if (min && compareDecimals(value, min) < 0) {
    return min === '0' ? { code: 'negative' } : { code: 'belowMinimum', params: { value: min } }
  }
  if (max && compareDecimals(value, max) > 0) {
    const isWhole = max === '100' && unit === 'PERCENT'
    return isWhole ? { code: 'percentOver100' } : { code: 'aboveMaximum', params: { value: max } }
  }
  return null
}

function source({ parameters }: Rule, { source: cited }: JudgedFigure): Said | null {
  if (!cited?.publisher?.trim()) return { code: 'sourceMissing' }
  return parameters.needs === 'link' && !cited.url?.trim() ? { code: 'linkMissing' } : null
}

function jump(rule: Rule, figure: JudgedFigure, scene: Scene): Said | null {
  const { factor = '10' } = rule.parameters
  // A correction is measured against what it corrects, everything else against its series.
  const corrected = scene.values.get(keyText(figure))
  const other =
    corrected === undefined ? before(figure, scene) : { value: corrected, period: figure.period }
  if (!other || compareDecimals(other.value, '0') === 0) return null
  if (figure.value.startsWith('-') !== other.value.startsWith('-')) return null
  const [mine, theirs] = [figure.value, other.value].map((value) => value.replace('-', '')) as [
    string,
    string,
  ]
  const isUnusual =
    compareDecimals(mine, multiply(theirs, factor)) >= 0 ||
    compareDecimals(multiply(mine, factor), theirs) <= 0
  if (!isUnusual) return null
  const { value, period } = other
  return factor === '10'
    ? { code: 'tenfold', params: { value, period } }
    : { code: 'jump', params: { value, period, factor } }
}

function falls(figure: JudgedFigure, scene: Scene): Said | null {
  if (figure.kind !== 'stock' && figure.kind !== 'cumulative') return null
  const earlier = before(figure, scene)
  return earlier && compareDecimals(figure.value, earlier.value) < 0
    ? { code: 'falls', params: { ...earlier } }
    : null
}

/** More than any comparison needs; a series of thousands of days is not gone through for each. */
const nearest = 500

/** The latest earlier figure of the series that measures the same thing over an equal length. */
function before(figure: JudgedFigure, scene: Scene): { value: string; period: string } | null {
  const period = parsePeriod(figure.period)
  if (!period.ok) return null
  const mine: Point = { period: period.value, kind: figure.kind, value: figure.value }
  const points = scene.points(figure)
  const end = placeOf(mine.period, points)
  const earlier = points.slice(Math.max(0, end - nearest), end)
  const last = lastComparable(mine, earlier)
  return last && { value: last.value, period: last.period.code }
}

/** How many points come before a period. */
function placeOf(period: Period, points: readonly Point[]): number {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const point = points[middle]
    if (point && comparePeriods(point.period, period) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function lastComparable(mine: Point, earlier: readonly Point[]): Point | null {
  const changes = changeBetween(mine, earlier)
  const change = changes?.previous ?? changes?.yearEarlier
  if (change) return change.against
  const sameLength = earlier.filter(
    ({ period }) =>
      period.frequency === mine.period.frequency &&
      period.fiscal === mine.period.fiscal &&
      !['_O', '_U'].includes(period.frequency),
  )
  return sameLength.at(-1) ?? null
}

function partOf(rule: Rule, figure: JudgedFigure, scene: Scene): Said | null {
  const { part = '', whole = '' } = rule.parameters
  const other = scene.valueOf(keyText({ ...figure, indicator: partner(rule, figure.indicator) }))
  if (other === undefined) return null
  const isPart = figure.indicator === part
  const [less, more] = isPart ? [figure.value, other] : [other, figure.value]
  if (compareDecimals(less, more) <= 0) return null
  return {
    code: isPart ? 'partAboveWhole' : 'wholeBelowPart',
    params: { value: other, part, whole },
  }
}

interface Sum {
  /** Tells one sum from another. */
  name: string
  total: string | undefined
  /** Of each part that is known. */
  parts: string[]
  isComplete: boolean
  tolerance: string
}

/** The sum of the parts where it contradicts the total; parts that are missing can only add to it. */
function contradiction({ total, parts, isComplete, tolerance }: Sum) {
  if (total === undefined || parts.length === 0) return null
  const sum = parts.reduce(add)
  const surplus = subtract(sum, total)
  const isOver = compareDecimals(surplus, tolerance) > 0
  const isShort = compareDecimals(surplus, `-${tolerance}`.replace(/^-0$/, '0')) < 0
  const mayBeJudged = isComplete || !parts.some((part) => part.startsWith('-'))
  return (isOver && mayBeJudged) || (isShort && isComplete) ? { value: total, sum } : null
}

function areasSum(rule: Rule, figure: JudgedFigure, place: number, scene: Scene): Said | null {
  const family = familyOf(rule, figure, scene)
  if (!family) return null
  const key = (area: string) => keyText({ ...figure, area })
  const values = family.parts.flatMap((area) => scene.valueOf(key(area)) ?? [])
  const wrong = tellOnce(place, scene, key(family.total), {
    name: `${rule.code} ${key(family.total)}`,
    total: scene.valueOf(key(family.total)),
    parts: values,
    isComplete: family.expected.every((area) => scene.valueOf(key(area)) !== undefined),
    tolerance: rule.parameters.tolerance ?? '0',
  })
  return wrong && { code: 'areasSum', params: { ...wrong, area: family.total } }
}

function sexesSum(rule: Rule, figure: JudgedFigure, place: number, scene: Scene): Said | null {
  if (figure.kind === 'ratio') return null
  const key = (sex: string) => keyText({ ...figure, sex })
  const values = ['F', 'M'].flatMap((sex) => scene.valueOf(key(sex)) ?? [])
  const wrong = tellOnce(place, scene, key('_T'), {
    name: `${rule.code} ${key('_T')}`,
    total: scene.valueOf(key('_T')),
    parts: values,
    isComplete: values.length === 2,
    tolerance: rule.parameters.tolerance ?? '0',
  })
  return wrong && { code: 'sexesSum', params: wrong }
}

/** One wrong sum is one finding: at the total where that is in the batch, else at the first part. */
function tellOnce(
  place: number,
  { company: { last, told } }: Scene,
  totalKey: string,
  sum: Sum,
): { value: string; sum: string } | null {
  const total = last.get(totalKey)
  if (told.has(sum.name) || (total && total.place !== place)) return null
  const wrong = contradiction(sum)
  if (wrong) told.add(sum.name)
  return wrong
}

// Reading the form

export type CheckedRule = { ok: true; rule: RuleInput } | { ok: false; problems: RuleProblem[] }

const decimals: readonly ParameterName[] = ['min', 'max', 'factor', 'tolerance']

/** Reads a rule as typed. `known` are the codes that it may name; `version` is what the form showed. */
export function readRule(
  typed: TypedRule,
  version: string,
  known: { indicators: readonly string[]; units: readonly string[] },
): CheckedRule {
  const kind = ruleKinds.find((one) => one === typed.kind)
  if (!kind) return { ok: false, problems: [{ field: 'kind', from: 'checks', code: 'notInList' }] }
  const problems: RuleProblem[] = []
  const say = (field: RuleField, code: string) => problems.push({ field, from: 'checks', code })
  const parameters: Record<string, string> = {}
  for (const name of parameterNames[kind]) {
    const text = typed[name].trim()
    if (text === '' && isOptional(kind, name)) continue
    const read = readParameter(name, text, known)
    if ('field' in read) problems.push(read)
    else parameters[name] = read.value
  }
  const { min, max, part, whole } = parameters
  if (kind === 'range' && min === undefined && max === undefined && problems.length === 0) {
    say('min', 'noLimit')
  }
  if (min !== undefined && max !== undefined && compareDecimals(min, max) > 0) say('max', 'order')
  if (kind === 'part_of' && part !== undefined && part === whole) say('whole', 'samePart')
  const indicator = kind === 'part_of' || typed.indicator === '' ? null : typed.indicator
  if (indicator !== null && !known.indicators.includes(indicator)) say('indicator', 'notInList')
  if (!/^[A-Z0-9_]{1,60}$/.test(typed.code)) say('code', 'ruleCode')
  if (typed.note.trim() === '') say('note', 'noteMissing')
  const parsed = ruleInput.safeParse({
    ...typed,
    version,
    indicator,
    parameters,
    isActive: typed.active === 'yes',
    note: typed.note.replace(/\s+/g, ' '),
  })
  if (parsed.success && problems.length === 0) return { ok: true, rule: parsed.data }
  const named = new Set<string>(problems.map(({ field }) => field))
  for (const { path } of parsed.error?.issues ?? []) {
    const field = String(path[0])
    if (!named.has(field)) say(field === 'severity' ? 'severity' : 'note', 'invalid')
  }
  return { ok: false, problems }
}

const isOptional = (kind: RuleKind, name: ParameterName) => kind === 'range' || name === 'tolerance'

function readParameter(
  name: ParameterName,
  text: string,
  known: { indicators: readonly string[]; units: readonly string[] },
): { value: string } | RuleProblem {
  if (decimals.includes(name)) {
    const value = readDecimal(text)
    if (!value.ok) return { field: name, from: 'numbers', ...value.problem }
    const least = name === 'factor' ? '1' : '0'
    const isTooSmall =
      name === 'factor'
        ? compareDecimals(value.value, least) <= 0
        : name === 'tolerance' && value.value.startsWith('-')
    return isTooSmall ? { field: name, from: 'checks', code: `${name}TooSmall` } : value
  }
  const lists = { unit: known.units, part: known.indicators, whole: known.indicators } as Record<
    string,
    readonly string[]
  >
  const list = lists[name] ?? sourceNeeds
  return list.includes(text) ? { value: text } : { field: name, from: 'checks', code: 'notInList' }
}

/** A form for a rule: as it is now, or empty with the usual choices. */
export function startRule(kind: RuleKind, rule?: Rule): TypedRule {
  const empty = Object.fromEntries(ruleFields.map((name) => [name, ''])) as TypedRule
  const usual: Partial<TypedRule> = {
    ...(kind === 'jump' && { factor: '10' }),
    ...((kind === 'areas_sum' || kind === 'sexes_sum') && { tolerance: '0' }),
  }
  if (!rule) return { ...empty, ...usual, kind, severity: 'warning', active: 'yes' }
  const { code, indicator, parameters, severity, isActive } = rule
  return {
    ...empty,
    ...parameters,
    code,
    kind,
    indicator: indicator ?? '',
    severity,
    active: isActive ? 'yes' : 'no',
  }
}
