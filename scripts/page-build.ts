import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { inCheckout, packageFile } from './checkout'
import { fingerprint } from './fingerprint'
import { writeLanguages } from './languages'
import { type Outcome, runNode } from './run'

type Stamp = { sources: string; key: string }

const stampFile = inCheckout('.next', 'made-from.json')
const sources = [
  ...['app', 'components', 'features', 'lib', 'messages', 'public', 'prisma/schema.prisma'],
  ...['next.config.js', 'postcss.config.mjs', 'proxy.ts', 'instrumentation.ts'],
  ...['package.json', 'package-lock.json', 'tsconfig.json'],
]

function readStamp(): Stamp | null {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'))
  } catch {
    return null
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex')

function currentStamp(key: string): Stamp {
  return { sources: fingerprint(sources, ['lib/db/generated']), key: digest(key) }
}

/** Whether the finished build is one of the sources as they are now. */
export function buildIsFresh(): boolean {
  return (
    existsSync(inCheckout('.next', 'BUILD_ID')) && readStamp()?.sources === currentStamp('').sources
  )
}

/** Whether the build seals the state of its forms with this key. */
export function builtWithKey(key: string): boolean {
  return readStamp()?.key === digest(key)
}

/** Builds the pages with `next build`; prerendering reads the database in `env.DATABASE_URL`. */
export async function buildPages(
  env: NodeJS.ProcessEnv,
  output: 'keep' | 'show',
): Promise<Outcome> {
  writeLanguages()
  const stamp = currentStamp(env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ?? '')
  // A build that is killed half-way leaves none behind.
  rmSync(stampFile, { force: true })
  const next = packageFile('next', 'dist', 'bin', 'next')
  const outcome = await runNode([next, 'build'], { ...env, NODE_ENV: 'production' }, output)
  if (outcome.code === 0) writeFileSync(stampFile, `${JSON.stringify(stamp)}\n`)
  return outcome
}
