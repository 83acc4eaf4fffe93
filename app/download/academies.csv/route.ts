import { registryCsv } from '@/features/academies/data'

/** Public: the registry without what is private. */
export async function GET(): Promise<Response> {
  return new Response(await registryCsv(), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': 'attachment; filename="shumar-academies.csv"',
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
