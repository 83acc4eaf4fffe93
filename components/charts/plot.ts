import {
  alongLine,
  fraction,
  freeSide,
  levelWidths,
  type Place,
  type Side,
  splitLine,
  spreadLabels,
  textWidth,
  tickLevels,
  valueLabels,
  wrapText,
} from './geometry'
import { inexact } from './marks'
import {
  type Axis,
  type Break,
  type Colour,
  type ColumnSeries,
  type ColumnsModel,
  type Domain,
  flagSymbols,
  type GroupsModel,
  type Level,
  type Mark,
  type PlotModel,
  type Point,
  type Reference,
  type Series,
  type SeriesModel,
  type Threshold,
  type Tick,
} from './model'

/**
 * Height of the plane itself, without margins. Fixed, so that text never scales with the width.
 * All px of the layout are px of a 16 px root and grow with it.
 */
export const PLOT_HEIGHT = 280
export const BRUSH_HEIGHT = 36
export const TRAVELLER_WIDTH = 12
/** From the bottom of the plot to the range selector. */
export const BRUSH_TOP = 46
const AXIS_HEIGHT = 28
const LINE_HEIGHT = 16
const KEY_WIDTH = 150
/** Above this many points a line carries one value, its last, instead of all of them. */
const SPARSE = 12

export type Anchor = 'start' | 'middle' | 'end'

/** A text in the plot: `x` in units of the axis, `y` the first line's baseline in px. */
export type Note = {
  x: number
  y: number
  dx: number
  lines: string[]
  anchor: Anchor
  level: Level
  /** Shown only while the chart is too narrow for this level. */
  until?: Level
}

export type Rule = { x: number; top: number }

/** Where a figure is a least value ("over"): a stroke that points on. `y` in px of the plot. */
export type Whisker = { series: string; x: number; y: number }

/** A place without a figure, in units of the axis; the words stand in its middle. */
export type MissingRun = { from: number; to: number; level: Level }

export type PlotLayout = {
  height: number
  margin: { top: number; right: number; wideRight: number; bottom: number; left: number }
  x: Axis
  y: Axis
  ticks: (Tick & { level: Level })[]
  rules: Rule[]
  breakNotes: Note[]
  referenceNotes: Note[]
  references: Reference[]
  thresholds: readonly Threshold[]
  /** Values and signs beside marks, by series id. */
  notes: { series: string; note: Note; strong: boolean }[]
  missing: MissingRun[]
  whiskers: Whisker[]
}

const noBreak = '\u00a0'

/** The value as written beside its mark, with the symbols that the legend explains. */
export function signed(mark: Mark): string {
  const value = mark.short ?? mark.text
  const { flags = [] } = mark
  const isAbout = flags.some((flag) => inexact.includes(flag)) && !flags.includes('over')
  const written = isAbout && !value.startsWith('≈') ? `≈${value}` : value
  const symbols = flags.map((flag) => flagSymbols[flag])
  return [written, ...symbols].join(noBreak)
}

/** The symbols of what the mark's own shape does not say, for places without room for the value. */
const signsOf = (mark: Mark): string =>
  (mark.flags ?? [])
    .filter((flag) => flag !== 'provisional' && !inexact.includes(flag))
    .map((flag) => flagSymbols[flag])
    .join(noBreak)

/** Position of a value in px from the top of the plot. */
export const yPixel = (axis: Domain, value: number, height: number = PLOT_HEIGHT): number =>
  Math.round((1 - fraction(axis, value)) * height * 10) / 10

/** Height of a model's plane in px: the usual one, or what the names beside it need. */
export function planeHeight(model: PlotModel): number {
  if (model.kind === 'series' && model.height !== undefined) return model.height
  if (model.kind === 'columns' || !hasKeysBeside(model)) return PLOT_HEIGHT
  const names = model.series.reduce((sum, { label }) => sum + keyHeight(label, 1), 0)
  return Math.max(PLOT_HEIGHT, names - 2 * KEY_OVERHANG)
}

/** How far names may stand out over and under the plot. */
const KEY_OVERHANG = 20

