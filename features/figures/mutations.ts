import { heldRole, recheck } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { parsePeriod } from '@/features/periods/rules'
import { holdFourEyes } from '@/features/settings/data'
import { fourEyesHold } from '@/features/settings/rules'
import type { Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import type { PublicationInput, SourceInput } from './schema'

/** Somebody published a revision of the same key after the author last looked. */
export class RevisionConflict extends Error {
  constructor(
    readonly index: number,
    readonly newestRevision: number | null,
  ) {
    super(`Figure ${index} has been revised since (now revision ${newestRevision}).`)
  }
}

/** The last gate: four eyes hold for somebody who would approve what they entered themselves. */
export class OwnApproval extends Error {
  constructor(readonly userId: string) {
    super(`User ${userId} may not approve a figure of their own.`)
  }
}

export interface Publication {
  commit: number
  /** False when the same submission had been published before: nothing was written again. */
  isNew: boolean
  /** Revisions written; a figure that adds nothing to the record writes none, a withdrawal always. */
  revisions: { index: number; id: number; observationId: number }[]
  /** Numbers of the sources cited, one a figure, where anything was written. */
  sources: number[]
  /** The number that PostgreSQL gave the transaction, where anything was written. */
  transaction: string | null
}

/** Who answers for one figure. */
export interface Attribution {
  authorId: string
  approverId: string
  proposalId: string | null
}

interface PublishOptions {
  kind: 'publication' | 'import'
  message: string
  /** One submission has one effect, however often it is sent. */
  idempotencyKey: string
  /** One a figure, in their order; left out, the actor stands for all. */
  attributions?: readonly Attribution[]
  /** Figures taken back in the same commit. */
  withdrawals?: readonly (Withdrawal & Attribution)[]
  /** Nothing can have been published under this key: the caller made it, or holds what it names. */
  isFirst?: boolean
}

/** What becomes one commit. */
export interface Publishing {
  figures: readonly PublicationInput[]
  options: PublishOptions
}

/**
 * Publishes and withdraws figures in one commit: all or none. Runs in the caller's transaction.
 * Withdrawals count on from the figures: the first has the index after the last figure's.
 * A figure that repeats its key's current revision to the letter (value, status, precision, note,
 * source, release day) adds nothing. Without a `baseRevision` that holds for every revision of the
 * key: a file taken in again must not undo what was corrected since.
 * @throws RevisionConflict when `baseRevision` is given and is no longer the newest of its key.
 * @throws OwnApproval when an author is their own approver and four eyes hold for them now.
 */
export async function publishFigures(
  tx: Transaction,
  actor: Actor,
  figures: readonly PublicationInput[],
  options: PublishOptions,
): Promise<Publication> {
  const wanted = [{ figures, options }]
  await refuseUnanswered(tx, actor, wanted)
  const earlier = options.isFirst ? null : await findEarlier(tx, options.idempotencyKey)
  if (earlier) return repeated(tx, earlier.no)
  return required((await writeCommits(tx, actor, wanted))[0], 'commit')
}

/**
 * `publishFigures` for several commits, each `isFirst`, written by the same few statements: all or
 * none of them.
 * @throws RevisionConflict also when two of them are about one figure
 */
export async function publishTogether(
  tx: Transaction,
  actor: Actor,
  wanted: readonly Publishing[],
): Promise<Publication[]> {
  await refuseUnanswered(tx, actor, wanted)
  return writeCommits(tx, actor, wanted)
}

/** Refuses figures that nobody, or not this actor, can answer for. */
async function refuseUnanswered(
  tx: Transaction,
  actor: Actor,
  wanted: readonly Publishing[],
): Promise<void> {
  await recheck(tx, actor)
  const attributions = wanted.flatMap((one) => [
    ...attributionsOf(actor, one),
    ...(one.options.withdrawals ?? []),
  ])
  await refuseOwnApproval(tx, actor, attributions)
}

function attributionsOf(actor: Actor, { figures, options }: Publishing): readonly Attribution[] {
  const standFor = { authorId: actor.userId, approverId: actor.userId, proposalId: null }
  const attributions = options.attributions ?? figures.map(() => standFor)
  if (attributions.length !== figures.length) throw new Error('A figure has nobody to answer for.')
  return attributions
}

/** A figure or a withdrawal with the place of its commit, and its own place in that. */
interface Placed {
  commit: number
  index: number
}

async function writeCommits(
  tx: Transaction,
  actor: Actor,
  wanted: readonly Publishing[],
): Promise<Publication[]> {
  const figures = wanted.flatMap((one) => one.figures)
  const withdrawals = wanted.flatMap(({ options }) => options.withdrawals ?? [])
  const attributions = wanted.flatMap((one) => attributionsOf(actor, one))
  const places = wanted.flatMap((one, commit) =>
    one.figures.map((_, index): Placed => ({ commit, index })),
  )
  const placesTaken = wanted.flatMap((one, commit) =>
    (one.options.withdrawals ?? []).map(
      (_, n): Placed => ({ commit, index: one.figures.length + n }),
    ),
  )

  const sources = await storeSources(
    tx,
    figures.map((figure) => figure.source),
  )
  const withdrawn = withdrawals.map(({ observationId }) => observationId)
  const { observations, earlierOnes } = await lockObservations(tx, figures, sources, withdrawn)
  refuseShared([...places, ...placesTaken], [...observations, ...withdrawn])
  const known = await readKnown(tx, earlierOnes)
  refuseStaleBase([...figures, ...withdrawals], [...observations, ...withdrawn], known)

  const fresh = withoutRepeats(figures, sources, observations, known)
  const rows = fresh.map(({ index, figure, sourceId, observationId }) => ({
    said: required(places[index]).commit,
    observationId,
    sourceId,
    kind: 'publication' as const,
    value: figure.value,
    status: figure.status,
    precision: figure.precision,
    note: figure.note,
    reason: figure.reason,
    label: figure.periodLabel,
    releasedOn: figure.releasedOn,
    ...required(attributions[index], 'attribution'),
  }))
  const taken = (await withdrawalRows(tx, withdrawals)).map((row, n) => ({
    said: required(placesTaken[n]).commit,
    ...row,
  }))
  const written = await insertRevisions(
    tx,
    actor.userId,
    wanted.map(({ options }) => options),
    [...rows, ...taken],
  )
  const publications = publicationsOf(wanted, sources)
  const ofRows = [...fresh.map(({ index }) => required(places[index])), ...placesTaken]
  written.forEach(({ id, observationId, commit, transaction }, n) => {
    const place = required(ofRows[n])
    const publication = required(publications[place.commit])
    publication.isNew = true
    publication.commit = commit
    publication.transaction = transaction
    publication.revisions.push({ index: place.index, id, observationId })
  })
  if (publications.every(({ isNew }) => isNew)) return publications
  const commit = await newestCommit(tx)
  return publications.map((one) => (one.isNew ? one : { ...one, commit, sources: [] }))
}

/** What is said of each commit before its revisions are known. */
function publicationsOf(wanted: readonly Publishing[], sources: readonly number[]): Publication[] {
  let next = 0
  return wanted.map(({ figures }) => {
    const first = next
    next += figures.length
    const own = sources.slice(first, next)
    return { commit: 0, isNew: false, revisions: [], sources: own, transaction: null }
  })
}

/** Each of several commits knows what its own figures follow; of one figure only one can. */
function refuseShared(places: readonly Placed[], observations: readonly number[]): void {
  const commitOf = new Map<number, number>()
  places.forEach(({ commit, index }, n) => {
    const observation = required(observations[n])
    const other = commitOf.get(observation)
    if (other !== undefined && other !== commit) throw new RevisionConflict(index, null)
    commitOf.set(observation, commit)
  })
}

/** Sent twice at once, the second one waits here and then finds the commit of the first. */
async function findEarlier(tx: Transaction, idempotencyKey: string) {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${idempotencyKey}, 0))`
  return tx.commit.findUnique({ where: { idempotencyKey } })
}

export interface Withdrawal {
  observationId: number
  reason: string
  source: SourceInput | null
  /** The newest revision of the figure that was seen. */
  baseRevision: number | null
}

/**
 * Withdraws a figure as of today: a revision without a value, in a commit of its own. The figure
 * keeps its history, and a later publication brings it back.
 * @throws RevisionConflict, OwnApproval as `publishFigures` does
 */
export async function withdrawFigure(
  tx: Transaction,
  actor: Actor,
  withdrawal: Withdrawal,
  options: { idempotencyKey: string; attribution: Attribution },
): Promise<void> {
  await recheck(tx, actor)
  await refuseOwnApproval(tx, actor, [options.attribution])
  const { observationId, reason } = withdrawal
  await tx.$queryRaw`SELECT id FROM observations WHERE id = ${observationId} FOR UPDATE`
  refuseStaleBase([withdrawal], [observationId], await readKnown(tx, [observationId]))
  const rows = await withdrawalRows(tx, [{ ...withdrawal, ...options.attribution }])
  const { idempotencyKey } = options
  const said = { kind: 'withdrawal', message: reason, idempotencyKey } as const
  await insertRevisions(
    tx,
    actor.userId,
    [said],
    rows.map((row) => ({ ...row, said: 0 })),
  )
}

async function withdrawalRows(
  tx: Transaction,
  withdrawals: readonly (Withdrawal & Attribution)[],
): Promise<NewRevision[]> {
  if (withdrawals.length === 0) return []
  const cited = withdrawals.flatMap(({ source }) => source ?? [])
  const stored = cited.length > 0 ? await storeSources(tx, cited) : []
  const ids = new Map(cited.map((source, n) => [source, stored[n]]))
  const [day] = await tx.$queryRaw<{ today: string }[]>`
    SELECT to_char(now() AT TIME ZONE 'Asia/Karachi', 'YYYY-MM-DD') AS today`
  const { today } = required(day, 'day')
  return withdrawals.map(({ source, observationId, reason, authorId, approverId, proposalId }) => ({
    observationId,
    sourceId: (source && ids.get(source)) ?? null,
    kind: 'withdrawal',
    value: null,
    status: 'A',
    precision: 'exact',
    note: '',
    reason,
    label: '',
    releasedOn: today,
    authorId,
    approverId,
    proposalId,
  }))
}

export async function refuseOwnApproval(
  tx: Transaction,
  actor: Actor,
  attributions: readonly Attribution[],
): Promise<void> {
  // What the product itself publishes was approved before, under the setting of that moment.
  if (actor.role === 'system') return
  const own = attributions.filter(({ authorId, approverId }) => authorId === approverId)
  if (own.length === 0) return
  const setting = await holdFourEyes(tx)
  const approvers = await readRoles(tx, [...new Set(own.map(({ approverId }) => approverId))])
  const refused = approvers.find(({ role }) => fourEyesHold(setting, role))
  if (refused) throw new OwnApproval(refused.id)
}

async function readRoles(tx: Transaction, ids: readonly string[]) {
  const [only = ''] = ids
  const role = ids.length === 1 ? heldRole(tx, only) : null
  if (role) return [{ id: only, role }]
  return tx.user.findMany({ where: { id: { in: [...ids] } }, select: { id: true, role: true } })
}

async function repeated(tx: Transaction, commit: number): Promise<Publication> {
  const rows = await tx.revision.findMany({
    where: { commitNo: commit },
    select: { id: true, observationId: true },
    orderBy: { id: 'asc' },
  })
  const revisions = rows.map((row, index) => ({ index, ...row }))
  return { commit, isNew: false, revisions, sources: [], transaction: null }
}

async function newestCommit(tx: Transaction): Promise<number> {
  const { _max } = await tx.commit.aggregate({ _max: { no: true } })
  return _max.no ?? 0
}

const sourceKey = (source: SourceInput) =>
  JSON.stringify([source.publisher, source.title, source.publishedLabel, source.url])

/**
 * Stores citations not seen before; answers their ids, in the order given. They are inserted in one
 * order of their own, so that writers of the same citations never wait for each other in a ring.
 */
export async function storeSources(
  tx: Transaction,
  sources: readonly SourceInput[],
): Promise<number[]> {
  if (sources.length === 0) return []
  const cited = new Map(sources.map((source) => [sourceKey(source), source]))
  const input = (wanted: readonly SourceInput[]) => Prisma.sql`
    jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS s(
      "publisher" text, "title" text, "publishedLabel" text, "url" text)`
  const ids = new Map<string, number>()
  const find = async () => {
    const found = await tx.$queryRaw<({ id: number } & SourceInput)[]>`
      SELECT t.id, t.publisher, t.title, t.published_label AS "publishedLabel", t.url
      FROM sources t JOIN ${input([...cited.values()])}
        ON t.publisher = s."publisher" AND t.title = s."title"
        AND t.published_label = s."publishedLabel" AND t.url = s."url"`
    for (const row of found) ids.set(sourceKey(row), row.id)
  }
  // Most citations have been made before.
  await find()
  const missing = [...cited].flatMap(([key, source]) => (ids.has(key) ? [] : source))
  if (missing.length > 0) {
    await tx.$executeRaw`
      INSERT INTO sources (publisher, title, published_label, published_on, url)
      SELECT s."publisher", s."title", s."publishedLabel",
        CASE length(s."publishedLabel")
          WHEN 10 THEN s."publishedLabel"::date
          WHEN 7 THEN ((s."publishedLabel" || '-01')::date + INTERVAL '1 month - 1 day')::date
        END, s."url"
      FROM ${input(missing)}
      ORDER BY s."publisher", s."title", s."publishedLabel", s."url"
      ON CONFLICT DO NOTHING`
    await find()
  }
  return sources.map((source) => required(ids.get(sourceKey(source)), 'source'))
}

/**
 * Creates missing observations and locks all, and those to withdraw, in one order, so that writers
 * queue up. `earlierOnes` are those that were there before, which alone can have revisions.
 */
async function lockObservations(
  tx: Transaction,
  figures: readonly PublicationInput[],
  sources: readonly number[],
  withdrawn: readonly number[],
): Promise<{ observations: number[]; earlierOnes: number[] }> {
  const rows = figures.map((figure, index) => {
    const period = parsePeriod(figure.period)
    if (!period.ok) throw new Error(`Period ${figure.period} was not checked before publication.`)
    return {
      index,
      role: figure.role,
      indicator: figure.indicator,
      programme: figure.programme,
      area: figure.area,
      academy: figure.academy,
      sex: figure.sex,
      kind: figure.kind,
      unit: figure.unit,
      period: period.value.code,
      periodSource: period.value.code === '_U' ? `S${sources[index]}` : '_Z',
      start: period.value.start,
      end: period.value.end,
      frequency: period.value.frequency,
    }
  })
  const input = Prisma.sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS k(
    "index" int, "role" "role", "indicator" text, "programme" text, "area" text, "academy" text,
    "sex" text, "kind" "kind", "unit" text, "period" text, "periodSource" text, "start" date,
    "end" date, "frequency" text)`
  const match = Prisma.sql`o.indicator_code = k."indicator" AND o.programme_code = k."programme"
    AND o.area_code = k."area" AND o.academy_code = k."academy" AND o.sex = k."sex"
    AND o.role = k."role" AND o.kind = k."kind" AND o.unit_code = k."unit"
    AND o.period = k."period" AND o.period_source = k."periodSource"`
  const ids = new Map<number, number>()
  const earlierOnes = new Set(withdrawn)
  const note = (found: readonly FoundObservation[]) => {
    for (const { index, id, isNew } of found) {
      ids.set(index, id)
      if (!isNew) earlierOnes.add(id)
    }
  }
  note(
    await tx.$queryRaw<FoundObservation[]>`
      WITH added AS (
        INSERT INTO observations (role, indicator_code, programme_code, area_code, academy_code, sex,
          kind, unit_code, period, period_source, period_start, period_end, frequency)
        SELECT "role", "indicator", "programme", "area", "academy", "sex", "kind", "unit", "period",
          "periodSource", "start", "end", "frequency"
        FROM ${input}
        ORDER BY "indicator", "programme", "area", "academy", "sex", "role", "kind", "unit", "period",
          "periodSource"
        ON CONFLICT DO NOTHING
        RETURNING *
      )
      SELECT k."index", o.id, true AS "isNew" FROM added o JOIN ${input} ON ${match}
      UNION ALL
      SELECT k."index", o.id, false FROM observations o JOIN ${input} ON ${match}`,
  )
  // Others have created some of them since this statement began.
  if (figures.some((_, index) => !ids.has(index))) {
    note(
      await tx.$queryRaw<FoundObservation[]>`
        SELECT k."index", o.id, false AS "isNew" FROM observations o JOIN ${input} ON ${match}`,
    )
  }
  // Nobody else sees the new ones. On its own: joined with the rows above, PostgreSQL compares each
  // of them with each of these.
  if (earlierOnes.size > 0) {
    await tx.$queryRaw`
      SELECT id FROM observations WHERE id = ANY(${[...earlierOnes]}::int[]) ORDER BY id FOR UPDATE`
  }
  const observations = figures.map((_, index) => required(ids.get(index), 'observation'))
  return { observations, earlierOnes: [...earlierOnes] }
}

