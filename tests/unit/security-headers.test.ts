import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { withFinishedPages } from '@/scripts/finished-pages.mjs'
import {
  hashOf,
  isOfNext,
  pagePolicy,
  withSecurityHeaders,
  writtenIn,
} from '@/scripts/security-headers.mjs'

const push = 'self.__next_f.push([1,"a"])'

describe('a hash of a script', () => {
  it('is that of the text as a parser reads it', () => {
    // echo -n "alert('Hello, world.');" | openssl dgst -sha256 -binary | base64, as in CSP Level 3.
    expect(hashOf("alert('Hello, world.');")).toBe(
      "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='",
    )
    expect(hashOf('a\r\nb\rc')).toBe(hashOf('a\nb\nc'))
  })

  it('is made of what Next and the product write, and of nothing else', () => {
    const html =
      `<script>${push}</script><script data-file="/theme.js">theme()</script><script>steal()</script>` +
      `<script type="application/ld+json">{"a":1}</script><script src="/a.js"></script><script>${push};steal()</script>`
    expect(writtenIn(html, ['theme()'])).toEqual([hashOf(push), hashOf('theme()')])
  })
})

describe('what Next writes into a page', () => {
  it.each([
    push,
    '(self.__next_f=self.__next_f||[]).push([0])',
    '(globalThis["TURBOPACK"] || (globalThis["TURBOPACK"] = [])).push({"otherChunks":[]});',
    '(self.__next_f=self.__next_f||[]).push([2,null])',
  ])('is data handed over: %s', (text) => expect(isOfNext(text)).toBe(true))

  it.each([
    'alert(1)',
    'self.__next_f.push([1,alert(1)])',
    'self.__next_f.push([1]);alert(1)',
    'alert(1);self.__next_f.push([1])',
    'self.__next_f.push([1]).push(alert(1))',
    '',
  ])('is never code: %s', (text) => expect(isOfNext(text)).toBe(false))
})

describe('answers', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  async function ask(listener: RequestListener, path = '/', init: RequestInit = {}, address = '') {
    server = createServer(withSecurityHeaders(listener, address)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return fetch(`http://127.0.0.1:${port}${path}`, init)
  }

  const pageOf =
    (body: string, more = {}): RequestListener =>
    (_, response) => {
      response.setHeader('Content-Security-Policy', "frame-ancestors 'self'")
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...more })
      response.end(body)
    }
  const scriptsOf = (answer: Response) =>
    /script-src ([^;]*);/.exec(answer.headers.get('content-security-policy') ?? '')?.[1]

  it('all say what a browser must not do', async () => {
    const { headers } = await ask((_, response) => response.end('a,b'))
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('permissions-policy')).toContain('camera=(), ')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('strict-transport-security')).toBeNull()
  })

  it('leave the opener to pages of the record, unless somebody is signed in', async () => {
    const opener = async (path: string, cookie?: string, more = {}) => {
      const answer = await ask(
        withFinishedPages(pageOf('<html><head></head></html>', more)),
        path,
        cookie === undefined ? {} : { headers: { cookie } },
      )
      server?.close()
      return answer.headers.get('cross-origin-opener-policy')
    }
    for (const [path, more] of [
      ['/indicators', { 'x-nextjs-prerender': '1' }],
      ['/compare?of=opened', {}],
    ] as const) {
      expect(await opener(path, undefined, more), path).toBeNull()
      expect(await opener(path, '__Secure-shumar.session_token=a', more), path).toBe('same-origin')
    }
    expect(await opener('/sign-in')).toBe('same-origin')
  })

  it('ask for https only where people come over https', async () => {
    const { headers } = await ask((_, response) => response.end(), '/', {}, 'https://a.example')
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains')
  })

  it('keep what a file says of itself, and of what has not changed say nothing', async () => {
    const own = await ask((_, response) => {
      response.writeHead(200, { 'Content-Security-Policy': 'sandbox', 'Referrer-Policy': 'origin' })
      response.end()
    })
    expect(own.headers.get('content-security-policy')).toBe('sandbox')
    expect(own.headers.get('referrer-policy')).toBe('origin')
    server?.close()
    const same = await ask((_, response) => {
      response.statusCode = 304
      response.end()
    })
    expect(same.headers.get('content-security-policy')).toBeNull()
  })

  const html = `<html><head><script src="/theme.js"></script></head><body><div class="chart-plot"></div><script>${push}</script><script>steal()</script></body></html>`

  it('that are kept pages run what was written in, not what was smuggled in', async () => {
    const answer = await ask(withFinishedPages(pageOf(html, { 'x-nextjs-prerender': '1' })))
    const theme = /<script data-file="\/theme.js">([\s\S]*?)<\/script>/.exec(await answer.text())
    expect(scriptsOf(answer)).toBe(`'self' ${hashOf(theme?.[1] ?? '')}`)
    expect(answer.headers.get('content-security-policy')).toBe(
      pagePolicy("frame-ancestors 'self'", [hashOf(theme?.[1] ?? '')]),
    )
  })

  it('made at the request run the code at their end too', async () => {
    const answer = await ask(withFinishedPages(pageOf(html)), '/compare?of=a')
    const text = await answer.text()
    const code = /id="page-code">([\s\S]*?)<\/script>/.exec(text)?.[1] ?? ''
    expect(code).toContain(push)
    expect(code).not.toContain('steal')
    expect(scriptsOf(answer)).toContain(hashOf(code))
    expect(scriptsOf(answer)).not.toContain(hashOf('steal()'))
  })

  it('of the desk bear a nonce of their own, which nobody else chooses', async () => {
    const seen: unknown[] = []
    const listener = withFinishedPages((request, response) => {
      seen.push(request.headers['content-security-policy'])
      pageOf('<p>')(request, response as never)
    })
    const chosen = { 'Content-Security-Policy': "script-src 'nonce-chosen'" }
    const first = await ask(listener, '/entry', { headers: chosen })
    server?.close()
    const second = await ask(listener, '/entry')
    for (const [index, answer] of [first, second].entries()) {
      expect(scriptsOf(answer)).toMatch(/^'self' 'nonce-[\w+/]{22}=='$/)
      expect(scriptsOf(answer)).toContain(String(seen[index]).slice('script-src '.length))
    }
    expect(seen[0]).not.toBe(seen[1])
    server?.close()
    await ask(listener, '/data', { headers: chosen })
    server?.close()
    // Of this page Next may keep for others what it makes.
    await ask(listener, '/data', { headers: { ...chosen, rsc: '1' } })
    expect(seen.slice(2)).toEqual([undefined, undefined])
  })
})