/** Height in px of a name with some lines of values under it. */
const keyHeight = (label: string, values: number): number =>
  (wrapText(label, KEY_WIDTH, 13).length + values) * 17 + 6

const yOf = (model: PlotModel, value: number): number => yPixel(model.y, value, planeHeight(model))

/** Where the bars stand: zero, or the nearest edge of the axis. */
export const baseline = (axis: Domain): number => Math.min(Math.max(0, axis.from), axis.to)

const referencesIn = (model: PlotModel): readonly Reference[] =>
  model.kind === 'groups' ? [] : (model.references ?? [])

/** Columns stand in the middle of equal bands: slot `i` reaches from `i` to `i + 1`. */
export const xAxis = (model: PlotModel): Axis =>
  model.kind === 'series'
    ? model.x
    : {
        from: 0,
        to: model.slots.length,
        ticks: model.slots.map(({ label, level }, index) => ({
          at: index + 0.5,
          label,
          ...(level === undefined ? {} : { level }),
        })),
      }

/** Width of a bar as a share of its band: few bars stay slim. */
const barShare = (slots: number): number => 0.68 * Math.min(1, Math.max(slots, 3) / 7)

/** Side by side they need more of the band. */
const groupShare = (slots: number): number => 0.8 * Math.min(1, Math.max(slots, 2) / 4)

/** A column as it is drawn: sides in units of the x axis, ends in units of the y axis. */
export type Column = {
  series: string
  label: string
  colour: Colour
  mark: Mark
  slot: number
  left: number
  right: number
  base: number
  top: number
}

/** The columns of a plot, from left to right, from the ground up. */
export function columnsOf(model: ColumnsModel | GroupsModel): Column[] {
  if (model.kind === 'groups') {
    return model.slots.flatMap((_, slot) =>
      model.arrangement === 'stacked' ? stackAt(model, slot) : groupAt(model, slot),
    )
  }
  const { id, label, colour, slots } = model
  const half = barShare(slots.length) / 2
  return slots.flatMap(({ mark }, slot) =>
    mark
      ? [
          {
            ...{ series: id, label, colour, mark, slot },
            ...{ left: slot + 0.5 - half, right: slot + 0.5 + half },
            ...{ base: baseline(model.y), top: mark.y },
          },
        ]
      : [],
  )
}

/** The sides of the nth column of a group, with a little air to the next. */
function groupSides(model: GroupsModel, slot: number, n: number) {
  const share = groupShare(model.slots.length)
  const width = share / model.series.length
  const air = model.series.length > 1 ? width * 0.06 : 0
  const left = slot + (1 - share) / 2 + n * width
  return { left: left + air, right: left + width - air }
}

function groupAt(model: GroupsModel, slot: number): Column[] {
  return model.series.flatMap(({ id, label, colour, marks }, n) => {
    const mark = marks[slot]
    if (!mark) return []
    const ends = { base: baseline(model.y), top: mark.y }
    return [{ series: id, label, colour, mark, slot, ...groupSides(model, slot, n), ...ends }]
  })
}

function stackAt(model: GroupsModel, slot: number): Column[] {
  const half = barShare(model.slots.length) / 2
  if (model.series.some(({ marks }) => !marks[slot])) return []
  let top = 0
  return model.series.flatMap(({ id, label, colour, marks }) => {
    const mark = marks[slot]
    if (!mark) return []
    const base = top
    top += mark.y
    const sides = { left: slot + 0.5 - half, right: slot + 0.5 + half }
    return [{ series: id, label, colour, mark, slot, ...sides, base, top }]
  })
}

export const lineRuns = (series: Series, breaks: readonly Break[] = []): Point[][] =>
  splitLine(series.points, series.joinWithin, series.breaks ?? breaks)

const isDense = (series: Series): boolean => series.points.length > SPARSE

