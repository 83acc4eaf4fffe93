import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { handleOf, passkeyHost } from '@/features/passkeys/rules'
import {
  creationResponse,
  passkeyName,
  readResponse,
  useResponse,
} from '@/features/passkeys/schema'

describe('the host of passkeys', () => {
  it.each([
    ['https://stats.example.org', 'stats.example.org'],
    ['https://stats.example.org:8443', 'stats.example.org'],
    ['http://localhost:3000', 'localhost'],
    ['http://stats.example.org', null],
    ['https://10.0.0.5', null],
    ['http://127.0.0.1:3000', null],
    ['https://[::1]:3000', null],
  ])('of %s is %s', (origin, host) => {
    expect(passkeyHost(origin)).toBe(host)
  })
})

describe('what a browser sends of a passkey', () => {
  const used = {
    id: 'AAAA',
    rawId: 'AAAA',
    type: 'public-key',
    clientExtensionResults: { credProps: { rk: true } },
    authenticatorAttachment: 'platform',
    response: {
      clientDataJSON: 'e30',
      authenticatorData: 'AAAA',
      signature: 'AAAA',
      userHandle: null,
    },
  }

  it('is read for what counts', () => {
    expect(readResponse(useResponse, JSON.stringify(used))).toEqual({
      id: 'AAAA',
      rawId: 'AAAA',
      type: 'public-key',
      clientExtensionResults: {},
      response: { clientDataJSON: 'e30', authenticatorData: 'AAAA', signature: 'AAAA' },
    })
  })

  it.each([
    ['nothing', ''],
    ['no object', '"AAAA"'],
    ['an unknown kind', JSON.stringify({ ...used, type: 'password' })],
    ['bytes that are none', JSON.stringify({ ...used, id: '../../x' })],
    ['a list instead of a text', JSON.stringify({ ...used, id: ['AAAA'] })],
    ['more than any has', JSON.stringify({ ...used, more: 'x'.repeat(30_000) })],
    ['depths', '['.repeat(15_000) + ']'.repeat(15_000)],
  ])('is refused where it is %s', (_, text) => {
    expect(readResponse(useResponse, text)).toBe(null)
    expect(readResponse(creationResponse, text)).toBe(null)
  })

  it('never throws, whatever it is', () => {
    const texts = fc.oneof(fc.string(), fc.json())
    fc.assert(
      fc.property(texts, (text) => {
        expect(readResponse(useResponse, text)).toBe(null)
      }),
    )
  })
})

describe('a name of a passkey', () => {
  it.each([
    ['  Blue laptop ', 'Blue laptop'],
    ['فون', 'فون'],
  ])('%s is %s', (typed, name) => {
    expect(passkeyName.parse(typed)).toBe(name)
  })

  it.each([
    ['   ', 'passkeyNameMissing'],
    ['\u200b', 'passkeyNameMissing'],
    ['x'.repeat(61), 'passkeyNameTooLong'],
    ['lap\u202etop', 'passkeyNameInvalid'],
    ['lap\u0000top', 'passkeyNameInvalid'],
  ])('%j is refused: %s', (typed, problem) => {
    expect(passkeyName.safeParse(typed).error?.issues[0]?.message).toBe(problem)
  })
})

it('a person is no more than 64 bytes to a device', () => {
  expect(handleOf('0b0e3c8e-6a63-4a0e-9a0e-3c8e6a634a0e').length).toBeLessThanOrEqual(64)
})
