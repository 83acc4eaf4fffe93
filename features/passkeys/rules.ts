/** How many passkeys somebody may have: more than anybody has devices. */
export const mostPasskeys = 20

/**
 * The host to which passkeys of a site belong; null where browsers make none: they ask for a name and
 * for https, but on this very machine.
 */
export function passkeyHost(origin: string): string | null {
  const { protocol, hostname } = new URL(origin)
  if (hostname === 'localhost') return hostname
  const isAddress = /^\d+(?:\.\d+){3}$/.test(hostname) || hostname.startsWith('[')
  return protocol === 'https:' && !isAddress ? hostname : null
}

/** A person in the words of WebAuthn: what a device keeps beside a key, and gives back. */
export const handleOf = (userId: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(userId)
