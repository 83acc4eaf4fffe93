import { z } from 'zod'
import { figureColumns, kinds, plainText, roles, sexes, statuses } from '@/features/figures/schema'
import type { ImageFormat } from '@/features/images/schema'
import { readPeriod } from '@/features/periods/rules'
import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { defaultLocale, type Locale } from '@/lib/i18n'
import { fail, ok, type Result } from '@/lib/result'

/** The columns of a download: those of a figure, its marks, and the licence of the data. */
export const downloadColumns = [...figureColumns, 'marks', 'licence'] as const

const code = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/)

/** Frequencies as a filter names them: those of the column, and `A1` for fiscal years alone. */
export const frequencies = ['A', 'A1', 'Q', 'M', 'D', '_O', '_U'] as const

/** The first or last day of a period as people write it; null where it is none or has no such day. */
export function limitDay(word: 'from' | 'to', text: string): string | null {
  const period = readPeriod(text)
  if (!period.ok) return null
  return word === 'from' ? period.value.start : period.value.end
}

const several = <Value extends z.ZodType>(value: Value) => z.array(value).optional()
const once = <Value extends z.ZodType>(value: Value) => z.array(value).max(1).optional()
const limit = (word: 'from' | 'to') =>
  once(plainText(60).refine((text) => limitDay(word, text) !== null))
const words = (most: number) => plainText(most).pipe(z.string().min(1))

/** The words of a filter, each with all its values. */
export const filter = z.strictObject({
  indicator: several(code),
  programme: several(code),
  area: several(code),
  academy: several(code),
  sex: several(z.enum(sexes)),
  role: several(z.enum(roles)),
  kind: several(z.enum(kinds)),
  unit: several(code),
  status: several(z.enum(statuses)),
  frequency: several(z.enum(frequencies)),
  /** As the column of that name has it. */
  publisher: several(words(200)),
  /** The number of a source in the record. */
  source: several(z.string().regex(/^[1-9]\d{0,8}$/)),
  /** Only figures whose period ends in this stretch; one without an end is in none. */
  from: limit('from'),
  to: limit('to'),
  /** Words that all stand in the names and codes of a figure, its note or its source. */
  q: once(words(100)),
})

export type FilterWord = keyof DownloadFilter
export const filterWords = Object.keys(filter.shape) as FilterWord[]

/** A download may be of a vintage: `asOf` a day, `v` a commit. */
export interface DownloadRequest {
  filter: DownloadFilter
  vintage: { asOf: string; v?: string } | null
}

export type DownloadFilter = z.infer<typeof filter>

/** How much a file holds, as told before it is asked for. */
export interface FileSize {
  rows: number
  /** Of them, those with a period that SDMX can write. */
  sdmxRows: number
  /** Of the CSV for analysis, but for its marks and quotes. */
  bytes: number
  /** Set where there are more than `rows`, which were not counted. */
  isMore?: boolean
}

/** Figures that are counted one by one for a page; of more it says that they are more. */
export const mostCounted = 5_000
/** The same where an index alone counts them. */
export const mostCountedByIndex = 100_000

/** Reads the filter words of an address. A word given several times means any of its values. */
export function readDownloadRequest(query: URLSearchParams): Result<DownloadRequest> {
  const asOf = query.get('asOf')
  const v = query.get('v') ?? undefined
  if (v !== undefined && asOf === null) return fail('commitWithoutDay')
  const vintage = asOf === null ? null : { asOf, v }
  const left = new URLSearchParams([...query].filter(([word]) => word !== 'asOf' && word !== 'v'))
  const read = readFilter(left)
  return read.ok ? ok({ filter: read.value, vintage }) : read
}

/** Reads words that are all of a filter. The problem names the first wrong one as `word`. */
export function readFilter(query: URLSearchParams): Result<DownloadFilter> {
  const words = [...new Set(query.keys())]
  const parsed = filter.safeParse(
    Object.fromEntries(words.map((word) => [word, query.getAll(word)])),
  )
  if (parsed.success) return ok(parsed.data)
  const issue = parsed.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  if (unknown !== undefined) return fail('unknownFilter', { word: unknown.slice(0, 60) })
  const [name = '', place] = issue?.path ?? []
  const word = String(name)
  if (place === undefined) return fail('filterTwice', { word })
  const value = (query.getAll(word)[Number(place)] ?? '').slice(0, 60)
  const isLimit = word === 'from' || word === 'to'
  return fail(isLimit ? 'invalidLimit' : 'invalidFilter', { word, value })
}

/** The words of a filter in a fixed order, so that one filter has one address. */
export function filterEntries(filter: DownloadFilter): [FilterWord, string][] {
  return filterWords.flatMap((word) =>
    (filter[word] ?? []).map((value): [FilterWord, string] => [word, value]),
  )
}

/** The query string of a filter, for links to the download of what a page shows. */
export function downloadQuery(filter: DownloadFilter, vintage: Vintage | null = null): string {
  const query = new URLSearchParams(vintageQuery(vintage))
  for (const [word, value] of filterEntries(filter)) query.append(word, value)
  return query.size > 0 ? `?${query}` : ''
}

/**
 * The address of a chart as an image, in the language and the vintage of the page it stands on.
 *
 * @param page `overview`, or `indicators/ICT_EXPORTS`
 */
export function chartImagePath(
  page: string,
  chart: string,
  {
    locale,
    vintage,
    format = 'svg',
  }: { locale: Locale; vintage: Vintage | null; format?: ImageFormat },
): string {
  const query = new URLSearchParams(vintageQuery(vintage))
  if (locale !== defaultLocale) query.set('locale', locale)
  return `/download/charts/${page}/${chart}.${format}${query.size > 0 ? `?${query}` : ''}`
}
