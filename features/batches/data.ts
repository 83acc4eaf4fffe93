import { readLimits } from '@/features/accounts/data'
import { inLimits } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import type { Ground } from '@/features/catalogue/data'
import { keyPartsOf } from '@/features/figures/rules'
import type { FigureKey, PublicationInput } from '@/features/figures/schema'
import { codeListsAt } from '@/features/imports/data'
import { rowChecker } from '@/features/imports/rules'
import { readPublic } from '@/features/sets/data'
import { judgeApart } from '@/features/sets/mutations'
import { citationOf } from '@/features/sets/rules'
import type { Change, PublicFigure, SetFinding } from '@/features/sets/schema'
import type { Transaction } from '@/lib/db/client'
import { keptBy } from '@/lib/db/remembered'
import {
  type Batch,
  type ReadRow,
  type Remark,
  readRow,
  remarkOf,
  type Usual,
  wrong,
} from './rules'
import type { RowOutcome, RowReport, Said } from './schema'

/** A row with all that is said of it, before it is put into words. */
export interface JudgedRow extends Pick<ReadRow, 'row' | 'line'> {
  outcome: RowOutcome
  remarks: Remark[]
  /** Number of the figure in the record, where it is there. */
  observation: number | null
  newest: number | null
  conflict: RowReport['conflict'] | null
  unit: string
}

export interface JudgedBatch {
  rows: JudgedRow[]
  /** What is to be stored, with what the record has under its keys and what rules say of it. */
  changes: Change[]
  known: (PublicFigure | null)[]
  findings: SetFinding[]
}

interface Found extends ReadRow {
  figure: PublicationInput | null
}

/** A figure of one of several batches: the place of its batch, and that of its row in it. */
interface Asked {
  batch: number
  place: number
  figure: PublicationInput
}

/**
 * What batches would do, row by row: read and checked as imported rows are, compared with the
 * record, and judged by the rules as sets are, each batch as if there were no other. Nothing is
 * stored. However many there are, the record is asked as often as for one.
 */
export async function judgeBatches(
  tx: Transaction,
  actor: Actor,
  batches: readonly Pick<Batch, 'rows' | 'reason'>[],
  ground: Ground,
): Promise<JudgedBatch[]> {
  const found = await readRows(tx, actor, batches, ground)
  const asked = found.flatMap((rows, batch) =>
    rows.flatMap(({ figure }, place): Asked[] => (figure ? [{ batch, place, figure }] : [])),
  )
  const figures = asked.map(({ figure }) => figure)
  const observations = await findUndated(tx, figures)
  const keys = figures.map((figure, n) => ({
    ...keyPartsOf(figure),
    observation: observations.get(n) ?? null,
  }))
  // An undated figure is found by its source or not at all.
  const known = (await readPublic(keys, tx)).map((one, n) =>
    figures[n]?.period === '_U' && !observations.has(n) ? null : one,
  )
  const said = await findSaid(tx, figures, known)
  const judged = found.map((rows) => rows.map((one): JudgedRow => toJudged(one, null)))
  const stale: Stale[] = []
  const changed: (Asked & { change: Change; beside: PublicFigure | null })[] = []
  asked.forEach(({ batch, place, figure }, n) => {
    const [one, rows] = [found[batch]?.[place], judged[batch]]
    if (!one || !rows) return
    const now = known[n] ?? null
    const row = toJudged(one, now)
    row.outcome = outcomeOf(one, now, said.get(n))
    rows[place] = row
    if (row.outcome === 'conflict') stale.push({ row, figure, now, expected: one.expected })
    if (row.outcome !== 'new' && row.outcome !== 'changed') return
    const change = toChange(figure, now, one.reason || '', observations.get(n) ?? null)
    changed.push({ batch, place, figure, change, beside: now })
  })
  const wanted = batches.map((_, n) => changed.filter(({ batch }) => batch === n))
  const sets = wanted.map((own) => ({
    changes: own.map(({ change }) => change),
    known: own.map(({ beside }) => beside),
  }))
  const findings = await judgeApart(tx, sets, ground)
  findings.forEach((list, n) => {
    for (const { index, severity, code, params } of list) {
      const { place = -1, change } = wanted[n]?.[index] ?? {}
      const remark = { code: `rules.${code}`, params }
      judged[n]?.[place]?.remarks.push(wrong('value', change?.value ?? null, remark, severity))
    }
  })
  for (const { batch, place } of asked) {
    finish(judged[batch]?.[place], found[batch]?.[place], batches[batch]?.reason ?? '')
  }
  await explain(tx, stale)
  return judged.map((rows, n) => ({
    rows,
    changes: sets[n]?.changes ?? [],
    known: sets[n]?.known ?? [],
    findings: findings[n] ?? [],
  }))
}

