import { once } from 'node:events'
import { createServer, get, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { withPackedFiles } from '@/scripts/packed-files.mjs'

let server: Server | undefined
afterEach(() => server?.close())

/** What Next is asked with, and what a reader is answered with. */
async function ask(path: string, headers: Record<string, string>) {
  let asked: IncomingHttpHeaders = {}
  server = createServer(
    withPackedFiles((request, response) => {
      asked = request.headers
      response.appendHeader('X-Shumar-Encoding', 'br')
      response.end()
    }),
  ).listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const [answer] = await once(get({ port, path, headers }), 'response')
  answer.resume()
  return { asked, answered: answer.headers as IncomingHttpHeaders }
}

it('how a file is packed passes Next, which does not pack it again', async () => {
  const { asked, answered } = await ask('/download/figures.csv?area=PK', {
    'Accept-Encoding': 'gzip, br',
  })
  expect(asked['accept-encoding']).toBeUndefined()
  expect(asked['x-shumar-accept-encoding']).toBe('gzip, br')
  expect(answered['content-encoding']).toBe('br')
  expect(answered['x-shumar-encoding']).toBeUndefined()
})

it('what is no such file is left alone, and readers cannot speak for the server', async () => {
  for (const path of ['/', '/download/audit.csv', '/download/figures.csv']) {
    const { asked } = await ask(path, { 'X-Shumar-Accept-Encoding': 'br' })
    expect(asked['x-shumar-accept-encoding']).toBeUndefined()
  }
  const { answered } = await ask('/download/audit.csv', { 'Accept-Encoding': 'gzip' })
  expect(answered['content-encoding']).toBeUndefined()
})
