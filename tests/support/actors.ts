import { randomUUID } from 'node:crypto'
import { actorOf } from '@/features/accounts/data'
import type { Actor, UserRole } from '@/features/accounts/schema'
import type { Database } from '@/lib/db/client'

/** A new person of a role, who may act. */
export async function newActor(
  database: Database,
  role: UserRole,
  name = `A ${role}`,
): Promise<Actor> {
  const id = randomUUID()
  await database.user.create({ data: { id, name, email: `${id}@example.org`, role } })
  return actorOf(database, id)
}
