import type { SeriesModel } from '@/components/charts/model'
import type { Catalogue, CatalogueChange } from '@/features/catalogue/schema'
import { changeTexts } from '@/features/catalogue/series'
import { type ChartContext, seriesStates } from '@/features/charts/series'
import { seriesKey } from '@/features/figures/rules'
import type { Figure, FigureKey, Revision } from '@/features/figures/schema'
import { type FigureWriter, rhythmOf, subjectAndPeriod } from '@/features/figures/series'
import { timeTitle } from '@/features/indicators/series'
import { dayAt, dayBefore, formatDay } from '@/features/periods/rules'
import type { SourceStepTaken } from '@/features/sources/schema'
import { type Locale, translator } from '@/lib/i18n'
import { formatDecimal, subtract } from '@/lib/number'

/** The two days that a comparison begins with: before the newest revision was known, and today. */
export function usualDays(revisions: readonly Pick<Revision, 'knownOn'>[], today: string) {
  const newest =
    revisions
      .map(({ knownOn }) => knownOn)
      .sort()
      .at(-1) ?? today
  return { from: dayBefore(newest), to: today }
}

interface DayState {
  context: ChartContext
  day: string
  figures: readonly Figure[]
}

const mostCharts = 4

/** Each series that is not the same on both days, the longest first, drawn in both states. */
export function comparisonCharts(earlier: DayState, later: DayState): SeriesModel[] {
  const { context } = later
  const { locale, writer } = context
  const t = translator(locale, 'comparison')
  const seriesOf = (figures: readonly Figure[]) => {
    const groups = new Map<string, Figure[]>()
    for (const figure of figures.filter(isDrawn)) {
      const key = `${seriesKey(figure)} ${rhythmOf(figure)}`
      groups.set(key, [...(groups.get(key) ?? []), figure])
    }
    return groups
  }
  const [before, after] = [seriesOf(earlier.figures), seriesOf(later.figures)]
  return [...new Set([...after.keys(), ...before.keys()])]
    .map((key) => ({ before: before.get(key) ?? [], after: after.get(key) ?? [] }))
    .filter((series) => Math.max(series.before.length, series.after.length) >= 2)
    .filter((series) => !saysTheSame(series.before, series.after))
    .sort((a, b) => b.after.length - a.after.length)
    .slice(0, mostCharts)
    .map((series, n) => {
      const first = (series.after[0] ?? series.before[0]) as Figure
      const title = timeTitle(context, first)
      const label = (day: string) => t('asKnown', { day: formatDay(day, locale) })
      return seriesStates(
        { ...earlier, figures: series.before, label: label(earlier.day) },
        { ...later, figures: series.after, label: label(later.day) },
        { id: `chart-${n}`, title, unit: writer.names.shownUnit(first.unit) },
        t('summary', { title, from: label(earlier.day), to: label(later.day) }),
      )
    })
}

const isDrawn = ({ role, area, periodEnd }: Figure) =>
  role === 'actual' && area !== '001' && periodEnd !== null

const saysTheSame = (before: readonly Figure[], after: readonly Figure[]) =>
  before.length === after.length &&
  before.every((figure) => after.some(({ current }) => current.id === figure.current.id))

/** By how much a value changed, with its sign: `+3`, `−12`. */
export function differenceText(before: string, after: string, locale: Locale): string {
  return formatDecimal(subtract(after, before), { locale, sign: 'always' })
}

/** `24 Nov 2026, 08:46`, in Karachi. */
export function momentText(locale: Locale, instant: string): string {
  const at = new Date(instant)
  return translator(locale, 'entry')('moment', { day: formatDay(dayAt(at), locale), at })
}

interface CommitChanges {
  changes: readonly CatalogueChange[]
  sourceSteps: readonly SourceStepTaken[]
}

const mostChanges = 12

