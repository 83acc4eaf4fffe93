import { fail, ok, type Result } from './result'

const [quote, backslash] = [0x22, 0x5c]

/**
 * Reads JSON from bytes that anybody may have sent: UTF-8 throughout, with no more brackets, and
 * none deeper, than there may be, which is told before anything is built of them. Refuses with
 * `encoding`, `tooDeep`, `tooMany` or `notJson`.
 */
export function readJsonText(
  bytes: Uint8Array,
  { deepest, mostBrackets }: { deepest: number; mostBrackets: number },
): Result<unknown> {
  let [depth, brackets, isText] = [0, 0, false]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (isText) {
      if (byte === backslash) at++
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1
      brackets += 1
      if (depth > deepest) return fail('tooDeep', { most: deepest })
      if (brackets > mostBrackets) return fail('tooMany')
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1
  }
  const text = decoded(bytes)
  if (text === null) return fail('encoding')
  try {
    return ok(JSON.parse(text))
  } catch {
    return fail('notJson')
  }
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
