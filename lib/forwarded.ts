import { BlockList, isIP } from 'node:net'

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Addresses and networks such as `10.0.0.1` or `10.0.0.0/8`; what is neither counts for nothing. */
function networksOf(texts: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of texts) {
    const [address = '', bits] = text.split('/')
    const most = isIP(address) === 6 ? 128 : 32
    const prefix = bits === undefined ? most : Number(bits)
    if (isIP(address) === 0 || !(Number.isInteger(prefix) && prefix >= 0 && prefix <= most))
      continue
    list.addSubnet(address, prefix, familyOf(address))
  }
  return list
}

/**
 * The client that named proxies vouch for: the last address of `X-Forwarded-For` that is not one of
 * them, an IPv6 one as its /64 network. Null without proxies, or where the header says no such.
 */
export function forwardedClient(header: string, proxies: readonly string[]): string | null {
  const trusted = networksOf(proxies)
  if (trusted.rules.length === 0) return null
  for (const address of header
    .split(',')
    .map((part) => part.trim())
    .reverse()) {
    if (isIP(address) === 0) return null
    if (trusted.check(address, familyOf(address))) continue
    return isIP(address) === 4 ? address : ipv6Network(address)
  }
  return null
}

/** The header in which `scripts/next-preload.mjs` says whose connection a request came over. */
export const peerHeader = 'x-shumar-peer'

/**
 * The client of a request: whoever holds the connection, or whom the named proxies vouch for. What a
 * client writes into `X-Forwarded-For` itself changes nothing. Null where the peer is not known.
 */
export function clientOf(headers: Headers, proxies: readonly string[]): string | null {
  const peer = (headers.get(peerHeader) ?? '').replace(/^::ffff:/, '')
  if (isIP(peer) === 0) return null
  const chain = `${headers.get('x-forwarded-for') ?? ''}, ${peer}`
  return forwardedClient(chain, proxies) ?? (isIP(peer) === 4 ? peer : ipv6Network(peer))
}

/** The first four groups of an IPv6 address: one subscriber has all addresses behind them. */
function ipv6Network(address: string): string {
  const { hostname } = new URL(`http://[${address}]`)
  const [left = '', right] = hostname.slice(1, -1).split('::')
  const [before, after] = [left, right ?? ''].map((half) => half.split(':').filter(Boolean))
  const missing = right === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0)
  const groups = [...(before ?? []), ...Array<string>(missing).fill('0'), ...(after ?? [])]
  return `${groups.slice(0, 4).join(':')}::/64`
}
