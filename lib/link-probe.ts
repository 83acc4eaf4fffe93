import { type LookupAddress, lookup } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { probeErrors } from './probe-errors'

/** What an address answered: a status, or why there was none. */
export interface LinkAnswer {
  /** HTTP status where the redirects ended; null where nothing answered. */
  status: number | null
  /** Empty, Node's code (`ENOTFOUND`), or one of `probeErrors`. */
  error: string
  /** Where the redirects led; the address itself where there were none. */
  finalUrl: string
}

export interface ProbeOptions {
  userAgent: string
  /** Milliseconds for each request. */
  timeout?: number
  /** Whether addresses of this machine and its networks may be asked; for tests. */
  allowPrivate?: boolean
}

const mostRedirects = 5

const nowherePublic = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  nowherePublic.addSubnet(network, prefix, 'ipv4')
}

const publicIpv6 = new BlockList()
publicIpv6.addSubnet('2000::', 3, 'ipv6')
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const) {
  nowherePublic.addSubnet(network, prefix, 'ipv6')
}

/** Whether an IP address is one of the public internet, not of this machine or a network near it. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !nowherePublic.check(address, 'ipv4')
  return family === 6 && publicIpv6.check(address, 'ipv6') && !nowherePublic.check(address, 'ipv6')
}

const refused = () => Object.assign(new Error('not public'), { code: probeErrors.privateAddress })

/** Looks a name up and refuses it when any of its addresses is not public. */
const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? []
    if (error || !first) return callback(error ?? refused(), '', 0)
    if (!addresses.every(({ address }) => isPublicAddress(address))) {
      return callback(refused(), '', 0)
    }
    if (options.all) return callback(null, addresses)
    callback(null, first.address, first.family)
  })
}

interface Response {
  status: number
  location: string | undefined
}

function ask(url: URL, method: 'HEAD' | 'GET', options: ProbeOptions): Promise<Response> {
  const { userAgent, timeout = 15_000, allowPrivate = false } = options
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // A literal address is never looked up.
  if (!allowPrivate && isIP(host) && !isPublicAddress(host)) return Promise.reject(refused())
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method,
      agent: false,
      headers: { 'User-Agent': userAgent, Accept: '*/*' },
      signal: AbortSignal.timeout(timeout),
      ...(!allowPrivate && { lookup: guardedLookup }),
    })
    request.once('response', (response) => {
      resolve({ status: response.statusCode ?? 0, location: response.headers.location })
      response.on('error', () => {})
      response.destroy()
    })
    request.on('error', reject)
    request.end()
  })
}

function codeOf(error: unknown): string {
  const { name = '', code = '' } = error as { name?: string; code?: string }
  if (name === 'TimeoutError' || name === 'AbortError') return probeErrors.timeout
  return typeof code === 'string' && code !== '' ? code : 'UNKNOWN'
}

/** Nothing that asking again with another method could change. */
const isFinal = (code: string) =>
  ['ENOTFOUND', probeErrors.timeout, probeErrors.privateAddress].includes(code)

/** HEAD, and GET where HEAD is refused or gets anything but a page or a redirect. */
async function askGently(url: URL, options: ProbeOptions): Promise<Response> {
  try {
    const response = await ask(url, 'HEAD', options)
    if (response.status >= 200 && response.status < 400) return response
  } catch (error) {
    if (isFinal(codeOf(error))) throw error
  }
  return ask(url, 'GET', options)
}

function nextUrl(from: URL, { status, location }: Response): URL | null {
  if (![301, 302, 303, 307, 308].includes(status) || !location) return null
  return URL.canParse(location, from) ? new URL(location, from) : null
}

/**
 * Asks whether an address answers, following up to 5 redirects, none to an address that is not
 * public. Reads no content. Never throws for what the other side does.
 */
export async function probeLink(address: string, options: ProbeOptions): Promise<LinkAnswer> {
  let finalUrl = address
  const failed = (error: string): LinkAnswer => ({ status: null, error, finalUrl })
  try {
    let url = new URL(address)
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      if (!/^https?:$/.test(url.protocol)) return failed(probeErrors.notWeb)
      const response = await askGently(url, options)
      const next = nextUrl(url, response)
      if (!next) return { status: response.status, error: '', finalUrl }
      url = next
      finalUrl = url.href
    }
    return failed(probeErrors.tooManyRedirects)
  } catch (error) {
    return failed(URL.canParse(address) ? codeOf(error) : probeErrors.notWeb)
  }
}
