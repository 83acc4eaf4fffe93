import type { AsyncLocalStorage } from 'node:async_hooks'
import type { ReactNode } from 'react'
import { stilled } from '@/lib/markup'

/** Set by scripts/finished-pages.mjs while it makes a page that it puts together itself. */
const shared = globalThis as { shumarAside?: AsyncLocalStorage<string[]> }

/** Shorter ones are no burden. */
const shortest = 300

/** What no script brings to life is handed to React as text: see `lib/markup.ts`. */
export function Still({ children }: { children: ReactNode }) {
  const parts = shared.shumarAside?.getStore()
  const place = (html: string) =>
    parts && html.length >= shortest ? `<!--still ${parts.push(html) - 1}-->` : html
  return stilled(children, place)
}
