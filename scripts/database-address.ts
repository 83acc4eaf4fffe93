import { Client } from 'pg'
import { errorCode, OperatorProblem } from '../lib/operator-problem'

function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname && url.pathname.length > 1) {
    return url
  }
  throw new OperatorProblem(
    'DATABASE_URL is not the address of a PostgreSQL database: write it as postgresql://user:password@host:5432/database, with special characters of the password percent-encoded.',
  )
}

/** The database cannot be reached now, which may pass without anybody doing anything here. */
export class DatabaseAway extends OperatorProblem {
  override name = 'DatabaseAway'
}

/** Codes of what may pass: of the network, and of a server that is starting, stopping or full. */
const passing =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|57P0[1-5]|53\d{3}|08\d{3})?$/

/** Says what keeps us from the database, without repeating the password. */
function connectionProblem(error: unknown, url: URL): OperatorProblem {
  const place = `${url.hostname}:${url.port || 5432}`
  const name = decodeURIComponent(url.pathname.slice(1))
  const user = decodeURIComponent(url.username)
  const sentences: Record<string, string> = {
    ENOTFOUND: `DATABASE_URL names the host ${url.hostname}, which does not exist: correct it.`,
    EAI_AGAIN: `DATABASE_URL names the host ${url.hostname}, which cannot be looked up: correct it, or check the network.`,
    ECONNREFUSED: `No PostgreSQL answers at ${place}, which DATABASE_URL names: start it, or correct the address.`,
    '28P01': `PostgreSQL at ${place} refuses user "${user}" with the password in DATABASE_URL: correct them.`,
    '28000': `PostgreSQL at ${place} does not let user "${user}" in from here: correct DATABASE_URL, or allow it in pg_hba.conf.`,
    '3D000': `PostgreSQL at ${place} has no database "${name}": create it, or correct DATABASE_URL.`,
    '42501': `User "${user}" may not connect to database "${name}" at ${place}: grant it CONNECT.`,
    '57P03': `PostgreSQL at ${place} is starting or shutting down: try again in a moment.`,
    '53300': `PostgreSQL at ${place} has no connection left: raise max_connections, or close some.`,
  }
  const reason = error instanceof Error ? error.message : String(error)
  const code = errorCode(error)
  const Problem = passing.test(code) ? DatabaseAway : OperatorProblem
  return new Problem(sentences[code] ?? `PostgreSQL at ${place} cannot be reached: ${reason}.`)
}

async function connect(url: URL): Promise<Client> {
  try {
    const client = new Client({ connectionString: url.href, connectionTimeoutMillis: 5_000 })
    client.on('error', () => {})
    await client.connect()
    return client
  } catch (error) {
    // A name with several addresses fails with one error for each.
    throw connectionProblem(error instanceof AggregateError ? error.errors[0] : error, url)
  }
}

/**
 * Makes sure that `databaseUrl` leads to a database that can serve: reachable, PostgreSQL 14 or
 * later, UTF-8. Throws an `OperatorProblem` otherwise, which is a `DatabaseAway` where waiting may help.
 */
export async function checkDatabase(databaseUrl: string): Promise<void> {
  const client = await connect(parseAddress(databaseUrl))
  try {
    const { rows } = await client.query<{ version: string; number: number; encoding: string }>(
      `select current_setting('server_version') as version,
              current_setting('server_version_num')::int as number,
              current_setting('server_encoding') as encoding`,
    )
    const [server] = rows
    if (!server) throw new Error('PostgreSQL did not tell its version.')
    if (server.number < 140_000) {
      throw new OperatorProblem(
        `The server in DATABASE_URL is PostgreSQL ${server.version}: upgrade it to version 14 or later (18 is best).`,
      )
    }
    if (server.encoding !== 'UTF8') {
      throw new OperatorProblem(
        `The database in DATABASE_URL is encoded in ${server.encoding}: create one with ENCODING 'UTF8'.`,
      )
    }
  } finally {
    await client.end()
  }
}