interface FoundObservation {
  index: number
  id: number
  isNew: boolean
}

/** All that has been said of observations, which the caller has locked. */
async function readKnown(
  tx: Transaction,
  observations: readonly number[],
): Promise<KnownRevision[]> {
  if (observations.length === 0) return []
  return tx.$queryRaw<KnownRevision[]>`
    SELECT r.id, r.observation_id AS "observationId", r.value_text AS value, r.status, r."precision",
      r.source_id AS "sourceId", to_char(r.released_on, 'YYYY-MM-DD') AS "releasedOn", r.note,
      r.id = o.current_revision_id AS "isCurrent"
    FROM revisions r JOIN observations o ON o.id = r.observation_id
    WHERE o.id = ANY(${[...observations]}::int[])`
}

function refuseStaleBase(
  figures: readonly Pick<PublicationInput, 'baseRevision'>[],
  observations: readonly number[],
  known: readonly KnownRevision[],
): void {
  const newestOf = new Map<number, number>()
  for (const { observationId, id } of known) {
    newestOf.set(observationId, Math.max(id, newestOf.get(observationId) ?? 0))
  }
  figures.forEach(({ baseRevision }, index) => {
    if (baseRevision === undefined) return
    const newest = newestOf.get(required(observations[index])) ?? null
    if (newest !== baseRevision) throw new RevisionConflict(index, newest)
  })
}

