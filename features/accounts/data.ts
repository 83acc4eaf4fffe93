import { createHash, createHmac, randomUUID } from 'node:crypto'
import { type BetterAuthPlugin, betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError, createAuthEndpoint, formCsrfMiddleware } from 'better-auth/api'
import { parseSetCookieHeader, setSessionCookie, toCookieOptions } from 'better-auth/cookies'
import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { z } from 'zod'
import { type Database, database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import { forwardedClient } from '@/lib/forwarded'
import { type Locale, localePath } from '@/lib/i18n'
import { keptCookie } from '@/lib/kept-cookie'
import { fail, ok, type Result } from '@/lib/result'
import { sealText, unsealText } from '@/lib/sealed-text'
import { isSecretToken } from '@/lib/secret-token'
import { Together } from '@/lib/together'
import {
  may,
  mayAsMuch,
  passwordMaximum,
  passwordMinimum,
  safeNext,
  secondStepAsked,
  tokenPrefix,
} from './rules'
import {
  type Actor,
  keptScopes,
  type OpenInvitation,
  type Permission,
  type Person,
  type Scope,
  type SignedInPlace,
  secondStepSetting,
  type UserRole,
  userRoles,
} from './schema'

// Settings

const sessionHours = 12
const basePath = '/api/auth'

function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: start the application with npm start.`)
  return value
}

/** The one address under which people use this site, e.g. `https://stats.example.org`. */
export function siteOrigin(): string {
  return new URL(setting('SHUMAR_URL')).origin
}

/** Whether the site is reached by HTTPS, so that its cookies go no other way. */
export const isSiteSecure = (): boolean => siteOrigin().startsWith('https:')

/** What sessions are signed with, and what the keys of other secrets are derived from. */
export function siteSecret(): string {
  const value = setting('SHUMAR_SECRET')
  if (value.length < 32) throw new Error('SHUMAR_SECRET must have at least 32 characters.')
  return value
}

/** The proxies that the operator names, whose word on the client's address counts. */
export const trustedProxies = () =>
  (process.env.SHUMAR_TRUSTED_PROXIES ?? '').split(/[\s,]+/).filter(Boolean)

/** The network address a request came from; null where no named proxy vouches for it. */
export async function clientAddress(): Promise<string | null> {
  return forwardedClient((await headers()).get('x-forwarded-for') ?? '', trustedProxies())
}

/** A text as a hash that is another one the next day, and that nobody without the secret can try. */
export function dailyHash(text: string, day: string): string {
  return createHmac('sha256', siteSecret()).update(`${day} ${text}`).digest('hex').slice(0, 32)
}

/**
 * A client can write any X-Forwarded-For, so it counts only where the operator names the proxies
 * that add to it. Without them everybody shares one limit, which is therefore wider.
 */
function clientLimits() {
  const proxies = trustedProxies()
  return proxies.length > 0
    ? {
        ipAddress: { ipAddressHeaders: ['x-forwarded-for'], trustedProxies: proxies },
        signInsPerMinute: 20,
      }
    : { ipAddress: { ipAddressHeaders: [] }, signInsPerMinute: 60 }
}

// Second lock on doors that `answerAuthRequest` does not open in the first place.
const closedPaths = [
  '/sign-up/email',
  '/sign-in/social',
  '/update-user',
  '/update-session',
  '/change-email',
  '/change-password',
  '/set-password',
  '/verify-password',
  '/delete-user',
  '/delete-user/callback',
  '/request-password-reset',
  '/reset-password',
  '/verify-email',
  '/send-verification-email',
  '/link-social',
  '/unlink-account',
  '/list-accounts',
  '/account-info',
  '/get-access-token',
  '/refresh-token',
]

const secondStepPath = '/second-step'

/** Checks of second steps that wait for better-auth to count the client that asks. */
const checks = new Map<string, { userId: string; isRight: () => Promise<boolean> }>()

/**
 * Begins a session after a second step. It is an endpoint of better-auth's so that its rate limit,
 * its origin check and its cookies apply; only `beginSession` knows the name of a check.
 */
const secondStep = {
  id: 'second-step',
  endpoints: {
    passSecondStep: createAuthEndpoint(
      secondStepPath,
      { method: 'POST', use: [formCsrfMiddleware], body: z.object({ check: z.string() }) },
      async (context) => {
        const check = checks.get(context.body.check)
        const { internalAdapter } = context.context
        const user = check ? await internalAdapter.findUserById(check.userId) : null
        if (!check || !user || !(await check.isRight())) throw new APIError('UNAUTHORIZED')
        const session = await internalAdapter.createSession(user.id)
        if (!session) throw new APIError('UNAUTHORIZED')
        await setSessionCookie(context, { session, user })
        return context.json({})
      },
    ),
  },
} satisfies BetterAuthPlugin

/** What better-auth calls errors though it is the client's doing, which the answer says. */
const refusals = /^(Invalid origin|Failed to create session)/

function configure(database: Database) {
  const { ipAddress, signInsPerMinute } = clientLimits()
  return betterAuth({
    appName: 'Shumar',
    baseURL: siteOrigin(),
    basePath,
    secret: siteSecret(),
    trustedOrigins: [siteOrigin()],
    database: prismaAdapter(database, { provider: 'postgresql' }),
    disabledPaths: closedPaths,
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      autoSignIn: false,
      minPasswordLength: passwordMinimum,
      maxPasswordLength: passwordMaximum,
    },
    user: {
      additionalFields: {
        role: { type: [...userRoles], input: false, required: true },
        active: { type: 'boolean', input: false, required: true },
      },
    },
    // Signed in once for a working day. A page cannot set cookies, so a session is not prolonged.
    session: {
      expiresIn: sessionHours * 60 * 60,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }, context) => {
            const user = await database.user.findUnique({
              where: { id: userId },
              select: { active: true, secondStep: { select: { userId: true } } },
            })
            if (!user?.active) return false
            return user.secondStep === null || context?.path === secondStepPath
          },
        },
      },
    },
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 100,
      customRules: {
        '/sign-in/email': { window: 60, max: signInsPerMinute },
        [secondStepPath]: { window: 60, max: signInsPerMinute },
      },
    },
    plugins: [secondStep],
    advanced: {
      cookiePrefix: 'shumar',
      useSecureCookies: isSiteSecure(),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress,
    },
    // A level of our own would make it log each refusal a second time, past this.
    logger: {
      log: (level, message, ...details) => {
        if (level === 'error' && !refusals.test(message)) console.error(message, ...details)
      },
    },
    telemetry: { enabled: false },
  })
}

