import { z } from 'zod'
import type { Scope } from '@/features/accounts/schema'
import { plainText } from '@/features/figures/schema'

/** Days that a token may last. */
export const lifetimes = ['30', '90', '180', '365'] as const
export type Lifetime = (typeof lifetimes)[number]

/** Tokens that one person may have at once. */
export const mostTokens = 20

/** A token as its owner and administrators see it; instants are ISO strings. */
export interface Token {
  id: string
  name: string
  mayPublish: boolean
  /** As they were chosen; none is everything that its owner may. */
  scopes: Scope[]
  createdAt: string
  expiresAt: string
  /** Day (Asia/Karachi); null where it was never used. */
  lastUsedOn: string | null
  revokedAt: string | null
  state: 'active' | 'expired' | 'revoked'
}

// Messages of these schemas are codes: `tokens.problems.<code>` says them in words.

const codes = z.array(z.string().regex(/^[\w.-]{1,64}$/, 'scopeUnknown')).max(1000, 'scopeUnknown')

export const tokenInput = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'nameMissing')
    .max(80, 'nameTooLong')
    .pipe(plainText(80).catch(''))
    .pipe(z.string().min(1, 'nameInvalid')),
  lifetime: z.enum(lifetimes, 'lifetimeMissing'),
  mayPublish: z.boolean(),
  programmes: codes,
  academies: codes,
})
export type TokenInput = z.infer<typeof tokenInput>

export const revocationInput = z.strictObject({ tokenId: z.uuid() })

export interface TokenFormState {
  problems: readonly { field: string | null; text: string }[]
  values: Readonly<Record<string, string>>
  /** A token just made: shown this once. */
  made?: { name: string; secret: string }
  goTo?: string
}
