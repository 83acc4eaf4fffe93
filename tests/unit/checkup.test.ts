import { describe, expect, it } from 'vitest'
import {
  checkAddress,
  checkBackupAge,
  checkClocks,
  checkConnections,
  checkMigrations,
  checkNode,
  checkProxies,
  checkServerVersion,
  checkSpace,
} from '@/scripts/checkup'

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)

describe('npm run doctor', () => {
  it.each([
    ['an end-of-life Node.js', checkNode('20.20.2'), 'warn'],
    ['a Node.js that is too old', checkNode('20.18.3'), 'fail'],
    ['a Node.js below its floor', checkNode('22.9.0'), 'warn'],
    ['a good Node.js', checkNode('24.18.1'), 'ok'],
    ['a later Node.js', checkNode('26.1.0'), 'ok'],
    ['an address in the clear', checkAddress('http://statistics.example.org'), 'fail'],
    ['an address with TLS', checkAddress('https://statistics.example.org'), 'ok'],
    ['an address of this machine', checkAddress('http://localhost:3000'), 'warn'],
    ['proxies', checkProxies('10.0.0.1, 2001:db8::/32', 'https://a.example'), 'ok'],
    ['a proxy by its name', checkProxies('proxy.local', 'https://a.example'), 'fail'],
    ['a network that is none', checkProxies('10.0.0.0/33', 'https://a.example'), 'fail'],
    ['no proxy where there must be one', checkProxies('', 'https://a.example'), 'warn'],
    ['a PostgreSQL with holes', checkServerVersion('18.4 (Debian)', false), 'warn'],
    ['a good PostgreSQL', checkServerVersion('17.11', false), 'ok'],
    ['the embedded PostgreSQL', checkServerVersion('18.4', true), 'warn'],
    ['clocks a second apart', checkClocks(-900), 'ok'],
    ['clocks ten minutes apart', checkClocks(600_000), 'fail'],
    ['few connections', checkConnections(97, 30), 'warn'],
    ['too few connections', checkConnections(97, 10), 'fail'],
    ['a full disk', checkSpace('Disk', { free: 1e8, all: 1e12 }), 'fail'],
    ['a nearly full disk', checkSpace('Disk', { free: 5e9, all: 1e11 }), 'warn'],
    ['a small disk with room', checkSpace('Disk', { free: 4e9, all: 1e10 }), 'ok'],
    ['no backup', checkBackupAge(null, '/b', new Date()), 'warn'],
    ['an old backup', checkBackupAge(hoursAgo(50), '/b', new Date()), 'warn'],
    ['a backup of the night', checkBackupAge(hoursAgo(9), '/b', new Date()), 'ok'],
    ['a database of a newer version', checkMigrations(['1'], ['1', '2']), 'fail'],
    ['pending migrations', checkMigrations(['1', '2'], ['1']), 'warn'],
    ['no pending migrations', checkMigrations(['1'], ['1']), 'ok'],
  ] as const)('says how it is about %s', (_, finding, state) => {
    expect(finding.state).toBe(state)
    expect(finding.remedy === undefined).toBe(state === 'ok')
  })
})
