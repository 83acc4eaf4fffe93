import { fail, ok, type Result } from './result'
import {
  hiddenCharacter,
  mixesDigitScripts,
  quoted,
  westernDigits,
  withoutDirectionMarks,
} from './typed-text'

export const mostDigits = 30
export const mostDecimals = 20

export type ReadOptions = {
  /** The text writes decimals after a comma and thousands with points: `1.234,5`. */
  decimalComma?: boolean
  /** The unit is percent: a percent sign or word beside the number says no more than that. */
  percent?: boolean
}

/** Words beside numbers, of one or of many languages, with `|` between them. */
export interface NumberWords {
  magnitudes: string
  currencies: string
  percent: string
}

const longestNumberText = 200
const spaces = /[ \u00a0\u2007\u2009\u202f\u3000]/g
const grouped =
  /^(?:\d+|[1-9]\d{0,2}(?<western>[, ])\d{3}(?:\k<western>\d{3})*|[1-9]\d?(?<lakh>[, ])\d{2}(?:\k<lakh>\d{2})*\k<lakh>\d{3})$/
const otherDecimalMark = /^[+-]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,}|(?: \d{3})+,\d+)$/

interface Grammar {
  /** Known ways of writing that are refused, in the order they are looked for. */
  refusals: readonly { code: string; pattern: RegExp }[]
  magnitude: RegExp
  percent: RegExp
}

function grammarOf(words: NumberWords): Grammar {
  const longestFirst = (list: string) =>
    list
      .split('|')
      .sort((a, b) => b.length - a.length)
      .join('|')
  const percent = longestFirst(words.percent)
  const refusals = [
    { code: 'notFinite', pattern: /^[+-]*(?:nan|inf(?:inity)?|∞)$/i },
    { code: 'hexadecimal', pattern: /^[+-]?0[xob][\da-f_]+$/i },
    { code: 'underscore', pattern: /^[+-]?[\d.,]*_[\d_.,]*$/ },
    { code: 'exponent', pattern: /^[+-]?[\d.,]+ ?e[+-]?\d+$/i },
    {
      code: 'percentSign',
      pattern: new RegExp(`^[+-]?[\\d., ]+(?:[%٪％]|${percent})$|^[%٪％] ?[+-]?[\\d., ]+$`, 'iu'),
    },
    {
      code: 'currency',
      pattern: new RegExp(
        `\\p{Sc}|(?<!\\p{L})(?:${longestFirst(words.currencies)})(?!\\p{L})`,
        'iu',
      ),
    },
    { code: 'parentheses', pattern: /^\([\d., ]+\)$/ },
    { code: 'signs', pattern: /^[+-](?:[ +-])+[\d.,]|^[\d., ]+[+-]$/ },
  ]
  const word = longestFirst(words.magnitudes)
  return {
    refusals,
    magnitude: new RegExp(`^[+-]?[\\d., ]+(?<word>${word})\\.?$`, 'iu'),
    percent: new RegExp(`^[%٪％] ?(?=[+-]?[\\d.])|(?<=[\\d.]) ?(?:[%٪％]|${percent})$`, 'iu'),
  }
}

/** Signs, digits and separators in the one form that the grammar knows. */
function inAscii(text: string, { decimalComma = false }: ReadOptions): string {
  const marks = text.replace(/，/g, ',').replace(/．/g, '.')
  const pointed = decimalComma
    ? marks.replace(/[.,]/g, (mark) => (mark === ',' ? '.' : ','))
    : marks
  return westernDigits(pointed)
    .replace(spaces, ' ')
    .replace(/[\u2212－]/g, '-')
    .replace(/＋/g, '+')
    .replace(/[\u066c\u060c]/g, ',')
    .replace(/\u066b/g, '.')
}

/**
 * A reader of numbers as people write them, that knows some words; for its answers see
 * `readDecimal` in number.ts. Runs in the browser too.
 */
export function numberReader(
  words: NumberWords,
): (text: string, options?: ReadOptions) => Result<string> {
  const grammar = grammarOf(words)
  return (text, options = {}) => readNumber(text, options, grammar)
}

function readNumber(text: string, options: ReadOptions, grammar: Grammar): Result<string> {
  const typed = withoutDirectionMarks(text).trim()
  const value = quoted(typed)
  if (typed === '') return fail('missing')
  if (typed.length > longestNumberText) return fail('notANumber', { value })
  const character = hiddenCharacter(typed)
  if (character) return fail('hiddenCharacter', { value, character })
  if (mixesDigitScripts(typed)) return fail('mixedDigits', { value })

  const written = inAscii(typed, options)
  const ascii = options.percent ? written.replace(grammar.percent, '') : written
  const refusal = grammar.refusals.find(({ pattern }) => pattern.test(ascii))
  if (refusal) return fail(refusal.code, { value })
  const word = grammar.magnitude.exec(ascii)?.groups?.word
  if (word) return fail('magnitude', { value, word })
  if (otherDecimalMark.test(ascii)) {
    return fail(options.decimalComma ? 'decimalPoint' : 'decimalComma', { value })
  }
  const parts = /^(?<sign>[+-]?)(?<whole>\d[\d, ]*)?(?:\.(?<decimals>\d+))?$/.exec(ascii)?.groups
  if (!parts || (parts.whole ?? parts.decimals) === undefined) return fail('notANumber', { value })
  return readParts(parts.sign === '-', parts.whole ?? '0', parts.decimals ?? '', value)
}

function readParts(
  negative: boolean,
  whole: string,
  decimals: string,
  value: string,
): Result<string> {
  if (!grouped.test(whole)) return fail('grouping', { value })
  const digits = whole.replace(/[, ]/g, '').replace(/^0+(?=\d)/, '')
  if (decimals.length > mostDecimals) return fail('tooManyDecimals', { value, most: mostDecimals })
  if (digits.length + decimals.length > mostDigits) {
    return fail('tooManyDigits', { value, most: mostDigits })
  }
  const magnitudeText = decimals ? `${digits}.${decimals}` : digits
  return ok(negative && /[1-9]/.test(magnitudeText) ? `-${magnitudeText}` : magnitudeText)
}
