import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { inCheckout, packageFile } from './checkout'
import { fingerprint } from './fingerprint'
import { runNode } from './run'

const folder = 'lib/db/generated'
const stamp = inCheckout(folder, 'made-from')

function madeFrom(): string {
  const { version } = JSON.parse(readFileSync(packageFile('prisma', 'package.json'), 'utf8'))
  return `${version} ${fingerprint(['prisma/schema.prisma', 'prisma.config.ts'])}\n`
}

export function clientIsFresh(): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === madeFrom()
}

/** Generates the Prisma client from the schema. Needs no database and downloads nothing. */
export async function generateClient(): Promise<void> {
  const from = madeFrom()
  const { code, output } = await runNode(
    [packageFile('prisma', 'build', 'index.js'), 'generate', '--no-hints'],
    {
      ...process.env,
      // The command only asks whether its native engine is there; it is not used.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
    'keep',
  )
  if (code !== 0) throw new Error(`The Prisma client could not be generated.\n${output}`)
  writeFileSync(stamp, from)
}