/** What a commit is about: figures, the catalogue, or sources. */
export function commitTopic(
  commit: CommitChanges & { kind: string; count: number },
  locale: Locale,
): string {
  const t = translator(locale, 'revision.kind')
  if (commit.sourceSteps.length > 0) return t('sources')
  return t(commit.kind as Parameters<typeof t>[0], { count: commit.count })
}

/** What a commit did beside figures, a line each; of a large one, how much of what. */
export function changeLines(
  { changes, sourceSteps }: CommitChanges,
  catalogue: Catalogue,
  writer: FigureWriter,
  locale: Locale,
): { text: string; href?: string }[] {
  const t = translator(locale, 'revision.changes')
  const steps = sourceSteps.map((step) => ({
    text: stepText(step, locale),
    href: writer.sourcePath(step.source.id),
  }))
  if (changes.length > mostChanges) {
    const lists = [...new Set(changes.map(({ list }) => list))]
    return lists.map((list) => {
      const count = changes.filter((change) => change.list === list).length
      return { text: t(`count.${list}`, { count }) }
    })
  }
  return [...changes.map((change) => changeLine(change, catalogue, writer, locale)), ...steps]
}

function changeLine(
  change: CatalogueChange,
  catalogue: Catalogue,
  writer: FigureWriter,
  locale: Locale,
): { text: string; href?: string } {
  const t = translator(locale, 'revision.changes')
  const { list, code, isNew } = change
  const names = {
    indicators: [writer.names.indicator, writer.indicatorPath],
    programmes: [writer.names.programme, writer.programmePath],
    areas: [writer.names.area, writer.areaPath],
    units: [writer.names.unit, null],
    academies: [writer.names.academy, null],
  } as const
  const [nameOf, pathOf] = names[list]
  const item = { what: translator(locale, 'audit.tables')(list), name: nameOf(code) }
  const fields = list === 'academies' ? [] : changeTexts({ ...change, list }, catalogue, locale)
  const text = isNew
    ? t('added', item)
    : t('changed', { ...item, fields: fields.join(t('semicolon')) || t('texts') })
  return pathOf ? { text, href: pathOf(code) } : { text }
}

function stepText({ kind, source, into, reason }: SourceStepTaken, locale: Locale): string {
  const t = translator(locale, 'revision.changes')
  const words = translator(locale, 'sources')
  const nameOf = ({ id, publisher, title }: SourceStepTaken['source']) =>
    t('source', { id, name: title ? `${publisher}: ${title}` : publisher })
  const fields = (
    [
      ['publisher', 'publisher'],
      ['title', 'pageTitle'],
      ['publishedLabel', 'date'],
      ['url', 'address'],
    ] as const
  )
    .filter(([field]) => into && into[field] !== source[field])
    .map(([field, name]) =>
      t('field', {
        field: words(name),
        before: source[field] || t('empty'),
        after: into?.[field] || t('empty'),
      }),
    )
  const text = t(`step.${kind}`, {
    source: nameOf(source),
    into: into ? nameOf(into) : '',
    fields: fields.join(t('semicolon')),
  })
  return reason ? t('why', { text, reason }) : text
}

interface Line {
  key: FigureKey
  observation: number
  value: string | null
  status: string
  precision: Figure['precision']
  reason: string
  before: { value: string | null; status: string; precision: Figure['precision'] } | null
}

/** Each revision in one line: `ICT exports · Pakistan, FY2022-23: US$ 2,605 million → US$ 2,596 million`. */
export function commitLines(
  revisions: readonly Line[],
  writer: FigureWriter,
  locale: Locale,
): { text: string; href: string }[] {
  const t = translator(locale, 'revision')
  return revisions.map(({ key, observation, before, reason, ...said }) => {
    const written = (value: NonNullable<Line['before']>) =>
      writer.value({ ...value, unit: key.unit })
    const values = before
      ? t('fromTo', { from: written(before), to: written(said) })
      : written(said)
    const subject = subjectAndPeriod(key, writer, locale)
    const text = reason ? t('lineWhy', { subject, values, reason }) : t('line', { subject, values })
    return { text, href: writer.figurePath({ id: observation }) }
  })
}
