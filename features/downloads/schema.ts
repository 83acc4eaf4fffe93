import { z } from 'zod'
import { figureColumns, roles, sexes } from '@/features/figures/schema'
import type { ImageFormat } from '@/features/images/schema'
import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { defaultLocale, type Locale } from '@/lib/i18n'
import { fail, ok, type Result } from '@/lib/result'

/** The columns of a download: those of a figure, its marks, and the licence of the data. */
export const downloadColumns = [...figureColumns, 'marks', 'licence'] as const

const code = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/)

const filter = z.strictObject({
  indicator: z.array(code).optional(),
  programme: z.array(code).optional(),
  area: z.array(code).optional(),
  sex: z.array(z.enum(sexes)).optional(),
  role: z.array(z.enum(roles)).optional(),
})

/** A download may be of a vintage: `asOf` a day, `v` a commit. */
export interface DownloadRequest {
  filter: DownloadFilter
  vintage: { asOf: string; v?: string } | null
}

export type DownloadFilter = z.infer<typeof filter>

/** Reads the filter words of an address. A word given several times means any of its values. */
export function readDownloadRequest(query: URLSearchParams): Result<DownloadRequest> {
  return readWords(query, [])
}

/** A page of the API: so many rows after one of them. */
export interface ApiRequest extends DownloadRequest {
  page: { after: number; limit: number }
}

const usualLimit = 100
const mostRows = 1000

/** Reads the filter words and the page of an API call. Problems name the parameter as `word`. */
export function readApiRequest(query: URLSearchParams): Result<ApiRequest> {
  const request = readWords(query, ['limit', 'after'])
  if (!request.ok) return request
  const [limit, after] = [query.get('limit'), query.get('after')]
  if (limit !== null && !(/^[1-9]\d{0,3}$/.test(limit) && Number(limit) <= mostRows)) {
    return fail('limit', { word: 'limit', value: limit.slice(0, 60), most: mostRows })
  }
  if (after !== null && !/^\d{1,9}$/.test(after)) {
    return fail('after', { word: 'after', value: after.slice(0, 60) })
  }
  const page = { after: Number(after ?? 0), limit: Number(limit ?? usualLimit) }
  return ok({ ...request.value, page })
}

function readWords(query: URLSearchParams, others: readonly string[]): Result<DownloadRequest> {
  const asOf = query.get('asOf')
  const v = query.get('v') ?? undefined
  if (v !== undefined && asOf === null) return fail('commitWithoutDay')
  const vintage = asOf === null ? null : { asOf, v }
  const words = [...new Set(query.keys())].filter(
    (word) => !['asOf', 'v', ...others].includes(word),
  )
  const parsed = filter.safeParse(
    Object.fromEntries(words.map((word) => [word, query.getAll(word)])),
  )
  if (parsed.success) return ok({ filter: parsed.data, vintage })
  const issue = parsed.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  if (unknown !== undefined) return fail('unknownFilter', { word: unknown.slice(0, 60) })
  const [word = '', place = 0] = issue?.path ?? []
  const value = query.getAll(String(word))[Number(place)] ?? ''
  return fail('invalidFilter', { word: String(word), value: value.slice(0, 60) })
}

/** The query string of a filter, for links to the download of what a page shows. */
export function downloadQuery(filter: DownloadFilter, vintage: Vintage | null = null): string {
  const query = new URLSearchParams(vintageQuery(vintage))
  for (const [word, values] of Object.entries(filter)) {
    for (const value of values ?? []) query.append(word, value)
  }
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
