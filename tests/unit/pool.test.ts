import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '@/lib/db/client'
import { openPool } from '@/lib/db/pool'

const message = (type: string, body: Buffer) => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
const authenticated = message('R', Buffer.from([0, 0, 0, 0]))
const ready = message('Z', Buffer.from('I'))
const ended = message(
  'E',
  Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'),
)

let server: Server
let url: string

// A server that is being stopped: it lets us in and ends the connection in the same breath.
beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(Buffer.concat([authenticated, ready, ended])))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `postgresql://shumar:x@127.0.0.1:${(server.address() as AddressInfo).port}/shumar`
})

afterAll(() => {
  server.close()
})

// Unheard, the event of a cut connection would end the process, and fail the whole run here.
it('tells the next query that the connection was cut while it was being lent', async () => {
  const pool = openPool({ connectionString: url })
  const client = await pool.connect()
  await expect(client.query('SELECT 1')).rejects.toThrow()
  client.release(true)
  await pool.end()
})

it('fails what asks the database, be it one statement or a transaction', async () => {
  const database = connect(url)
  await expect(database.$queryRaw`SELECT 1`).rejects.toThrow()
  await expect(database.$transaction((tx) => tx.$queryRaw`SELECT 1`)).rejects.toThrow()
  await database.$disconnect()
})
