import type { PublicationInput } from '@/features/figures/schema'

/** What a rule has to say about one figure of a batch. */
export interface Finding {
  /** Place of the figure in the batch. */
  index: number
  /** Code of the rule. */
  rule: string
  /** An error blocks; a warning asks for a reason, which is kept. */
  severity: 'error' | 'warning'
  /** Name of a message under `checks.findings`; `params` fill it in with raw values. */
  code: string
  params?: Record<string, string | number>
}

/** A figure that rules judge: what would be published, its source as far as it is known. */
export type JudgedFigure = Pick<
  PublicationInput,
  | 'role'
  | 'indicator'
  | 'programme'
  | 'area'
  | 'academy'
  | 'sex'
  | 'kind'
  | 'unit'
  | 'period'
  | 'value'
> & { source?: { title: string; url: string } | null }
