import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

// Digits and letters alone: a double click takes all of it, and no shell or address changes it.
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const secretLength = 43
const checkLength = 6

function written(number: bigint, length: number): string {
  let [rest, text] = [number, '']
  for (; rest > 0n; rest /= 62n) text = alphabet[Number(rest % 62n)] + text
  return text.padStart(length, '0')
}

const checkOf = (text: string) => written(BigInt(crc32(text)), checkLength)

/**
 * A secret of 256 random bits behind a prefix that people and scanners recognise, with a checksum
 * (CRC-32 of all before it) that tells a mistyped one from a wrong one: `prefix_` and 49 characters.
 */
export function newSecretToken(prefix: string): string {
  const bits = BigInt(`0x${randomBytes(32).toString('hex')}`)
  const secret = `${prefix}_${written(bits, secretLength)}`
  return `${secret}${checkOf(secret)}`
}

/** Whether a text could be such a secret: anything else need not be looked up. */
export function isSecretToken(prefix: string, text: string): boolean {
  const length = prefix.length + 1 + secretLength + checkLength
  if (text.length !== length || !text.startsWith(`${prefix}_`)) return false
  if (!/^[0-9A-Za-z]+$/.test(text.slice(prefix.length + 1))) return false
  return text.slice(-checkLength) === checkOf(text.slice(0, -checkLength))
}
