import { defaultLocale, isLocale, type Locale } from './i18n'

/** A field's text; empty where it is missing or is a file. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

export function textsOf<Name extends string>(
  form: FormData,
  names: readonly Name[],
): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, textOf(form, name)])) as Record<Name, string>
}

/** The language that a form's hidden field names; anybody can write anything there. */
export function localeOf(form: FormData): Locale {
  const locale = textOf(form, 'locale')
  return isLocale(locale) ? locale : defaultLocale
}

/** What is wrong, after the name of the field; a field that asks needs no colon. */
export function labelled(label: string, text: string): string {
  return /[?؟]$/.test(label) ? `${label} ${text}` : `${label}: ${text}`
}
