/**
 * A refusal for machines (RFC 9457). `type` stays the same for the same mistake; `parameter` names
 * the word of the address that was wrong.
 */
export function problemJson(problem: {
  status: number
  type: string
  title: string
  detail: string
  parameter?: string
}): Response {
  return new Response(`${JSON.stringify(problem)}\n`, {
    status: problem.status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Cache-Control': 'no-store',
      'Access-Control-Allow-Origin': '*',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
