/** Text as people type and paste it: what to show of it, what it hides, which digits it uses. */

const longestQuote = 40
const unprintable = /\p{C}/gu

/** What a message quotes of a typed text: cut to 40 characters, unprintable ones shown as U+FFFD. */
export function quoted(text: string): string {
  const characters = Array.from(text.slice(0, 2 * longestQuote).replace(unprintable, '\ufffd'))
  const isWhole = text.length <= 2 * longestQuote && characters.length <= longestQuote
  return isWhole ? characters.join('') : `${characters.slice(0, longestQuote - 1).join('')}…`
}

/**
 * The name (`U+202E`) of the first control, format or unassigned character or lone surrogate: such
 * characters can make a text look like another one.
 */
export function hiddenCharacter(text: string): string | null {
  const point = text.match(/\p{C}/u)?.[0].codePointAt(0)
  return point === undefined ? null : `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Removes LRM, RLM and ALM. They only steady the layout of our own Urdu texts when pasted back. */
export function withoutDirectionMarks(text: string): string {
  return text.replace(/[\u200e\u200f\u061c]/g, '')
}

/** Arabic-Indic, Urdu (Eastern Arabic-Indic) and full-width digits as ASCII digits. */
export function westernDigits(text: string): string {
  // The three blocks begin at a multiple of 16, so the last hexadecimal digit is the value.
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) =>
    String(digit.charCodeAt(0) & 0xf),
  )
}

/** ASCII digits as Urdu digits (U+06F0 to U+06F9). */
export function urduDigits(text: string): string {
  return text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x06f0 + Number(digit)))
}

export function mixesDigitScripts(text: string): boolean {
  const blocks = Array.from(
    text.matchAll(/\p{Nd}/gu),
    ([digit]) => (digit.codePointAt(0) ?? 0) >> 4,
  )
  return new Set(blocks).size > 1
}

/**
 * Fills a pattern such as `{start} – {end}`, a message without other ICU syntax. A table holds
 * hundreds of periods and numbers, and the full formatter takes a hundred times as long.
 */
export function filledPattern(pattern: string, values: Record<string, string>): string {
  return pattern.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place)
}