/** Everything about a plot that does not depend on its width: both painters draw from it. */
export function plotLayout(model: PlotModel): PlotLayout {
  const x = xAxis(model)
  const left = Math.ceil(Math.max(16, ...model.y.ticks.map(({ label }) => textWidth(label)))) + 10
  const single = model.kind === 'series' && model.series.length === 1 ? model.series[0] : undefined
  const right = Math.max(endLabelRoom(single), 18)
  const wideRight = hasKeysBeside(model) ? KEY_WIDTH + 14 : right
  const breaks = breakLayout(model, x, left + right)
  const shift = model.kind === 'series' ? 0 : 0.5
  const references = referencesIn(model).map((mark) => ({ ...mark, x: mark.x + shift }))
  const whiskers = whiskersOf(model)
  const levels = tickLevels(x.ticks, x, left + right)
  return {
    height: planeHeight(model),
    margin: {
      top: breaks.height + 26 + (whiskers.length > 0 ? WHISKER : 0),
      right,
      wideRight,
      bottom: hasBrush(model) ? BRUSH_TOP + BRUSH_HEIGHT : AXIS_HEIGHT,
      left,
    },
    x,
    y: model.y,
    ticks: x.ticks.map((tick, index) => ({ ...tick, level: levels[index] ?? 0 })),
    rules: breaks.rules,
    breakNotes: breaks.notes,
    references,
    referenceNotes:
      model.kind === 'series'
        ? references.map((mark) => referenceNote(mark, model, left + right))
        : [],
    thresholds: model.kind === 'groups' ? [] : (model.thresholds ?? []),
    notes: notesOf(model, single, left + right),
    missing: model.kind === 'series' ? [] : missingRuns(model, left + right),
    whiskers,
  }
}

function notesOf(
  model: PlotModel,
  single: Series | undefined,
  margins: number,
): PlotLayout['notes'] {
  switch (model.kind) {
    case 'series':
      return seriesNotes(model, single, margins)
    case 'columns':
      return columnNotes(model, margins)
    case 'groups':
      return groupNotes(model, margins)
  }
}

/** Whether the names of several series stand beside the plot where it is wide. */
export const hasKeysBeside = (model: PlotModel): boolean =>
  model.kind === 'series'
    ? model.series.length > 1
    : model.kind === 'groups' && model.arrangement === 'stacked'

/** Whether a plot shows several series, so that each needs its name. */
export const hasKeys = (model: PlotModel): model is SeriesModel | GroupsModel =>
  model.kind === 'groups' || (model.kind === 'series' && model.series.length > 1)

/** Height in px of the stroke over a least value. */
export const WHISKER = 11

const isLeast = ({ flags }: Mark): boolean => flags?.includes('over') === true

function whiskersOf(model: PlotModel): Whisker[] {
  if (model.kind === 'series') {
    return model.series.flatMap(({ id, points }) =>
      points
        .filter(isLeast)
        .map((point) => ({ series: id, x: point.x, y: yOf(model, point.y) - 4 })),
    )
  }
  return columnsOf(model)
    .filter(({ mark }) => isLeast(mark))
    .map(({ series, left, right, top }) => ({
      series,
      x: (left + right) / 2,
      y: yOf(model, top),
    }))
}

/** How much higher a text over a mark stands, so that it does not meet the stroke. */
const rise = (mark: Mark): number => (isLeast(mark) ? WHISKER : 0)

export const hasBrush = (model: PlotModel): boolean =>
  model.kind === 'series' && model.brush === true

/** A line's last value stands beside its end where points are many, else in the middle above it. */
function endLabelRoom(single: Series | undefined): number {
  const last = single?.points.at(-1)
  if (!single || !last) return 0
  const width = textWidth(signed(last), 15)
  return Math.ceil(isDense(single) ? width + 14 : width / 2)
}

/** Each break has rows of its own above the plot, so that notes never meet. */
function breakLayout(model: PlotModel, x: Axis, margins: number) {
  let height = 0
  const rules: Rule[] = []
  const notes: Note[] = []
  for (const { at, label } of model.breaks ?? []) {
    const share = fraction(x, at)
    const anchor: Anchor = share > 0.5 ? 'end' : 'start'
    const room = Math.max(share, 1 - share) * (levelWidths[0] - margins) + 20
    const lines = wrapText(label, Math.min(room, 260), 12)
    rules.push({ x: at, top: height })
    notes.push({ x: at, y: height + 12, dx: anchor === 'end' ? -7 : 7, lines, anchor, level: 0 })
    height += lines.length * LINE_HEIGHT + 4
  }
  const top = -(height + 14)
  return {
    height,
    rules: rules.map((rule) => ({ ...rule, top: rule.top + top })),
    notes: notes.map((note) => ({ ...note, y: note.y + top })),
  }
}

