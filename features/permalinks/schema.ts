import type { Vintage } from '@/features/vintages/schema'

/** Crockford's letters and digits, small: none that is read for another. */
export const linkLetters = '0123456789abcdefghjkmnpqrstvwxyz'
export const shortestCode = 8
export const longestCode = 26
export const longestPath = 2000

/** A page in one state of the record that never changes. */
export interface Permalink {
  code: string
  /** Path and query of the page, without its state. */
  path: string
  vintage: Vintage
}