interface FreshFigure {
  index: number
  figure: PublicationInput
  sourceId: number
  observationId: number
}

function withoutRepeats(
  figures: readonly PublicationInput[],
  sources: readonly number[],
  observations: readonly number[],
  known: readonly KnownRevision[],
): FreshFigure[] {
  const past = new Set(known.map(identity))
  const current = new Set(known.filter(({ isCurrent }) => isCurrent).map(identity))
  const fresh: FreshFigure[] = []
  figures.forEach((figure, index) => {
    const sourceId = required(sources[index])
    const observationId = required(observations[index])
    const key = identity({ ...figure, sourceId, observationId })
    const seen = figure.baseRevision === undefined ? past : current
    if (seen.has(key)) return
    past.add(key)
    current.add(key)
    fresh.push({ index, figure, sourceId, observationId })
  })
  return fresh
}

type Said = Pick<PublicationInput, 'status' | 'precision' | 'note' | 'releasedOn'> & {
  observationId: number
  sourceId: number | null
  value: string | null
}
type KnownRevision = Said & { id: number; isCurrent: boolean }

/** All that a revision says; two that say the same are one. */
const identity = ({ observationId, sourceId, value, status, precision, note, releasedOn }: Said) =>
  JSON.stringify([observationId, sourceId, value, status, precision, note, releasedOn])

