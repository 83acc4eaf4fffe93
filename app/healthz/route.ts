import { connection } from 'next/server'

/** Whether the process lives, whatever the state of the database. */
export async function GET() {
  await connection()
  return new Response('ok\n', { headers: { 'cache-control': 'no-store' } })
}
