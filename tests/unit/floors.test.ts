import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// `npm audit` needs a registry that answers it; these floors hold without one.
interface Manifest {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}
interface Lock {
  packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>
}

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const manifest = JSON.parse(read('package.json')) as Manifest
const lockText = read('package-lock.json')
const lock = JSON.parse(lockText) as Lock
const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })

/** The versions that `npm ci` puts anywhere under node_modules, nested copies included. */
function installed(name: string): string[] {
  const suffix = `node_modules/${name}`
  return Object.entries(lock.packages)
    .filter(([path]) => path === suffix || path.endsWith(`/${suffix}`))
    .flatMap(([, { version }]) => (version ? [version] : []))
}

/** Whether a release is at least another; a pre-release of the floor itself is below it. */
function reaches(version: string, floor: string): boolean {
  const [release = '', preRelease] = version.split(/-(.*)/)
  const order = release.localeCompare(floor, 'en', { numeric: true })
  return order > 0 || (order === 0 && preRelease === undefined)
}

test('a version reaches a floor by number, not by letters', () => {
  expect(reaches('16.10.0', '16.4.6')).toBe(true)
  expect(reaches('16.4.6', '16.4.6')).toBe(true)
  expect(reaches('16.4.6-canary.1', '16.4.6')).toBe(false)
  expect(reaches('16.4.5', '16.4.6')).toBe(false)
})

test.each([
  ['next', '16.4.6'],
  ['react', '19.2.8'],
  ['react-dom', '19.2.8'],
  ['better-auth', '1.6.22'],
])('%s is at least %s, below which it has known holes', (name, floor) => {
  const versions = installed(name)
  expect(versions).not.toEqual([])
  expect(versions.filter((version) => !reaches(version, floor))).toEqual([])
})

test.each(['prisma', '@prisma/client', '@prisma/adapter-pg'])(
  '%s is 7.10.0 exactly: its parts must match',
  (name) => {
    expect(Object.fromEntries(wanted)[name]).toBe('7.10.0')
    expect(installed(name)).toEqual(['7.10.0'])
  },
)

test('the wasm schema engine is the one of Prisma 7.10.0', () => {
  expect(Object.fromEntries(wanted)['@prisma/schema-engine-wasm']).toMatch(/^7\.10\.0-/)
})

test('package.json names exact versions', () => {
  const loose = wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
  expect(loose).toEqual([])
})

test('the lock file names no registry, so that any registry serves it', () => {
  expect(lockText).not.toContain('"resolved"')
  expect(lockText.match(/https?:\/\/[^"]*\.tgz/g)).toBeNull()
})

test('the lock file names the optional parts for other machines too, or npm ci refuses', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => {
      const nested = `${path}/node_modules/${name}`
      return !(nested in lock.packages || `node_modules/${name}` in lock.packages)
    }),
  )
  expect(missing).toEqual([])
})
