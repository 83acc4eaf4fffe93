import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// What comes with the product is named by package-lock.json; tests/unit/floors.test.ts holds its
// versions, and that it names no host.
interface Entry {
  version?: string
  license?: string
  integrity?: string
  link?: boolean
  dev?: boolean
  optional?: boolean
}

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Entry> }
const entries = Object.entries(packages)
  .filter(([path, { link }]) => path !== '' && !link)
  .map(([path, entry]) => ({ name: path.slice(path.lastIndexOf('node_modules/') + 13), ...entry }))

/** May be part of what is given out under AGPL-3.0-or-later. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'LGPL-3.0-or-later',
  'MIT',
  'MPL-2.0',
  'Unlicense',
])

/** Each with why it may come along all the same. */
const exceptions: Record<string, string> = {
  '@fontsource-variable/inter': 'OFL-1.1', // a font, beside the program
  '@fontsource-variable/noto-sans-arabic': 'OFL-1.1', // likewise
  'caniuse-lite': 'CC-BY-4.0', // data for the build, under attribution
  elkjs: 'EPL-2.0', // of Prisma Studio, which the product never runs
}

/** Older manifests say it elsewhere; read in the package itself. */
const unsaid: Record<string, string> = { 'seq-queue@0.0.5': 'MIT' }

/** Whether one may choose it: `A OR B` needs one allowed, `A AND B` all. */
const isAllowed = (licence: string): boolean => {
  const words = licence.replace(/[()]/g, '').replace(/ and /g, ' AND ')
  return words.split(' OR ').some((one) => one.split(' AND ').every((part) => allowed.has(part)))
}

test('every dependency of the product has a licence that goes with its own', () => {
  const others = entries
    .filter(({ dev }) => !dev)
    .map(({ name, version, license = unsaid[`${name}@${version}`] ?? 'none' }) => ({
      name,
      license,
    }))
    .filter(({ name, license }) => !isAllowed(license) && exceptions[name] !== license)
  expect(others).toEqual([])
})

test('a licence is judged by all its parts', () => {
  expect(isAllowed('MIT and ISC')).toBe(true)
  expect(isAllowed('(GPL-2.0-only OR MIT)')).toBe(true)
  expect(isAllowed('Apache-2.0 AND SSPL-1.0')).toBe(false)
  expect(isAllowed('none')).toBe(false)
})

/** Parts of these for other machines were not to be had when the lock file was written. */
const withoutHash = /^(?:@biomejs\/cli|@next\/swc|@tailwindcss\/oxide)-/

test('what is downloaded is known by its hash, but for parts for other machines', () => {
  const unknown = entries
    .filter(({ integrity = '' }) => !integrity.startsWith('sha512-'))
    .filter(({ name, optional }) => !optional || !withoutHash.test(name))
  expect(unknown).toEqual([])
  // What this test cannot hold, counted so that it does not grow.
  expect(entries.filter(({ integrity }) => integrity === undefined).length).toBeLessThanOrEqual(20)
})
