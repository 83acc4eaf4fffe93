import { expect, test } from 'vitest'
import { Together } from '@/lib/together'

/** Work that waits until it is told to go on, and what was asked for each time. */
function heldWork() {
  const asked: string[][] = []
  const held: (() => void)[] = []
  const work = async (now: readonly string[]) => {
    asked.push([...now])
    await new Promise<void>((resolve) => held.push(resolve))
    return now.map((text) => text.toUpperCase())
  }
  const turns = async () => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((done) => setImmediate(done))
  }
  const goOn = async () => {
    held.shift()?.()
    await turns()
  }
  return { asked, work, goOn, turns }
}

test('what comes first begins at once, and what comes meanwhile goes together', async () => {
  const { asked, work, goOn, turns } = heldWork()
  const together = new Together(work)
  const first = together.ask('a')
  await turns()
  expect(asked).toEqual([['a']])
  const answers = [first, ...['b', 'c'].map((text) => together.ask(text))]
  await turns()
  expect(asked).toEqual([['a']])
  await goOn()
  expect(asked).toEqual([['a'], ['b', 'c']])
  await goOn()
  expect(await Promise.all(answers)).toEqual(['A', 'B', 'C'])
  void together.ask('d')
  void together.ask('e')
  await turns()
  expect(asked.at(-1)).toEqual(['d', 'e'])
})

test('what is passed over keeps its place, and goes later', async () => {
  const { asked, work, goOn } = heldWork()
  const together = new Together(
    work,
    (waiting) => new Set(waiting.flatMap((one, n) => (waiting.indexOf(one) === n ? [n] : []))),
  )
  const answers = ['a', 'b', 'b', 'c', 'b'].map((text) => together.ask(text))
  for (let turn = 0; turn < 4; turn += 1) await goOn()
  expect(asked).toEqual([['a', 'b', 'c'], ['b'], ['b']])
  expect(await Promise.all(answers)).toHaveLength(5)
})

test('what fails by itself fails alone, and work that fails as a whole fails for all of it', async () => {
  let isBroken = false
  const together = new Together(async (now: readonly string[]) => {
    await new Promise((resolve) => setImmediate(resolve))
    if (isBroken) throw new Error('broken')
    return now.map((text) => (text === 'b' ? Promise.reject(new Error('b')) : text))
  })
  const ask = (texts: string[]) => Promise.allSettled(texts.map((text) => together.ask(text)))
  const statuses = async (texts: string[]) => (await ask(texts)).map(({ status }) => status)
  expect(await statuses(['a', 'b', 'c'])).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  isBroken = true
  expect(await statuses(['a', 'c'])).toEqual(['rejected', 'rejected'])
  isBroken = false
  expect(await statuses(['a', 'c'])).toEqual(['fulfilled', 'fulfilled'])
})
