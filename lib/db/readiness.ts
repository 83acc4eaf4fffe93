import { setTimeout as sleep } from 'node:timers/promises'
import { database } from './client'

/** Whether the database answers within `milliseconds`. */
export async function databaseAnswers(milliseconds: number): Promise<boolean> {
  const answer = database().$queryRaw`select 1`.then(
    () => true,
    () => false,
  )
  return Promise.race([answer, sleep(milliseconds, false, { ref: false })])
}
