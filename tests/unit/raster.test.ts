import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { paintPng, TooManyImages } from '@/lib/raster'
import en from '@/messages/en.json'
import ur from '@/messages/ur.json'
import { catalogue } from '../support/figures'

const image = (text: string, width = 100) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="40"><text x="5" y="25" font-family="Shumar Images">${text}</text></svg>`

const size = (png: Uint8Array) => {
  const view = new DataView(png.buffer, png.byteOffset)
  return [view.getUint32(16), view.getUint32(20)]
}

test('an image is painted at twice its size, the same one once', async () => {
  const [png, again] = await Promise.all([paintPng(image('A')), paintPng(image('A'))])
  expect([...png.slice(1, 4)]).toEqual([...Buffer.from('PNG')])
  expect(size(png)).toEqual([200, 80])
  expect(again).toBe(png)
  expect(await paintPng(image('B'))).not.toEqual(png)
})

test('Urdu is painted with joined letters, not one by one', async () => {
  const [joined, apart] = await Promise.all([
    paintPng(image('شمار')),
    paintPng(image([...'شمار'].join('\u200c'))),
  ])
  expect(Buffer.from(joined).equals(Buffer.from(apart))).toBe(false)
})

test('what is no image fails alone, and the next one is painted', async () => {
  await expect(paintPng('<svg')).rejects.toThrow()
  expect(size(await paintPng(image('C')))).toEqual([200, 80])
})

test('more images than can be painted soon are refused, not queued', async () => {
  const asked = Array.from({ length: 60 }, (_, n) => paintPng(image(String(n), 10 + n)))
  const answers = await Promise.allSettled(asked)
  const refused = answers.flatMap((one) => (one.status === 'rejected' ? one.reason : []))
  expect(refused).toHaveLength(20)
  expect(refused.every((reason) => reason instanceof TooManyImages)).toBe(true)
})

/** The characters that a font file has a glyph for: its `cmap` in format 4. */
function charactersOf(file: string): Set<number> {
  const bytes = readFileSync(new URL(`../../public/fonts/${file}`, import.meta.url))
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const tables = Array.from({ length: view.getUint16(4) }, (_, n) => 12 + 16 * n)
  const cmap = tables.find((at) => view.getUint32(at) === 0x636d6170) ?? 0
  const start = view.getUint32(cmap + 8)
  const records = Array.from({ length: view.getUint16(start + 2) }, (_, n) => start + 4 + 8 * n)
  const table = records
    .map((at) => start + view.getUint32(at + 4))
    .find((at) => view.getUint16(at) === 4)
  if (table === undefined) throw new Error(`${file} has no table of characters.`)
  const count = view.getUint16(table + 6)
  const found = new Set<number>()
  for (let at = 0; at < count; at += 2) {
    const last = view.getUint16(table + 14 + at)
    for (let one = view.getUint16(table + 16 + count + at); one <= last && one < 0xffff; one += 1)
      found.add(one)
  }
  return found
}

test.each([300, 400, 600])('the family for images has every letter of the texts: %i', (weight) => {
  const has = charactersOf(`images-1-${weight}.ttf`)
  const texts = `${JSON.stringify([en, ur, catalogue])}◇▨|⁺~‡ƒ≠≈−\u2067\u2069`
  const missing = [...new Set(texts)].filter((one) => !has.has(one.codePointAt(0) ?? 0))
  expect(missing).toEqual([])
})