interface NewRevision extends Attribution {
  observationId: number
  sourceId: number | null
  kind: 'publication' | 'withdrawal'
  value: string | null
  status: PublicationInput['status']
  precision: PublicationInput['precision']
  note: string
  reason: string
  label: string
  releasedOn: string | null
}

interface SaidOfCommit {
  kind: 'publication' | 'import' | 'withdrawal'
  message: string
  idempotencyKey: string
}

interface WrittenRevision {
  id: number
  observationId: number
  commit: number
  transaction: string
}

/**
 * Writes commits with their revisions, in the order given, and sets what is current of each figure. A
 * row names its commit by its place in `said`; one that no row names is not written.
 */
async function insertRevisions(
  tx: Transaction,
  actorId: string,
  said: readonly SaidOfCommit[],
  rows: readonly (NewRevision & { said: number })[],
): Promise<WrittenRevision[]> {
  if (rows.length === 0) return []
  const named = new Set(rows.map((row) => row.said))
  const commits = said.flatMap(({ kind, message, idempotencyKey }, place) =>
    named.has(place) ? { place, kind, message, idempotencyKey } : [],
  )
  const observations = [...new Set(rows.map(({ observationId }) => observationId))]
  // A statement does not see its own rows but by what it returns of them.
  const history = Prisma.sql`SELECT ${saidColumns} FROM revisions
    WHERE observation_id = ANY(${observations}::int[])
    UNION ALL SELECT ${saidColumns} FROM inserted`
  const written = await tx.$queryRaw<WrittenRevision[]>`
    WITH today AS (SELECT (now() AT TIME ZONE 'Asia/Karachi')::date AS day), said AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(commits)}::jsonb) AS c("place" int,
        "kind" commit_kind, "message" text, "idempotencyKey" text)
    ), made AS (
      INSERT INTO commits (kind, message, actor_id, idempotency_key, committed_at)
      SELECT "kind", "message", ${actorId}, "idempotencyKey",
        date_trunc('milliseconds', clock_timestamp())
      FROM said ORDER BY "place"
      RETURNING no, idempotency_key
    ), inserted AS (
      INSERT INTO revisions (observation_id, commit_no, kind, value, value_text, status,
        "precision", source_id, note, reason, period_label, author_id, approver_id, proposal_id,
        released_on, recorded_on, known_on)
      SELECT r."observationId", made.no, r."kind", r."value"::numeric, r."value", r."status",
        r."precision", r."sourceId", r."note", r."reason", r."label", r."authorId", r."approverId",
        r."proposalId", r."releasedOn", today.day, coalesce(r."releasedOn", today.day)
      FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS ("said" int,
        "observationId" int, "sourceId" int, "kind" "revision_kind", "value" text, "status" text,
        "precision" "precision", "note" text, "reason" text, "label" text, "releasedOn" date,
        "authorId" text, "approverId" text, "proposalId" text)) WITH ORDINALITY AS r("said",
        "observationId", "sourceId", "kind", "value", "status", "precision", "note", "reason",
        "label", "releasedOn", "authorId", "approverId", "proposalId", "n")
        JOIN said ON said."place" = r."said"
        JOIN made ON made.idempotency_key = said."idempotencyKey", today
      ORDER BY r."n"
      RETURNING *
    ), ${currentOf(history)}, refreshed AS (${setCurrent})
    SELECT id, observation_id AS "observationId", commit_no AS commit,
      pg_current_xact_id()::xid::text AS transaction
    FROM inserted`
  if (written.length !== rows.length) throw new Error('Not all revisions were written.')
  return written.sort((a, b) => a.id - b.id)
}

