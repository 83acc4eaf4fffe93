import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import { z } from 'zod'

export type CreationOptions = PublicKeyCredentialCreationOptionsJSON
export type UseOptions = PublicKeyCredentialRequestOptionsJSON

/** A passkey as its owner sees it; instants are ISO strings. */
export interface Passkey {
  id: string
  name: string
  since: string
  /** Null for one that was never used. */
  lastUsedAt: string | null
}

/**
 * What a passkey is asked for: to be added, to confirm its owner before a change, to sign in by it
 * alone, or after a password.
 */
export const passkeyPurposes = ['add', 'confirm', 'signIn', 'secondStep'] as const
export type PasskeyPurpose = (typeof passkeyPurposes)[number]

/** What a challenge is good for; null where nobody is known yet. */
export interface Bound {
  purpose: PasskeyPurpose
  userId: string | null
  sessionId: string | null
}

export const challengeParts = z.strictObject({
  purpose: z.enum(passkeyPurposes),
  userId: z.string().nullable(),
  sessionId: z.string().nullable(),
  challenge: z.string(),
  until: z.number(),
})

/** What a browser brings back for a challenge, with the challenge as it was left with it. */
export interface Answer<Response> {
  sealed: string
  bound: Bound
  response: Response
}

// Messages of these schemas are codes: `secondStep.problems.<code>` says them in words.

/** Nothing invisible that reorders text. */
export const passkeyName = z
  .string()
  .normalize('NFC')
  .trim()
  .min(1, 'passkeyNameMissing')
  .max(60, 'passkeyNameTooLong')
  .regex(/[\p{L}\p{N}]/u, 'passkeyNameMissing')
  .regex(/^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff]*$/u, 'passkeyNameInvalid')

const bytes = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[A-Za-z0-9_-]*$/)

const credentialId = bytes(1400).min(1)

// As browsers write them (WebAuthn, 5.1.6 and 5.1.7); what is not read is left out.
const parts = {
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  clientExtensionResults: z.unknown().transform(() => ({})),
}

export const creationResponse = z.object({
  ...parts,
  response: z.object({
    clientDataJSON: bytes(4_000),
    attestationObject: bytes(12_000),
    transports: z
      .array(
        z
          .string()
          .max(20)
          .regex(/^[a-z-]+$/),
      )
      .max(10)
      .default([]),
  }),
})
export type CreationResponse = z.infer<typeof creationResponse>

export const useResponse = z.object({
  ...parts,
  response: z.object({
    clientDataJSON: bytes(4_000),
    authenticatorData: bytes(4_000),
    signature: bytes(6_000),
    userHandle: bytes(100)
      .nullish()
      .transform((handle) => handle ?? undefined),
  }),
})
export type UseResponse = z.infer<typeof useResponse>

/** A form's field as the object it is the JSON of; null for anything else. */
export function readResponse<Response>(schema: z.ZodType<Response>, text: string): Response | null {
  if (text.length > 30_000) return null
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