type Authentication = ReturnType<typeof configure>
const configured = new WeakMap<Database, Authentication>()

function authentication(database: Database): Authentication {
  const known = configured.get(database)
  if (known) return known
  const made = configure(database)
  configured.set(database, made)
  return made
}

/**
 * Hands a request to better-auth's handler with the client's headers, so that its rate limit and
 * its origin check apply; `auth.api` would pass both by.
 */
export function askAuthentication(
  database: Database,
  path: '/sign-in/email' | '/sign-out' | typeof secondStepPath,
  client: Headers,
  body: Record<string, string> = {},
): Promise<Response> {
  const forwarded = new Headers()
  const kept = /^(cookie|origin|referer|user-agent|x-forwarded-for|sec-fetch-.*)$/
  client.forEach((value, name) => {
    if (kept.test(name)) forwarded.set(name, value)
  })
  forwarded.set('content-type', 'application/json')
  const request = new Request(`${siteOrigin()}${basePath}${path}`, {
    method: 'POST',
    headers: forwarded,
    body: JSON.stringify(body),
  })
  return authentication(database).handler(request)
}

/**
 * Begins a session of somebody whose password was right, if their second step is too; it is looked
 * at only once the client has been counted.
 */
export async function beginSession(
  database: Database,
  client: Headers,
  userId: string,
  isRight: () => Promise<boolean>,
): Promise<Response> {
  const check = randomUUID()
  checks.set(check, { userId, isRight })
  try {
    return await askAuthentication(database, secondStepPath, client, { check })
  } finally {
    checks.delete(check)
  }
}

// Half-way through signing in

const halfWayMinutes = 10
const halfWayPurpose = 'half-way sign-in'
const halfWayParts = z.strictObject({ userId: z.string(), until: z.number(), mark: z.string() })

interface HalfWayRow {
  userId: string
  email: string
  /** Another one once the password or the second step is. */
  mark: string
  now: Date
}

