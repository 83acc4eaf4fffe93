import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Holds the house in docs/architecture.md: which way imports go, which files a feature folder may
 * have, and what each of them may do. It reads imports line by line, which the formatter makes
 * dependable; an import it cannot read is a violation too.
 */
export interface Violation {
  file: string
  message: string
}

interface Import {
  /** As written: `@/lib/csv`, `./schema`, `next/cache`. */
  specifier: string
  /** Gone after compilation. */
  typeOnly: boolean
}

interface Source {
  /** From the root, with `/`. */
  path: string
  /** Without comments. */
  code: string
  imports: Import[]
}

const layers = ['lib', 'components', 'features', 'app']
const vocabulary = ['schema', 'rules', 'series', 'data', 'cached', 'mutations', 'actions']
const skipped = new Set(['node_modules', 'generated'])
const isCode = /\.[cm]?[jt]sx?$/

function filesUnder(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesUnder(root, path)
    return [path]
  })
}

function withoutComments(text: string): string {
  return text
    .replace(/^\s*\/\*[\s\S]*?\*\//gm, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\s\/\/[^'"`\n]*$/gm, '')
}

const importStatement = /^(?:import|export)\b([\w\s{},*$]*?\sfrom)?\s*(['"])([^'"\n]+)\2/gm
const importCall = /\b(?:import|require)\(\s*(['"])([^'"\n]+)\1\s*\)/g

/** `import type`, or braces in which every name is a `type`. */
function isTypeOnly(clause: string): boolean {
  if (/^\s*type\s+[\w{*]/.test(clause)) return true
  const names = clause.match(/^\s*\{([^}]*)\}\s*from$/)?.[1]?.split(',') ?? []
  const written = names.map((name) => name.trim()).filter(Boolean)
  return written.length > 0 && written.every((name) => name.startsWith('type '))
}

function importsOf(code: string): Import[] {
  const statements = [...code.matchAll(importStatement)].map(
    ([, clause = '', , specifier = '']) => ({
      specifier,
      typeOnly: isTypeOnly(clause),
    }),
  )
  const calls = [...code.matchAll(importCall)].map(([, , specifier = '']) => ({
    specifier,
    typeOnly: false,
  }))
  return [...statements, ...calls]
}

function unreadImports(code: string): number {
  const begun = code.match(/^import\b(?!\s*\(|\.)/gm)?.length ?? 0
  const read = [...code.matchAll(importStatement)].filter(([text]) => text.startsWith('import'))
  return begun - read.length
}

/** The file or folder in the repository that a specifier names, or nothing for a package. */
function target(source: Source, specifier: string): string | undefined {
  if (specifier.startsWith('@/')) return posix.normalize(specifier.slice(2))
  if (!specifier.startsWith('.')) return undefined
  return posix.join(posix.dirname(source.path), specifier)
}

const layerOf = (path: string) => layers.indexOf(path.split('/')[0] ?? '')
const isIn = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`)
const matches = (path: string, pattern: RegExp) => pattern.test(path)

/** `rules` for `features/figures/rules.ts`, `components` for what lies deeper, else nothing. */
function partOf(path: string): string | undefined {
  const [top, , part, deeper] = path.split('/')
  if (top !== 'features' || !part) return undefined
  return deeper === undefined ? part.replace(isCode, '') : part
}

const nounOf = (path: string) => (isIn(path, 'features') ? path.split('/')[1] : undefined)

type Rule = (source: Source, house: Map<string, Source>) => string[]

const direction: Rule = (source) => {
  const own = layerOf(source.path)
  return source.imports.flatMap(({ specifier }) => {
    const path = target(source, specifier)
    if (path === undefined) return []
    if (['scripts', 'tests', 'bench'].some((folder) => isIn(path, folder)))
      return [`imports ${specifier}: scripts, tests and benchmarks are nobody's building material`]
    if (layerOf(path) <= own) return []
    return [`imports ${specifier}: imports go app -> features -> components -> lib`]
  })
}

const closedVocabulary: Rule = ({ path }) => {
  if (!isIn(path, 'features')) return []
  const part = partOf(path)
  const isKnown =
    part === 'components'
      ? path.split('/').length > 3
      : vocabulary.some((name) => path.split('/').slice(2).join('/') === `${name}.ts`)
  if (isKnown) return []
  const names = vocabulary.map((name) => `${name}.ts`).join(', ')
  return [`is not in the vocabulary of a feature: ${names} and components/`]
}

const impure = /^(next|react|react-dom|@prisma|server-only|pg)(\/|$)/
const isDatabase = (path: string) => isIn(path, 'lib/db')

/** What a file imports, directly or through other files of the house. */
function reach(source: Source, house: Map<string, Source>): Map<string, string> {
  const found = new Map<string, string>()
  const seen = new Set([source.path])
  const visit = (current: Source, trail: string) => {
    for (const { specifier, typeOnly } of current.imports) {
      // A type is gone at run time, so it leads no further; our own are dependencies all the same.
      if (typeOnly && current !== source) continue
      const path = target(current, specifier)
      found.set(path ?? specifier, trail)
      const next = path === undefined || typeOnly ? undefined : lookUp(house, path)
      if (!next || seen.has(next.path)) continue
      seen.add(next.path)
      visit(next, `${trail} -> ${next.path}`)
    }
  }
  visit(source, source.path)
  return found
}

function lookUp(house: Map<string, Source>, path: string): Source | undefined {
  const endings = ['', '.ts', '.tsx', '/index.ts', '/index.tsx']
  return endings.map((ending) => house.get(path + ending)).find((source) => source !== undefined)
}

const purity: Rule = (source, house) => {
  if (!['rules', 'series'].includes(partOf(source.path) ?? '')) return []
  return [...reach(source, house)]
    .filter(([name]) => impure.test(name) || isDatabase(name))
    .map(([name, trail]) => `reaches ${name} (${trail}): rules and series are pure`)
}

/** Routes that answer machines; all other routes read through a feature. */
const machineRoutes = /^app\/(healthz|readyz|api|download|internal)\//

/** `database()` as an argument, nowhere else: a connection handed on, not a query. */
function handsDatabaseOn(source: Source): boolean {
  const part = partOf(source.path) ?? ''
  const uses = source.code.match(/\b(?:database|publicDatabase)\b/g)?.length ?? 0
  const handedOn = source.code.match(/[(,]\s*(?:database|publicDatabase)\(\)\s*[,)]/g)?.length ?? 0
  return ['cached', 'actions'].includes(part) && uses > 0 && uses === handedOn + 1
}

const databaseAccess: Rule = (source) => {
  const { path } = source
  if (isIn(path, 'lib') || ['data', 'mutations'].includes(partOf(path) ?? '')) return []
  return source.imports.flatMap(({ specifier, typeOnly }) => {
    const imported = target(source, specifier)
    const usesDatabase = imported !== undefined && isDatabase(imported)
    const usesPrisma = /^(@prisma\/|pg$)/.test(specifier)
    if (!usesDatabase && !usesPrisma) return []
    if (isIn(path, 'app')) {
      if (usesDatabase && machineRoutes.test(path)) return []
      return [`imports ${specifier}: routes compose, they never query`]
    }
    const isClient = imported === 'lib/db/client' || imported === 'lib/db/replica'
    if (isClient && (typeOnly || handsDatabaseOn(source))) return []
    return [`imports ${specifier}: only data.ts and mutations.ts use the database`]
  })
}

const directive = (code: string, name: string) =>
  new RegExp(`^\\s*['"]use ${name}(?::[^'"]*)?['"];?\\s*$`, 'm').test(code)

/** Next asks that these two are client components. */
const errorBoundary = /^app\/(.*\/)?(global-)?error\.tsx$/
const inComponents = /^(features\/[^/]+\/)?components\//

const directives: Rule = ({ path, code }) => {
  const part = partOf(path)
  const misplaced = [
    { name: 'cache', isHome: part === 'cached', home: 'cached.ts' },
    { name: 'server', isHome: part === 'actions', home: 'actions.ts' },
    {
      name: 'client',
      isHome: matches(path, inComponents) || matches(path, errorBoundary),
      home: 'a components/ folder',
    },
  ].filter(({ name, isHome }) => !isHome && directive(code, name))
  return misplaced.map(({ name, home }) => `says 'use ${name}': that belongs in ${home}`)
}

const tagCalls = /\b(updateTag|revalidateTag|cacheTag)\b/

const tags: Rule = ({ path, code }) => {
  const isHome = ['actions', 'cached'].includes(partOf(path) ?? '') || isIn(path, 'app/internal')
  const call = code.match(tagCalls)?.[1]
  if (isHome || !call) return []
  return [`calls ${call}: it throws outside a request, so it stays in actions.ts and cached.ts`]
}

const names: Rule = ({ path, code }) => {
  const name = path.split('/').at(-1) ?? ''
  const found: string[] = []
  if (/^(utils?|helpers?)\./.test(name)) found.push('is a drawer: name a file for what it holds')
  if (/^index\./.test(name) && /^export\b[^'"\n]*\bfrom\b|^export \{/m.test(code))
    found.push('is a barrel: import the file that holds the thing')
  if (!isIn(path, 'app') && !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/.test(name))
    found.push('is not named in kebab-case')
  return found
}

const readable: Rule = ({ code }) =>
  unreadImports(code) > 0 ? ['has an import that this check cannot read'] : []

const rules: Rule[] = [
  direction,
  closedVocabulary,
  purity,
  databaseAccess,
  directives,
  tags,
  names,
  readable,
]

/** Features that need each other at run time, each circle once, as `a -> b -> a`. */
function circles(house: Map<string, Source>): string[] {
  const edges = new Map<string, Set<string>>()
  for (const source of house.values()) {
    const from = nounOf(source.path)
    for (const { specifier, typeOnly } of source.imports) {
      const to = nounOf(target(source, specifier) ?? '')
      if (!from || !to || from === to || typeOnly) continue
      edges.set(from, (edges.get(from) ?? new Set()).add(to))
    }
  }
  const found: string[] = []
  const finished = new Set<string>()
  const visit = (noun: string, trail: string[]) => {
    const begin = trail.indexOf(noun)
    if (begin >= 0) found.push([...trail.slice(begin), noun].join(' -> '))
    if (begin >= 0 || finished.has(noun)) return
    for (const next of edges.get(noun) ?? []) visit(next, [...trail, noun])
    finished.add(noun)
  }
  for (const noun of edges.keys()) visit(noun, [])
  return found
}

/** All violations under `root`, in the order of the files. */
export function checkStructure(root: string): Violation[] {
  const present = readdirSync(root)
  const house = new Map<string, Source>()
  const files = layers
    .filter((layer) => present.includes(layer))
    .flatMap((layer) => filesUnder(root, layer))
  for (const path of files) {
    const code = isCode.test(path) ? withoutComments(readFileSync(join(root, path), 'utf8')) : ''
    house.set(path, { path, code, imports: importsOf(code) })
  }
  const violations = [...house.values()].flatMap((source) =>
    rules.flatMap((rule) => rule(source, house)).map((message) => ({ file: source.path, message })),
  )
  const circular = circles(house).map((circle) => ({
    file: 'features',
    message: `import each other in a circle: ${circle}`,
  }))
  return [...violations, ...circular]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const violations = checkStructure(resolve(import.meta.dirname, '..'))
  for (const { file, message } of violations) console.log(`${file} ${message}`)
  console.log(violations.length === 0 ? 'The structure holds.' : `${violations.length} violations`)
  process.exitCode = violations.length === 0 ? 0 : 1
}
