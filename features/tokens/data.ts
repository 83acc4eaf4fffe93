import { keptScopes } from '@/features/accounts/schema'
import { type Database, database as sharedDatabase } from '@/lib/db/client'
import type { Token } from './schema'

type Row = Omit<Token, 'createdAt' | 'expiresAt' | 'revokedAt' | 'scopes'> & {
  createdAt: Date
  expiresAt: Date
  revokedAt: Date | null
  scopes: unknown
}

/** Days for which tokens that no longer work are still listed. */
const shownDays = 90

/** Somebody's tokens, those that work first, then the newest; old ones that do not are left out. */
export async function tokensOf(
  userId: string,
  database: Database = sharedDatabase(),
): Promise<Token[]> {
  const rows = await database.$queryRaw<Row[]>`
    SELECT id, name, may_publish AS "mayPublish", scopes, created_at AS "createdAt",
      expires_at AS "expiresAt", to_char(last_used_on, 'YYYY-MM-DD') AS "lastUsedOn",
      revoked_at AS "revokedAt",
      CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN expires_at <= now() THEN 'expired'
        ELSE 'active' END AS state
    FROM api_tokens
    WHERE user_id = ${userId}
      AND least(revoked_at, expires_at) > now() - make_interval(days => ${shownDays}::int)
    ORDER BY revoked_at IS NULL AND expires_at > now() DESC, created_at DESC, id`
  return rows.map(({ scopes, createdAt, expiresAt, revokedAt, ...row }) => ({
    ...row,
    scopes: keptScopes.parse(scopes),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
  }))
}
