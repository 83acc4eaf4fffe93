import type { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { request as ask, createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { expirePages, isOutrun, withFinishedPages } from '@/scripts/finished-pages.mjs'
import {
  takeOutScripts,
  withAscii,
  withLaterScripts,
  withPlainDays,
  withWrittenIn,
} from '@/scripts/lean-page.mjs'

const page = (figure: string) => `<!DOCTYPE html><html><head><title>T</title>
<link rel="preload" as="script" fetchPriority="low" href="/_next/a.js"/>
<script src="/_next/a.js" async=""></script><script src="/theme.js"></script></head>
<body><p>${figure}</p><div class="chart-plot"></div><script>self.__next_f.push([1,"<\\u002fp>"])</script>
<script type="application/ld+json">{"a":1}</script><script src="/_next/b.js" noModule=""></script>
<script src="/_next/c.js" id="_R_" async=""></script></body></html>`

describe('taking the scripts out of a page', () => {
  it('leaves the text, the data blocks and the files of the product', () => {
    const { html, code } = takeOutScripts(page('40,000'))
    expect(html).toContain('40,000')
    expect(html).toContain('<script src="/theme.js"></script>')
    expect(html).toContain('{"a":1}')
    expect(html).not.toContain('/_next/')
    expect(code).toContain('self.__next_f.push([1,"<\\u002fp>"])')
    expect(code).toContain('self.shumarScripts=["/_next/a.js","/_next/c.js"]')
  })
})

describe('writing a page in ASCII', () => {
  const filling = 'a'.repeat(2_000)
  const inPage = (part: string) => withAscii(`${part}${filling}`).slice(0, -filling.length)

  it('leaves its text and attributes the same to whoever reads HTML', () => {
    expect(inPage('<p title="1–2">“اردو” 🎓 &amp; <b>×</b></p>')).toBe(
      '<p title="1&#8211;2">&#8220;&#1575;&#1585;&#1583;&#1608;&#8221; &#127891; &amp; <b>&#215;</b></p>',
    )
  })

  it('writes styles in their own language, and leaves scripts alone, whose text is compared', () => {
    expect(inPage('<style>a:after{content:"↗f"}</style>')).toBe(
      '<style>a:after{content:"\\2197 f"}</style>',
    )
    const scripts = '<script>say("ā")</script><script type="application/ld+json">{"a":"ā"}</script>'
    expect(inPage(scripts)).toBe(scripts)
  })

  it('leaves a page as it is that is mostly in other letters', () => {
    const page = `<p>${'شمار '.repeat(400)}</p>`
    expect(withAscii(page)).toBe(page)
  })
})

describe('scripts that wait until a page is read', () => {
  const own =
    '<script src="/copy.js" async=""></script><script src="/a.js" data-page="/b" async></script>'

  it('are those of the product, where the theme brings what starts them', () => {
    const theme = '<script data-file="/theme.js">theme()</script>'
    expect(withLaterScripts(`${theme}${own}<script src="/_next/c.js" async></script>`)).toBe(
      `${theme}<script type="text/later" src="/copy.js"></script>` +
        '<script type="text/later" src="/a.js" data-page="/b"></script><script src="/_next/c.js" async></script>',
    )
    expect(withLaterScripts(own)).toBe(own)
  })
})

describe('writing into a page what its first paint waits for', () => {
  const link = (name: string) =>
    `<link rel="stylesheet" href="/_next/static/chunks/${name}.css" data-precedence="next"/>`
  const html = `<head>${link('a')}<title>T</title>${link('b-1')}<script src="/theme.js"></script></head>`

  it('keeps the order of the stylesheets, and names them for React', () => {
    const written = withWrittenIn(
      html,
      (file) => `/* of */ ${file.endsWith('.css') ? `p{content:"$& ${file}"}` : file}`,
    )
    expect(written).toBe(
      '<head><style data-files="/_next/static/chunks/a.css /_next/static/chunks/b-1.css">' +
        'p{content:"$& .next/static/chunks/a.css"}p{content:"$& .next/static/chunks/b-1.css"}</style>' +
        '<title>T</title><script data-file="/theme.js">/* of */ public/theme.js</script></head>',
    )
  })

  const using = (body: string, sheet: string, script = '') =>
    /<style[^>]*>([\s\S]*)<\/style>/
      .exec(
        withWrittenIn(`${html}<body>${body}</body>`, (file) =>
          file.endsWith('a.css') ? sheet : file.endsWith('.js') ? script : '',
        ),
      )?.[1]
      ?.trim()

  it('leaves out rules whose class nobody names', () => {
    const sheet = '.a{b:1}.c{d:2}@media print{.c{e:3}.a .f{g:4}}.a,.c{h:5}'
    expect(using('<p class="x a">', sheet)).toBe('.a{b:1}.a{h:5}')
  })

  it('keeps what may match: elements, states, alternatives and negations', () => {
    const sheet = 'p[title=".x"]:hover{a:1}:is(.b,.c) i{a:2}p:not(.d,:has(.e)){a:3}'
    expect(using('<p>', sheet)).toBe(sheet)
  })

  it('keeps the classes that a script of the page gives, and the order of layers', () => {
    const sheet = '@layer one,two;@layer two{.late{a:1}}@layer one{.never{a:1}}'
    expect(using('', sheet, "it.className = 'late'")).toBe(
      '@layer one,two;@layer two{.late{a:1}}@layer one{}',
    )
  })

  it('keeps faces, and of registered properties those in use', () => {
    const face = '@font-face{font-family:F;src:url(/f.woff2)}'
    const [used, unused] = ['--used', '--unused'].map(
      (name) => `@property ${name}{syntax:"*";inherits:false}`,
    )
    expect(using('', `${used}${unused}${face}p{color:var(--used)}`)).toBe(
      `${used}${face}p{color:var(--used)}`,
    )
  })

  it('resets the boxes before and after elements where there is one', () => {
    const reset = '*,:before,::after{a:1}'
    expect(using('<p class="b">', `${reset}.b i:before{content:"/"}.c:after{content:""}`)).toBe(
      '*,.b i:before{a:1}.b i:before{content:"/"}',
    )
    expect(using('<p class="b">', ':before,:after{a:1}.b::after{content:""}')).toBe(
      '.b::after{a:1}.b::after{content:""}',
    )
  })
})

describe('fields for a day', () => {
  it('are text until a reader comes near, with what turns them back', () => {
    const field = '<input id="as-of" type="date" required="" name="asOf" value="2026-11-25"/>'
    const plain = withPlainDays(`<head></head><input type="search"/>${field}`)
    expect(plain).toBe(
      '<head><script src="/days.js" async></script></head><input type="search"/>' +
        '<input id="as-of" type="text" data-day="" inputMode="numeric" ' +
        'pattern="\\d{4}-\\d\\d-\\d\\d" placeholder="YYYY-MM-DD" required="" name="asOf" value="2026-11-25"/>',
    )
  })

  it('cost a page without them nothing', () => {
    expect(withPlainDays('<head></head><input type="search"/>')).not.toContain('days.js')
  })
})

describe('finished pages', () => {
  let server: Server | undefined
  let made = 0
  let figure = '1'
  let delay = 0
  let outrun: boolean[] = []

  afterEach(() => {
    server?.close()
    outrun = []
    made = 0
    delay = 0
  })

  async function start(): Promise<(path: string, options?: object) => Promise<Answer>> {
    server = createServer(
      withFinishedPages(async (request, response) => {
        if (request.method === 'POST') {
          figure = String(Number(figure) + 1)
          response.end('stored')
          return
        }
        made += 1
        const text = request.url?.startsWith('/data')
          ? page(figure).replace('chart-plot', 'table')
          : page(figure)
        if (delay) await new Promise((resolve) => setTimeout(resolve, delay))
        // As Next does: nobody is there.
        if (response.closed) return
        outrun.push(isOutrun())
        const isMissing = request.url?.includes('missing')
        response.writeHead(isMissing ? 404 : 200, {
          'content-type': 'text/html',
          ...(isMissing ? {} : { 'x-nextjs-prerender': '1' }),
        })
        response.write(text.slice(0, 20))
        response.end(text.slice(20))
      }),
    )
    server.listen(0)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return (path, options = {}) => get(port, path, options)
  }

  interface Answer {
    status: number
    headers: IncomingMessage['headers']
    body: Buffer
  }

  async function get(port: number, path: string, options: object): Promise<Answer> {
    const sent = ask({ port, path, agent: false, ...options })
    sent.end()
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk)
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      body: Buffer.concat(chunks),
    }
  }

  it('are made once, also for many at once, and sent in the encoding asked for', async () => {
    const fetchPage = await start()
    delay = 30
    const many = await Promise.all(Array.from({ length: 20 }, () => fetchPage('/indicators')))
    expect(made).toBe(1)
    for (const { body } of many) expect(body.toString()).toContain(`<p>${figure}</p>`)
    const br = await fetchPage('/indicators', { headers: { 'accept-encoding': 'gzip, br' } })
    const zipped = await fetchPage('/indicators', { headers: { 'accept-encoding': 'gzip' } })
    expect(br.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(br.body)).toEqual(gunzipSync(zipped.body))
    expect(made).toBe(1)
  })

  it('are made anew once something was changed, before the one who did asks', async () => {
    const fetchPage = await start()
    await fetchPage('/')
    await fetchPage('/entry', { method: 'POST' })
    const { body } = await fetchPage('/')
    expect(body.toString()).toContain(`<p>${figure}</p>`)
    // One that was on its way while something changed is not kept.
    await fetchPage('/entry', { method: 'POST' })
    delay = 60
    const slow = fetchPage('/')
    await vi.waitFor(() => expect(made).toBe(3))
    await fetchPage('/entry', { method: 'POST' })
    await slow
    expect((await fetchPage('/')).body.toString()).toContain(`<p>${figure}</p>`)
  })

  it('stay when the server is told of a change, which expires what it must by itself', async () => {
    const fetchPage = await start()
    expirePages()
    await fetchPage('/')
    await fetchPage('/internal/refresh', { method: 'POST' })
    await fetchPage('/')
    expect(made).toBe(1)
    expirePages()
    await fetchPage('/')
    expect(made).toBe(2)
  })

  it('that were on their way when the record changed are kept by nobody', async () => {
    const fetchPage = await start()
    expirePages()
    delay = 300
    const before = fetchPage('/')
    await vi.waitFor(() => expect(made).toBe(1))
    expirePages()
    // This one came after the change, while Next may still share what it makes for the one before.
    const after = fetchPage('/')
    await Promise.all([before, after])
    expect(outrun).toEqual([true, false])
    const count = made
    await fetchPage('/')
    await fetchPage('/')
    expect(made).toBe(count + 1)
  })

  it('are answered also after somebody left who was waiting for another’s', async () => {
    const fetchPage = await start()
    delay = 300
    const first = fetchPage('/indicators/missing')
    await vi.waitFor(() => expect(made).toBe(1))
    const { port } = (server as Server).address() as AddressInfo
    const leaving = ask({ port, path: '/indicators/missing', agent: false })
    leaving.once('error', () => {}).end()
    await new Promise((resolve) => setTimeout(resolve, 40))
    leaving.destroy()
    expect((await first).status).toBe(404)
    expect((await fetchPage('/indicators/missing')).status).toBe(404)
  })

  it('made at the request are made once for all who are not signed in, until something changes', async () => {
    const fetchPage = await start()
    delay = 30
    const path = '/indicators?q=train'
    const many = await Promise.all(Array.from({ length: 10 }, () => fetchPage(path)))
    expect(made).toBe(1)
    expect(many.map(({ body }) => body.toString())).toEqual(
      many.map(() => many[0]?.body.toString()),
    )
    const [kept] = [await fetchPage(path)]
    expect(kept.headers).toMatchObject({
      'content-type': 'text/html',
      'content-length': String(kept.body.length),
      vary: 'Accept-Encoding',
    })
    const zipped = await fetchPage(path, { headers: { 'accept-encoding': 'gzip' } })
    expect(gunzipSync(zipped.body)).toEqual(kept.body)
    expect(made).toBe(2)
    await fetchPage(path, { headers: { cookie: 'session=1' } })
    await fetchPage(path, { headers: { host: 'other.example' } })
    await fetchPage(`${path}&missing`)
    await fetchPage(`${path}&missing`)
    expect(made).toBe(6)
    await fetchPage('/entry', { method: 'POST' })
    expect((await fetchPage(path)).body.toString()).toContain(`<p>${figure}</p>`)
    // Reports of errors are told of by nobody.
    await fetchPage('/corrections')
    await fetchPage('/corrections')
    expect(made).toBe(9)
  })

  it('of the explorer are put together from what was set aside for them', async () => {
    const field = '<input id="d" type="date" name="asOf"/>'
    const areAside: boolean[] = []
    server = createServer(
      withFinishedPages((_, response) => {
        const { shumarAside } = globalThis as { shumarAside?: AsyncLocalStorage<string[]> }
        const parts = shumarAside?.getStore()
        areAside.push(parts !== undefined)
        const set = (html: string) => (parts ? `<!--still ${parts.push(html) - 1}-->` : html)
        response.setHeader('content-type', 'text/html')
        response.end(
          `<html><head><script>self.__next_f.push([1,"x"])</script></head><body><p>${set(field)}</p><p>${set('<b>$&</b>')}</p><p>&lt;!--still 0--&gt;</p></body></html>`,
        )
      }),
    )
    server.listen(0)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const text = async (path: string) => (await get(port, path, {})).body.toString()
    const plain = withPlainDays(`<p>${field}</p>`)
    const expected = `<html><head><script src="/days.js" async></script></head><body>${plain}<p><b>$&</b></p><p>&lt;!--still 0--&gt;</p></body></html>`
    expect(await text('/data?q=a')).toBe(expected)
    // Where a chart may be brought to life, React must know what it finds.
    expect(await text('/compare?indicator=A')).toBe(expected)
    expect(areAside).toEqual([true, false])
  })

  it('say when nothing has changed, and have a head', async () => {
    const fetchPage = await start()
    await fetchPage('/entry', { method: 'POST' })
    const first = await fetchPage('/')
    const again = await fetchPage('/', { headers: { 'if-none-match': first.headers.etag } })
    expect([again.status, again.body.length]).toEqual([304, 0])
    const head = await fetchPage('/', { method: 'HEAD' })
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([
      200,
      String(first.body.length),
      0,
    ])
  })

  it('come with a script that has what was taken out', async () => {
    const fetchPage = await start()
    const { body } = await fetchPage('/')
    const [, path = ''] = /src="\/enliven.js" data-page="([^"]+)"/.exec(body.toString()) ?? []
    const script = await fetchPage(path)
    expect(script.headers['content-type']).toContain('text/javascript')
    expect(script.body.toString()).toContain('self.__next_f.push')
  })

  it('have a script also for a page that another instance sent', async () => {
    const fetchPage = await start()
    const { body } = await fetchPage('/indicators/known')
    const [, path = ''] = /data-page="([^"]+)"/.exec(body.toString()) ?? []
    // The same page under an address that was not asked here before: the same markup, another order of data.
    const [markup = '', rest = ''] = path.split(/(?<=\/page\/[^/]+\/)/)
    const elsewhere = `${markup}AAAA${rest.slice(4)}`.replace('known', 'new')
    const script = await fetchPage(elsewhere)
    expect(script.headers['content-type']).toContain('text/javascript')
    expect(script.body.toString()).toContain('self.__next_f.push')
    const other = elsewhere.replace(/page\/[^/]+/, 'page/another')
    expect((await fetchPage(other)).headers['content-type']).not.toContain('javascript')
    const desk = elsewhere.replace(/of=.*/, 'of=%2Fentry')
    expect((await fetchPage(desk)).headers['content-type']).not.toContain('javascript')
  })

  it('come without a script where there is no chart to bring to life', async () => {
    const fetchPage = await start()
    const { body } = await fetchPage('/data')
    expect(body.toString()).not.toContain('/enliven.js')
    expect(body.toString()).not.toContain('/_next/')
    expect(body.toString()).toContain('dataset.theme = theme')
  })

  it('have no scripts of the build where a choice of figures is made at the request', async () => {
    const fetchPage = await start()
    const before = made
    const headers = { 'accept-encoding': 'gzip' }
    const { body, headers: said } = await fetchPage('/data?area=PK', { headers })
    expect(said['content-encoding']).toBe('gzip')
    expect(said.etag).toBeUndefined()
    const plain = await fetchPage('/data?area=PK')
    expect(gunzipSync(body)).toEqual(plain.body)
    expect(plain.body.toString()).not.toContain('/_next/')
    expect(plain.body.toString()).toContain('dataset.theme = theme')
    expect(made).toBe(before + 2)
  })

  it('keep their tag and their script for as long as they say the same', async () => {
    const fetchPage = await start()
    const first = await fetchPage('/indicators/once')
    figure = String(Number(figure) - 1)
    await fetchPage('/entry', { method: 'POST' })
    const again = await fetchPage('/indicators/once')
    expect(again.headers.etag).toBe(first.headers.etag)
    expect(made).toBe(2)
    const script = /data-page="([^"]+)"/.exec(again.body.toString())?.[1] ?? ''
    expect((await fetchPage(script)).status).toBe(200)
  })

  it.each(['/?asOf=2023-01-01', '/figures/12'])(
    'are not made of %s, which carries its code as a text to be run later',
    async (path) => {
      const fetchPage = await start()
      await fetchPage(path)
      const { body, headers } = await fetchPage(path, { headers: { 'accept-encoding': 'br' } })
      const html = brotliDecompressSync(body).toString()
      expect(made).toBe(2)
      expect(headers.etag).toBeUndefined()
      expect(html).toContain('<script type="text/later" src="/enliven.js"></script>')
      expect(html).toMatch(
        /<script type="text\/plain" id="page-code">self.__next_f.push[\s\S]*<\/body>/,
      )
      expect(html).not.toContain('src="/_next/')
    },
  )

  it('are not made of pages that are missing, or of one asked for by the router', async () => {
    const fetchPage = await start()
    for (const [path, headers] of [
      ['/indicators/missing', {}],
      ['/', { rsc: '1' }],
      ['/figures/12', { rsc: '1' }],
    ] as const) {
      const before = made
      const { body } = await fetchPage(path, { headers })
      await fetchPage(path, { headers })
      expect(made, path).toBe(before + 2)
      expect(body.toString()).toContain('src="/_next/a.js"')
    }
    expect((await fetchPage('/indicators/missing')).status).toBe(404)
  })
})
