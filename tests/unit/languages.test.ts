import { createTranslator } from 'use-intl/core'
import { expect, test } from 'vitest'
import {
  direction,
  listed,
  locales,
  type Namespace,
  nameOf,
  readerLocale,
  timeZone,
  translator,
} from '@/lib/i18n'
import { messages } from '@/lib/languages'
import { usualSettings } from '@/lib/reader-settings'
import { languagesModule } from '@/scripts/languages'

test('another language is one more file of messages', () => {
  const before = languagesModule(['ur.json', 'en.json'])
  const after = languagesModule(['ps.json', 'ur.json', 'en.json', 'README.md'])
  expect(before).toContain('export const messages = { en, ur } as const')
  expect(after).toContain("import ps from '@/messages/ps.json'")
  expect(after).toContain('export const messages = { en, ps, ur } as const')
})

test('every language says its name, its direction and how it lists', () => {
  for (const language of locales) expect(nameOf(language)).toMatch(/\p{L}{3}/u)
  expect(direction('en')).toBe('ltr')
  expect(direction(readerLocale('ur', { ...usualSettings, digits: 'urdu' }))).toBe('rtl')
  expect(listed(['ا', 'ب'], 'ur')).toBe('ا، ب')
})

type Write = ((key: string, values?: object) => string) & { raw: (key: string) => unknown }

const keysIn = (part: object, before = ''): string[] =>
  Object.entries(part).flatMap(([key, value]) =>
    typeof value === 'string' ? `${before}${key}` : keysIn(value, `${before}${key}.`),
  )

test('messages that are only filled in are written as the full formatter writes them', () => {
  const values = { text: 'a {b} $& <c>', number: 0 }
  const pairs: [string, string][] = []
  for (const language of locales) {
    for (const [namespace, part] of Object.entries(messages[language])) {
      const full = createTranslator({
        locale: language,
        messages: messages[language],
        namespace: namespace as never,
        timeZone,
      }) as unknown as Write
      const own = translator(language, namespace as Namespace) as unknown as Write
      for (const key of keysIn(part)) {
        const raw = String(full.raw(key))
        if (/[<#]|\{\w+,/.test(raw)) continue
        const names = [...raw.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
        if (names.length === 0) continue
        const given = Object.fromEntries(
          names.map((name, n) => [name, n % 2 === 0 ? values.text : values.number]),
        )
        pairs.push([own(key, given), full(key, given)])
      }
    }
  }
  expect(pairs.length).toBeGreaterThan(100)
  expect(pairs.map(([own]) => own)).toEqual(pairs.map(([, full]) => full))
})
