import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16

/** A key for one purpose alone (HKDF-SHA-256), so that what is made for one fits no other. */
function keyFor(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `shumar ${purpose}`, 32))
}

/** A text that nobody without the secret can read or change (AES-256-GCM), as base64url. */
export function sealText(secret: string, purpose: string, text: string): string {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv(algorithm, keyFor(secret, purpose), nonce)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
}

/** What was sealed with the same secret for the same purpose; null for anything else. */
export function unsealText(secret: string, purpose: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < nonceLength + tagLength) return null
  const [nonce, tag, body] = [
    bytes.subarray(0, nonceLength),
    bytes.subarray(nonceLength, nonceLength + tagLength),
    bytes.subarray(nonceLength + tagLength),
  ]
  const decipher = createDecipheriv(algorithm, keyFor(secret, purpose), nonce, {
    authTagLength: tagLength,
  })
  decipher.setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/** A hash (HMAC-SHA-256, hex) that nobody without the secret can try texts against. */
export function keyedHash(secret: string, purpose: string, text: string): string {
  return createHmac('sha256', keyFor(secret, purpose)).update(text).digest('hex')
}
