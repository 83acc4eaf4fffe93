import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PublicationInput } from '@/features/figures/schema'
import { publicationInput, type SourceInput } from '@/features/figures/schema'
import { warningsOf } from '@/features/proposals/rules'
import { type EnteredFigure, warningCodes } from '@/features/proposals/schema'
import type { Change, ChangeRow, PublicFigure, SetFinding, SetMember, Warned } from './schema'

/** One short text for anything that a page showed, to be told again with the answer. */
export function digestOf(shown: unknown): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 32)
}

const warned = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning']),
  code: z.enum(warningCodes),
  params: z.record(z.string(), z.string()),
})

export const encodeWarned = ({ rule, severity, code, params }: Warned): string =>
  JSON.stringify({ rule, severity, code, params })

/** Lines that are no findings are left out. */
export function decodeWarned(lines: readonly string[]): Warned[] {
  return lines.flatMap((line) => {
    try {
      const read = warned.safeParse(JSON.parse(line))
      return read.success ? [read.data] : []
    } catch {
      return []
    }
  })
}

/** The findings of each figure, in the order of the figures. */
export function byFigure(count: number, findings: readonly SetFinding[]): Warned[][] {
  const lists: Warned[][] = Array.from({ length: count }, () => [])
  for (const { index, ...one } of findings) lists[index]?.push(one)
  return lists
}

/** The rule under which the findings below go; their messages are those of single entries. */
export const recordRule = 'record'

const ofRecord = new Set<string>(['notOverYet', 'releasedEarlier', 'otherPublisher'])

/** What the record itself says about figures: later releases, other publishers, periods to come. */
export function recordFindings(
  figures: readonly PublicationInput[],
  known: readonly (PublicFigure | null)[],
  today: string,
): SetFinding[] {
  return figures.flatMap((figure, index) => {
    const { kind, unit } = figure
    const current = known[index]
    const history =
      current?.newest && current.source
        ? [
            {
              id: current.newest,
              kind: 'publication' as const,
              value: current.value,
              status: current.status,
              precision: current.precision,
              releasedOn: current.releasedOn,
              knownOn: current.releasedOn ?? today,
              commit: 0,
              source: current.source,
              note: '',
              reason: '',
              periodLabel: '',
            },
          ]
        : []
    const usual = { kind, unit, kinds: [kind], units: [unit] }
    const entered = { ...figure, releasedOn: figure.releasedOn ?? '' } as EnteredFigure
    return warningsOf(entered, { findings: [], history, usual, today })
      .filter(({ code }) => ofRecord.has(code))
      .map(({ code, params }) => ({
        index,
        rule: recordRule,
        severity: 'warning' as const,
        code,
        params,
      }))
  })
}

/** A change as the record takes it; null for a withdrawal. */
export function publicationOf(change: Change, reason: string): PublicationInput | null {
  if (change.purpose === 'withdrawal') return null
  const { base, observation: _, purpose: __, reason: ___, ...said } = change
  return publicationInput.parse({
    ...said,
    source: citationOf(said.source),
    reason,
    periodLabel: '',
    baseRevision: base,
  })
}

export function citationOf(source: Change['source']): SourceInput | null {
  if (!source) return null
  const { publisher, title, publishedLabel, url } = source
  return { publisher, title, publishedLabel, url }
}

/** Why a figure of a set was published: of one that was warned about, why it is right. */
export const reasonOf = (
  member: SetMember,
  { message, reason }: { message: string; reason: string },
) => (member.warnings.length > 0 ? member.reason || reason : message)

/** What a page that shows a set has shown of the record. */
export const seenOf = (known: readonly (PublicFigure | null)[]): string =>
  digestOf(known.map((figure) => figure?.newest ?? null))

export interface Grouped<Row> {
  /** What the rows of a group have in common: their place, or what is measured and when. */
  by: 'place' | 'measure'
  groups: { name: string; rows: Row[] }[]
  /** What all rows have in common. */
  shared: { programme: boolean; period: boolean; source: boolean }
}

/**
 * Changes in groups, in their order: by place where a place has several, as in a sheet of many
 * columns, else by what is measured.
 */
export function groupChanges<Row extends ChangeRow>(rows: readonly Row[]): Grouped<Row> {
  const isOne = (part: (row: Row) => unknown) => new Set(rows.map(part)).size <= 1
  const places = groupBy(rows, ({ key }) => [key.programme, key.area, key.academy].join(' '))
  const measures = groupBy(rows, ({ key }) =>
    [key.indicator, key.sex, key.role, key.period].join(' '),
  )
  const by = places.length <= measures.length ? 'place' : 'measure'
  return {
    by,
    groups: by === 'place' ? places : measures,
    shared: {
      programme: isOne(({ key }) => key.programme),
      period: isOne(({ key }) => key.period),
      source: isOne(({ source }) =>
        JSON.stringify(
          source && [source.publisher, source.title, source.publishedLabel, source.url],
        ),
      ),
    },
  }
}

function groupBy<Row>(rows: readonly Row[], nameOf: (row: Row) => string) {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const name = nameOf(row)
    const group = groups.get(name)
    if (group) group.push(row)
    else groups.set(name, [row])
  }
  return [...groups].map(([name, members]) => ({ name, rows: members }))
}
