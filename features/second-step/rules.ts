import { randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { encodeQR } from 'qr'
import { westernDigits, withoutDirectionMarks } from '@/lib/typed-text'

// Time-based one-time passwords (RFC 6238) as all authenticator apps know them: SHA-1, six digits,
// 30 seconds.

const period = 30
const secretBytes = 20

/** Time steps by which a phone's clock may be wrong, either way. */
const drift = 1

const totpOf = (secret: string, names: { issuer?: string; label?: string } = {}) =>
  new TOTP({
    ...names,
    algorithm: 'SHA1',
    digits: 6,
    period,
    secret: Secret.fromBase32(secret),
  })

/** 160 random bits (RFC 4226, section 4), as Base32. */
export const newSecret = (): string => new Secret({ size: secretBytes }).base32

/** A secret as people type it: in groups of four. */
export const inGroups = (secret: string): string => secret.match(/.{1,4}/g)?.join(' ') ?? ''

/** The address by which an app takes a secret over, named after the site's host and the person. */
export function enrolmentAddress(secret: string, host: string, email: string): string {
  return totpOf(secret, { issuer: `Shumar ${host}`, label: email }).toString()
}

/** The time step (30 seconds since 1970) that a code is of, among those near an instant; or null. */
export function stepOfCode(secret: string, code: string, at: Date): number | null {
  const timestamp = at.getTime()
  const delta = totpOf(secret).validate({ token: code, timestamp, window: drift })
  return delta === null ? null : Math.floor(timestamp / (period * 1000)) + delta
}

/** A text as a QR code with the quiet zone that scanners need: an SVG path. */
export function qrPicture(text: string): { path: string; size: number } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
  const path = rows.flatMap((row, y) =>
    [...row.map(Number).join('').matchAll(/1+/g)].map(
      ({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`,
    ),
  )
  return { path: path.join(''), size: rows.length }
}

// Recovery codes. Letters and digits that nobody takes for one another (Crockford's Base32): 60 bits.

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const recoveryLength = 12
export const recoveryCount = 10

const newRecoveryCode = () =>
  Array.from({ length: recoveryLength }, () => alphabet[randomInt(alphabet.length)]).join('')

/** Ten codes such as `7K2M-9QXA-04TZ`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCount }, () =>
    inGroups(newRecoveryCode()).replaceAll(' ', '-'),
  )
}

/** What somebody typed: a code of the app, a recovery code without its hyphens, or neither. */
export function readCode(text: string): { kind: 'app' | 'recovery'; code: string } | null {
  const bare = westernDigits(withoutDirectionMarks(text))
    .replace(/[\s\u2010-\u2015-]/g, '')
    .toUpperCase()
  if (/^\d{6}$/.test(bare)) return { kind: 'app', code: bare }
  const code = bare.replaceAll('O', '0').replace(/[IL]/g, '1')
  const isRecovery =
    code.length === recoveryLength && [...code].every((one) => alphabet.includes(one))
  return isRecovery ? { kind: 'recovery', code } : null
}
