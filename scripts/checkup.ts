import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'

/** What was looked at, how it is, and what to do where it is not well. */
export interface Finding {
  what: string
  state: 'ok' | 'warn' | 'fail'
  text: string
  remedy?: string
}

export const fine = (what: string, text: string): Finding => ({ what, state: 'ok', text })
export const doubtful = (what: string, text: string, remedy: string): Finding => ({
  what,
  state: 'warn',
  text,
  remedy,
})
export const wrong = (what: string, text: string, remedy: string): Finding => ({
  what,
  state: 'fail',
  text,
  remedy,
})

/** Whether a version such as `22.9.0` is at least another. */
export function reaches(version: string, floor: string): boolean {
  return version.localeCompare(floor, 'en', { numeric: true }) >= 0
}

const nodeFloors: Record<string, string> = { 22: '22.23.2', 24: '24.18.1' }

export function checkNode(version: string): Finding {
  const what = 'Node.js'
  const floor = nodeFloors[version.split('.', 1)[0] ?? '']
  if (!reaches(version, '20.19.0')) {
    return wrong(what, `${version} is too old`, 'install Node.js 24 or 22')
  }
  if (!reaches(version, '22.0.0')) {
    return doubtful(what, `${version} gets no more security fixes`, 'install Node.js 24 or 22')
  }
  if (floor && !reaches(version, floor)) {
    return doubtful(what, `${version} has known holes`, `install ${floor} or later`)
  }
  return fine(what, version)
}

const packageFloors = { next: '16.4.6', react: '19.2.8', 'better-auth': '1.6.22' }

export function checkPackages(folder: string): Finding {
  const what = 'Packages'
  const versions = Object.entries(packageFloors).map(([name, floor]) => {
    const { version } = JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8'))
    return { name, floor, version: String(version) }
  })
  const old = versions.filter(({ version, floor }) => !reaches(version, floor))
  if (old.length === 0)
    return fine(what, versions.map(({ name, version }) => `${name} ${version}`).join(', '))
  const names = old.map(({ name, version, floor }) => `${name} ${version} is below ${floor}`)
  return wrong(what, names.join(', '), 'update the checkout, then npm ci')
}

const isLocal = (host: string) => /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host)

export function checkAddress(publicUrl: string): Finding {
  const what = 'SHUMAR_URL'
  const { protocol, hostname } = new URL(publicUrl)
  if (isLocal(hostname)) {
    return doubtful(
      what,
      `${publicUrl} can be opened on this machine only`,
      'set SHUMAR_URL to the address people open',
    )
  }
  if (protocol === 'https:') return fine(what, publicUrl)
  return wrong(
    what,
    `${publicUrl} sends passwords and session cookies in the clear`,
    'let a proxy end TLS, and write https:// in SHUMAR_URL',
  )
}

export function checkProxies(text: string, publicUrl: string): Finding {
  const what = 'Proxies'
  const entries = text.split(/[\s,]+/).filter(Boolean)
  const bad = entries.filter((entry) => {
    const [address = '', bits] = entry.split('/')
    const most = isIP(address) === 6 ? 128 : 32
    return (
      isIP(address) === 0 || (bits !== undefined && !(Number(bits) >= 0 && Number(bits) <= most))
    )
  })
  if (bad.length > 0) {
    const remedy = 'write addresses or networks, such as 10.0.0.1 or 10.0.0.0/8, parted by commas'
    return wrong(what, `SHUMAR_TRUSTED_PROXIES has "${bad.join('", "')}"`, remedy)
  }
  if (entries.length > 0) return fine(what, entries.join(', '))
  if (!publicUrl.startsWith('https:')) return fine(what, 'none')
  return doubtful(
    what,
    'none is trusted, so all visitors share one limit for sign-ins',
    'name your proxy in SHUMAR_TRUSTED_PROXIES',
  )
}

const postgresFloors: Record<number, string> = { 18: '18.6', 17: '17.11', 16: '16.15' }

export function checkServerVersion(version: string, isEmbedded: boolean): Finding {
  const what = 'PostgreSQL'
  const number = version.split(' ', 1)[0] ?? version
  const major = Number.parseInt(number, 10)
  if (major < 14) return wrong(what, `${number} is too old`, 'upgrade to version 18')
  if (isEmbedded) {
    return doubtful(
      what,
      `${number}, the embedded one, which gets security fixes late`,
      'for more than a small site, set DATABASE_URL to a server of your own',
    )
  }
  const floor = postgresFloors[major]
  if (floor && reaches(number, floor)) return fine(what, number)
  return doubtful(what, `${number} has known holes`, `upgrade to ${floor ?? '18.6'} or later`)
}

/** @param skew of this machine's clock against the database's, in milliseconds */
export function checkClocks(skew: number): Finding {
  const what = 'Clocks'
  const text = `this machine and the database differ by ${(Math.abs(skew) / 1000).toFixed(1)} s`
  const remedy = 'let NTP set both; releases follow the database, sign-ins this machine'
  if (Math.abs(skew) > 60_000) return wrong(what, text, remedy)
  return Math.abs(skew) > 2_000 ? doubtful(what, text, remedy) : fine(what, text)
}

const connectionsOfInstance = 20

/** @param free connections that the server could still give */
export function checkConnections(most: number, free: number): Finding {
  const what = 'Connections'
  const text = `${free} of ${most} are free, and an instance takes up to ${connectionsOfInstance}`
  if (free >= connectionsOfInstance * 2) return fine(what, text)
  const remedy = 'raise max_connections, or put PgBouncer in between'
  return free < connectionsOfInstance ? wrong(what, text, remedy) : doubtful(what, text, remedy)
}

const gigabyte = 1_000_000_000

/** @param bytes free and in all */
export function checkSpace(what: string, bytes: { free: number; all: number }): Finding {
  const text = `${(bytes.free / gigabyte).toFixed(1)} GB of ${(bytes.all / gigabyte).toFixed(1)} GB are free`
  const remedy = 'free some space, or move it to a larger disk: PostgreSQL stops on a full one'
  if (bytes.free < gigabyte / 2) return wrong(what, text, remedy)
  return bytes.free < bytes.all / 10 && bytes.free < 10 * gigabyte
    ? doubtful(what, text, remedy)
    : fine(what, text)
}

const hour = 3_600_000

export function checkBackupAge(newest: Date | null, folder: string, now: Date): Finding {
  const what = 'Backups'
  const remedy = 'run npm run backup every day (docs/operators.md), and copy it to another machine'
  if (!newest) return doubtful(what, `there is none in ${folder}`, remedy)
  const age = Math.round((now.getTime() - newest.getTime()) / hour)
  const text = `the newest in ${folder} is ${age} h old`
  return age > 26 ? doubtful(what, text, remedy) : fine(what, text)
}

export function checkMigrations(known: readonly string[], applied: readonly string[]): Finding {
  const what = 'Migrations'
  const newer = applied.filter((name) => !known.includes(name))
  const pending = known.filter((name) => !applied.includes(name))
  if (newer.length > 0) {
    return wrong(
      what,
      `the database has ${newer.join(', ')}, which this code does not know`,
      'install the newer version, or restore a backup from before it',
    )
  }
  if (pending.length === 0) return fine(what, `${applied.length}, none pending`)
  const remedy = 'back up, then npm start or npm run migrate'
  return doubtful(what, `${pending.length} pending: ${pending.join(', ')}`, remedy)
}