/** Reads and checks the rows of batches, each by itself. */
async function readRows(
  tx: Transaction,
  actor: Actor,
  batches: readonly Pick<Batch, 'rows'>[],
  { stamp, today }: Ground,
): Promise<Found[][]> {
  const codes = await codeListsAt(stamp, tx)
  const usual = await keptUsual(stamp, () => readUsual(tx))
  const limits = await readLimits(tx, actor)
  const check = rowChecker(codes, today)
  return batches.map(({ rows }) => checkRows(rows, { usual, today, limits, check }))
}

interface Checks {
  usual: Usual
  today: string
  limits: Awaited<ReturnType<typeof readLimits>>
  check: ReturnType<typeof rowChecker>
}

/** Checks the rows of one batch, and finds those that name one figure twice. */
function checkRows(rows: Batch['rows'], { usual, today, limits, check }: Checks): Found[] {
  const first = new Map<string, number>()
  return rows.map((sent, n) => {
    const read = readRow(sent, n + 1, { usual, today })
    if (!read.check) return { ...read, figure: null }
    const checked = check(read.check)
    if (!checked.ok) read.remarks.push(...checked.problems.map(remarkOf))
    if (!checked.ok || read.remarks.length > 0) return { ...read, figure: null }
    const figure = { ...checked.figure, period: checked.period.code }
    const refuse = (...remark: Parameters<typeof wrong>) => {
      read.remarks.push(wrong(...remark))
      return { ...read, figure: null }
    }
    if (!inLimits(limits, figure)) {
      const isAcademy = figure.academy !== '_T'
      const [field, value] = isAcademy
        ? (['academy', figure.academy] as const)
        : (['programme', figure.programme] as const)
      return refuse(field, value, { code: 'imports.outOfScope' })
    }
    const name = keyName(figure)
    const earlier = first.get(name)
    if (earlier !== undefined) {
      return refuse('', null, { code: 'batches.sameFigure', params: { row: earlier } })
    }
    first.set(name, read.row)
    return { ...read, figure }
  })
}

/** Tells figures apart. */
export const keyName = (figure: FigureKey & { source: object | null }) =>
  JSON.stringify([
    Object.values(keyPartsOf(figure)),
    // Of undated figures each source has its own.
    figure.period === '_U' && figure.source && Object.values(figure.source),
  ])

const keptUsual = keptBy<Usual>(4)

async function readUsual(tx: Transaction): Promise<Usual> {
  const rows = await tx.indicator.findMany({
    select: { code: true, defaultKind: true, defaultUnitCode: true },
  })
  return new Map(
    rows.map(({ code, defaultKind: kind, defaultUnitCode: unit }) => [code, { kind, unit }]),
  )
}

const toJudged = ({ row, line, remarks, figure }: Found, now: PublicFigure | null): JudgedRow => ({
  row,
  line,
  outcome: 'refused',
  remarks,
  observation: now?.observation ?? null,
  newest: now?.newest ?? null,
  conflict: null,
  unit: figure?.unit ?? '',
})

/**
 * What a row does to the record. What is public already is the same, whatever revision its author
 * knew. Without a revision to start from, so is what any revision has said: sent again, it must not
 * undo what was corrected since.
 */
function outcomeOf(
  { expected }: ReadRow,
  now: PublicFigure | null,
  said: 'now' | 'once' | undefined,
): RowOutcome {
  if (said === 'now' || (said === 'once' && expected === undefined)) return 'same'
  if (expected !== undefined && expected !== (now?.newest ?? null)) return 'conflict'
  return now === null ? 'new' : 'changed'
}

function toChange(
  figure: PublicationInput,
  now: PublicFigure | null,
  reason: string,
  observation: number | null,
): Change {
  return {
    ...keyPartsOf(figure),
    purpose: 'publication',
    observation,
    value: figure.value,
    status: figure.status,
    precision: figure.precision,
    source: figure.source,
    note: figure.note,
    releasedOn: figure.releasedOn,
    base: now?.newest ?? null,
    ...(reason && { reason }),
  }
}

/** What is forbidden is refused, as is what asks for a reason and has none. */
function finish(row: JudgedRow | undefined, read: Found | undefined, reason: string): void {
  if (!row || !read || (row.outcome !== 'new' && row.outcome !== 'changed')) return
  const isForbidden = row.remarks.some(({ severity }) => severity === 'error')
  const isUnexplained = row.remarks.length > 0 && !(read.reason || reason)
  if (!isForbidden && isUnexplained) {
    row.remarks.push(wrong('reason', null, { code: 'batches.reasonMissing' }))
  }
  if (isForbidden || isUnexplained) row.outcome = 'refused'
}

type Numbered = FigureKey & { index: number }

const listed = (figures: readonly Cited[]) =>
  JSON.stringify(
    figures.map((figure, index): Numbered & object => ({
      index,
      ...keyPartsOf(figure),
      ...citationOf(figure.source),
    })),
  )

type Cited = FigureKey & { source: Change['source'] }

