import { createTranslator, type NamespaceKeys, type NestedKeyOf } from 'use-intl/core'
import { messages } from './languages'
import {
  type ReaderSettings,
  readSettings,
  settingNames,
  settingsOf,
  settingWords,
  withSettings,
} from './reader-settings'
import { urduDigits } from './typed-text'

export type Language = keyof typeof messages
/** A language, with the reader's settings where there are any: `ur-u-nu-arabext-x-lakh`. */
export type Locale = Language | `${Language}-${string}`
export type Messages = (typeof messages)['en']
export type Namespace = NamespaceKeys<Messages, NestedKeyOf<Messages>>
export const locales = Object.keys(messages) as Language[]
export const defaultLocale: Language = 'en'
export const timeZone = 'Asia/Karachi'

export function isLanguage(value: string): value is Language {
  return Object.hasOwn(messages, value)
}

/** Whether a text is a locale in its one canonical form. */
export function isLocale(value: string): value is Locale {
  const [language = ''] = value.split('-', 1)
  return isLanguage(language) && withSettings(language, settingsOf(value)) === value
}

export function languageOf(locale: Locale): Language {
  const [language = ''] = locale.split('-', 1)
  return isLanguage(language) ? language : defaultLocale
}

/** The locale of a language for a reader with settings. */
export function readerLocale(language: Language, settings: ReaderSettings): Locale {
  return withSettings(language, settings) as Locale
}

export function direction(locale: Locale): 'ltr' | 'rtl' {
  return messages[languageOf(locale)].language.direction === 'rtl' ? 'rtl' : 'ltr'
}

/** What the language calls itself. */
export function nameOf(language: Language): string {
  return messages[language].language.name
}

/** Names one after another: `Punjab, Sindh`. */
export function listed(names: readonly string[], locale: Locale): string {
  return names.join(messages[languageOf(locale)].language.separator)
}

/**
 * The public address of a path: English lives at `/`, every other language under its code. The
 * reader's settings go with it as words of the query, beside those that the path brings.
 */
export function localePath(locale: Locale, path: string): string {
  const [beforeHash = '', hash] = path.split('#', 2)
  const [pathname = '', query] = beforeHash.split('?', 2)
  const language = languageOf(locale)
  const prefix = language === defaultLocale ? '' : `/${language}`
  const words = new URLSearchParams(settingWords(settingsOf(locale))).toString()
  const queries = [query, words].filter(Boolean).join('&')
  return [
    prefix && pathname === '/' ? prefix : prefix + pathname,
    queries && `?${queries}`,
    hash !== undefined && `#${hash}`,
  ]
    .filter(Boolean)
    .join('')
}

/**
 * Where the app answers a public address: its path under the locale that the path and the query's
 * settings make, and the query without them. Null where the query has no settings.
 */
export function internalPath(pathname: string, query: URLSearchParams): string | null {
  if (!settingNames.some((name) => query.has(name))) return null
  const [, first = '', ...rest] = pathname.split('/')
  const isPrefixed = isLanguage(first) && first !== defaultLocale
  const language = isPrefixed ? first : defaultLocale
  const locale = readerLocale(language, readSettings(query))
  const under = isPrefixed ? ['', ...rest] : pathname.split('/')
  const left = new URLSearchParams([...query].filter(([name]) => !isSetting(name)))
  const path = under.join('/').replace(/\/$/, '')
  return `/${locale}${path}${left.size > 0 ? `?${left}` : ''}`
}

const isSetting = (name: string) => settingNames.some((setting) => setting === name)

/**
 * The messages of one namespace in one language, in the reader's digits. Takes the locale as an
 * argument, so that it works alike in server components, cached functions, server actions and route
 * handlers. Each is made once: one that is new reads every message anew that it writes.
 */
export function translator<N extends Namespace>(locale: Locale, namespace: N): Translator<N> {
  const language = languageOf(locale)
  const { digits } = settingsOf(locale)
  const key = `${language} ${digits} ${namespace}`
  const known = translators.get(key) as Translator<N> | undefined
  if (known) return known
  const plain = withQuickPatterns(plainTranslator(language, namespace))
  const made = digits === 'western' ? plain : withUrduDigits(plain)
  translators.set(key, made)
  return made
}

type Translator<N extends Namespace> = ReturnType<typeof plainTranslator<N>>

const translators = new Map<string, unknown>()

const plainTranslator = <N extends Namespace>(language: Language, namespace: N) =>
  createTranslator({
    locale: language,
    messages: messages[language] as Messages,
    namespace,
    timeZone,
  })

/** A message of nothing but words and names of values: `{start} – {end}`. */
const quickPattern = /^(?:[^{}<>'#]|\{\w+\})+$/

/**
 * Most messages only have values put into them, and a page writes thousands: the full formatter,
 * which takes a hundred times as long, is left to those with a choice or an element in them, and to
 * whatever is wrong.
 */
function withQuickPatterns<N extends Namespace>(t: Translator<N>): Translator<N> {
  const quick = new Map<string, string | null>()
  const patternOf = (key: string): string | null => {
    const known = quick.get(key)
    if (known !== undefined) return known
    const raw: unknown = t.has(key as never) ? t.raw(key as never) : null
    const pattern = typeof raw === 'string' && quickPattern.test(raw) ? raw : null
    quick.set(key, pattern)
    return pattern
  }
  return new Proxy(t, {
    apply(write, self, given) {
      const [key, values, formats] = given as [string, Record<string, unknown>?, unknown?]
      const pattern = formats === undefined ? patternOf(key) : null
      const text = pattern === null ? null : filled(pattern, values)
      return text ?? Reflect.apply(write, self, given)
    },
  })
}

/** Null where a value is missing or is neither text nor a number. */
function filled(pattern: string, values: Record<string, unknown> | undefined): string | null {
  if (!pattern.includes('{')) return pattern
  let isWhole = true
  const text = pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values?.[name]
    if (typeof value !== 'string' && typeof value !== 'number') isWhole = false
    return String(value)
  })
  return isWhole ? text : null
}

const withUrduDigits = <N extends Namespace>(t: Translator<N>): Translator<N> =>
  new Proxy(t, {
    apply: (write, self, given) => inUrduDigits(Reflect.apply(write, self, given)),
    get: (write, name) =>
      name === 'markup'
        ? (...given: Parameters<typeof write.markup>) => inUrduDigits(write.markup(...given))
        : Reflect.get(write, name),
  })

/** Codes and addresses, which have Latin letters, keep their digits. */
const inUrduDigits = (text: string): string =>
  text.replace(/\S+/g, (word) => (/[A-Za-z]/.test(word) ? word : urduDigits(word)))

/** Text kept per language in the database, e.g. `{"en": "Academies", "ur": "اکیڈمیاں"}`. */
export type LocalText = { en: string } & Partial<Record<Language, string>>

export function inLocale(text: LocalText, locale: Locale): string {
  return text[languageOf(locale)] || text.en
}
