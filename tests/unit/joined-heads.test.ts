import { once } from 'node:events'
import { createServer, get, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { withJoinedHeads } from '@/scripts/joined-heads.mjs'

let server: Server | undefined
afterEach(() => server?.close())

async function portOf(listener: RequestListener) {
  server = createServer(withJoinedHeads(listener)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

it('a head goes with the body that follows it in the same turn', async () => {
  let sentBefore: number | undefined
  const port = await portOf((_, response) => {
    response.flushHeaders()
    sentBefore = response.socket?.bytesWritten
    response.write('who')
    response.end('le')
  })
  const [answer] = await once(get({ port, host: '127.0.0.1' }), 'response')
  const chunks = await answer.toArray()
  expect(Buffer.concat(chunks).toString()).toBe('whole')
  expect(sentBefore).toBe(0)
})

it('a head goes alone where its body is not there yet', async () => {
  let finish = () => {}
  const port = await portOf((_, response) => {
    response.flushHeaders()
    finish = () => response.end('later')
  })
  const [answer] = await once(get({ port, host: '127.0.0.1' }), 'response')
  expect(answer.statusCode).toBe(200)
  finish()
  const [chunk] = await once(answer, 'data')
  expect(String(chunk)).toBe('later')
})
