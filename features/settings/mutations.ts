import { ActorRefused, recheck } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import type { Database } from '@/lib/db/client'
import { fail, ok, type Result } from '@/lib/result'
import type { Settings } from './schema'

/**
 * Stores settings; those that are left out stay. An approval under way is finished under the old ones; the next sees the new.
 * Refuses with `forbidden`.
 */
export async function changeSettings(
  database: Database,
  actor: Actor,
  settings: Partial<Settings>,
): Promise<Result<null>> {
  if (!may(actor.role, 'settings.edit')) return fail('forbidden')
  try {
    await database.$transaction(async (tx) => {
      await recheck(tx, actor)
      for (const [key, value] of Object.entries(settings)) {
        await tx.setting.upsert({ where: { key }, create: { key, value }, update: { value } })
      }
    })
    return ok(null)
  } catch (error) {
    if (error instanceof ActorRefused) return fail('forbidden')
    throw error
  }
}