async function halfWayRow(
  database: Database,
  where: { email: string } | { userId: string },
): Promise<HalfWayRow | null> {
  const [email, userId] = 'email' in where ? [where.email, null] : [null, where.userId]
  const [row] = await database.$queryRaw<HalfWayRow[]>`
    SELECT u.id AS "userId", u.email, now() AS now,
      encode(sha256(convert_to(a.password || ' ' || s.secret, 'UTF8')), 'hex') AS mark
    FROM users u JOIN second_steps s ON s.user_id = u.id
      JOIN accounts a ON a.user_id = u.id AND a.provider_id = 'credential'
    WHERE (u.email = ${email}::text OR u.id = ${userId}::text) AND u.active`
  return row ?? null
}

/**
 * What a browser keeps of a right password until the second step, sealed; null for somebody who has
 * none. It is good for ten minutes, and only as long as password and second step stay as they are.
 */
export async function halfWayOf(database: Database, email: string): Promise<string | null> {
  const row = await halfWayRow(database, { email })
  if (!row) return null
  const { userId, mark, now } = row
  const until = now.getTime() + halfWayMinutes * 60_000
  return sealText(siteSecret(), halfWayPurpose, JSON.stringify({ userId, until, mark }))
}

/** Whose right password a browser keeps; null where it is not good (any more). */
export async function readHalfWay(
  database: Database,
  sealed: string,
): Promise<{ userId: string; email: string } | null> {
  const text = unsealText(siteSecret(), halfWayPurpose, sealed)
  if (text === null) return null
  const { userId, until, mark } = halfWayParts.parse(JSON.parse(text))
  const row = await halfWayRow(database, { userId })
  if (!row || row.mark !== mark || row.now.getTime() >= until) return null
  return { userId, email: row.email }
}

const halfWayCookie = keptCookie('shumar.half_way', {
  minutes: halfWayMinutes,
  sameSite: 'lax',
  isSecure: isSiteSecure,
})

/** Leaves a right password with the browser until the second step. */
export const keepHalfWay = halfWayCookie.keep
export const keptHalfWay = halfWayCookie.kept
export const forgetHalfWay = halfWayCookie.forget

/** Who has given a right password in this browser and comes for the second step. */
export async function personHalfWay(): Promise<{ userId: string } | null> {
  return readHalfWay(sharedDatabase(), await keptHalfWay())
}

export const isHalfWay = async (): Promise<boolean> => (await personHalfWay()) !== null

/** Sets cookies that better-auth made, given as Set-Cookie lines. */
export async function setCookies(lines: readonly string[]): Promise<void> {
  const store = await cookies()
  for (const line of lines) {
    for (const [name, attributes] of parseSetCookieHeader(line)) {
      store.set(name, attributes.value, toCookieOptions(attributes))
    }
  }
}

/**
 * Answers `/api/auth/...` from outside. Signing out is all it does: signing in goes through the
 * form's action, which alone keeps the lock-out, and accounts change only through `mutations.ts`.
 */
export function answerAuthRequest(
  request: Request,
  database: Database = sharedDatabase(),
): Promise<Response> {
  if (request.method === 'POST' && new URL(request.url).pathname === `${basePath}/sign-out`) {
    return askAuthentication(database, '/sign-out', request.headers)
  }
  return Promise.resolve(new Response(null, { status: 404 }))
}

// Actors

const systemUserId = 'system'

function makeActor(userId: string, name: string, role: Actor['role']): Actor {
  return { userId, name, role } as Actor
}

/**
 * The signed-in user, from the database at each request; a deactivated user is nobody. One who lacks
 * a second step that the settings ask for may keep their own account and do nothing else.
 */
export async function actorOfRequest(database: Database, client: Headers): Promise<Actor | null> {
  const { actor } = (await signedInOfRequest(database, client)) ?? {}
  if (!actor) return null
  const isWaiting = await lacksSecondStep(database, actor)
  return isWaiting ? makeActor(actor.userId, actor.name, 'waiting') : actor
}

async function lacksSecondStep(database: Database, { userId, role }: Actor): Promise<boolean> {
  const [row] = await database.$queryRaw<{ setting: unknown }[]>`
    SELECT value AS setting FROM settings WHERE key = 'secondStep'
      AND NOT EXISTS (SELECT FROM second_steps WHERE user_id = ${userId})`
  return row !== undefined && secondStepAsked(secondStepSetting.parse(row.setting), role)
}

