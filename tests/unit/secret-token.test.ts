import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSecretToken, newSecretToken } from '@/lib/secret-token'

describe('a secret token', () => {
  it('is recognised by its prefix and its form alone', () => {
    const token = newSecretToken('shumar')
    expect(token).toMatch(/^shumar_[0-9A-Za-z]{49}$/)
    expect(isSecretToken('shumar', token)).toBe(true)
    expect(isSecretToken('other', token)).toBe(false)
  })

  it('is another one each time', () => {
    const made = Array.from({ length: 200 }, () => newSecretToken('shumar'))
    expect(new Set(made).size).toBe(200)
  })

  it('tells a mistyped character, wherever it is', () => {
    const letters = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz']
    fc.assert(
      fc.property(fc.nat({ max: 48 }), fc.constantFrom(...letters), (place, letter) => {
        const token = newSecretToken('shumar')
        const at = 'shumar_'.length + place
        fc.pre(token[at] !== letter)
        const typed = `${token.slice(0, at)}${letter}${token.slice(at + 1)}`
        expect(isSecretToken('shumar', typed)).toBe(false)
      }),
    )
  })

  it('is no text of any other kind', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(isSecretToken('shumar', `shumar_${text}`)).toBe(false)
      }),
    )
  })
})
