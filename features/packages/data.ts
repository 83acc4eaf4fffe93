import { createHash } from 'node:crypto'
import { stringify } from 'csv-stringify/sync'
import { readCatalogue } from '@/features/catalogue/data'
import type { Catalogue } from '@/features/catalogue/schema'
import { csvTable, revisionTable, sourceTable } from '@/features/extracts/data'
import type { ExtractState } from '@/features/extracts/schema'
import { database } from '@/lib/db/client'
import type { Snapshot } from '@/lib/db/snapshot'
import { defaultLocale, locales } from '@/lib/i18n'
import { type ZipMember, zipOf } from '@/lib/zip'
import {
  checksumLines,
  csvwMetadata,
  dataPackage,
  type ListName,
  listRows,
  type PackageTable,
  readme,
  tables,
  type WrittenFile,
} from './rules'

/**
 * Everything that is public as a ZIP archive: tables as CSV, their metadata, and checksums of all.
 * Returns how many figures it holds.
 *
 * @param origin of the address under which it can be had again
 */
export async function* packageFile(
  snapshot: Snapshot,
  state: ExtractState,
  origin: string,
): AsyncGenerator<Uint8Array, number> {
  const catalogue = await readCatalogue(database(), state.commit)
  const address = `${origin}/download/everything.zip?asOf=${state.asOf}&v=${state.commit}`
  const written = new Map<string, WrittenFile>()
  const count = { figures: 0 }
  async function* members(): AsyncGenerator<ZipMember> {
    for (const table of tables) {
      const bytes = tableBytes(table, { snapshot, state, catalogue, count })
      yield noted(`${table.name}.csv`, bytes, written)
    }
    const json = (value: unknown) => [Buffer.from(`${JSON.stringify(value, null, 2)}\n`)]
    yield noted('csv-metadata.json', json(csvwMetadata(state, address)), written)
    yield noted('datapackage.json', json(dataPackage(state, address, written)), written)
    for (const language of locales) {
      const name = language === defaultLocale ? 'README.md' : `README.${language}.md`
      const text = readme(language, state, { address, rows: count.figures })
      yield noted(name, [Buffer.from(text)], written)
    }
    const sums = checksumLines(written.values())
    yield { name: 'SHA256SUMS', bytes: [Buffer.from(sums)] }
  }
  yield* zipOf(members(), new Date(state.committedAt))
  return count.figures
}

interface Making {
  snapshot: Snapshot
  state: ExtractState
  catalogue: Catalogue
  count: { figures: number }
}

async function* tableBytes(
  table: PackageTable,
  { snapshot, state, catalogue, count }: Making,
): AsyncGenerator<Uint8Array> {
  if (table.name === 'figures') count.figures = yield* csvTable(snapshot, 'csv', {}, state)
  else if (table.name === 'revisions') yield* revisionTable(snapshot, state)
  else if (table.name === 'sources') yield* sourceTable(snapshot, state)
  else yield Buffer.from(listText(table.name, table.columns, catalogue))
}

const listText = (list: ListName, columns: readonly string[], catalogue: Catalogue): string =>
  stringify([[...columns], ...listRows(list, catalogue)], { record_delimiter: '\n' })

/** A member whose length and SHA-256 are written down as it passes. */
function noted(
  name: string,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  written: Map<string, WrittenFile>,
): ZipMember {
  async function* passing() {
    const hash = createHash('sha256')
    let length = 0
    for await (const chunk of bytes) {
      hash.update(chunk)
      length += chunk.length
      yield chunk
    }
    written.set(name, { name, bytes: length, sha256: hash.digest('hex') })
  }
  return { name, bytes: passing() }
}
