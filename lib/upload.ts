/**
 * The fields of a posted form, held in memory; null where it is larger than `most` bytes or is no
 * form. What is too large is read to its end and thrown away (up to ten times the limit): a browser
 * reads no answer before it has sent everything.
 */
export async function readForm(request: Request, most: number): Promise<FormData | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) break
    size += value.length
    if (size <= most) chunks.push(value)
    else chunks.length = 0
    if (size > most * 10) {
      await reader?.cancel()
      break
    }
  }
  if (size > most) return null
  const type = request.headers.get('content-type') ?? ''
  return new Response(Buffer.concat(chunks), { headers: { 'Content-Type': type } })
    .formData()
    .catch(() => null)
}
