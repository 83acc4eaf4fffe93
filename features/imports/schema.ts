/** The columns of a list of published figures as collected from press pages. */
export const publishedColumns = [
  'indicator',
  'programme',
  'area',
  'sex',
  'period_start',
  'period_end',
  'frequency',
  'value',
  'unit',
  'kind',
  'status',
  'publisher',
  'title',
  'published_on',
  'url',
] as const

export type PublishedRow = Record<(typeof publishedColumns)[number], string>

/** One thing wrong in a file: where, what stands there, and a message code with the remedy. */
export interface ImportProblem {
  line: number
  column: string
  value: string
  code: string
  params?: Record<string, string | number>
  /** The column of Shumar's own that this one stands for, where columns were mapped. */
  target?: string
}

export type ImportCheck<T> = { ok: true; figures: T[] } | { ok: false; problems: ImportProblem[] }
