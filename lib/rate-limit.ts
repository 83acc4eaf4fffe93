/** So many requests of one client in a window of so many seconds; the name stands in the headers. */
export interface RatePolicy {
  name: string
  limit: number
  seconds: number
}

/** What is left to a client after a request. */
export interface Quota {
  isOver: boolean
  remaining: number
  /** Seconds until the window ends. */
  resetsIn: number
}

/** Clients counted one by one in a window; those beyond share one count, so that memory has an end. */
const mostClients = 50_000

/**
 * Counts the requests of clients in the memory of this process, in windows that begin together: one
 * map is all there is to keep, and it goes with its window.
 */
export function rateLimiter(seconds: number) {
  const length = seconds * 1000
  let window = Number.NaN
  let counts = new Map<string, number>()
  return (client: string, limit: number, now: number): Quota => {
    const current = Math.floor(now / length)
    if (current !== window) {
      window = current
      counts = new Map()
    }
    const key = counts.has(client) || counts.size < mostClients ? client : ''
    const used = (counts.get(key) ?? 0) + 1
    counts.set(key, used)
    return {
      isOver: used > limit,
      remaining: Math.max(0, limit - used),
      resetsIn: Math.ceil(((current + 1) * length - now) / 1000),
    }
  }
}

/** The fields of draft-ietf-httpapi-ratelimit-headers, with `Retry-After` where nothing is left. */
export function quotaHeaders(
  { name, limit, seconds }: RatePolicy,
  { isOver, remaining, resetsIn }: Quota,
): Record<string, string> {
  return {
    'RateLimit-Policy': `"${name}";q=${limit};w=${seconds}`,
    RateLimit: `"${name}";r=${remaining};t=${resetsIn}`,
    ...(isOver && { 'Retry-After': String(resetsIn) }),
  }
}
