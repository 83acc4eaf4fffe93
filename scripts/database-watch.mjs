import { readdirSync } from 'node:fs'
import pg from 'pg'

/**
 * Knows whether the database can be asked, so that nobody has to wait to find out: one connection,
 * asked again and again. It counts as down after two failures in a row, and as up after one answer.
 * One that has not been migrated to what this code knows counts as down too. Until the first
 * verdict it counts as up; whoever must not guess awaits `known`.
 */

const everyMs = { up: 1_000, down: 500 }
const patienceMs = 2_000

const newestMigration = readdirSync(new URL('../prisma/migrations', import.meta.url))
  .filter((name) => /^\d/.test(name))
  .sort()
  .at(-1)
const isMigrated = {
  text: 'select from _prisma_migrations where migration_name = $1 and finished_at is not null',
  values: [newestMigration],
}

/**
 * @typedef {object} DatabaseState
 * @property {boolean} isUp
 * @property {boolean} wasUp whether it has ever answered since this process began
 * @property {Date} since
 * @property {number | null} milliseconds
 */

/**
 * @param {string} connectionString
 * @param {{ every?: { up: number, down: number }, patience?: number }} [pace] in milliseconds
 */
export function watchDatabase(connectionString, { every = everyMs, patience = patienceMs } = {}) {
  /** @type {pg.Client | null} */
  let client = null
  /** @type {DatabaseState} */
  let state = { isUp: true, wasUp: false, since: new Date(), milliseconds: null }
  let failures = 0
  let migrated = false
  let ended = false
  let tell = () => {}
  /** @type {Promise<void>} */
  const known = new Promise((resolve) => (tell = resolve))
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  /** @type {Set<(state: DatabaseState) => void>} */
  const listeners = new Set()

  /** @param {boolean} isUp @param {number | null} milliseconds */
  function learn(isUp, milliseconds) {
    const changed = isUp !== state.isUp
    const since = changed ? new Date() : state.since
    state = { isUp, wasUp: state.wasUp || isUp, since, milliseconds }
    tell()
    if (changed) for (const listener of listeners) listener(state)
  }

  async function connected() {
    if (client) return client
    const fresh = new pg.Client({
      connectionString,
      connectionTimeoutMillis: patience,
      query_timeout: patience,
      application_name: 'shumar watch',
    })
    // A connection that is cut says so at once; waiting for the next look would cost a second.
    fresh.on('error', () => {
      if (client !== fresh) return
      client = null
      schedule(0)
    })
    await fresh.connect()
    client = fresh
    return fresh
  }

  function drop() {
    const old = client
    client = null
    // Not `end`: a server that does not answer would keep it waiting.
    old?.connection?.stream?.destroy()
  }

  async function look() {
    const began = performance.now()
    try {
      const connection = await connected()
      if (migrated) await connection.query('select')
      else migrated = (await connection.query(isMigrated)).rowCount === 1
      if (!migrated) throw new Error('The database has not been migrated yet.')
      failures = 0
      learn(true, performance.now() - began)
    } catch {
      drop()
      failures += 1
      if (failures > 1) learn(false, null)
    }
    schedule(failures === 1 ? 0 : state.isUp ? every.up : every.down)
  }

  /** @param {number} wait */
  function schedule(wait) {
    clearTimeout(timer)
    if (ended) return
    timer = setTimeout(look, wait)
    timer.unref()
  }

  schedule(0)
  return {
    state: () => state,
    /** Kept once the first verdict is there. */
    known,
    /** Calls `listener` whenever the database goes or comes back. @param {(state: DatabaseState) => void} listener */
    onChange(listener) {
      listeners.add(listener)
    },
    /**
     * Calls `tell` as soon as the database is down, also if it is already.
     * @param {() => void} tell
     * @returns {() => void} ends that
     */
    onDown(tell) {
      /** @param {DatabaseState} now */
      const listener = ({ isUp }) => {
        if (!isUp) tell()
      }
      listeners.add(listener)
      if (!state.isUp) tell()
      return () => listeners.delete(listener)
    },
    /** Rows of a query that is worth no waiting; null where there is no answer. @param {string} sql */
    async ask(sql) {
      try {
        return client ? (await client.query(sql)).rows : null
      } catch {
        return null
      }
    },
    end() {
      ended = true
      clearTimeout(timer)
      tell()
      drop()
    },
  }
}

/** @typedef {ReturnType<typeof watchDatabase>} DatabaseWatch */