const placed: Record<Side, { anchor: Anchor; dx: number; dy: number }> = {
  right: { anchor: 'start', dx: 13, dy: -4 },
  left: { anchor: 'end', dx: -13, dy: -4 },
  above: { anchor: 'middle', dx: 0, dy: -29 },
  below: { anchor: 'middle', dx: 0, dy: 22 },
}

/** Where a line or another reference leaves room. Columns leave none: see `Signs`. */
function referenceNote(mark: Reference, model: SeriesModel, margins: number): Note {
  const place = placeOf(model, mark)
  const lines = [mark.label, signed(mark)]
  const width = Math.max(...lines.map((line) => textWidth(line, 12)))
  const others = [...model.series.flatMap(({ points }) => points), ...(model.references ?? [])]
    .filter((other) => other !== mark)
    .map((other) => placeOf(model, other))
  const line = [...others, ...alongLine(placeRuns(model))]
  const { anchor, dx, dy } =
    placed[freeSide(place, { width, height: 2 * LINE_HEIGHT }, line, margins, planeHeight(model))]
  return { x: mark.x, y: place.y + dy, dx, lines, anchor, level: 0 }
}

const placeOf = (model: SeriesModel, { x, y }: Pick<Point, 'x' | 'y'>): Place => ({
  x: fraction(model.x, x),
  y: yOf(model, y),
})

const placeRuns = (model: SeriesModel): Place[][] =>
  model.series
    .flatMap((series) => lineRuns(series, model.breaks))
    .map((run) => run.map((point) => placeOf(model, point)))

function seriesNotes(
  model: SeriesModel,
  single: Series | undefined,
  margins: number,
): PlotLayout['notes'] {
  if (single && !isDense(single)) return sparseNotes(model, single, margins)
  const notes = model.series.flatMap((series) =>
    series.points.flatMap((point) => {
      const text = signsOf(point)
      if (text === '' || (single && point === single.points.at(-1))) return []
      const level: Level = isDense(series) ? 2 : 0
      const note = aside(point.x, yOf(model, point.y) - 8 - rise(point), text, level)
      return [{ series: series.id, note, strong: false }]
    }),
  )
  const last = single?.points.at(-1)
  if (!single || !last) return notes
  const note: Note = {
    ...aside(last.x, yOf(model, last.y) + 5, signed(last), 0),
    dx: 10,
    anchor: 'start',
  }
  return [...notes, { series: single.id, note, strong: true }]
}

const aside = (x: number, y: number, text: string, level: Level): Note => ({
  x,
  y,
  dx: 0,
  lines: [text],
  anchor: 'middle',
  level,
})

function sparseNotes(model: SeriesModel, series: Series, margins: number): PlotLayout['notes'] {
  const places = series.points.map((point) => ({
    ...placeOf(model, point),
    text: signed(point),
  }))
  const line = alongLine(placeRuns(model))
  return valueLabels(places, line, margins, planeHeight(model)).flatMap(
    ({ index, above, level }) => {
      const point = series.points[index]
      const place = places[index]
      if (!point || !place) return []
      const note = aside(point.x, place.y + (above ? -10 - rise(point) : 21), place.text, level)
      return [{ series: series.id, note, strong: index === places.length - 1 }]
    },
  )
}

function columnNotes(model: ColumnsModel, margins: number): PlotLayout['notes'] {
  const marks = model.slots.flatMap(({ mark }, index) => (mark ? [{ mark, index }] : []))
  const widest = Math.max(0, ...marks.map(({ mark }) => textWidth(signed(mark), 12)))
  const all = fittingLevel(widest + 4, 1 / model.slots.length, margins)
  const always = alwaysLabelled(marks, model.slots.length, margins)
  return marks.flatMap(({ mark, index }) => {
    const strong = index === marks.at(-1)?.index
    const y = yOf(model, mark.y) + (mark.y < 0 ? 16 : -7 - rise(mark))
    const level = always.includes(index) ? 0 : all
    const value = { series: model.label, note: aside(index + 0.5, y, signed(mark), level), strong }
    const alone = signsOf(mark)
    if (level === 0 || alone === '') return [value]
    const sign: Note = { ...aside(index + 0.5, y, alone, 0), until: level }
    return [value, { series: model.label, note: sign, strong: false }]
  })
}

