import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  defaultStateFolder,
  type Embedded,
  prepareStateFolder,
  startEmbedded,
} from '../lib/db/embedded'
import { migrate } from '../lib/db/migrate'
import { runningPostmaster } from '../lib/db/postmaster'
import { OperatorProblem } from '../lib/operator-problem'
import { type ChangeWatch, watchChanges } from './changes'
import { checkout, inCheckout } from './checkout'
import { checkDatabase, DatabaseAway } from './database-address'
import { watchDrafts } from './drafts'
import { loadContent } from './first-content'
import { takeLock } from './lock'
import { watchForOrphaning } from './orphan'
import { buildIsFresh, buildPages, builtWithKey } from './page-build'
import { checkPort } from './port'
import { clientIsFresh, generateClient } from './prisma-client'
import { openReleases } from './releases'
import { running } from './run'
import { readSecrets, type Secrets } from './secrets'
import { readSettings } from './settings'
import { withThrowawayDatabase } from './throwaway-database'
import { startWebServer, type WebServer } from './web-server'

/** Ctrl-C reaches us from the terminal and again through npm: one press, not two. */
const onePress = 500
/** How often a database that is away is looked for, and how often that is told. */
const retryEvery = 1_000
const reminder = 60_000

/** What is to be undone when we stop, in the order in which it came up. */
let releaseLock = () => {}
let embedded: Promise<Embedded> | undefined
let server: WebServer | undefined
let releases: Awaited<ReturnType<typeof openReleases>> | undefined
let changes: ChangeWatch | undefined
let endDrafts = () => {}
let stoppingSince: number | undefined

const say = (line: string) => console.log(line)

async function stopAll(): Promise<void> {
  endDrafts()
  await releases?.close()
  // While the server answers, its pages follow what others change.
  if (server) await server.stop()
  await changes?.close()
  for (const child of running) child.kill('SIGTERM')
  const database = await embedded?.catch(() => undefined)
  await database?.stop()
  releaseLock()
}

async function stopAtOnce(): Promise<never> {
  for (const child of running) child.kill('SIGKILL')
  const database = await embedded?.catch(() => undefined)
  const postmaster = database && runningPostmaster(database.dataFolder)
  if (postmaster) process.kill(postmaster.pid, 'SIGQUIT')
  releaseLock()
  process.exit(130)
}

async function interrupted(): Promise<void> {
  if (stoppingSince !== undefined) {
    if (Date.now() - stoppingSince > onePress) await stopAtOnce()
    return
  }
  stoppingSince = Date.now()
  say('Stopping. Press Ctrl-C again to stop at once.')
  await stopAll()
  process.exit(0)
}

type Addresses = { url: string; direct: string }

/** The address of the database: the operator's, or that of the embedded one, which is started. */
async function openDatabase(stateFolder: string): Promise<Addresses> {
  const given = process.env.DATABASE_URL
  if (given) return { url: given, direct: process.env.DATABASE_DIRECT_URL || given }
  embedded = startEmbedded({ stateFolder, log: say, revive: true })
  const url = (await embedded).url()
  return { url, direct: url }
}

async function prepareDatabase(database: Addresses): Promise<void> {
  await checkDatabase(database.url)
  const { applied } = await migrate(database.direct)
  if (applied.length > 0) say(`Migrated the database (${applied.join(', ')}).`)
  const figures = await loadContent(database.url)
  if (figures !== null) say(`Loaded the first content: ${figures} figures.`)
}

/** Prepares the database; what keeps us from it where that may pass, which is tried again. */
async function tryToPrepare(database: Addresses): Promise<DatabaseAway | null> {
  try {
    await prepareDatabase(database)
    return null
  } catch (error) {
    if (error instanceof DatabaseAway) return error
    // What was cut off half-way fails in many ways; the address tells whether that was it.
    const reason = await checkDatabase(database.url).catch((problem: unknown) => problem)
    if (reason instanceof DatabaseAway) return reason
    throw error
  }
}

async function prepareWhenThere(database: Addresses): Promise<void> {
  let toldAt = Date.now()
  for (;;) {
    await sleep(retryEvery)
    const away = await tryToPrepare(database)
    if (!away) return
    if (Date.now() - toldAt < reminder) continue
    toldAt = Date.now()
    console.error(`Still without the database. ${away.message}`)
  }
}

