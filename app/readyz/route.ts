import { connection } from 'next/server'
import { databaseAnswers } from '@/lib/db/readiness'

const headers = { 'cache-control': 'no-store' }

/** Whether the process can do its work: the database answers within two seconds. */
export async function GET() {
  await connection()
  if (await databaseAnswers(2_000)) return new Response('ready\n', { headers })
  return new Response('The database does not answer.\n', {
    status: 503,
    headers: { ...headers, 'retry-after': '5' },
  })
}