/** The last value and, where there is room beside it, the highest. */
function alwaysLabelled(
  marks: readonly { mark: Mark; index: number }[],
  slots: number,
  margins: number,
): number[] {
  const last = marks.at(-1)
  if (!last) return []
  const highest = marks.reduce((best, each) => (each.mark.y > best.mark.y ? each : best), last)
  const room = ((levelWidths[0] - margins) * (last.index - highest.index)) / slots
  return room > textWidth(signed(highest.mark)) + 8 ? [last.index, highest.index] : [last.index]
}

/** The first level at which a text of this width fits a share of the plot; 4 where it never does. */
function fittingLevel(width: number, share: number, margins: number): Level {
  const level = levelWidths.findIndex((chart) => (chart - margins) * share >= width)
  return (level === -1 ? 4 : level) as Level
}

/** Values over the columns of a group where all of them fit; of stacked parts the signs alone. */
function groupNotes(model: GroupsModel, margins: number): PlotLayout['notes'] {
  const columns = columnsOf(model)
  const widest = Math.max(0, ...columns.map(({ mark }) => textWidth(signed(mark), 12)))
  const width = (columns[0]?.right ?? 1) - (columns[0]?.left ?? 0)
  const level = fittingLevel(widest + 4, width / model.slots.length, margins)
  return columns.flatMap(({ series, mark, left, right, base, top }) => {
    const x = (left + right) / 2
    const [low, high] = [yOf(model, base), yOf(model, top)]
    const alone = signsOf(mark)
    if (model.arrangement === 'stacked') {
      const sign = aside(x, (low + high) / 2 + 4, alone, 0)
      return alone === '' ? [] : [{ series, note: sign, strong: false }]
    }
    const y = top < base ? high + 16 : high - 7 - rise(mark)
    const value = { series, note: aside(x, y, signed(mark), level), strong: false }
    if (level === 0 || alone === '') return [value]
    const sign: Note = { ...aside(x, y, alone, 0), until: level }
    return [value, { series, note: sign, strong: false }]
  })
}

function missingRuns(model: ColumnsModel | GroupsModel, margins: number): MissingRun[] {
  const slots = model.slots.length
  const drawn = new Set(columnsOf(model).map(({ slot }) => slot))
  const missing = model.slots.flatMap((_, x) => (drawn.has(x) ? [] : [{ x }]))
  const runs = splitLine(missing, 1).map((run) => {
    const from = run[0]?.x ?? 0
    const level = fittingLevel(76, run.length / slots, margins)
    return { from: from + 0.22, to: from + run.length - 0.22, level }
  })
  return model.kind === 'groups' ? [...runs, ...missingInGroups(model, drawn)] : runs
}

/** One column of a group that has others. */
function missingInGroups(model: GroupsModel, drawn: ReadonlySet<number>): MissingRun[] {
  if (model.arrangement === 'stacked') return []
  return [...drawn].flatMap((slot) =>
    model.series.flatMap(({ marks }, n) => {
      const { left, right } = groupSides(model, slot, n)
      return marks[slot] ? [] : [{ from: left, to: right, level: 4 as const }]
    }),
  )
}

export type SeriesKey = { id: string; label: string; value: string; colour: Colour; y: number }

/** Names of several series beside the ends of their lines, moved apart. `y` in px of the plot. */
export function seriesKeys(model: SeriesModel | GroupsModel): SeriesKey[] {
  const keys = keyedEnds(model).map(({ id, label, colour, mark, y }) => {
    const value = mark ? signed(mark) : ''
    return { id, label, value, colour, y, height: keyHeight(label, value === '' ? 0 : 1) }
  })
  const ys = spreadLabels(keys, -KEY_OVERHANG, planeHeight(model) + KEY_OVERHANG)
  return keys.map(({ height: _, ...key }, index) => ({ ...key, y: ys[index] ?? key.y }))
}

