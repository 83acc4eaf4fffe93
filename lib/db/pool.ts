import { Pool, type PoolConfig } from 'pg'

/**
 * A pool whose connections may be cut at any moment: whoever uses one then is told by its next
 * query, and the pool replaces it.
 *
 * A connection hears of being cut by an event, which ends the process where nobody listens. The
 * pool's own listener is off while a connection is lent, and whoever is lent one comes too late
 * where the server says so in the same breath as that it is ready.
 */
export function openPool(settings: PoolConfig): Pool {
  const pool = new Pool(settings)
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return pool
}

const ignore = () => {}