/** Whether the settings ask for a second step of people of this role. */
export async function isSecondStepAsked(
  database: Database | Transaction,
  role: Actor['role'],
): Promise<boolean> {
  const row = await database.setting.findUnique({ where: { key: 'secondStep' } })
  return secondStepAsked(secondStepSetting.parse(row?.value), role)
}

/** The signed-in user with the session by which they are signed in, for what keeps their own account. */
export async function signedInOfRequest(
  database: Database,
  client: Headers,
): Promise<{ actor: Actor; sessionId: string } | null> {
  const found = await authentication(database).api.getSession({ headers: client })
  if (!found?.user.active) return null
  const { id, name, role } = found.user
  return { actor: makeActor(id, name, role), sessionId: found.session.id }
}

/** The signed-in user of this request with their session, or null. */
export async function currentSession(): Promise<{ actor: Actor; sessionId: string } | null> {
  return signedInOfRequest(sharedDatabase(), await headers())
}

/** The signed-in user of this request, or null. Asks the database, once for each rendering. */
export const currentActor = cache(async (): Promise<Actor | null> => {
  const client = await headers()
  return actorOfRequest(sharedDatabase(), client)
})

/**
 * The person for whom a program acts by the token in its `Authorization` header, or null, alike for
 * a token that is missing, mistyped, unknown, expired, revoked, or of somebody deactivated. Cookies
 * count for nothing here, and tokens for nothing anywhere else. A token that may not publish acts
 * as an editor's, whoever made it.
 */
export async function actorOfToken(database: Database, client: Headers): Promise<Actor | null> {
  const [, text = ''] = /^Bearer +([^\s]+)$/i.exec(client.get('authorization') ?? '') ?? []
  if (!isSecretToken(tokenPrefix, text)) return null
  const found = await tokensOf(database).ask(tokenHash(text))
  if (!found) return null
  const { id, mayPublish, userId, name, role, isFirstToday } = found
  if (isFirstToday) await noteUse(database, id)
  const actor = makeActor(userId, name, mayPublish ? role : 'editor')
  return { ...actor, token: { id, mayPublish } }
}

type TokenQuestions = Together<string, TokenRow | null>
const tokenQuestions = new WeakMap<Database, TokenQuestions>()

/** Looks up together the tokens of requests that come at once, each after its request has come. */
function tokensOf(database: Database): TokenQuestions {
  const known = tokenQuestions.get(database)
  if (known) return known
  const made: TokenQuestions = new Together(async (hashes) => {
    const rows = await database.$queryRaw<(TokenRow & { hash: string })[]>`
      SELECT t.token_hash AS hash, t.id, t.may_publish AS "mayPublish", u.id AS "userId", u.name,
        u.role::text,
        t.last_used_on IS DISTINCT FROM (now() AT TIME ZONE 'Asia/Karachi')::date AS "isFirstToday"
      FROM api_tokens t JOIN users u ON u.id = t.user_id
      WHERE t.token_hash = ANY(${[...new Set(hashes)]}::text[]) AND t.revoked_at IS NULL
        AND t.expires_at > now() AND u.active`
    const byHash = new Map<string, TokenRow>(rows.map((row) => [row.hash, row]))
    return hashes.map((hash) => byHash.get(hash) ?? null)
  })
  tokenQuestions.set(database, made)
  return made
}

interface TokenRow {
  id: string
  mayPublish: boolean
  userId: string
  name: string
  role: UserRole
  isFirstToday: boolean
}

/** Waits for nobody: where the token is at work, its day can be noted the next time. */
async function noteUse(database: Database, tokenId: string): Promise<void> {
  await database.$executeRaw`
    UPDATE api_tokens SET last_used_on = (now() AT TIME ZONE 'Asia/Karachi')::date
    WHERE id IN (SELECT id FROM api_tokens WHERE id = ${tokenId} FOR NO KEY UPDATE SKIP LOCKED)`
}

/** Whether a request called an action, or is the page that answers one. Only a posted form has a type. */
export async function answersForm(): Promise<boolean> {
  const client = await headers()
  return client.has('next-action') || client.has('content-type')
}

/**
 * Whether a request that changes something was sent by a page of this site. Browsers say where a
 * form was posted from; a request that does not say is refused.
 */
export async function fromOwnPage(): Promise<boolean> {
  return (await headers()).get('origin') === siteOrigin()
}

