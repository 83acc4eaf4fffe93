import { z } from 'zod'
import { type FigureKey, plainText, type SourceInput } from '@/features/figures/schema'

/** What a rule has to say about one figure of a batch. */
export interface Finding {
  /** Place of the figure in the batch. */
  index: number
  /** Code of the rule. */
  rule: string
  /** An error blocks; a warning asks for a reason, which is kept. */
  severity: Severity
  /** Name of a message under `checks.findings`; see `findingText`. */
  code: FindingCode
  /** Raw values: decimals, period codes, codes of indicators and areas. */
  params: Record<string, string>
}

export const findingCodes = [
  'negative',
  'belowMinimum',
  'percentOver100',
  'aboveMaximum',
  'tenfold',
  'jump',
  'falls',
  'partAboveWhole',
  'wholeBelowPart',
  'areasSum',
  'sexesSum',
  'sourceMissing',
  'linkMissing',
] as const

export type FindingCode = (typeof findingCodes)[number]

/** A figure that rules judge: its key, a canonical decimal, and its source as far as it is known. */
export interface JudgedFigure extends FigureKey {
  value: string
  /** Left out or null where nobody named one yet. */
  source?: Partial<Pick<SourceInput, 'publisher' | 'title' | 'url'>> | null
}

export const ruleKinds = [
  'range',
  'jump',
  'never_falls',
  'part_of',
  'areas_sum',
  'sexes_sum',
  'source',
] as const

export type RuleKind = (typeof ruleKinds)[number]

export const severities = ['error', 'warning'] as const
export type Severity = (typeof severities)[number]

/** What `parameters` of each kind of rule holds: decimals as canonical text, codes. */
export const parameterNames = {
  /** The least and the most a value may be, either may be left out; only figures of a unit. */
  range: ['min', 'max', 'unit'],
  /** So many times the value before, or a part of it as small, is a jump. */
  jump: ['factor'],
  never_falls: [],
  /** The codes of two indicators; the rule is about both, whatever its scope. */
  part_of: ['part', 'whole'],
  /** How far a sum may be off its total, in the unit of the figures. */
  areas_sum: ['tolerance'],
  sexes_sum: ['tolerance'],
  /** `publisher`: any citation; `link`: one with an address. */
  source: ['needs'],
} as const satisfies Record<RuleKind, readonly string[]>

export type ParameterName =
  | 'min'
  | 'max'
  | 'unit'
  | 'factor'
  | 'part'
  | 'whole'
  | 'tolerance'
  | 'needs'
export type Parameters = Partial<Record<ParameterName, string>>

export const sourceNeeds = ['publisher', 'link'] as const

/** The newest version of a rule. */
export interface Rule {
  code: string
  version: number
  kind: RuleKind
  /** Null: every indicator. */
  indicator: string | null
  parameters: Parameters
  severity: Severity
  isActive: boolean
  /** Why it was made or changed. */
  note: string
}

export interface RuleVersion extends Rule {
  /** Null where it came with the product. */
  author: string | null
  /** Instant, ISO. */
  at: string
}

/** What an admin types or chooses. Every field as typed. */
export const ruleFields = [
  'code',
  'kind',
  'indicator',
  'min',
  'max',
  'unit',
  'factor',
  'part',
  'whole',
  'tolerance',
  'needs',
  'severity',
  'active',
  'note',
] as const

export type RuleField = (typeof ruleFields)[number]
export type TypedRule = Record<RuleField, string>

/** A checked rule to store; `version` is the one that the form showed, 0 for a new rule. */
export const ruleInput = z.object({
  code: z.string().regex(/^[A-Z0-9_]{1,60}$/),
  version: z.coerce.number().int().min(0).max(1_000_000),
  kind: z.enum(ruleKinds),
  indicator: z.string().nullable(),
  parameters: z.record(z.string(), z.string()),
  severity: z.enum(severities),
  isActive: z.boolean(),
  note: plainText(500).pipe(z.string().min(1)),
})

export type RuleInput = z.infer<typeof ruleInput>

/** Something wrong with one field; `code` names a message of the namespace `from`. */
export interface RuleProblem {
  field: RuleField
  from: 'checks' | 'numbers'
  code: string
  params?: Record<string, string | number>
}

export interface RuleFormState {
  attempt: number
  values: TypedRule
  version: string
  problems: { field: RuleField | null; text: string }[]
  goTo: string | null
}
