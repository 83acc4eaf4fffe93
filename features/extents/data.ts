import {
  type RevisionOfKey,
  readFigures,
  readFiguresAsOf,
  readRevisions,
} from '@/features/figures/data'
import { seriesKey } from '@/features/figures/rules'
import type { Figure } from '@/features/figures/schema'
import { rhythmOf } from '@/features/figures/series'
import type { Vintage } from '@/features/vintages/schema'
import type { Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import type { Extent, RecordExtent, Selections, SeriesFilter } from './schema'

interface ExtentRow extends Omit<Extent, 'measured'> {
  indicator: string | null
  programme: string | null
  area: string | null
  level: number
  measured: string[]
}

/** What the record covers now, as a whole and by each code. Reads one row a series, and no figure. */
export async function readRecordExtent(database: Transaction): Promise<RecordExtent> {
  const rows = await database.$queryRaw<ExtentRow[]>`
    SELECT indicator_code AS indicator, programme_code AS programme, area_code AS area,
      grouping(indicator_code, programme_code, area_code) AS level, sum(figures)::int AS figures,
      to_char(min(first_day) FILTER (WHERE role = 'actual'), 'YYYY-MM-DD') AS from,
      to_char(max(last_day) FILTER (WHERE role = 'actual'), 'YYYY-MM-DD') AS to,
      to_char(max(changed_on), 'YYYY-MM-DD') AS changed,
      coalesce(array_agg(DISTINCT area_code ORDER BY area_code) FILTER (WHERE figures > 0), '{}') AS areas,
      coalesce(array_agg(DISTINCT indicator_code || ' ' || unit_code
        ORDER BY indicator_code || ' ' || unit_code) FILTER (WHERE figures > 0), '{}') AS measured
    FROM series WHERE academy_code = '_T'
    GROUP BY GROUPING SETS ((), (indicator_code), (programme_code), (area_code))`
  const extent = ({ figures, from, to, changed, areas, measured }: ExtentRow): Extent => ({
    figures: figures ?? 0,
    from,
    to,
    changed,
    areas,
    measured: measured.map((pair) => {
      const [indicator = '', unit = ''] = pair.split(' ')
      return { indicator, unit }
    }),
  })
  const by = (level: number, code: (row: ExtentRow) => string | null) =>
    new Map(
      rows
        .filter((row) => row.level === level)
        .map((row) => [code(row) ?? '', extent(row)] as const),
    )
  return {
    whole: [...by(7, () => '').values()][0] as Extent,
    indicators: by(3, ({ indicator }) => indicator),
    programmes: by(5, ({ programme }) => programme),
    areas: by(6, ({ area }) => area),
  }
}

/** How many publishers the current figures come from; `Dawn (APP)` is Dawn. */
export async function countPublishers(database: Transaction): Promise<number> {
  const [row] = await database.$queryRaw<{ count: number }[]>`
    SELECT count(DISTINCT coalesce(nullif(btrim(
      regexp_replace(publisher, '\\s*\\([^()]*\\)\\s*$', '')), ''), publisher))::int AS count
    FROM sources s
    -- One look a source: EXISTS would be answered from all figures.
    CROSS JOIN LATERAL (
      SELECT FROM revisions r
      JOIN observations o ON o.current_revision_id = r.id AND o.value IS NOT NULL AND o.academy_code = '_T'
      WHERE r.source_id = s.id LIMIT 1) cited`
  return row?.count ?? 0
}

/** The figures that a page shows, now or in a past state, in the order in which `readFigures` gives them. */
export async function readAmong(
  database: Transaction,
  selections: Selections,
  vintage: Vintage | null = null,
  most = mostFigures,
): Promise<{ figures: Figure[]; isWhole: boolean }> {
  const newest = await Promise.all(
    selections.map((filters) => readNewestIds(database, filters, { vintage, most })),
  )
  const ids = [...new Set(newest.flatMap((one) => one.ids))]
  const cut = new Set(newest.flatMap((one) => one.cut))
  const figures = vintage
    ? await readFiguresAsOf(database, vintage, { ids })
    : await readFigures(database, { ids })
  // What one selection cuts another may have whole: only the oldest that is shown tells.
  const oldest = new Map<string, number>()
  for (const figure of figures) {
    const series = `${seriesKey(figure)} ${rhythmOf(figure)}`
    if (figure.periodEnd !== null && !oldest.has(series)) oldest.set(series, figure.id)
  }
  const begins = new Set(oldest.values())
  const hasOlder = ({ id }: Figure) => cut.has(id) && begins.has(id)
  return {
    figures: figures.map((figure) => (hasOlder(figure) ? { ...figure, hasOlder: true } : figure)),
    isWhole: newest.every(({ isWhole }) => isWhole),
  }
}

/** The revisions of the figures that an indicator's page shows, now or in a past state. */
export async function readRevisionsAmong(
  database: Transaction,
  indicator: string,
  vintage: Vintage | null = null,
): Promise<RevisionOfKey[]> {
  const { ids } = await readNewestIds(database, [{ indicators: [indicator] }], { vintage })
  return readRevisions(database, indicator, { vintage, ids })
}

/** Figures that one page takes of one selection: as many as a reader looks through on a cheap phone. */
export const mostFigures = 400
/** Series that it takes them of, where there are more figures than that. */
const mostSeries = 100
/** Enough for a line, and the least that is one. */
const lineLength = 48
const leastLine = 8
/** Of series without a rhythm, whose periods as texts are not quite in the order of their ends. */
const disorder = 12

export interface NewestFigures {
  ids: number[]
  /** Of those, the oldest of each series that has older ones. */
  cut: number[]
  /** Whether there are no others. */
  isWhole: boolean
}

/**
 * The numbers of the figures of some series, those of all academies together: all of them where there
 * are at most `most`. Else the newest of each series: enough for a line of the one that stands for its
 * indicator, by years and by months, then for lines of others while there is room, and one of each that
 * is left; of more series than a page takes, the first of each indicator come first, the country's
 * before others. Of a past state, those that were known in it.
 */
export async function readNewestIds(
  database: Transaction,
  filters: readonly SeriesFilter[],
  { vintage = null, most = mostFigures }: { vintage?: Vintage | null; most?: number } = {},
): Promise<NewestFigures> {
  if (filters.length === 0) return { ids: [], cut: [], isWhole: true }
  const stands = vintage ? Prisma.sql`true` : Prisma.sql`o.value IS NOT NULL`
  const ofSeries = Prisma.sql`(o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex,
      o.role, o.kind, o.unit_code)
    = (c.indicator_code, c.programme_code, c.area_code, c.academy_code, c.sex, c.role, c.kind,
      c.unit_code)
    AND rhythm_of(o.period, o.frequency) = c.rhythm AND ${stands}`
  // The newest one now is known without looking for it.
  const newestNow = vintage
    ? Prisma.empty
    : Prisma.sql`SELECT c.newest_id AS id, c.room = 1 AND c.figures > 1 AS is_cut FROM chosen c
      WHERE NOT c.is_whole AND c.newest_id IS NOT NULL
      UNION ALL`
  const rows = await database.$queryRaw<{ id: number; isCut: boolean; isWhole: boolean }[]>`
    WITH matched AS (
      SELECT s.*, row_number() OVER (ORDER BY s.role = 'actual' DESC, ${hadBegun(vintage)}
          s.area_code = 'PK' DESC, s.last_day DESC NULLS LAST, s.changed_on DESC, s.newest_id) AS nth
      FROM series s
      WHERE s.academy_code = '_T' AND (${vintage !== null} OR s.figures > 0)
        AND (${Prisma.join(filters.map(matches), ' OR ')})
    ), ranked AS (
      SELECT *, row_number() OVER (PARTITION BY indicator_code ORDER BY nth) AS rank,
        row_number() OVER (PARTITION BY indicator_code, rhythm ORDER BY nth) AS of_rhythm
      FROM matched
    ), placed AS (
      SELECT *,
        row_number() OVER (ORDER BY rank > 1, of_rhythm > 1, rank, indicator_code, nth) AS place,
        count(*) FILTER (WHERE of_rhythm = 1) OVER () AS first,
        sum(figures) OVER () <= ${most}::int AS is_whole
      FROM ranked
    ), counted AS MATERIALIZED (
      SELECT *, greatest(least(count(*) OVER (), ${mostSeries}::int, ${most}::int), first) AS among
      FROM placed
    ), lined AS MATERIALIZED (
      SELECT *, least(${lineLength}::int, greatest(${leastLine}::int, (${most}::int - among) / first + 1))
        AS line
      FROM counted WHERE is_whole OR place <= among
    ), roomed AS MATERIALIZED (
      SELECT *, CASE WHEN place <= first THEN line ELSE greatest(1, least(${lineLength}::int,
          1 + ${most}::int - (among - first) - first * line
            - (place - first - 1) * (${lineLength}::int - 1)))
        END AS least
      FROM lined
    ), chosen AS MATERIALIZED (
      SELECT c.*, c.share + CASE WHEN ${vintage !== null} AND rhythm = 'dated'
          THEN ${disorder}::int ELSE 0 END AS room
      FROM (
        SELECT *, least + greatest(0, ${most}::int - sum(least) OVER ()) / among AS share FROM roomed
      ) c
    )
    SELECT o.id, false AS "isCut", true AS "isWhole"
    FROM chosen c JOIN observations o ON ${ofSeries} WHERE c.is_whole
    UNION ALL
    SELECT id, bool_and(is_cut), false FROM (
      ${newestNow}
      SELECT o.id, o.place = c.room AND o.of > c.room AS is_cut FROM chosen c CROSS JOIN LATERAL (
        SELECT o.id, row_number() OVER (ORDER BY o.period DESC) AS place, count(*) OVER () AS of FROM (
          SELECT o.id, o.period FROM observations o ${knownThen(vintage)}
          WHERE ${ofSeries} AND o.period_end IS NOT NULL AND ${endedBy(vintage)}
          ORDER BY o.period DESC LIMIT c.room + 1
        ) o
      ) o
      WHERE NOT c.is_whole AND (${vintage !== null} OR c.room > 1) AND o.place <= c.room
    ) newest GROUP BY id`
  return {
    ids: rows.map(({ id }) => id),
    cut: rows.flatMap(({ id, isCut }) => (isCut ? [id] : [])),
    isWhole: rows[0]?.isWhole ?? true,
  }
}

/** Figures that are read to be counted, where no more are shown. */
const smallRecord = 1_500

/** All figures of a past state; null where the record has more than are read to be counted. */
export async function readSmallRecord(
  database: Transaction,
  vintage: Vintage,
): Promise<Figure[] | null> {
  const [row] = await database.$queryRaw<{ isSmall: boolean }[]>`
    SELECT coalesce(sum(figures), 0) <= ${smallRecord} AS "isSmall" FROM series WHERE academy_code = '_T'`
  if (!row?.isSmall) return null
  return (await readAmong(database, [[{}]], vintage, smallRecord)).figures
}

/** Series that had begun by then come before others. */
const hadBegun = (vintage: Vintage | null): Prisma.Sql =>
  vintage ? Prisma.sql`coalesce(s.first_day <= ${vintage.asOf}::date, true) DESC,` : Prisma.empty

/** Looks up one revision for each figure that it walks past, and no more than there is room for. */
const knownThen = (vintage: Vintage | null): Prisma.Sql =>
  vintage
    ? Prisma.sql`JOIN LATERAL (
        SELECT r.value FROM revisions r WHERE r.observation_id = o.id
          AND r.known_on <= ${vintage.asOf}::date AND r.commit_no <= ${vintage.commit}::int
        ORDER BY (r.released_on IS NOT NULL) DESC, r.released_on DESC, r.id DESC LIMIT 1
      ) k ON k.value IS NOT NULL`
    : Prisma.empty

/** What is measured has ended by the day; the first condition is one that the index knows. */
const endedBy = (vintage: Vintage | null): Prisma.Sql =>
  vintage
    ? Prisma.sql`o.period < CASE WHEN c.role = 'actual' THEN ${yearAfter(vintage.asOf)} ELSE '~' END
        AND (c.role <> 'actual' OR o.period_end <= ${vintage.asOf}::date)`
    : Prisma.sql`true`

/** In the order of periods as texts, what comes after all that ended by a day. */
const yearAfter = (day: string): string => String(Number(day.slice(0, 4)) + 1)

const columns = {
  roles: Prisma.sql`s.role::text`,
  indicators: Prisma.sql`s.indicator_code`,
  programmes: Prisma.sql`s.programme_code`,
  areas: Prisma.sql`s.area_code`,
  sexes: Prisma.sql`s.sex`,
  kinds: Prisma.sql`s.kind::text`,
  units: Prisma.sql`s.unit_code`,
  rhythms: Prisma.sql`s.rhythm`,
}

function matches({ haveTarget, ...parts }: SeriesFilter): Prisma.Sql {
  const conditions = Object.entries(parts).map(
    ([part, codes]) =>
      Prisma.sql`${columns[part as keyof typeof columns]} = ANY(${[...codes]}::text[])`,
  )
  const target = Prisma.sql`EXISTS (SELECT FROM series t WHERE t.role = 'target'
    AND (t.indicator_code, t.programme_code, t.area_code, t.academy_code, t.sex)
      = (s.indicator_code, s.programme_code, s.area_code, s.academy_code, s.sex))`
  return Prisma.sql`(${Prisma.join([Prisma.sql`true`, ...conditions, ...(haveTarget ? [target] : [])], ' AND ')})`
}