/**
 * The actor of a server action, or why there is none: `wrongAddress` (not sent by a page of this
 * site), `signedOut`, `forbidden`. For actions that give back what was typed; see `requireActor`.
 */
export async function actorFor(permission: Permission): Promise<Result<Actor>> {
  if (!(await fromOwnPage())) return fail('wrongAddress', { url: siteOrigin() })
  const actor = await currentActor()
  if (!actor) return fail('signedOut')
  return may(actor.role, permission) ? ok(actor) : fail('forbidden')
}

/**
 * The actor of a page or an action. Nobody is sent to sign in, and back to `path` afterwards;
 * somebody who may not is sent to where they read so, as is an action that a page of another site
 * sent. A page that answers a form of its own had better use `Gate`.
 */
export async function requireActor(
  permission: Permission,
  locale: Locale,
  path?: string,
): Promise<Actor> {
  const posted = await answersForm()
  const refusal = localePath(locale, '/sign-in?refused=1')
  if (posted && !(await fromOwnPage())) redirect(refusal)
  const actor = await currentActor()
  if (!actor) redirect(signInPath(locale, path ?? (posted ? await refererPath() : undefined)))
  if (may(actor.role, permission)) return actor
  redirect(actor.role === 'waiting' ? localePath(locale, '/account/second-step') : refusal)
}

async function refererPath(): Promise<string | undefined> {
  const referer = (await headers()).get('referer')
  const url = referer && URL.canParse(referer) ? new URL(referer) : null
  return url?.origin === siteOrigin() ? `${url.pathname}${url.search}` : undefined
}

export function signInPath(locale: Locale, next?: string): string {
  const path = localePath(locale, '/sign-in')
  const safe = safeNext(next, '')
  return safe ? `${path}?${new URLSearchParams({ next: safe })}` : path
}

/** The product itself, as author of the first content. It has no account and cannot sign in. */
export async function systemActor(database: Database): Promise<Actor> {
  const { id, name } = await database.user.upsert({
    where: { id: systemUserId },
    create: {
      id: systemUserId,
      name: 'Shumar',
      email: 'system@shumar.invalid',
      role: 'editor',
      active: false,
    },
    update: {},
  })
  return makeActor(id, name, 'system')
}

/** The actor of an active user, for work outside a request. Throws `ActorRefused` for others. */
export async function actorOf(database: Database, userId: string): Promise<Actor> {
  const user = await database.user.findUnique({ where: { id: userId } })
  if (!user?.active) throw new ActorRefused(userId)
  return makeActor(user.id, user.name, user.role)
}

/** Somebody who could act when the work began and cannot any more. */
export class ActorRefused extends Error {
  constructor(readonly userId: string) {
    super(`User ${userId} is not active or no longer has the role.`)
    this.name = 'ActorRefused'
  }
}

/** Who acts in a transaction, as far as it has been checked and stays so until its end. */
interface Held {
  actor: Actor
  role: Actor['role']
  limits: Promise<Scope[][]> | null
}

const heldActors = new WeakMap<Transaction, Held>()

/**
 * Inside a write transaction: throws `ActorRefused`, and so rolls back, when the actor was
 * deactivated or may do less than before. Until the transaction ends, neither can happen, so that
 * the same actor is asked for once.
 */
export async function recheck(transaction: Transaction, actor: Actor): Promise<void> {
  if (heldActors.get(transaction)?.actor === actor) return
  if (actor.role === 'system' && actor.userId === systemUserId) {
    await actFor(transaction, actor.userId)
    heldActors.set(transaction, { actor, role: actor.role, limits: null })
    return
  }
  heldActors.delete(transaction)
  // The person before the token, as whoever deactivates somebody locks them.
  const [found] = await transaction.$queryRaw<HeldRow[]>`
    WITH person AS MATERIALIZED (
      SELECT role::text, active FROM users WHERE id = ${actor.userId} FOR SHARE
    ), token AS MATERIALIZED (
      SELECT 1 FROM api_tokens WHERE id = ${actor.token?.id ?? ''} AND user_id = ${actor.userId}
        AND revoked_at IS NULL AND expires_at > now() FOR SHARE
    )
    SELECT role, active, EXISTS (SELECT FROM token) AS "hasToken",
      set_config('shumar.actor', ${actor.userId}, true) FROM person`
  if (!found?.active || !mayAsMuch(found.role, actor.role)) throw new ActorRefused(actor.userId)
  if (actor.token && !found.hasToken) throw new ActorRefused(actor.userId)
  heldActors.set(transaction, { actor, role: found.role, limits: null })
}

