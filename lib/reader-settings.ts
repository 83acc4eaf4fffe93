/**
 * How a reader wants numbers and years written. Settings travel in two forms: as words of an
 * address (`?digits=urdu&scale=lakh`), and inside the program as extensions of the BCP 47 tag of
 * the language (`ur-u-cu-pkr-nu-arabext-x-lakh`), so that whoever is given a locale writes alike.
 */
export interface ReaderSettings {
  /** Urdu digits are Unicode's `arabext`. */
  digits: 'western' | 'urdu'
  /** Grouping and number words: `4,536,191` and million, or `45,36,191` and lakh. */
  scale: 'million' | 'lakh'
  /** Amounts of money: as published, or converted at a recorded rate. */
  currency: 'published' | 'USD' | 'PKR'
  /** What years on a chart begin with: July or January. */
  calendar: 'fiscal' | 'calendar'
}

/** The first choice of each is what a page shows that was asked for nothing else. */
export const settingChoices = {
  digits: ['western', 'urdu'],
  scale: ['million', 'lakh'],
  currency: ['published', 'USD', 'PKR'],
  calendar: ['fiscal', 'calendar'],
} as const satisfies { [Name in keyof ReaderSettings]: readonly ReaderSettings[Name][] }

export type SettingName = keyof ReaderSettings
export const settingNames = Object.keys(settingChoices) as SettingName[]

export const usualSettings: ReaderSettings = {
  digits: 'western',
  scale: 'million',
  currency: 'published',
  calendar: 'fiscal',
}

/** Asked for with every number and address that is written. */
const known = new Map<string, ReaderSettings>()
const mostKnown = 200

/** The settings that a tag carries. */
export function settingsOf(tag: string): ReaderSettings {
  const found = known.get(tag)
  if (found) return found
  const read = Object.freeze(readTag(tag))
  // Of anybody's making, unlike the locales of pages.
  if (known.size < mostKnown) known.set(tag, read)
  return read
}

function readTag(tag: string): ReaderSettings {
  const [, ...subtags] = tag.toLowerCase().split('-')
  const has = (subtag: string) => subtags.includes(subtag)
  return {
    digits: has('arabext') ? 'urdu' : 'western',
    scale: has('lakh') ? 'lakh' : 'million',
    currency: has('usd') ? 'USD' : has('pkr') ? 'PKR' : 'published',
    calendar: has('calendar') ? 'calendar' : 'fiscal',
  }
}

/** The tag of a language (its first subtag) with settings, in canonical form. */
export function withSettings(language: string, settings: Partial<ReaderSettings>): string {
  const { digits, scale, currency, calendar } = { ...usualSettings, ...settings }
  const unicode = [
    ...(currency === 'published' ? [] : ['cu', currency.toLowerCase()]),
    ...(digits === 'urdu' ? ['nu', 'arabext'] : []),
  ]
  const own = [
    ...(scale === 'lakh' ? ['lakh'] : []),
    ...(calendar === 'calendar' ? ['calendar'] : []),
  ]
  const parts = [unicode.length && ['u', ...unicode], own.length && ['x', ...own]]
  return [language, ...parts.filter((part) => part !== 0).flat()].join('-')
}

/** What the words of an address ask for; a word that says nothing known is passed over. */
export function readSettings(query: URLSearchParams): ReaderSettings {
  const chosen = settingNames.flatMap((name) => {
    const choices: readonly string[] = settingChoices[name]
    const word = query.get(name)
    return word !== null && choices.includes(word) ? [[name, word]] : []
  })
  return { ...usualSettings, ...Object.fromEntries(chosen) }
}

/** The words that an address needs for the settings; what is usual needs none. */
export function settingWords(settings: ReaderSettings): [SettingName, string][] {
  return settingNames
    .filter((name) => settings[name] !== usualSettings[name])
    .map((name) => [name, settings[name]])
}