async function preparePages(
  env: NodeJS.ProcessEnv,
  secrets: Secrets,
  isDatabaseAway: boolean,
): Promise<void> {
  const key = secrets.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY
  const keyDemanded = Boolean(process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY)
  if (buildIsFresh() && (builtWithKey(key) || !keyDemanded)) return
  say('Building the pages, which takes a minute or two.')
  // What the build takes from its database, the server takes from its own once it is there.
  const { code, output } = isDatabaseAway
    ? await withThrowawayDatabase(async (url) => {
        await migrate(url)
        await loadContent(url)
        return buildPages({ ...env, DATABASE_URL: url }, 'keep')
      })
    : await buildPages(env, 'keep')
  if (code !== 0) throw new Error(`The pages could not be built.\n${output}`)
}

/** A build made elsewhere carries its own key, which then must not be overruled. */
function serverEnvironment<E extends NodeJS.ProcessEnv>(env: E, secrets: Secrets): E {
  if (builtWithKey(secrets.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY)) return env
  return { ...env, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: undefined }
}

/** The database may go away in the very moment after we were ready; that is no reason to end. */
async function printSetUpLink(databaseUrl: string, publicUrl: string): Promise<void> {
  const { connect } = await import('../lib/db/client')
  const { issueSetUpToken } = await import('../features/accounts/mutations')
  const database = connect(databaseUrl)
  let token: string | null | undefined
  for (let told = false; token === undefined; ) {
    try {
      token = await issueSetUpToken(database)
    } catch (error) {
      if (!told) console.error('Whether there is an administrator cannot be asked yet:', error)
      told = true
      await sleep(retryEvery)
    }
  }
  await database.$disconnect()
  if (token) {
    say('There is no administrator yet. Whoever opens this link first becomes one:')
    say(`  ${publicUrl}/set-up?token=${token}`)
  }
}

async function start(dev: boolean): Promise<void> {
  const settings = readSettings(process.env)
  const stateFolder = defaultStateFolder()
  prepareStateFolder(stateFolder)
  releaseLock = takeLock(stateFolder, settings.publicUrl)
  await checkPort(settings)
  const secrets = readSecrets(stateFolder, process.env)
  if (!clientIsFresh()) {
    say('Generating the database client.')
    await generateClient()
  }
  const database = await openDatabase(stateFolder)
  const away = await tryToPrepare(database)
  if (away) console.error(`${away.message} Starting without it.`)

  const env = {
    ...process.env,
    ...secrets,
    DATABASE_URL: database.url,
    SHUMAR_URL: settings.publicUrl,
    SHUMAR_PAGES: join(stateFolder, 'pages'),
    SHUMAR_INTERNAL_SECRET: randomBytes(32).toString('base64url'),
    NEXT_TELEMETRY_DISABLED: '1',
  }
  if (!dev) await preparePages(env, secrets, away !== null)
  say('Starting the web server.')
  const web = startWebServer(settings, dev ? env : serverEnvironment(env, secrets), dev)
  server = web
  await web.answers('/healthz')
  if (away) {
    await web.refresh()
    web.show()
    say(`\nShumar answers at ${settings.publicUrl}, with copies of its pages until it is ready.`)
    await Promise.race([prepareWhenThere(database), web.exited.then(endedByItself)])
  }
  releases = await openReleases(database.url)
  // One that cannot be published now is no reason to show nothing: the watch tries again.
  await releases.publishDue().catch(() => {})
  const tell = (line: string) => console.error(line)
  changes = watchChanges({ url: database.direct, refresh: web.refresh, report: tell })
  // A server that has ended would be tried again for ever.
  await Promise.race([changes.caughtUp, web.exited.then(endedByItself)])
  web.onCatchUp(changes.catchUp)
  await web.answers('/readyz')
  web.show()
  releases.watch(tell)
  endDrafts = watchDrafts(database.url, tell)

  say(`\nShumar is ready at ${settings.publicUrl}`)
  await Promise.race([
    printSetUpLink(database.url, settings.publicUrl),
    web.exited.then(endedByItself),
  ])
  say('Press Ctrl-C to stop.')
  await web.exited.then(endedByItself)
}

function endedByItself(): never {
  throw new OperatorProblem('The web server has ended unexpectedly: start again with npm start.')
}

process.chdir(checkout)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupted)
watchForOrphaning(interrupted)
if (existsSync(inCheckout('.env'))) process.loadEnvFile(inCheckout('.env'))
try {
  const { values } = parseArgs({ options: { dev: { type: 'boolean', default: false } } })
  await start(values.dev)
} catch (error) {
  if (stoppingSince === undefined) {
    // What a stop interrupts fails too, and then says nothing.
    console.error(error instanceof OperatorProblem ? error.message : error)
    await stopAll()
    process.exit(1)
  }
}
