import { randomUUID } from 'node:crypto'
import { recheck, tokenHash } from '@/features/accounts/data'
import { areKnown, confirmPassword } from '@/features/accounts/mutations'
import { may, tokenPrefix } from '@/features/accounts/rules'
import type { Actor, Scope } from '@/features/accounts/schema'
import type { Database } from '@/lib/db/client'
import { fail, ok, type Result } from '@/lib/result'
import { newSecretToken } from '@/lib/secret-token'
import { mostTokens, type TokenInput } from './schema'

/**
 * Makes a token for the actor, who gives their password once more; the value is shown this once and
 * only its hash is kept. Fails with `currentWrong`, `tryLater`, `scopeUnknown`, `tooManyTokens`,
 * `forbidden`.
 */
export async function createToken(
  database: Database,
  actor: Actor,
  { name, lifetime, mayPublish, programmes, academies }: TokenInput,
  password: string,
): Promise<Result<{ secret: string }>> {
  if (!may(actor.role, 'figures.propose') || actor.token) return fail('forbidden')
  const confirmed = await confirmPassword(database, actor, password)
  if (!confirmed.ok) return confirmed
  const scopes: Scope[] = [
    ...[...new Set(programmes)].map((programme) => ({ programme, academy: null })),
    ...[...new Set(academies)].map((academy) => ({ programme: null, academy })),
  ]
  const secret = newSecretToken(tokenPrefix)
  return database.$transaction(async (tx) => {
    await recheck(tx, actor)
    if (!(await areKnown(tx, scopes))) return fail('scopeUnknown')
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`tokens:${actor.userId}`}, 0))`
    const [now] = await tx.$queryRaw<{ live: number; at: Date }[]>`
      SELECT count(*)::int AS live, now() AS at FROM api_tokens
      WHERE user_id = ${actor.userId} AND revoked_at IS NULL AND expires_at > now()`
    if (!now || now.live >= mostTokens) return fail('tooManyTokens', { most: mostTokens })
    await tx.apiToken.create({
      data: {
        id: randomUUID(),
        userId: actor.userId,
        name,
        tokenHash: tokenHash(secret),
        mayPublish,
        scopes: scopes.map((scope) => ({ ...scope })),
        createdAt: now.at,
        expiresAt: new Date(now.at.getTime() + Number(lifetime) * 86_400_000),
      },
    })
    return ok({ secret })
  })
}

/** What the token is doing at that moment is done first. */
const patience = { timeout: 70_000, maxWait: 10_000 }

/**
 * Ends a token for good: of one's own, or of anybody for those who manage people. A token that has
 * ended stays so. Fails with `tokenUnknown`.
 */
export async function revokeToken(
  database: Database,
  actor: Actor,
  tokenId: string,
): Promise<Result<{ userId: string }>> {
  return database.$transaction(async (tx) => {
    await recheck(tx, actor)
    await tx.$executeRaw`
      SELECT set_config('lock_timeout', '60s', true), set_config('statement_timeout', '60s', true)`
    const owned = may(actor.role, 'people.manage') ? {} : { userId: actor.userId }
    const token = await tx.apiToken.findFirst({
      where: { id: tokenId, ...owned },
      select: { userId: true },
    })
    if (!token || actor.token) return fail('tokenUnknown')
    await tx.apiToken.updateMany({
      where: { id: tokenId, revokedAt: null },
      data: { revokedAt: new Date(), revokedById: actor.userId },
    })
    return ok({ userId: token.userId })
  }, patience)
}
