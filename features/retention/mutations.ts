import { removeExpired } from '@/features/uploads/mutations'
import type { Database } from '@/lib/db/client'

/**
 * Removes what need not be known of people any more: sessions that ended more than `days` ago (with
 * the address and browser they came from), failed sign-ins, links for a password that were not used,
 * and counts of the past; and files that were brought and never published, once their days are over.
 */
export async function removeTraces(database: Database, days: number): Promise<void> {
  await database.$executeRaw`
    DELETE FROM sessions WHERE expires_at < now() - make_interval(days => ${days}::int)`
  await database.$executeRaw`
    DELETE FROM verifications WHERE expires_at < now() - make_interval(days => ${days}::int)`
  await database.$executeRaw`
    DELETE FROM password_resets WHERE expires_at < now() - make_interval(days => ${days}::int)`
  await database.$executeRaw`
    DELETE FROM sign_in_failures WHERE last_at < now() - make_interval(days => ${days}::int)
      AND coalesce(locked_until, last_at) < now()`
  await database.$executeRaw`DELETE FROM spent_challenges WHERE ends_at < now()`
  await database.$executeRaw`
    DELETE FROM report_counts WHERE starts_at < now() - interval '1 day'`
  // Milliseconds since 1970, as better-auth writes them.
  await database.$executeRaw`
    DELETE FROM rate_limits
    WHERE last_request < (extract(epoch FROM now() - interval '1 day') * 1000)::bigint`
  await removeExpired(database)
}
