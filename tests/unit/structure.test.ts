import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkStructure } from '../../scripts/check-structure'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shumar-structure-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function violations(files: Record<string, string>): string[] {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return checkStructure(root).map(({ file, message }) => `${file} ${message}`)
}

/** A sound feature; each test below breaks one thing. */
const sound = {
  'app/[locale]/page.tsx': `import { Cards } from '@/features/figures/components/cards'\n`,
  'app/[locale]/error.tsx': `'use client'\nexport default function Failed() {}\n`,
  'app/readyz/route.ts': `import { database } from '@/lib/db/client'\n`,
  'app/internal/expire/route.ts': `import { revalidateTag } from 'next/cache'\n`,
  'features/figures/schema.ts': `import { z } from 'zod'\n`,
  'features/figures/rules.ts': `import type { Figure } from './schema'\nimport { add } from '@/lib/number'\n`,
  'features/figures/data.ts': `import { database } from '@/lib/db/client'\n`,
  'features/figures/cached.ts': [
    `import { cacheTag } from 'next/cache'`,
    `import { database } from '@/lib/db/client'`,
    `export async function all() {`,
    `  'use cache'`,
    `  cacheTag('figures')`,
    `  return readFigures(database(), {})`,
    `}`,
  ].join('\n'),
  'features/figures/actions.ts': `'use server'\nimport { updateTag } from 'next/cache'\n`,
  'features/figures/components/cards.tsx': `'use client'\nimport { Card } from '@/components/ui/card'\n`,
  'features/figures/components/cards.css': `.card {}\n`,
  'components/ui/card.tsx': `import { format } from '@/lib/number'\n`,
  'lib/number.ts': `import { Decimal } from 'decimal.js'\n`,
  'lib/db/client.ts': `import { PrismaClient } from './generated/client'\n`,
}

test('a sound house has no violations', () => {
  expect(violations(sound)).toEqual([])
})

test('this repository has no violations', () => {
  expect(checkStructure(resolve(import.meta.dirname, '../..'))).toEqual([])
})

describe('imports go app -> features -> components -> lib', () => {
  test.each([
    ['lib/number.ts', '@/components/ui/card'],
    ['lib/number.ts', '../features/figures/schema'],
    ['components/ui/card.tsx', '@/features/figures/schema'],
    ['features/figures/data.ts', '@/app/[locale]/page'],
  ])('%s may not import %s', (file, specifier) => {
    expect(violations({ ...sound, [file]: `import { x } from '${specifier}'\n` })).toContainEqual(
      `${file} imports ${specifier}: imports go app -> features -> components -> lib`,
    )
  })

  test('types count too, over several lines and with comments between', () => {
    const text = `import type {\n  A, // why\n  B,\n} from '@/app/[locale]/page'\n`
    expect(violations({ ...sound, 'lib/number.ts': text })).toHaveLength(1)
  })

  test.each([
    `export * from '@/app/x'\n`,
    `import '@/app/x'\n`,
    `const x = await import('@/app/x')\n`,
  ])('however it is written: %s', (text) => {
    expect(violations({ ...sound, 'lib/number.ts': text })).toHaveLength(1)
  })

  test('nothing is built on scripts or tests', () => {
    expect(violations({ ...sound, 'lib/number.ts': `import '@/scripts/start'\n` })).toEqual([
      expect.stringContaining("nobody's building material"),
    ])
  })

  test('an import in a comment is none', () => {
    const text = `// import { x } from '@/app/x'\n/*\nimport { x } from '@/app/x'\n*/\n`
    expect(violations({ ...sound, 'lib/number.ts': text })).toEqual([])
  })

  test('an import that cannot be read is refused', () => {
    const text = `import { x } from /* where */ '@/app/x'\n`
    expect(violations({ ...sound, 'lib/number.ts': text })).toEqual([
      'lib/number.ts has an import that this check cannot read',
    ])
  })
})

test.each(['queries.ts', 'data.tsx', 'csv/parse.ts', 'components.ts'])(
  'a feature has no file called %s',
  (name) => {
    expect(violations({ ...sound, [`features/figures/${name}`]: '' })).toEqual([
      expect.stringContaining('is not in the vocabulary of a feature'),
    ])
  },
)

describe('rules and series are pure', () => {
  test.each(['next/cache', 'react', '@prisma/client', '@/lib/db/client'])(
    'rules.ts may not import %s',
    (specifier) => {
      const text = `import { x } from '${specifier}'\n`
      expect(violations({ ...sound, 'features/figures/rules.ts': text })).toContainEqual(
        expect.stringContaining('rules and series are pure'),
      )
    },
  )

  test('nor the type of a Prisma row', () => {
    const text = `import type { Database } from '@/lib/db/client'\n`
    expect(violations({ ...sound, 'features/figures/series.ts': text })).toContainEqual(
      expect.stringContaining('rules and series are pure'),
    )
  })

  test('nor a file that does', () => {
    const files = {
      ...sound,
      'features/figures/series.ts': `import { add } from '@/lib/number'\n`,
      'lib/number.ts': `import { use } from 'react'\n`,
    }
    expect(violations(files)).toContain(
      'features/figures/series.ts reaches react (features/figures/series.ts -> lib/number.ts): rules and series are pure',
    )
  })
})