/** Undated figures that are in the record, each by its source. */
export async function findUndated(
  tx: Transaction,
  figures: readonly Cited[],
): Promise<Map<number, number>> {
  const undated = figures
    .map((figure, index) => ({ figure, index }))
    .filter(({ figure }) => figure.period === '_U')
  if (undated.length === 0) return new Map()
  const rows = await tx.$queryRaw<{ index: number; id: number }[]>`
    SELECT k."index", o.id
    FROM jsonb_to_recordset(${listed(undated.map(({ figure }) => figure))}::jsonb) AS k("index" int,
      "role" "role", "indicator" text, "programme" text, "area" text, "academy" text, "sex" text,
      "kind" "kind", "unit" text, "publisher" text, "title" text, "publishedLabel" text, "url" text)
    JOIN sources s ON s.publisher = k."publisher" AND s.title = k."title"
      AND s.published_label = k."publishedLabel" AND s.url = k."url"
    JOIN observations o ON o.indicator_code = k."indicator" AND o.programme_code = k."programme"
      AND o.area_code = k."area" AND o.academy_code = k."academy" AND o.sex = k."sex"
      AND o.role = k."role" AND o.kind = k."kind" AND o.unit_code = k."unit"
      AND o.period = '_U' AND o.period_source = 'S' || s.id`
  return new Map(rows.map(({ index, id }) => [undated[index]?.index ?? -1, id]))
}

/** Whether the record says just this of a figure now, or has said it once. */
async function findSaid(
  tx: Transaction,
  figures: readonly PublicationInput[],
  known: readonly (PublicFigure | null)[],
): Promise<Map<number, 'now' | 'once'>> {
  const input = figures.flatMap(({ source, value, status, precision, note, releasedOn }, index) => {
    const observation = known[index]?.observation
    if (observation === undefined) return []
    return [{ index, observation, value, status, precision, note, releasedOn, ...source }]
  })
  if (input.length === 0) return new Map()
  const rows = await tx.$queryRaw<{ index: number; isNow: boolean }[]>`
    SELECT k."index", bool_or(r.id = o.current_revision_id) AS "isNow"
    FROM jsonb_to_recordset(${JSON.stringify(input)}::jsonb) AS k("index" int, "observation" int,
      "value" text, "status" text, "precision" text, "note" text, "releasedOn" date,
      "publisher" text, "title" text, "publishedLabel" text, "url" text)
    JOIN observations o ON o.id = k."observation"
    JOIN revisions r ON r.observation_id = o.id AND r.value_text = k."value"
      AND r.status = k."status" AND r."precision"::text = k."precision" AND r.note = k."note"
      AND r.released_on IS NOT DISTINCT FROM k."releasedOn"
    JOIN sources s ON s.id = r.source_id AND s.publisher = k."publisher" AND s.title = k."title"
      AND s.published_label = k."publishedLabel" AND s.url = k."url"
    GROUP BY k."index"`
  return new Map(rows.map(({ index, isNow }) => [index, isNow ? 'now' : 'once']))
}

/** A row with another revision than its author knew. */
interface Stale {
  row: JudgedRow
  figure: PublicationInput
  now: PublicFigure | null
  expected: ReadRow['expected']
}

/** Says of each row with another revision than its author knew what is mine, theirs and public. */
async function explain(tx: Transaction, stale: readonly Stale[]): Promise<void> {
  if (stale.length === 0) return
  const newest = stale.flatMap(({ now }) => now?.newest ?? [])
  const observations = stale.flatMap(({ now }) => now?.observation ?? [])
  const rows = await tx.$queryRaw<(Said & { observation: number; isCurrent: boolean })[]>`
    SELECT r.id::text AS revision, r.observation_id AS observation,
      r.id = o.current_revision_id AS "isCurrent", r.value_text AS value, r.status,
      r."precision"::text, to_char(r.released_on, 'YYYY-MM-DD') AS released_on, s.publisher,
      u.name AS by
    FROM observations o
    JOIN revisions r ON r.observation_id = o.id
      AND (r.id = o.current_revision_id OR r.id = ANY(${newest}::int[]))
    JOIN users u ON u.id = r.author_id LEFT JOIN sources s ON s.id = r.source_id
    WHERE o.id = ANY(${observations}::int[])`
  const [byRevision, current] = [new Map<string, Said>(), new Map<number, Said>()]
  for (const { observation, isCurrent, ...said } of rows) {
    byRevision.set(said.revision, said)
    if (isCurrent) current.set(observation, said)
  }
  for (const { row, figure, now, expected } of stale) {
    row.conflict = {
      mine: {
        value: figure.value,
        expected_revision: expected === null || expected === undefined ? null : String(expected),
      },
      theirs: byRevision.get(String(now?.newest)) ?? null,
      published: current.get(now?.observation ?? -1) ?? null,
    }
    row.remarks.push(
      wrong('expected_revision', row.conflict.mine.expected_revision, {
        code: now ? 'batches.revisedSince' : 'batches.noRevision',
      }),
    )
  }
}
