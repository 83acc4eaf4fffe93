import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The last good copy of each public page, on disk: what readers get while the database cannot be
 * asked, also after a restart. Several processes may share the folder.
 */

const most = { pages: 800, bytes: 2_000_000 }
/** How exactly the time of an unchanged page is kept, in milliseconds. */
const precision = 30_000
const suffix = '.page'

/** @typedef {{ packed: Buffer, headers: Record<string, string | string[]>, at: Date }} KeptPage */

/** @param {string} folder @param {(error: unknown) => void} [complain] */
export function keepPages(folder, complain = () => {}) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  /** @type {Map<string, { tag: string, at: number }>} */
  const known = new Map()
  /** @param {string} url */
  const fileOf = (url) =>
    join(folder, createHash('sha256').update(url).digest('hex').slice(0, 40) + suffix)
  let written = 0

  /** @param {string} url @param {Buffer} packed @param {KeptPage['headers']} headers */
  async function write(url, packed, headers) {
    const file = fileOf(url)
    const draft = `${file}.${process.pid}-${written++}`
    const head = Buffer.from(`${JSON.stringify({ url, headers })}\n`)
    try {
      await writeFile(draft, Buffer.concat([head, packed]), { mode: 0o600 })
      await rename(draft, file)
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {})
      throw error
    }
    if (written % 50 === 1) await tidy()
  }

  /** Removes the oldest beyond the limit, and drafts of killed processes. */
  async function tidy() {
    const names = await readdir(folder)
    const files = await Promise.all(
      names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
    )
    const hourAgo = Date.now() - 3_600_000
    const drafts = files.filter(({ name, at }) => !name.endsWith(suffix) && at < hourAgo)
    const old = files
      .filter(({ name }) => name.endsWith(suffix))
      .sort((a, b) => b.at - a.at)
      .slice(most.pages)
    for (const { name } of [...drafts, ...old]) await rm(join(folder, name), { force: true })
  }

  return {
    /**
     * Keeps a page as it was sent just now. `tag` tells whether it differs from the one before.
     * @param {string} url @param {string} tag @param {() => Promise<Buffer> | Buffer} pack gives the gzipped page
     * @param {KeptPage['headers']} headers
     */
    async keep(url, tag, pack, headers) {
      const before = known.get(url)
      const now = Date.now()
      if (before?.tag === tag && now - before.at < precision) return
      known.delete(url)
      known.set(url, { tag, at: now })
      const [oldest] = known.keys()
      if (known.size > most.pages && oldest !== undefined) known.delete(oldest)
      try {
        const moment = new Date(now)
        if (before?.tag === tag) return await utimes(fileOf(url), moment, moment)
        const packed = await pack()
        if (packed.length <= most.bytes) await write(url, packed, headers)
      } catch (error) {
        known.delete(url)
        complain(error)
      }
    },
    /** The copy of a page, gzipped as `packed`. @param {string} url @returns {Promise<KeptPage | null>} */
    async find(url) {
      const file = fileOf(url)
      try {
        const [content, { mtime }] = await Promise.all([readFile(file), stat(file)])
        const end = content.indexOf(10)
        const head = JSON.parse(content.subarray(0, end).toString('utf8'))
        if (head.url !== url) return null
        return { packed: content.subarray(end + 1), headers: head.headers, at: mtime }
      } catch {
        return null
      }
    },
  }
}

/** @typedef {ReturnType<typeof keepPages>} KeptPages */
