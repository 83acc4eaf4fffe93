import type { LinkAnswer } from '@/lib/link-probe'
import { type CopyType, copyTypes, type LinkOutcome, type SourceState } from './schema'

// What becomes of sources

type Led = Pick<SourceState, 'into'>

/** The source that stands for another one today: itself, unless it was corrected or merged. */
export function headOf(states: ReadonlyMap<number, Led>, id: number): number {
  const seen = new Set([id])
  let head = id
  for (let next = states.get(id)?.into; next && !seen.has(next); next = states.get(next)?.into) {
    seen.add(next)
    head = next
  }
  return head
}

/** The sources that one stands for: itself, and all that lead to it. */
export function familyOf(states: ReadonlyMap<number, Led>, id: number): number[] {
  const family = [id]
  for (const member of family) {
    for (const [source, { into }] of states) {
      if (into === member && !family.includes(source)) family.push(source)
    }
  }
  return family
}

// Links

const isNameGone = (error: string) => error === 'ENOTFOUND'

/** What stays the same page: `http` or `https`, `www.` or not, a slash at the end. */
const sameness = (url: string) =>
  url
    .replace(/^https?:\/\/(www\.)?/i, '')
    .replace(/(?:#.*)?$/, '')
    .replace(/\/$/, '')

/** A page of its own whose redirect ends on a front page is not there, whatever the status says. */
function leadsHome(from: string, to: string): boolean {
  const isFront = (url: string) => {
    const { pathname, search } = new URL(url)
    return /^\/([a-z]{2}\/?)?$/i.test(pathname) && search === ''
  }
  return !isFront(from) && isFront(to)
}

/**
 * What an answer says about a cited address. Servers refuse machines and fail for a while, so only
 * 404, 410 and a name that is gone twice in a row count as dead.
 *
 * @param before the error of the check before this one; empty where there was none
 */
export function linkOutcome(url: string, answer: LinkAnswer, before: string): LinkOutcome {
  const { status, error, finalUrl } = answer
  if (status === null) return isNameGone(error) && isNameGone(before) ? 'dead' : 'unsure'
  if (status === 404 || status === 410) return 'dead'
  if (status < 200 || status > 299) return 'unsure'
  if (sameness(finalUrl) === sameness(url)) return 'alive'
  return leadsHome(url, finalUrl) ? 'unsure' : 'moved'
}

/** `7d`, `12h`: hours; null for anything else. */
export function readAge(text: string): number | null {
  const [, count, unit] = /^(\d{1,4})([dh])$/.exec(text) ?? []
  return count === undefined ? null : Number(count) * (unit === 'd' ? 24 : 1)
}

// Copies

const begins = (bytes: Uint8Array, signature: readonly number[], at = 0) =>
  signature.every((byte, n) => bytes[at + n] === byte)

const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0))

/** A control character other than white space: no text in an encoding that keeps ASCII has one. */
const isControl = (byte: number) =>
  (byte < 0x20 && (byte < 0x09 || byte > 0x0d) && byte !== 0x1b) || byte === 0x7f

/** The beginning of a file, each byte a character, for what is ASCII in it. */
const head = (bytes: Uint8Array, length: number) =>
  Buffer.from(bytes.subarray(0, length)).toString('latin1')

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

const htmlStart =
  /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i

/** The type of a file by its bytes, whatever its name says; null for what is not taken. */
export function copyTypeOf(bytes: Uint8Array): CopyType | null {
  if (begins(bytes, letters('%PDF-'))) return 'application/pdf'
  if (begins(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  if (begins(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (begins(bytes, letters('RIFF')) && begins(bytes, letters('WEBP'), 8)) return 'image/webp'
  if (bytes.length === 0 || bytes.some(isControl)) return null
  const start = head(bytes, 8192)
  if (htmlStart.test(start)) return 'text/html'
  const [mailHead = ''] = start.split(/\r?\n\r?\n/, 1)
  if (/^MIME-Version:/im.test(mailHead) && /^Content-Type:\s*multipart\/related/im.test(mailHead)) {
    return 'multipart/related'
  }
  return isUtf8(bytes) ? 'text/plain' : null
}

/** The name a stored file is given: the last part of its own, with the ending of its type. */
export function copyName(typed: string, type: CopyType): string {
  const [last = ''] = typed.split(/[\\/]/).slice(-1)
  const name = last
    .normalize('NFC')
    .replace(/\.[a-z0-9]{1,8}$/i, '')
    .replace(/[\p{C}"<>:|?*;%]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s]+/, '')
    .trim()
  const short = Array.from(name).slice(0, 80).join('').trim()
  return `${short || 'source'}.${copyTypes[type]}`
}

/** `attachment` with the name for old clients in ASCII and for the others as it is (RFC 6266). */
export function attachmentHeader(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
