import { once } from 'node:events'
import { createServer, get, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { givingWay } from '@/lib/giving-way'

const server = createServer()
/** Subscribed before the first request, as the server of the product is. */
const early = givingWay()

async function asked(path: string): Promise<{ answer: () => Promise<void> }> {
  const { port } = server.address() as AddressInfo
  const arrived = once(server, 'request')
  const read = new Promise<void>((resolve, reject) => {
    get({ port, path, agent: false }, (answer) => answer.resume().once('close', resolve)).once(
      'error',
      reject,
    )
  })
  const [, response] = (await arrived) as [unknown, ServerResponse]
  return {
    async answer() {
      response.end()
      await read
    },
  }
}

/** Whether it is over without anything else having to happen. */
const isOverAtOnce = (promise: Promise<void>) =>
  Promise.race([promise.then(() => true), turn(false)])

const afterWork = async () => {
  const rest = givingWay()
  await sleep(40)
  return rest
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  await early()
})
afterAll(() => server.close())

describe('long work', () => {
  it('goes on where nobody asks for anything', async () => {
    const rest = await afterWork()
    expect(await isOverAtOnce(rest())).toBe(true)
  })

  it('rests until another request is answered', async () => {
    const other = await asked('/en')
    const rest = await afterWork()
    const resting = rest()
    expect(await isOverAtOnce(resting)).toBe(false)
    await other.answer()
    await resting
    expect(await isOverAtOnce(rest())).toBe(true)
  })

  it('rests no longer than it worked, however long another takes', async () => {
    const other = await asked('/en')
    const rest = await afterWork()
    const begin = performance.now()
    // Whoever owed the same again each time would rest for 40 ms and more of them.
    for (let n = 0; n < 25; n += 1) await rest()
    const rested = performance.now() - begin
    await other.answer()
    expect(rested).toBeLessThan(500)
  })

  it('does not wait for other files', async () => {
    const other = await asked('/download/figures.csv')
    const rest = await afterWork()
    expect(await isOverAtOnce(rest())).toBe(true)
    await other.answer()
  })
})
