import { chartImage } from '@/components/charts/chart-image'
import type { ChartModel } from '@/components/charts/model'
import { chartWords } from '@/components/charts/words'
import { socialImage } from '@/components/images/social-image'
import { findArea, findIndicator, findProgramme } from '@/features/catalogue/rules'
import { type ChartContext, chartContext } from '@/features/charts/series'
import { codesToRead, readCompareWords } from '@/features/comparisons/schema'
import {
  chosenSeries,
  comparisonCharts,
  peopleAmong,
  seriesIn,
} from '@/features/comparisons/series'
import { inCurrencyOf } from '@/features/currencies/data'
import { pagePath } from '@/features/embeds/series'
import type { Selections } from '@/features/extents/schema'
import { subjectText } from '@/features/figures/series'
import { readToday } from '@/features/imports/data'
import { headlineFigure, indicatorCharts } from '@/features/indicators/series'
import { overviewSelections } from '@/features/overview/rules'
import {
  type CardModel,
  card,
  headlineCards,
  type State,
  storyCharts,
} from '@/features/overview/series'
import { dayAt, formatDay } from '@/features/periods/rules'
import {
  computedProof,
  figureProof,
  figuresOfIndicators,
  indicatorAsOf,
  recordAsOf,
  type VintageWords,
} from '@/features/record/data'
import { releaseBySlug } from '@/features/releases/data'
import { newestCards, subjectCharts } from '@/features/subjects/series'
import { readTargetChanges } from '@/features/targets/data'
import { inVintage, type Vintage } from '@/features/vintages/schema'
import type { Database } from '@/lib/db/client'
import { publicDatabase } from '@/lib/db/replica'
import { direction, inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { unpackQuery } from '@/lib/packed-query'
import { publicOrigin } from '@/lib/public-origin'
import { ok, type Result } from '@/lib/result'
import type { ChartPlace, SocialPlace } from './schema'
import { socialModel } from './series'

export interface PlacedChart {
  model: ChartModel
  /** The past state that was asked for; null for today's. */
  asked: Vintage | null
  /** The state that is shown. */
  shown: Vintage
}

/** A chart of a page in today's state or a past one; null where there is none. */
export async function readChart(
  place: ChartPlace,
  words: VintageWords,
  locale: Locale,
  database: Database = publicDatabase(),
): Promise<Result<PlacedChart | null>> {
  const asOf = words.asOf ?? (await readToday(database))
  const record =
    place.page === 'compare'
      ? await comparedAsOf(place, { ...words, asOf }, database)
      : place.page === 'indicators'
        ? await indicatorAsOf(place.code, { ...words, asOf }, database)
        : await recordAsOf({ ...words, asOf }, () => selectionsOf(place), database)
  if (!record.ok) return record
  const { catalogue, vintage } = record.value
  const figures = await inCurrencyOf(vintage, record.value.figures, locale, database)
  const asked = words.asOf === undefined ? null : vintage
  const context = chartContext(catalogue, locale, asked)
  const changes = await readTargetChanges(vintage, database)
  const charts = chartsOf(place, context, { figures, today: vintage.asOf, changes })
  const model = charts.find(({ id }) => id === place.chart)
  return ok(model ? { model, asked, shown: vintage } : null)
}

/** A chart of a page as an SVG file, in today's state or a past one; null where there is none. */
export async function readChartImage(
  place: ChartPlace,
  words: VintageWords,
  locale: Locale,
  database: Database = publicDatabase(),
): Promise<Result<string | null>> {
  const chart = await readChart(place, words, locale, database)
  if (!chart.ok || !chart.value) return chart.ok ? ok(null) : chart
  const { model, asked, shown } = chart.value
  const t = translator(locale, 'charts')
  return ok(
    chartImage(model, {
      language: locale,
      rtl: direction(locale) === 'rtl',
      words: chartWords(locale),
      target: t('targetSign'),
      of: (actual, target) =>
        t.markup(actual === undefined ? 'onlyTarget' : 'ofTarget', {
          actual: () => actual ?? '',
          target: () => target,
        }),
      lines: linesUnder(model, place, locale, asked, shown),
    }),
  )
}

/** The figures that a comparison is made of, in a past state. */
async function comparedAsOf(
  { code }: ChartPlace,
  words: { asOf: string; v?: string },
  database: Database,
) {
  const { words: asked } = readCompareWords(unpackQuery(code))
  const record = await figuresOfIndicators(codesToRead(asked), words, database)
  if (!record.ok) return record
  const { vintage } = record.value
  if (!vintage) throw new Error('A past state needs its day.')
  return ok({ ...record.value, vintage })
}

function selectionsOf({ page, code }: Pick<ChartPlace, 'page' | 'code'>): Selections {
  if (page === 'overview') return overviewSelections
  return page === 'programmes' ? [[{ programmes: [code] }]] : [[{ areas: [code] }]]
}

function chartsOf(
  { page, code }: ChartPlace,
  context: ChartContext,
  { figures, today, changes }: State,
): ChartModel[] {
  const { catalogue } = context
  if (page === 'compare') {
    const { words } = readCompareWords(unpackQuery(code))
    const offers = chosenSeries(seriesIn(context, figures), words)
    return comparisonCharts(context, offers, words, peopleAmong(figures, words)).charts
  }
  if (page === 'overview')
    return storyCharts(context, { figures, today, changes }).map(({ chart }) => chart)
  if (page === 'indicators') {
    const indicator = findIndicator(catalogue, code)
    return indicator ? indicatorCharts(context, indicator, figures) : []
  }
  const isKnown = page === 'programmes' ? findProgramme(catalogue, code) : findArea(catalogue, code)
  return isKnown ? subjectCharts(context, figures) : []
}

function linesUnder(
  model: ChartModel,
  { page, code }: ChartPlace,
  locale: Locale,
  asked: Vintage | null,
  shown: Vintage,
): string[] {
  const t = translator(locale, 'charts')
  const path = pagePath(page === 'overview' ? page : `${page}/${code}`)
  const address = publicOrigin() + localePath(locale, inVintage(path, asked))
  return [
    t('source', { source: model.source }),
    t('dataDate', { date: model.dataDate }),
    ...(model.note ? [t('note', { note: model.note })] : []),
    t('known', { day: formatDay(shown.asOf, locale), commit: shown.commit }),
    t('licence', { address: `\u2066${address}\u2069` }),
  ]
}

/** The image for shared links to a page, as SVG; null where there is no such page. */
export async function readSocialImage(
  place: SocialPlace,
  locale: Locale,
  database: Database = publicDatabase(),
): Promise<string | null> {
  const content = await readSocialContent(place, locale, database)
  return content && socialImage(socialModel(locale, content))
}

interface SocialContent {
  title: string
  text: string
  cards: CardModel[]
}

async function readSocialContent(
  { page, code }: SocialPlace,
  locale: Locale,
  database: Database,
): Promise<SocialContent | null> {
  const t = translator(locale, 'overview')
  if (page === 'site') {
    const shell = translator(locale, 'shell')
    return { title: shell('title'), text: shell('description'), cards: [] }
  }
  if (page === 'figures') return figureContent(code, locale, database)
  if (page === 'releases') return releaseContent(code, locale, database)
  const asOf = await readToday(database)
  const place = { page, code, chart: '' }
  const record =
    page === 'indicators'
      ? await indicatorAsOf(code, { asOf }, database)
      : await recordAsOf({ asOf }, () => selectionsOf(place), database)
  if (!record.ok) return null
  const { catalogue, figures, vintage } = record.value
  const context = chartContext(catalogue, locale)
  const state = { figures, today: asOf, changes: await readTargetChanges(vintage, database) }
  if (page === 'overview') {
    const cards = headlineCards(context, state).map(({ pinned, since }) => since ?? pinned)
    return { title: t('title'), text: t('description'), cards }
  }
  if (page === 'indicators') {
    const indicator = findIndicator(catalogue, code)
    const newest = headlineFigure(figures)
    if (!indicator) return null
    const [title, text] = [indicator.name, indicator.definition].map((one) => inLocale(one, locale))
    const cards = newest ? [card(context, state, newest)] : []
    return { title: title ?? '', text: text ?? '', cards }
  }
  const subject = page === 'programmes' ? findProgramme(catalogue, code) : findArea(catalogue, code)
  if (!subject) return null
  const tells = page === 'programmes' ? 'area' : 'programme'
  const cards = newestCards(context, state, tells).slice(0, mostCards)
  return { title: inLocale(subject.name, locale), text: t('description'), cards }
}

const mostCards = 4

async function figureContent(
  number: string,
  locale: Locale,
  database: Database,
): Promise<SocialContent | null> {
  const [first, second] = number.split('-').map(Number)
  if (!first || !Number.isSafeInteger(first)) return null
  const proof =
    second === undefined
      ? await figureProof(first, {}, database)
      : await computedProof({ numerator: first, denominator: second }, {}, database)
  if (!proof.ok || !proof.value?.figure) return null
  const { catalogue, figure, day } = proof.value
  const related = 'related' in proof.value ? proof.value.related : [figure]
  const context = chartContext(catalogue, locale)
  // Its line ends with it.
  const known = related.filter(({ periodEnd }) => (periodEnd ?? '') <= (figure.periodEnd ?? ''))
  const state = { figures: known, today: day, changes: [] }
  const title = subjectText(figure, context.writer, locale)
  return { title, text: '', cards: [card(context, state, figure)] }
}

async function releaseContent(
  slug: string,
  locale: Locale,
  database: Database,
): Promise<SocialContent | null> {
  const release = await releaseBySlug(slug, database)
  if (!release) return null
  const when = formatDay(dayAt(new Date(release.announcedAt)), locale, { style: 'long' })
  const note = inLocale(release.note, locale)
  return {
    title: inLocale(release.title, locale),
    text: [when, note].filter(Boolean).join('. '),
    cards: [],
  }
}
