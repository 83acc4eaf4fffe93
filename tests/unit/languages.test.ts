import { expect, test } from 'vitest'
import { direction, listed, locales, nameOf, readerLocale } from '@/lib/i18n'
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
