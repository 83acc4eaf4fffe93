/**
 * A text as it is searched in: without case, without accents and vowel signs, and with the Arabic
 * letters that keyboards type in place of the Urdu ones as those.
 */
export function searchable(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f\u064b-\u065f\u0670]/g, '')
    .replace(/[\u064a\u0649]/g, '\u06cc')
    .replace(/\u0643/g, '\u06a9')
    .replace(/\u0629/g, '\u06c1')
}

const mostWords = 10

/** The words of a search, each to be found anywhere in a text. */
export function searchWords(search: string): string[] {
  return searchable(search).split(/\s+/).filter(Boolean).slice(0, mostWords)
}

/** Whether every word of a search stands in some text; any text answers an empty search. */
export function isFound(search: string, texts: readonly string[]): boolean {
  const text = searchable(texts.join(' '))
  return searchWords(search).every((word) => text.includes(word))
}

/** What an address asks to search for, of a word that may stand there several times: the first. */
export function searchIn(given: string | readonly string[] | undefined): string {
  const text = typeof given === 'string' ? given : (given?.[0] ?? '')
  return text
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 100)
}
