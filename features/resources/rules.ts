import { z } from 'zod'
import { fail, ok, type Result } from '@/lib/result'
import {
  type ApiPage,
  type ApiQuery,
  columnsOf,
  mostRows,
  type PageQuery,
  queryOf,
  type ResourceName,
  resources,
  usualLimit,
  waysOf,
} from './schema'

/** Reads the words of an address. The problem names the first wrong one as `word`. */
export function readQuery<Name extends ResourceName>(
  name: Name,
  query: URLSearchParams,
): Result<ApiQuery<Name>> {
  const given = wordsOf(query)
  const parsed = queryOf(name).safeParse(given)
  if (!parsed.success) return refusal(name, given, parsed.error.issues[0])
  const { fields, sort, limit, after, asOf, v, ...filter } = parsed.data as Record<
    string,
    string[] | undefined
  >
  if (v && !asOf) return fail('commitWithoutDay', { word: 'asOf' })
  return ok({
    filter,
    fields: fields ?? null,
    sort: readSort(name, sort?.[0]),
    limit: Number(limit?.[0] ?? usualLimit),
    after: after?.[0] ?? null,
    vintage:
      asOf?.[0] === undefined ? null : { asOf: asOf[0], ...(v?.[0] !== undefined && { v: v[0] }) },
  } as ApiQuery<Name>)
}

/** Each word with its values; columns may stand in one value with commas. */
function wordsOf(query: URLSearchParams): Record<string, string[]> {
  const words = [...new Set(query.keys())]
  return Object.fromEntries(
    words.map((word) => {
      const values = query.getAll(word)
      return [word, word === 'fields' ? values.flatMap((value) => value.split(',')) : values]
    }),
  )
}

function readSort(name: ResourceName, given: string | undefined) {
  const { sorts, descends } = resources[name]
  if (given === undefined) return { by: sorts[0], descending: descends }
  const descending = given.startsWith('-')
  return { by: descending ? given.slice(1) : given, descending }
}

function refusal(
  name: ResourceName,
  given: Record<string, string[]>,
  issue: z.core.$ZodIssue | undefined,
): Result<never> {
  if (issue?.code === 'unrecognized_keys') {
    const words = Object.keys(queryOf(name).shape).join(', ')
    return fail('unknownParameter', { word: (issue.keys[0] ?? '').slice(0, 60), words })
  }
  const [word = '', place] = (issue?.path ?? []).map(String)
  if (place === undefined) return fail('parameterTwice', { word })
  const value = (given[word]?.[Number(place)] ?? '').slice(0, 60)
  return fail(problemsOfWords[word] ?? 'invalidParameter', {
    word,
    value,
    ...choicesOf(name, word),
  })
}

const problemsOfWords: Record<string, string> = {
  limit: 'limit',
  after: 'after',
  fields: 'fields',
  sort: 'sort',
  from: 'invalidLimit',
  to: 'invalidLimit',
}

function choicesOf(name: ResourceName, word: string): Record<string, string | number> {
  if (word === 'limit') return { most: mostRows }
  if (word === 'fields') return { choices: columnsOf(name).join(', ') }
  if (word === 'sort') return { choices: waysOf(name).join(', ') }
  return {}
}

// Pages. A page begins after a place: what the last row before it has in the columns of the order.
// The place goes round as a token that nobody but us need read.

/** A token for a place in an order. */
export function placeToken(by: string, place: readonly string[]): string {
  return Buffer.from(JSON.stringify([by, ...place])).toString('base64url')
}

/**
 * The place that a token names, in the order asked for, each part as its column takes it.
 * Refuses what is no such token with `after`.
 */
export function readPlace(
  token: string,
  by: string,
  parts: readonly z.ZodType<string>[],
): Result<string[]> {
  const place = z.tuple([z.literal(by), ...parts] as [z.ZodType<string>, ...z.ZodType<string>[]])
  const read = place.safeParse(parsedJson(Buffer.from(token, 'base64url').toString('utf8')))
  if (!read.success) return fail('after', { word: 'after', value: token.slice(0, 60) })
  return ok(read.data.slice(1))
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The first `limit` of rows of which one more was asked for. */
export function pageOf<One>(
  found: readonly One[],
  limit: number,
  token: (last: One) => string,
): ApiPage<One> {
  const rows = found.slice(0, limit)
  const last = found.length > limit ? rows.at(-1) : undefined
  return { rows, next: last === undefined ? null : token(last) }
}

/** What a short list is sorted by: texts, the last of which no other row has. */
export type ListOrders<One> = Record<string, (row: One) => readonly string[]>

const anyText = z.string().max(500)

/** A page of a list that is all in memory. */
export function listPage<One>(
  rows: readonly One[],
  orders: ListOrders<One>,
  { sort: { by, descending }, after, limit }: PageQuery,
): Result<ApiPage<One>> {
  const order = orders[by]
  if (!order) throw new Error(`There is no order ${by}.`)
  const way = descending ? -1 : 1
  const compare = (one: readonly string[], other: readonly string[]) =>
    way * compareTexts(one, other)
  const sorted = rows.toSorted((one, other) => compare(order(one), order(other)))
  const token = (last: One) => placeToken(by, order(last))
  const [first] = sorted
  if (after === null || first === undefined) return ok(pageOf(sorted, limit, token))
  const parts = order(first).map(() => anyText)
  const place = readPlace(after, by, parts)
  if (!place.ok) return place
  const left = sorted.filter((row) => compare(order(row), place.value) > 0)
  return ok(pageOf(left, limit, token))
}

/** By the first text that differs, code unit by code unit. */
function compareTexts(one: readonly string[], other: readonly string[]): number {
  const at = one.findIndex((text, n) => text !== other[n])
  if (at < 0) return 0
  return (one[at] ?? '') < (other[at] ?? '') ? -1 : 1
}

/** A row with the columns asked for, in the order asked for. */
export function chosen<One extends object>(
  row: One,
  fields: readonly string[] | null,
): Partial<One> {
  if (fields === null) return row
  return Object.fromEntries(fields.map((name) => [name, row[name as keyof One]])) as Partial<One>
}
