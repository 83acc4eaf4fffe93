import { describe, expect, it } from 'vitest'
import { type PostedFile, takeFile, UploadRefused } from '@/lib/upload'

const boundary = 'limit'

function formOf(content: string): string {
  return [
    `--${boundary}`,
    'Content-Disposition: form-data; name="file"; filename="table.csv"',
    'Content-Type: text/csv',
    '',
    content,
    `--${boundary}--`,
    '',
  ].join('\r\n')
}

function post(body: string, announced = Buffer.byteLength(body)): Request {
  let at = 0
  const bytes = Buffer.from(body)
  const stream = new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, at + 10_000))
      at += 10_000
    },
  })
  return new Request('http://localhost/', {
    method: 'POST',
    body: stream,
    duplex: 'half',
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(announced),
    },
  } as RequestInit)
}

async function whole({ name, bytes, whole }: PostedFile) {
  let size = 0
  for await (const piece of bytes) size += piece.length
  await whole
  return { name, size }
}

async function reasonOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work
  } catch (error) {
    if (error instanceof UploadRefused) return error.reason
    throw error
  }
  return null
}

describe('a posted file', () => {
  const large = 'x'.repeat(500_000)

  it('is handed on while it arrives', async () => {
    const taken = await takeFile(post(formOf(large)), 1_000_000, whole)
    expect(taken).toEqual({ name: 'table.csv', size: 500_000 })
  })

  it('is read to its end also where nobody wants more of it', async () => {
    const taken = await takeFile(post(formOf(large)), 1_000_000, async ({ bytes }) => {
      for await (const piece of bytes) return piece.length
      return 0
    })
    expect(taken).toBeGreaterThan(0)
  })

  it('is refused over the limit, cut off, and where its request lies about its size', async () => {
    expect(await reasonOf(takeFile(post(formOf(large)), 400_000, whole))).toBe('tooLarge')
    const body = formOf(large)
    expect(await reasonOf(takeFile(post(body), body.length, whole))).toBeNull()
    expect(await reasonOf(takeFile(post(body), body.length - 1, whole))).toBe('tooLarge')
    expect(await reasonOf(takeFile(post(body.slice(0, -100)), 1_000_000, whole))).toBe('cutOff')
    expect(await reasonOf(takeFile(post(body, body.length + 1), 1_000_000, whole))).toBe('cutOff')
    expect(await reasonOf(takeFile(post(`--${boundary}--\r\n`), 1_000_000, whole))).toBe('noFile')
    const json = new Request('http://localhost/', { method: 'POST', body: '{}' })
    expect(await reasonOf(takeFile(json, 1_000_000, whole))).toBe('noFile')
  })
})
