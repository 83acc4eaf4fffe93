/** What is wrong with one place of a body. */
export interface BodyError {
  /** JSON Pointer (RFC 6901) to the place: `/observations/3/value`. */
  pointer: string
  detail: string
  /** Stays the same for the same mistake. */
  code?: string
}

/**
 * A refusal for machines (RFC 9457). `type` stays the same for the same mistake; `parameter` names
 * the word of the address that was wrong, `errors` the places of a body.
 */
export interface HttpProblem {
  status: number
  type: string
  title: string
  detail: string
  parameter?: string
  errors?: readonly BodyError[]
  /** Members of its own. */
  [member: string]: unknown
}

export function problemJson(
  problem: HttpProblem,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = `${JSON.stringify(problem)}\n`
  return new Response(body, {
    status: problem.status,
    headers: {
      // Without it, Next compresses the shortest answer, which costs more than sending it.
      'Content-Length': String(Buffer.byteLength(body)),
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Cache-Control': 'no-store',
      'Access-Control-Allow-Origin': '*',
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    },
  })
}