describe('only data.ts and mutations.ts use the database', () => {
  test.each(['lib/db/client', 'lib/db/stream'])('schema.ts may not import %s', (path) => {
    const text = `import { x } from '@/${path}'\n`
    expect(violations({ ...sound, 'features/figures/schema.ts': text })).toEqual([
      `features/figures/schema.ts imports @/${path}: only data.ts and mutations.ts use the database`,
    ])
  })

  test('the types of the client may be named anywhere in a feature', () => {
    const text = `import type { Database } from '@/lib/db/client'\n`
    expect(violations({ ...sound, 'features/figures/schema.ts': text })).toEqual([])
    const inline = `import { type Database } from '@/lib/db/client'\n`
    expect(violations({ ...sound, 'features/figures/schema.ts': inline })).toEqual([])
  })

  test.each(['database().figure.findMany()', 'const db = database()', 'read(database)'])(
    'cached.ts hands a connection on and does not query: %s',
    (use) => {
      const text = `import { database } from '@/lib/db/client'\n${use}\n`
      expect(violations({ ...sound, 'features/figures/cached.ts': text })).toEqual([
        expect.stringContaining('only data.ts and mutations.ts use the database'),
      ])
    },
  )

  test.each(['@/lib/db/client', '@prisma/client'])('a page may not import %s', (specifier) => {
    const text = `import { x } from '${specifier}'\n`
    expect(violations({ ...sound, 'app/[locale]/page.tsx': text })).toEqual([
      `app/[locale]/page.tsx imports ${specifier}: routes compose, they never query`,
    ])
  })
})

describe('directives have their places', () => {
  test.each([
    ['cache', 'features/figures/data.ts'],
    ['cache', 'app/[locale]/page.tsx'],
    ['server', 'features/figures/mutations.ts'],
    ['server', 'features/figures/components/cards.tsx'],
    ['client', 'app/[locale]/page.tsx'],
    ['client', 'features/figures/rules.ts'],
  ])("'use %s' may not stand in %s", (name, file) => {
    expect(violations({ ...sound, [file]: `'use ${name}'\n` })).toEqual([
      expect.stringContaining(`${file} says 'use ${name}'`),
    ])
  })

  test('also in a function, with a kind, in double quotes', () => {
    const text = `export async function read() {\n  "use cache: remote"\n}\n`
    expect(violations({ ...sound, 'features/figures/data.ts': text })).toHaveLength(1)
  })
})

test.each(['updateTag', 'revalidateTag', 'cacheTag'])('%s stays in actions and caches', (call) => {
  const text = `import { ${call} } from 'next/cache'\n`
  expect(violations({ ...sound, 'features/figures/mutations.ts': text })).toEqual([
    expect.stringContaining(`calls ${call}`),
  ])
})

describe('file names', () => {
  test.each(['lib/utils.ts', 'lib/util.ts', 'lib/csv/helpers.ts'])('%s is a drawer', (file) => {
    expect(violations({ ...sound, [file]: '' })).toEqual([expect.stringContaining('is a drawer')])
  })

  test.each([`export * from './card'\n`, `import { Card } from './card'\nexport { Card }\n`])(
    'an index that re-exports is a barrel: %s',
    (text) => {
      expect(violations({ ...sound, 'components/ui/index.ts': text })).toEqual([
        expect.stringContaining('is a barrel'),
      ])
    },
  )

  test.each(['components/ui/BarChart.tsx', 'lib/bar_chart.ts'])('%s is not kebab-case', (file) => {
    expect(violations({ ...sound, [file]: '' })).toEqual([expect.stringContaining('kebab-case')])
  })
})

describe('features do not need each other in a circle', () => {
  const circle = {
    'features/a/data.ts': `import { b } from '@/features/b/data'\n`,
    'features/b/data.ts': `import { c } from '../c/data'\n`,
    'features/c/data.ts': `import { a } from '@/features/a/schema'\n`,
  }

  test('a circle is named', () => {
    expect(violations(circle)).toEqual(['features import each other in a circle: a -> b -> c -> a'])
  })

  test('a type closes none', () => {
    const text = `import type { A } from '@/features/a/schema'\n`
    expect(violations({ ...circle, 'features/c/data.ts': text })).toEqual([])
  })
})
