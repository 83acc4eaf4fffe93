import { readLimits } from '@/features/accounts/data'
import { inLimits } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import type { Ground } from '@/features/catalogue/data'
import { keyPartsOf } from '@/features/figures/rules'
import type { FigureKey, PublicationInput } from '@/features/figures/schema'
import { codeListsAt } from '@/features/imports/data'
import { rowChecker } from '@/features/imports/rules'
import { readPublic } from '@/features/sets/data'
import { judgeChanges } from '@/features/sets/mutations'
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

/**
 * What a batch would do, row by row: read and checked as imported rows are, compared with the
 * record, and judged by the rules as sets are. Nothing is stored.
 */
export async function judgeBatch(
  tx: Transaction,
  actor: Actor,
  { rows, reason }: Pick<Batch, 'rows' | 'reason'>,
  ground: Ground,
): Promise<JudgedBatch> {
  const found = await readRows(tx, actor, rows, ground)
  const places = found.flatMap(({ figure }, place) => (figure ? [place] : []))
  const figures = places.flatMap((place) => found[place]?.figure ?? [])
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
  const judged = found.map((one): JudgedRow => toJudged(one, null))
  const changes: Change[] = []
  const changed: number[] = []
  const stale: { place: number; n: number }[] = []
  places.forEach((place, n) => {
    const one = found[place]
    const figure = figures[n]
    if (!one || !figure) return
    const now = known[n] ?? null
    const row = toJudged(one, now)
    row.outcome = outcomeOf(one, now, said.get(n))
    judged[place] = row
    if (row.outcome === 'conflict') stale.push({ place, n })
    if (row.outcome !== 'new' && row.outcome !== 'changed') return
    changed.push(n)
    changes.push(toChange(figure, now, one.reason || '', observations.get(n) ?? null))
  })
  const beside = changed.map((n) => known[n] ?? null)
  const findings = await judgeChanges(tx, changes, beside, ground)
  for (const { index, severity, code, params } of findings) {
    const row = judged[places[changed[index] ?? -1] ?? -1]
    const value = changes[index]?.value ?? null
    row?.remarks.push({ ...wrong('value', value, { code: `rules.${code}`, params }, severity) })
  }
  for (const place of places) finish(judged[place], found[place], reason)
  await explain(tx, stale, { found, figures, known, judged })
  return { rows: judged, changes, known: beside, findings }
}

/** Reads and checks rows each by itself, and finds those that name one figure twice. */
async function readRows(
  tx: Transaction,
  actor: Actor,
  rows: Batch['rows'],
  { stamp, today }: Ground,
): Promise<Found[]> {
  const codes = await codeListsAt(stamp, tx)
  const usual = await keptUsual(stamp, () => readUsual(tx))
  const limits = await readLimits(tx, actor)
  const check = rowChecker(codes, today)
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

const keyName = (figure: PublicationInput) =>
  JSON.stringify([
    Object.values(keyPartsOf(figure)),
    // Of undated figures each source has its own.
    figure.period === '_U' && Object.values(figure.source),
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

interface Sides {
  found: readonly Found[]
  figures: readonly PublicationInput[]
  known: readonly (PublicFigure | null)[]
  judged: readonly JudgedRow[]
}

/** Says of each row with another revision than its author knew what is mine, theirs and public. */
async function explain(
  tx: Transaction,
  stale: readonly { place: number; n: number }[],
  { found, figures, known, judged }: Sides,
): Promise<void> {
  if (stale.length === 0) return
  const newest = stale.flatMap(({ n }) => known[n]?.newest ?? [])
  const observations = stale.flatMap(({ n }) => known[n]?.observation ?? [])
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
  for (const { place, n } of stale) {
    const [row, now, expected] = [judged[place], known[n], found[place]?.expected]
    if (!row) continue
    row.conflict = {
      mine: {
        value: figures[n]?.value ?? '',
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
