import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dataLicence } from '@/features/settings/schema'
import {
  attachmentHeader,
  copyName,
  copyTypeOf,
  linkOutcome,
  readAge,
} from '@/features/sources/rules'
import { copyTypes } from '@/features/sources/schema'
import { forwardedClient } from '@/lib/forwarded'
import { isPublicAddress } from '@/lib/link-probe'
import configOf from '@/next.config.js'

const url = 'https://example.org/news/1'
const answer = (status: number | null, finalUrl = url, error = '') => ({ status, error, finalUrl })

describe('what a link answers', () => {
  it('is dead only for 404, 410, and a name that is gone twice in a row', () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 100, max: 599 })),
        fc.constantFrom('ENOTFOUND', 'EAI_AGAIN', 'TIMEOUT', 'ECONNREFUSED', 'CERT_HAS_EXPIRED'),
        fc.constantFrom('', 'ENOTFOUND', 'TIMEOUT'),
        (status, error, before) => {
          const outcome = linkOutcome(
            url,
            answer(status, url, status === null ? error : ''),
            before,
          )
          const isDead =
            status === 404 ||
            status === 410 ||
            (status === null && error === 'ENOTFOUND' && before === 'ENOTFOUND')
          expect(outcome === 'dead').toBe(isDead)
          expect(outcome === 'alive').toBe(status !== null && status >= 200 && status < 300)
        },
      ),
    )
  })

  it('is a move only where another page answers', () => {
    expect(linkOutcome(url, answer(200, 'https://example.org/archive/1'), '')).toBe('moved')
    expect(linkOutcome('http://www.example.org/news/1/', answer(200, url), '')).toBe('alive')
  })

  it('is no proof of life where an article has become the front page', () => {
    expect(linkOutcome(url, answer(200, 'https://example.org/'), '')).toBe('unsure')
    expect(linkOutcome('https://example.org', answer(200, 'https://example.org/en/'), '')).toBe(
      'moved',
    )
  })
})

describe('an address of the network', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.20.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '224.0.0.1',
    'localhost',
    '',
  ])('%s is not asked', (address) => expect(isPublicAddress(address)).toBe(false))

  it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])('%s may be asked', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  )

  it('is a client only where a named proxy vouches for it', () => {
    const proxies = ['10.0.0.0/8', 'fd00::1']
    expect(forwardedClient('1.1.1.1, 203.0.113.9, 10.0.0.7', proxies)).toBe('203.0.113.9')
    expect(forwardedClient('2001:db8:1:2:3::9, fd00::1', proxies)).toBe('2001:db8:1:2::/64')
    expect(forwardedClient('2001:db8::9', proxies)).toBe('2001:db8:0:0::/64')
    expect(forwardedClient('203.0.113.9', [])).toBeNull()
    expect(forwardedClient('203.0.113.9', ['nonsense', '10.0.0.0/99'])).toBeNull()
    expect(forwardedClient('203.0.113.9, nonsense', proxies)).toBeNull()
    expect(forwardedClient('', proxies)).toBeNull()
  })
})

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const samples = {
  'application/pdf': '%PDF-1.7\n',
  'image/png': '\x89PNG\r\n\x1a\n\0',
  'image/jpeg': '\xff\xd8\xff\xe0\0',
  'image/webp': 'RIFF\x10\0\0\0WEBPVP8 ',
  'text/html': '\xef\xbb\xbf<!-- saved --> \n<!DOCTYPE html><title>x',
  'multipart/related':
    'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n',
  'text/plain': 'Pakistan has 93 academies.\n',
} as const

describe('a file to keep', () => {
  it('is known by its bytes', () => {
    for (const [type, text] of Object.entries(samples)) expect(copyTypeOf(bytes(text))).toBe(type)
  })

  it('is refused where its bytes are none of the types', () => {
    for (const text of [
      '',
      'PK\x03\x04',
      '\x7fELF\x02',
      'MZ\x90\0',
      'text\0with nul',
      '\xff\xfe<\0',
    ])
      expect(copyTypeOf(bytes(text)), JSON.stringify(text)).toBeNull()
  })

  it('is never taken for a picture or a PDF without their signature', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
        const type = copyTypeOf(noise)
        fc.pre(!/^(%PDF-|\x89PNG|\xff\xd8\xff|RIFF)/.test(Buffer.from(noise).toString('latin1')))
        expect([null, 'text/plain', 'text/html', 'multipart/related']).toContain(type)
      }),
    )
  })

  it('gets a name that ends as its type does, with nothing in it that leads elsewhere', () => {
    expect(copyName('C:\\papers\\Dawn 11 May.HTM', 'text/html')).toBe('Dawn 11 May.html')
    expect(copyName('../../etc/passwd', 'text/plain')).toBe('passwd.txt')
    expect(copyName('\u202eexe.pdf', 'application/pdf')).toBe('exe.pdf')
    expect(copyName('', 'image/png')).toBe('source.png')
    const types = Object.keys(copyTypes) as (keyof typeof copyTypes)[]
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...types), (name, type) => {
        const given = copyName(name, type)
        expect(given.endsWith(`.${copyTypes[type]}`)).toBe(true)
        expect(given).not.toMatch(/[\\/"\p{C}]|^\./u)
        expect(attachmentHeader(given)).toMatch(/^[\x20-\x7e]+$/)
      }),
    )
  })
})

it('reads an age in days or hours', () => {
  expect(readAge('7d')).toBe(168)
  expect(readAge('12h')).toBe(12)
  expect(['7', 'd', '7 days', '-1d'].map(readAge)).toEqual([null, null, null, null])
})

it('names the licence of the data in the header of files', async () => {
  const rules = await configOf('').headers?.()
  expect(rules?.find(({ source }) => source === '/download/:path*')?.headers).toContainEqual({
    key: 'Link',
    value: `<${dataLicence.url}>; rel="license"`,
  })
})
