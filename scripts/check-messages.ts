import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  isArgumentElement,
  isDateElement,
  isNumberElement,
  isPluralElement,
  isSelectElement,
  isTagElement,
  isTimeElement,
  type MessageFormatElement,
  parse,
} from '@formatjs/icu-messageformat-parser'
import { languagesAreFresh } from './languages'

/**
 * Holds the texts in messages/: every language says the same things (keys, arguments), says
 * something (no empty text), and says nothing that no code asks for.
 */
type Tree = { [key: string]: string | Tree }

/**
 * Keys that the code puts together, as `*` for one part: `fail('code')` in rules and mutations
 * becomes `<namespace>.problems.code` in a form.
 */
export const dynamicKeys = ['problems.*', '*.problems.*', 'language.*']

/** `{"a": {"b": "text"}}` as `a.b` and its text. */
function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const entries = Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : [...flatten(value, `${prefix}${key}.`)],
  )
  return new Map(entries)
}

/** What an element asks its caller for: the name and the sort of thing it takes. */
function asksFor(element: MessageFormatElement): [name: string, sort: string][] {
  if (isArgumentElement(element)) return [[element.value, 'text']]
  if (isNumberElement(element)) return [[element.value, 'number']]
  if (isDateElement(element)) return [[element.value, 'date']]
  if (isTimeElement(element)) return [[element.value, 'time']]
  if (isTagElement(element))
    return [[`<${element.value}>`, 'tag'], ...element.children.flatMap(asksFor)]
  if (isPluralElement(element) || isSelectElement(element)) {
    const choices = Object.keys(element.options).sort().join(' ')
    const sort = isPluralElement(element) ? 'plural' : `select: ${choices}`
    const texts = Object.values(element.options).flatMap(({ value }) => value)
    return [[element.value, sort], ...texts.flatMap(asksFor)]
  }
  return []
}

/** One language may need a plural where another writes the number as it is. */
function argumentsOf(message: string): Map<string, string> {
  const asked = parse(message).flatMap(asksFor)
  return new Map(asked.sort(([, sort]) => (sort === 'plural' ? -1 : 1)))
}

function differences(own: Map<string, string>, other: Map<string, string>): string[] {
  return [...new Set([...own.keys(), ...other.keys()])].sort().filter((name) => {
    const [a, b] = [own.get(name), other.get(name)]
    const isNumber =
      [a, b].includes('plural') && [a, b].every((sort) => /^(plural|number|text)$/.test(sort ?? ''))
    return a !== b && !isNumber
  })
}

function compare(key: string, language: string, text: string, reference: string): string[] {
  if (text.trim() === '') return [`${language}: ${key} is empty`]
  try {
    return differences(argumentsOf(text), argumentsOf(reference)).map(
      (name) => `${language}: ${key} differs from the others in the argument ${name}`,
    )
  } catch (error) {
    return [`${language}: ${key} is not a message: ${String(error)}`]
  }
}

const isDynamic = (key: string, patterns: readonly string[]) =>
  patterns.some((pattern) => {
    const parts = pattern.split('.').map((part) => (part === '*' ? '[^.]+' : part))
    return new RegExp(`^${parts.join('\\.')}$`).test(key)
  })

/** The texts in quotes in some code, and the fixed beginnings of its templates. */
function literalsOf(code: string) {
  const whole = [...code.matchAll(/(['"])((?:(?!\1)[^\\\n])+)\1/g)].map(([, , text = '']) => text)
  const plain = [...code.matchAll(/`([^`$\n]+)`/g)].map(([, text = '']) => text)
  const begun = [...code.matchAll(/`([\w.-]+)\$\{/g)].map(([, text = '']) => text)
  return { whole: new Set([...whole, ...plain]), begun: [...new Set(begun)] }
}

/** A key is used when the code names a namespace above it and the rest of its path. */
function unused(keys: Iterable<string>, code: string, dynamic: readonly string[]): string[] {
  const { whole, begun } = literalsOf(code)
  const isUsed = (key: string) => {
    const parts = key.split('.')
    return parts.slice(1).some((_, index) => {
      const namespace = parts.slice(0, index + 1).join('.')
      const rest = parts.slice(index + 1).join('.')
      return (
        whole.has(namespace) && (whole.has(rest) || begun.some((start) => rest.startsWith(start)))
      )
    })
  }
  return [...keys].filter((key) => !isUsed(key) && !isDynamic(key, dynamic))
}

/**
 * All problems with the texts.
 *
 * @param languages messages by language; the first is what the others are compared with
 * @param code the source that uses them
 * @param dynamic patterns of keys that the code puts together
 */
export function checkMessages(
  languages: Record<string, Tree>,
  code: string,
  dynamic: readonly string[] = dynamicKeys,
): string[] {
  const texts = Object.entries(languages).map(([name, tree]) => ({ name, keys: flatten(tree) }))
  const all = new Map(texts.toReversed().flatMap(({ keys }) => [...keys]))
  const unequal = texts.flatMap(({ name, keys }) =>
    [...all].flatMap(([key, reference]) => {
      const text = keys.get(key)
      return text === undefined
        ? [`${name}: ${key} is missing`]
        : compare(key, name, text, reference)
    }),
  )
  const idle = unused(all.keys(), code, dynamic).map((key) => `${key} is used by no code`)
  return [...unequal, ...idle]
}

function sourceUnder(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'generated')
    .map((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return sourceUnder(path)
      return /\.(?:tsx?|mjs)$/.test(entry.name) ? readFileSync(path, 'utf8') : ''
    })
    .join('\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = resolve(import.meta.dirname, '..')
  const files = readdirSync(join(root, 'messages')).sort()
  const languages = Object.fromEntries(
    files.map((file) => [file, JSON.parse(readFileSync(join(root, 'messages', file), 'utf8'))]),
  )
  const folders = ['app', 'features', 'components', 'lib', 'scripts']
  const code = folders.map((folder) => sourceUnder(join(root, folder))).join('\n')
  const problems = [
    ...checkMessages(languages, code),
    ...(languagesAreFresh() ? [] : ['lib/languages.ts lacks a language: run `npm run generate`']),
  ]
  for (const problem of problems) console.log(problem)
  console.log(problems.length === 0 ? 'The messages agree.' : `${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
