import fc from 'fast-check'
import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import {
  enrolmentAddress,
  newRecoveryCodes,
  newSecret,
  qrPicture,
  readCode,
  stepOfCode,
} from '@/features/second-step/rules'
import { keyedHash, sealText, unsealText } from '@/lib/sealed-text'
import { urduDigits } from '@/lib/typed-text'

// The secret of RFC 6238, appendix B: its codes there have eight digits, ours are the last six.
const secret = Secret.fromUTF8('12345678901234567890').base32
const at = (seconds: number) => new Date(seconds * 1000)

describe('a code of the app', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %d s since 1970 is that of RFC 6238', (seconds, code) => {
    expect(stepOfCode(secret, code, at(seconds))).toBe(Math.floor(seconds / 30))
  })

  it('is right for a clock that is one step off, and no further', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3 * 30, max: 4_000_000_000 }),
        fc.integer({ min: -3, max: 3 }),
        (seconds, steps) => {
          const own = newSecret()
          const code = new TOTP({ secret: own }).generate({
            timestamp: (seconds + steps * 30) * 1000,
          })
          const step = Math.floor(seconds / 30)
          const found = stepOfCode(own, code, at(seconds))
          // Two steps share a code once in a million times.
          if (Math.abs(steps) <= 1) return found !== null && Math.abs(found - step) <= 1
          return found === null
        },
      ),
      { numRuns: 50 },
    )
  })

  it('may be typed in the digits and spaces of Urdu', () => {
    expect(readCode(' 081 804 ')).toEqual({ kind: 'app', code: '081804' })
    expect(readCode(`\u200f${urduDigits('081804')}`)).toEqual({ kind: 'app', code: '081804' })
    for (const wrong of ['', '08180', '0818044', '08180x', 'constructor', '081804\0'])
      expect(readCode(wrong)).toBe(null)
  })
})

describe('recovery codes', () => {
  it('are ten, all different, and read as they are written down', () => {
    const codes = newRecoveryCodes()
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) {
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
      const bare = { kind: 'recovery', code: code.replaceAll('-', '') }
      expect(readCode(code.toLowerCase())).toEqual(bare)
      expect(readCode(code.replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l'))).toEqual(
        bare,
      )
    }
  })
})

describe('what an app takes over', () => {
  it('names site and person, and is drawn with a quiet zone', () => {
    const address = enrolmentAddress(secret, 'stats.example.org', 'amna+ict@example.org')
    const url = new URL(address)
    expect(url.protocol).toBe('otpauth:')
    expect(url.searchParams.get('secret')).toBe(secret)
    expect(decodeURIComponent(url.pathname)).toContain('amna+ict@example.org')
    const { path, size } = qrPicture(address)
    expect(size).toBeGreaterThan(29)
    // The first dark square is the corner of the finder pattern, four units in.
    expect(path).toMatch(/^M4 4h7v1h-7z/)
  })
})

describe('a sealed text', () => {
  it('opens with its secret and purpose alone, and not after any change', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, place) => {
        const sealed = sealText('one secret', 'a purpose', text)
        const bytes = Buffer.from(sealed, 'base64url')
        const at = place % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ 1
        expect(unsealText('one secret', 'a purpose', sealed)).toBe(text)
        expect(unsealText('another', 'a purpose', sealed)).toBe(null)
        expect(unsealText('one secret', 'another', sealed)).toBe(null)
        expect(unsealText('one secret', 'a purpose', bytes.toString('base64url'))).toBe(null)
      }),
      { numRuns: 50 },
    )
    for (const nothing of ['', 'x', 'not base64!', 'A'.repeat(40)])
      expect(unsealText('one secret', 'a purpose', nothing)).toBe(null)
    expect(keyedHash('one', 'a', 'text')).not.toBe(keyedHash('another', 'a', 'text'))
  })
})
