import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import type {
  CreationOptions,
  CreationResponse,
  UseOptions,
  UseResponse,
} from '@/features/passkeys/schema'

// A device that keeps passkeys, as far as a site can tell one (WebAuthn, 6.1 and 6.5): ES256, no
// attestation.

interface Flaws {
  /** The page that asked, if not the site's own. */
  origin?: string
  /** Whether the person was asked for finger, face or PIN. */
  isVerified?: boolean
  counter?: number
  challenge?: string
  host?: string
  userHandle?: string
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest()

/** COSE: kty EC2, alg ES256, crv P-256, x, y. */
function coseKey(publicKey: KeyObject): Uint8Array {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const bytes = (part: string) => new Uint8Array(Buffer.from(part, 'base64url'))
  return isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ]),
  )
}

export class Authenticator {
  readonly credentialId = randomBytes(16)
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  private handle = ''
  counter = 0

  constructor(private readonly origin: string) {}

  create({ challenge, rp, user }: CreationOptions, flaws: Flaws = {}): CreationResponse {
    this.handle = user.id
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.credentialId.length)
    const key = [Buffer.alloc(16), length, this.credentialId, coseKey(this.keys.publicKey)]
    const authData = this.data(rp.id ?? '', 0x40, key, flaws)
    return {
      ...this.about(),
      response: {
        clientDataJSON: this.said('webauthn.create', challenge, flaws),
        attestationObject: text(
          isoCBOR.encode(
            new Map<string, string | Uint8Array | Map<string, never>>([
              ['fmt', 'none'],
              ['attStmt', new Map<string, never>()],
              ['authData', new Uint8Array(authData)],
            ]),
          ),
        ),
        transports: ['internal'],
      },
    }
  }

  use({ challenge, rpId = '' }: UseOptions, flaws: Flaws = {}): UseResponse {
    this.counter += 1
    const authenticatorData = this.data(rpId, 0, [], flaws)
    const clientDataJSON = this.said('webauthn.get', challenge, flaws)
    const signed = Buffer.concat([
      authenticatorData,
      sha256(Buffer.from(clientDataJSON, 'base64url')),
    ])
    return {
      ...this.about(),
      response: {
        clientDataJSON,
        authenticatorData: text(authenticatorData),
        signature: text(sign('sha256', signed, this.keys.privateKey)),
        userHandle: flaws.userHandle ?? this.handle,
      },
    }
  }

  private about() {
    const id = text(this.credentialId)
    return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} }
  }

  private data(host: string, flags: number, rest: Uint8Array[], flaws: Flaws): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(flaws.counter ?? this.counter)
    const verified = flaws.isVerified === false ? 0 : 0x04
    const head = [sha256(flaws.host ?? host), Buffer.from([flags | 0x01 | verified]), counter]
    return Buffer.concat([...head, ...rest])
  }

  private said(type: string, challenge: string, flaws: Flaws): string {
    const origin = flaws.origin ?? this.origin
    const said = { type, challenge: flaws.challenge ?? challenge, origin, crossOrigin: false }
    return Buffer.from(JSON.stringify(said)).toString('base64url')
  }
}
