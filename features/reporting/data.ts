import { isAcademy, openIn } from '@/features/academies/rules'
import { readScopes } from '@/features/accounts/data'
import { inScope } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import { findIndicator } from '@/features/catalogue/rules'
import type { Academy, Catalogue } from '@/features/catalogue/schema'
import type { FigureKey } from '@/features/figures/schema'
import { readPublic } from '@/features/sets/data'
import type { Vintage } from '@/features/vintages/schema'
import { database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import {
  academiesOf,
  dutiesOf,
  isOfLine,
  keyFor,
  lineName,
  lineOf,
  noTotalOf,
  periodNamed,
  rollUp,
} from './rules'
import {
  type AcademySheet,
  type Asked,
  type CoverageLine,
  type Custom,
  type Duty,
  type Line,
  mostLines,
  type Question,
  type QuestionProblem,
  type RollUp,
  type Said,
  type TypedQuestion,
} from './schema'
import { programmesWithAcademies, readQuestion, typedQuestion, usualQuestion } from './series'

type Snapshot = Pick<Vintage, 'asOf' | 'commit'>

interface Wanted {
  programmes?: readonly string[]
  indicators?: readonly string[]
  periods?: readonly string[]
  academies?: readonly string[]
}

const among = (column: Prisma.Sql, list: readonly string[] | undefined) =>
  list ? [Prisma.sql`${column} = ANY(${[...list]}::text[])`] : []

/** The revision of an observation `o` that counts: today's, or that of a past state. */
const counting = (vintage: Snapshot | null) =>
  vintage
    ? Prisma.sql`JOIN LATERAL (
        SELECT * FROM revisions
        WHERE observation_id = o.id AND known_on <= ${vintage.asOf}::date
          AND commit_no <= ${vintage.commit}
        ORDER BY (released_on IS NOT NULL) DESC, released_on DESC, id DESC LIMIT 1
      ) r ON r.value IS NOT NULL`
    : Prisma.sql`JOIN revisions r ON r.id = o.current_revision_id AND r.value IS NOT NULL`

/** Public figures of academies and of areas without regard to them; a part left out is all. */
export async function readSaid(
  { programmes, indicators, periods, academies }: Wanted,
  vintage: Snapshot | null = null,
  database: Transaction = sharedDatabase(),
): Promise<Said[]> {
  const conditions = [
    Prisma.sql`o.role = 'actual' AND o.period <> '_U'`,
    ...among(Prisma.sql`o.programme_code`, programmes),
    ...among(Prisma.sql`o.indicator_code`, indicators),
    ...among(Prisma.sql`o.period`, periods),
    ...among(Prisma.sql`o.academy_code`, academies),
  ]
  return database.$queryRaw<Said[]>`
    SELECT o.id, o.role::text, o.indicator_code AS indicator, o.programme_code AS programme,
      o.area_code AS area, o.academy_code AS academy, o.sex, o.kind::text, o.unit_code AS unit,
      o.period, to_char(o.period_end, 'YYYY-MM-DD') AS "periodEnd", r.value_text AS value,
      r.status, r."precision"::text
    FROM observations o ${counting(vintage)}
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY o.id`
}

interface CustomRow {
  programme: string
  indicator: string
  sex: string
  kind: string
  unit: string
  period: string
  end: string | null
}

const ofAcademies = Prisma.sql`o.academy_code <> '_T'`
const together = Prisma.sql`o.academy_code = '_T' AND o.sex = '_T'`

/** Which indicators academies have reported in which periods. */
async function readCustomRows(
  programme: string | null,
  vintage: Snapshot | null,
  database: Transaction,
  whose: Prisma.Sql = ofAcademies,
): Promise<CustomRow[]> {
  return database.$queryRaw<CustomRow[]>`
    SELECT DISTINCT o.programme_code AS programme, o.indicator_code AS indicator, o.sex,
      o.kind::text, o.unit_code AS unit, o.period, to_char(o.period_end, 'YYYY-MM-DD') AS end
    FROM observations o ${counting(vintage)}
    WHERE o.role = 'actual' AND ${whose} AND o.period <> '_U'
      ${programme === null ? Prisma.empty : Prisma.sql`AND o.programme_code = ${programme}`}`
}

/** What academies of a programme have reported so far: the lines, and the periods, latest first. */
export async function readCustom(
  programme: string,
  catalogue: Catalogue,
  vintage: Snapshot | null = null,
  database: Transaction = sharedDatabase(),
): Promise<Custom> {
  return customOf(await readCustomRows(programme, vintage, database), catalogue)
}

function customOf(rows: readonly CustomRow[], catalogue: Catalogue): Custom {
  const order = new Map(catalogue.indicators.map(({ code }, n) => [code, n]))
  const lines = new Map<string, Line>()
  const periods = new Map<string, string>()
  for (const { indicator, sex, kind, unit, period, end } of rows) {
    const found = findIndicator(catalogue, indicator)
    if (!found || found.defaultKind !== kind || found.defaultUnit !== unit) continue
    const line = lineOf(found, sex)
    lines.set(lineName(line), line)
    periods.set(period, end ?? '')
  }
  const place = ({ indicator }: Line) => order.get(indicator) ?? 0
  return {
    lines: [...lines.values()].sort(
      (a, b) => place(a) - place(b) || sexOrder.indexOf(a.sex) - sexOrder.indexOf(b.sex),
    ),
    periods: [...periods]
      .map(([code, end]) => ({ code, end }))
      .sort((a, b) => (a.end === b.end ? (a.code < b.code ? 1 : -1) : a.end < b.end ? 1 : -1)),
  }
}

const sexOrder = ['_T', 'F', 'M']

/** One question answered from the figures that count, today or in a past state. */
export async function readRollUp(
  question: Question,
  catalogue: Catalogue,
  vintage: Snapshot | null = null,
  database: Transaction = sharedDatabase(),
): Promise<RollUp> {
  const { line, programme, period } = question
  const wanted = { programmes: [programme], indicators: [line.indicator], periods: [period] }
  const said = await readSaid(wanted, vintage, database)
  return rollUp(question, catalogue, catalogue.academies, said)
}

/**
 * Of each programme and indicator that adds up, the latest period of which academies have reported,
 * for every area with some. Empty, without a question, while there is no academy.
 */
export async function readCoverage(
  catalogue: Catalogue,
  vintage: Snapshot | null = null,
  database: Transaction = sharedDatabase(),
): Promise<CoverageLine[]> {
  const codes = catalogue.academies.filter(isAcademy).map(({ code }) => code)
  if (codes.length === 0) return []
  const whose = Prisma.sql`o.academy_code = ANY(${codes}::text[]) AND o.sex = '_T'`
  const rows = await readCustomRows(null, vintage, database, whose)
  const latest = new Map<string, { question: Question; end: string }>()
  for (const row of rows) {
    const indicator = findIndicator(catalogue, row.indicator)
    if (!indicator || noTotalOf(indicator) !== null) continue
    if (indicator.defaultKind !== row.kind || indicator.defaultUnit !== row.unit) continue
    const name = `${row.programme} ${row.indicator}`
    const end = row.end ?? ''
    if ((latest.get(name)?.end ?? '') > end) continue
    const { programme, period } = row
    latest.set(name, { question: { line: lineOf(indicator, '_T'), programme, period }, end })
  }
  const questions = [...latest.values()].map(({ question }) => question)
  if (questions.length === 0) return []
  const said = await readSaid(
    {
      programmes: questions.map(({ programme }) => programme),
      indicators: questions.map(({ line }) => line.indicator),
      periods: questions.map(({ period }) => period),
    },
    vintage,
    database,
  )
  return questions.flatMap((question) => {
    const own = said.filter(({ programme }) => programme === question.programme)
    const { country, areas } = rollUp(question, catalogue, catalogue.academies, own)
    return [country, ...areas]
      .filter(({ sum }) => sum !== null)
      .map((row) => ({ ...question, row }))
  })
}

export interface Reminders {
  duties: Duty[]
  /** Academies in the reader's scope that were expected to report. */
  expected: number
  /** Whom to ask, by academy; never for somebody else's academies. */
  contacts: Map<string, string>
}

/** Who has not reported, with whom to ask: only academies that somebody may enter figures for. */
export async function readReminders(
  actor: Actor,
  { programme, period, lines }: { programme: string; period: string; lines: readonly Line[] },
  catalogue: Catalogue,
  database: Transaction = sharedDatabase(),
): Promise<Reminders> {
  const scopes = await readScopes(database, actor.userId)
  const academies = academiesOf(catalogue, programme).filter(({ code }) =>
    inScope(scopes, { programme, academy: code }),
  )
  const codes = academies.map(({ code }) => code)
  const said = await readSaid(
    {
      programmes: [programme],
      academies: codes,
      indicators: lines.map(({ indicator }) => indicator),
    },
    null,
    database,
  )
  const duties = dutiesOf(academies, lines, period, said)
  const rows = await database.academyContact.findMany({
    where: { academyCode: { in: duties.map(({ academy }) => academy.code) } },
  })
  return {
    duties,
    expected: academies.filter((academy) => openIn(academy, periodNamed(period))).length,
    contacts: new Map(rows.map(({ academyCode, contact }) => [academyCode, contact])),
  }
}

/** The academies that somebody is limited to by name, in the order of the catalogue. */
export async function readOwnAcademies(
  actor: Actor,
  catalogue: Catalogue,
  database: Transaction = sharedDatabase(),
): Promise<Academy[]> {
  const scopes = await readScopes(database, actor.userId)
  if (!scopes.some(({ academy }) => academy !== null)) return []
  return catalogue.academies.filter(
    (one) => isAcademy(one) && inScope(scopes, { programme: one.programme, academy: one.code }),
  )
}

export interface AskedPage {
  typed: TypedQuestion
  custom: Custom
  /** Null where something of the address is wrong, or nothing can be asked yet. */
  asked: Asked | null
  problems: QuestionProblem[]
}

/**
 * What an address asks for. Somebody who has not said is shown what the first programme with
 * academies reported last; `one` asks for an indicator where the address names none.
 */
export async function readAsked(
  query: Record<string, string | string[] | undefined>,
  catalogue: Catalogue,
  { vintage = null, one }: { vintage?: Snapshot | null; one: boolean },
  database: Transaction = sharedDatabase(),
): Promise<AskedPage> {
  const named = typedQuestion(query)
  const [first] = programmesWithAcademies(catalogue)
  const programme = named.programme || (first?.code ?? '')
  const custom = await readCustom(programme, catalogue, vintage, database)
  const usual = usualQuestion(named, programme, custom)
  const typed = one ? usual : { ...usual, indicators: named.indicators, sexes: named.sexes }
  const isNothingYet = typed.period === '' && named.period === '' && named.programme === ''
  const read = isNothingYet ? null : readQuestion(typed, catalogue)
  if (!read) return { typed, custom, asked: null, problems: [] }
  if (!read.ok) return { typed, custom, asked: null, problems: read.problems }
  if (one && read.asked.lines.length === 0) {
    const problem = { field: 'indicator', from: 'reporting', code: 'indicatorMissing' } as const
    return { typed, custom, asked: null, problems: [problem] }
  }
  const lines = read.asked.lines.length > 0 ? read.asked.lines : custom.lines
  return { typed, custom, asked: { ...read.asked, lines }, problems: [] }
}

/** The lines that an academy is asked for where nobody has chosen any. */
async function usualLines(
  programme: string,
  custom: Custom,
  catalogue: Catalogue,
  database: Transaction,
): Promise<Line[]> {
  if (custom.lines.length > 0) return custom.lines
  // No academy has reported yet: what is known of the programme as a whole, but for shares.
  const rows = await readCustomRows(programme, null, database, together)
  return customOf(rows, catalogue).lines.filter(
    ({ indicator, kind }) =>
      kind !== 'ratio' && findIndicator(catalogue, indicator)?.method === 'published',
  )
}

interface WaitingRow extends FigureKey {
  value: string | null
  by: string
}

/** What waits for review of some academies in a period, by academy and line. */
async function readWaiting(
  academies: readonly string[],
  period: string | null,
  database: Transaction,
): Promise<Map<string, { value: string | null; by: string }>> {
  const rows = await database.$queryRaw<WaitingRow[]>`
    SELECT m.indicator_code AS indicator, m.sex, m.academy_code AS academy, m.period,
      m.value_text AS value, u.name AS by
    FROM figure_sets t JOIN figure_set_members m ON m.set_id = t.id JOIN users u ON u.id = t.author_id
    WHERE t.state = 'in_review' AND m.role = 'actual' AND m.academy_code = ANY(${[...academies]}::text[])
      ${period === null ? Prisma.empty : Prisma.sql`AND m.period = ${period}`}`
  return new Map(
    rows.map(({ value, by, ...row }) => [
      `${row.academy} ${lineName(row)} ${row.period}`,
      { value, by },
    ]),
  )
}

export interface AcademyPage {
  academy: Academy
  typed: TypedQuestion
  custom: Custom
  problems: QuestionProblem[]
  sheet: AcademySheet | null
}

/** The page for one academy; null where there is none of that code. */
export async function readAcademyPage(
  actor: Actor,
  code: string,
  query: Record<string, string | string[] | undefined>,
  catalogue: Catalogue,
  database: Transaction = sharedDatabase(),
): Promise<AcademyPage | null> {
  const academy = catalogue.academies.find((one) => one.code === code)
  if (!academy || !isAcademy(academy)) return null
  const custom = await readCustom(academy.programme, catalogue, null, database)
  const named = { ...typedQuestion(query), programme: academy.programme }
  const typed = { ...named, period: named.period || (custom.periods[0]?.code ?? '') }
  if (typed.period === '') return { academy, typed, custom, problems: [], sheet: null }
  const read = readQuestion(typed, catalogue)
  if (!read.ok) return { academy, typed, custom, problems: read.problems, sheet: null }
  const { period } = read.asked
  const chosen = read.asked.lines
  const lines =
    chosen.length > 0 ? chosen : await usualLines(academy.programme, custom, catalogue, database)
  const sheet = await readAcademySheet(actor, academy, period, lines, database)
  return { academy, typed, custom, problems: [], sheet }
}

/** Everything known of an academy's lines in a period. */
export async function readAcademySheet(
  actor: Actor,
  academy: Academy,
  period: string,
  all: readonly Line[],
  database: Transaction = sharedDatabase(),
): Promise<AcademySheet> {
  const lines = all.slice(0, mostLines)
  const keys = lines.map((line) => keyFor(academy, line, period))
  const known = await readPublic(keys, database)
  const said = await readSaid(
    {
      programmes: [academy.programme],
      academies: [academy.code],
      indicators: lines.map(({ indicator }) => indicator),
    },
    null,
    database,
  )
  const end = periodNamed(period).end ?? '9999'
  const before = lines.map((line) => lastBefore(said, line, period, end))
  const waiting = await readWaiting([academy.code], period, database)
  const scopes = await readScopes(database, actor.userId)
  const sources = await readPublic(
    before.flatMap((one) => one ?? []),
    database,
  )
  const publisher = [...known, ...sources].find((one) => one?.source)?.source?.publisher ?? ''
  return {
    academy,
    period,
    publisher,
    isInScope: inScope(scopes, { programme: academy.programme, academy: academy.code }),
    facts: lines.map((line, n) => ({
      line,
      key: keyFor(academy, line, period),
      known: known[n] ?? null,
      before: before[n] ?? null,
      waiting: waiting.get(`${academy.code} ${lineName(line)} ${period}`) ?? null,
    })),
  }
}

function lastBefore(said: readonly Said[], line: Line, period: string, end: string): Said | null {
  const earlier = said.filter(
    (one) => isOfLine(line, one) && one.period !== period && (one.periodEnd ?? '') <= end,
  )
  return earlier.reduce<Said | null>(
    (last, one) => ((one.periodEnd ?? '') >= (last?.periodEnd ?? '') ? one : last),
    null,
  )
}

export interface OwnAcademy {
  academy: Academy
  /** The last period of which academies of its programme have reported; null where none has. */
  period: string | null
  lines: number
  reported: number
  /** Lines that were sent and wait for review. */
  waiting: number
}

/** The academies that somebody is limited to, each with how far its report of the last period is. */
export async function readOwnDuties(
  actor: Actor,
  catalogue: Catalogue,
  database: Transaction = sharedDatabase(),
): Promise<OwnAcademy[]> {
  const academies = await readOwnAcademies(actor, catalogue, database)
  if (academies.length === 0) return []
  const waiting = await readWaiting(
    academies.map(({ code }) => code),
    null,
    database,
  )
  const found: OwnAcademy[] = []
  for (const programme of new Set(academies.map((one) => one.programme))) {
    const own = academies.filter((one) => one.programme === programme)
    const { lines, periods } = await readCustom(programme, catalogue, null, database)
    const period = periods[0]?.code ?? null
    const codes = own.map(({ code }) => code)
    const wanted = { programmes: [programme], academies: codes, periods: period ? [period] : [] }
    const said = await readSaid(wanted, null, database)
    for (const academy of own) {
      const isSaid = (line: Line) =>
        said.some((one) => one.academy === academy.code && isOfLine(line, one))
      const isWaiting = (line: Line) =>
        waiting.has(`${academy.code} ${lineName(line)} ${period ?? ''}`)
      found.push({
        academy,
        period,
        lines: lines.length,
        reported: lines.filter(isSaid).length,
        waiting: lines.filter((line) => !isSaid(line) && isWaiting(line)).length,
      })
    }
  }
  return found
}