type KeyedEnd = { id: string; label: string; colour: Colour; mark?: Mark; y: number }

function keyedEnds(model: SeriesModel | GroupsModel): KeyedEnd[] {
  if (model.kind === 'series') {
    return model.series.map(({ id, label, colour, points }) => {
      const last = points.at(-1)
      const y = yOf(model, last?.y ?? model.y.from)
      return { id, label, colour, y, ...(last && { mark: last }) }
    })
  }
  const columns = columnsOf(model)
  return model.series.map(({ id, label, colour }) => {
    const last = columns.findLast(({ series }) => series === id)
    const y = yOf(model, last ? (last.base + last.top) / 2 : model.y.from)
    const isLast = model.arrangement === 'stacked' && last
    return { id, label, colour, y, ...(isLast && { mark: last.mark }) }
  })
}

export type MarkOnPlot = {
  /** Id of the series, or of the reference. */
  series: string
  label: string
  colour: Colour
  mark: Mark
  /** Where it stands, in units of the axes. */
  place: { x: number; y: number }
  reference?: true
}

/** All marks at one place of the x axis, in reading order. Empty where a period has no figure. */
export type Row = { x: number; period: string; marks: MarkOnPlot[] }

/** What a reader walks through with pointer or keys, from left to right. */
export function plotRows(model: PlotModel): Row[] {
  const rows = new Map<number, Row>()
  const add = (x: number, entry: MarkOnPlot) => {
    const row = rows.get(x) ?? { x, period: entry.mark.period, marks: [] }
    row.marks.push(entry)
    rows.set(x, row)
  }
  if (model.kind === 'series') {
    for (const { id, label, colour, points } of model.series) {
      for (const mark of points) add(mark.x, { series: id, label, colour, mark, place: mark })
    }
  } else {
    for (const row of slotRows(model)) rows.set(row.x, row)
  }
  const shift = model.kind === 'series' ? 0 : 0.5
  for (const mark of referencesIn(model)) {
    const { label } = mark
    const place = { x: mark.x + shift, y: mark.y }
    const series = `reference-${mark.x}`
    add(place.x, { series, label, colour: 0, mark, place, reference: true })
  }
  return [...rows.values()].sort((a, b) => a.x - b.x)
}

function slotRows(model: ColumnsModel | GroupsModel): Row[] {
  const drawn = columnsOf(model)
  return model.slots.map(({ period }, slot) => {
    const x = slot + 0.5
    const marks = seriesOfColumns(model).flatMap(({ id, label, colour, marks }): MarkOnPlot[] => {
      const mark = marks[slot]
      if (!mark) return []
      const column = drawn.find((one) => one.slot === slot && one.series === id)
      return [{ series: id, label, colour, mark, place: columnPlace(model, column, x) }]
    })
    const [only] = marks.length === 1 ? marks : []
    return { x, period: only?.mark.period ?? period, marks }
  })
}

/** Columns of one series as of several. */
export const seriesOfColumns = (model: ColumnsModel | GroupsModel): readonly ColumnSeries[] =>
  model.kind === 'groups'
    ? model.series
    : [
        {
          id: model.id,
          label: model.label,
          colour: model.colour,
          marks: model.slots.map(({ mark }) => mark ?? null),
        },
      ]

/** Where a column is pointed at: its end, or the middle of a part of a stack. */
function columnPlace(
  model: ColumnsModel | GroupsModel,
  column: Column | undefined,
  x: number,
): MarkOnPlot['place'] {
  if (!column) return { x, y: baseline(model.y) }
  const { left, right, base, top } = column
  const isPart = model.kind === 'groups' && model.arrangement === 'stacked'
  return { x: (left + right) / 2, y: isPart ? (base + top) / 2 : top }
}

/** Index of the row nearest to a place on the axis; -1 without rows. */
export function nearestRow(rows: readonly Pick<Row, 'x'>[], x: number): number {
  let best = -1
  rows.forEach((row, index) => {
    const champion = rows[best]
    if (!champion || Math.abs(row.x - x) < Math.abs(champion.x - x)) best = index
  })
  return best
}
