import fileSystemCache from 'next/dist/server/lib/incremental-cache/file-system-cache.js'
import { tagsManifest } from 'next/dist/server/lib/incremental-cache/tags-manifest.external.js'
import { expirePages, isOutrun } from './finished-pages.mjs'

const Store = fileSystemCache.default

/** Next compares with this clock, which nobody sets, but writes down that of the wall. */
const now = () => performance.timeOrigin + performance.now()

/**
 * Next's own store of prerendered pages, with what it lacks. Next dates a page by when it was stored:
 * one whose figures were read before they changed, and which was stored after, would pass for new
 * until the next change. And where the machine's clock is set forward, as after a pause of a virtual
 * machine, tags would expire only in future.
 */
export default class PageStore extends Store {
  async revalidateTag(tags, durations) {
    await super.revalidateTag(tags, durations)
    if (!durations?.expire) {
      for (const tag of [tags].flat()) {
        tagsManifest.set(tag, { ...tagsManifest.get(tag), expired: now() })
      }
    }
    expirePages()
  }

  async set(key, ...given) {
    if (isOutrun()) return
    await super.set(key, ...given)
    const kept = Store.memoryCache?.get(key)
    if (kept) kept.lastModified = now()
  }
}
