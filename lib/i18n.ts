import { createTranslator, type NamespaceKeys, type NestedKeyOf } from 'use-intl/core'
import en from '@/messages/en.json'
import ur from '@/messages/ur.json'

/** A third language is one more file in messages/ and one more line here. */
const messages = { en, ur } as const

export type Locale = keyof typeof messages
export type Messages = typeof en
export type Namespace = NamespaceKeys<Messages, NestedKeyOf<Messages>>
export const locales = Object.keys(messages) as Locale[]
export const defaultLocale: Locale = 'en'
export const timeZone = 'Asia/Karachi'

export function isLocale(value: string): value is Locale {
  return value in messages
}

export function direction(locale: Locale): 'ltr' | 'rtl' {
  return locale === 'ur' ? 'rtl' : 'ltr'
}

/** The public address of a path: English lives at `/`, every other language under its code. */
export function localePath(locale: Locale, path: string): string {
  if (locale === defaultLocale) return path
  return path === '/' ? `/${locale}` : `/${locale}${path}`
}

/**
 * The messages of one namespace in one language. Takes the locale as an argument, so that it works
 * alike in server components, cached functions, server actions and route handlers.
 */
export function translator<N extends Namespace>(locale: Locale, namespace: N) {
  return createTranslator({ locale, messages: messages[locale] as Messages, namespace, timeZone })
}

/** Text kept per language in the database, e.g. `{"en": "Academies", "ur": "اکیڈمیاں"}`. */
export type LocalText = { en: string } & Partial<Record<Locale, string>>

export function inLocale(text: LocalText, locale: Locale): string {
  return text[locale] || text.en
}