interface HeldRow {
  role: UserRole
  active: boolean
  hasToken: boolean
}

/** The role of somebody whom `recheck` holds as they are; null for everybody else. */
export function heldRole(transaction: Transaction, userId: string): Actor['role'] | null {
  const held = heldActors.get(transaction)
  return held?.actor.userId === userId ? held.role : null
}

/** Names the person who does what a transaction does, for the audit log that the database keeps. */
export async function actFor(transaction: Transaction, userId: string): Promise<void> {
  if (heldActors.get(transaction)?.actor.userId !== userId) heldActors.delete(transaction)
  await transaction.$executeRaw`SELECT set_config('shumar.actor', ${userId}, true)`
}

/**
 * What a user is limited to, the programmes under a programme spelled out; none is everything. An
 * admin is limited to nothing. After `recheck`, it stays so until the transaction ends.
 */
export async function readScopes(
  transaction: Transaction | Database,
  userId: string,
): Promise<Scope[]> {
  return transaction.$queryRaw<Scope[]>`
    WITH RECURSIVE reach AS (
      SELECT s.programme_code AS programme, s.academy_code AS academy
      FROM user_scopes s JOIN users u ON u.id = s.user_id
      WHERE s.user_id = ${userId} AND u.role <> 'admin'
      UNION
      SELECT p.code, reach.academy FROM reach JOIN programmes p ON p.parent_code = reach.programme
    )
    SELECT programme, academy FROM reach ORDER BY programme, academy`
}

/**
 * What an actor is limited to: the person, and the token by which a program acts for them. Asked for
 * once in a transaction that has rechecked them.
 */
export function readLimits(transaction: Transaction | Database, actor: Actor): Promise<Scope[][]> {
  const held = heldActors.get(transaction)
  if (held?.actor !== actor) return askLimits(transaction, actor)
  held.limits ??= askLimits(transaction, actor)
  return held.limits
}

async function askLimits(transaction: Transaction | Database, actor: Actor): Promise<Scope[][]> {
  const [row] = await transaction.$queryRaw<{ limits: LimitRow[] }[]>`
    SELECT ${limitsColumn(actor)} AS limits`
  return limitsOf(actor, row?.limits)
}

/** Keeps what a question after `recheck` has told in `limitsColumn`, as `readLimits` would ask it. */
export function noteLimits(transaction: Transaction, actor: Actor, limits: LimitRow[]): void {
  const held = heldActors.get(transaction)
  if (held?.actor === actor) held.limits = Promise.resolve(limitsOf(actor, limits))
}

export type LimitRow = Scope & { isOfToken: boolean }

/** The limits of an actor, for a question that asks for more. */
export const limitsColumn = (actor: Actor): Prisma.Sql => Prisma.sql`(
  WITH RECURSIVE reach AS (
    SELECT false AS "isOfToken", s.programme_code AS programme, s.academy_code AS academy
    FROM user_scopes s JOIN users u ON u.id = s.user_id
    WHERE s.user_id = ${actor.userId} AND u.role <> 'admin'
    UNION
    SELECT true, s.programme, s.academy
    FROM api_tokens t, jsonb_to_recordset(t.scopes) AS s(programme text, academy text)
    WHERE t.id = ${actor.token?.id ?? ''}
    UNION
    SELECT reach."isOfToken", p.code, reach.academy
    FROM reach JOIN programmes p ON p.parent_code = reach.programme
  )
  SELECT coalesce(jsonb_agg(to_jsonb(reach) ORDER BY programme, academy), '[]') FROM reach)`

function limitsOf(actor: Actor, rows: readonly LimitRow[] = []): Scope[][] {
  const of = (isWanted: boolean) =>
    rows
      .filter(({ isOfToken }) => isOfToken === isWanted)
      .map(({ programme, academy }) => ({ programme, academy }))
  return actor.token ? [of(false), of(true)] : [of(false)]
}

/** `readScopes` for pages, outside a transaction. */
export const scopesOf = (userId: string): Promise<Scope[]> => readScopes(sharedDatabase(), userId)

// People