/** Sets each observation to its current revision. */
export async function refreshCurrent(
  tx: Transaction,
  observations: readonly number[],
): Promise<void> {
  if (observations.length === 0) return
  const history = Prisma.sql`
    SELECT ${saidColumns} FROM revisions WHERE observation_id = ANY(${observations}::int[])`
  await tx.$executeRaw`WITH ${currentOf(history)} ${setCurrent}`
}

/** What decides which revision is current. */
const saidColumns = Prisma.sql`
  id, observation_id, value, status, "precision", source_id, released_on`

/** The current revision of each observation: `compareRevisions` and `publisherName`, said in SQL. */
const currentOf = (history: Prisma.Sql) => Prisma.sql`
  history AS (
    SELECT r.*, coalesce(nullif(btrim(regexp_replace(s.publisher, '\\s*\\([^()]*\\)\\s*$', '')), ''),
      s.publisher) AS publisher
    FROM (${history}) r LEFT JOIN sources s ON s.id = r.source_id
  ), current AS (
    SELECT DISTINCT ON (observation_id) * FROM history
    ORDER BY observation_id, (released_on IS NOT NULL) DESC, released_on DESC, id DESC
  ), latest_by_publisher AS (
    SELECT DISTINCT ON (observation_id, publisher) observation_id, value FROM history
    WHERE publisher IS NOT NULL
    ORDER BY observation_id, publisher, (released_on IS NOT NULL) DESC, released_on DESC, id DESC
  ), disagreement AS (
    SELECT observation_id, count(DISTINCT value) > 1 AS differ
    FROM latest_by_publisher GROUP BY observation_id
  )`

const setCurrent = Prisma.sql`
  UPDATE observations o
  SET current_revision_id = c.id, value = c.value, status = c.status, "precision" = c."precision",
    publishers_differ = coalesce(d.differ, false)
  FROM current c LEFT JOIN disagreement d USING (observation_id)
  WHERE o.id = c.observation_id`

function required<T>(value: T | undefined, what = 'row'): T {
  if (value === undefined) throw new Error(`A ${what} that was just written is not there.`)
  return value
}