/** Everybody with an account, active people first, then by name. */
export async function people(database: Database = sharedDatabase()): Promise<Person[]> {
  const users = await database.user.findMany({
    where: { id: { not: systemUserId } },
    orderBy: [{ active: 'desc' }, { name: 'asc' }, { id: 'asc' }],
    include: personParts,
  })
  return users.map(toPerson)
}

const personParts = {
  accounts: { where: { providerId: 'credential' } },
  scopes: { orderBy: { id: 'asc' } },
  secondStep: { select: { createdAt: true } },
} as const satisfies Prisma.UserInclude

function toPerson({
  id,
  name,
  email,
  role,
  active,
  accounts: [account],
  scopes,
  secondStep,
}: Prisma.UserGetPayload<{ include: typeof personParts }>): Person {
  return {
    id,
    name,
    email,
    role,
    active,
    // Signing in touches the account; one never touched was never used.
    lastSignInAt:
      account && account.updatedAt > account.createdAt ? account.updatedAt.toISOString() : null,
    secondStepSince: secondStep?.createdAt.toISOString() ?? null,
    scopes: scopes.map(({ programmeCode: programme, academyCode: academy }) => ({
      programme,
      academy,
    })),
  }
}

/** Somebody with an account; null for nobody, and for the product itself. */
export async function personOf(
  userId: string,
  database: Database | Transaction = sharedDatabase(),
): Promise<Person | null> {
  const user = await database.user.findUnique({ where: { id: userId }, include: personParts })
  return user && user.accounts.length > 0 ? toPerson(user) : null
}

/** Where somebody is signed in, the newest first. `current` is the session that asks. */
export async function signedInPlaces(
  userId: string,
  current: string,
  database: Database = sharedDatabase(),
): Promise<SignedInPlace[]> {
  const sessions = await database.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  })
  return sessions.map(({ id, createdAt, expiresAt, userAgent }) => ({
    id,
    since: createdAt.toISOString(),
    until: expiresAt.toISOString(),
    userAgent: (userAgent ?? '').slice(0, 300),
    isCurrent: id === current,
  }))
}

/** Whose password a one-time link sets anew; null if it does not work (any more). */
export async function resetOf(
  token: string,
  database: Database | Transaction = sharedDatabase(),
): Promise<{ userId: string; name: string; email: string } | null> {
  const [reset] = await database.$queryRaw<{ userId: string; name: string; email: string }[]>`
    SELECT u.id AS "userId", u.name, u.email
    FROM password_resets r JOIN users u ON u.id = r.user_id
    WHERE r.token_hash = ${tokenHash(token)} AND r.expires_at > now() AND u.active`
  return reset ?? null
}

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

type InvitationRow = Omit<OpenInvitation, 'kind' | 'expiresAt' | 'scopes'> & {
  invitedById: string | null
  expiresAt: Date
  scopes: unknown
}

/** Invitations that nobody has accepted, the newest first; expired by the database's clock. */
async function unacceptedInvitations(
  database: Database | Transaction,
  hash: string | null,
): Promise<OpenInvitation[]> {
  const rows = await database.$queryRaw<InvitationRow[]>`
    SELECT id, role::text, email, invited_by_id AS "invitedById", expires_at AS "expiresAt",
      scopes, expires_at <= now() AS "isExpired"
    FROM invitations
    WHERE accepted_at IS NULL
      AND (${hash}::text IS NULL OR token_hash = ${hash}::text)
    ORDER BY created_at DESC`
  return rows.map(({ invitedById, expiresAt, scopes, ...row }) => ({
    ...row,
    scopes: keptScopes.parse(scopes),
    kind: invitedById === null ? 'set-up' : 'join',
    expiresAt: expiresAt.toISOString(),
  }))
}

/** The invitation that a link stands for, or null if it cannot be accepted (any more). */
export async function invitationOf(
  token: string,
  database: Database | Transaction = sharedDatabase(),
): Promise<OpenInvitation | null> {
  const [invitation] = await unacceptedInvitations(database, tokenHash(token))
  return invitation && !invitation.isExpired ? invitation : null
}

/**
 * Invitations that nobody has accepted, the newest first, also expired ones, which can be given a new
 * link. Set-up links are not among them.
 */
export async function openInvitations(
  database: Database = sharedDatabase(),
): Promise<OpenInvitation[]> {
  const invitations = await unacceptedInvitations(database, null)
  return invitations.filter(({ kind }) => kind === 'join')
}
