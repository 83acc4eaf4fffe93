/**
 * Chart models: plain, serialisable descriptions of a chart. Two painters draw them, SVG on the
 * server and Recharts in the browser, so a model holds no functions and no markup. Every text is
 * already in the reader's language; numbers (`y`, `share`, `at`) only place marks, the figure
 * itself is `text`.
 */

/**
 * What a reader must know about one figure, and the symbol that says so wherever it is written, in
 * this order. Letters are SDMX CL_OBS_STATUS; no symbol begins a formula or is mirrored in Urdu.
 */
export const flagSymbols = {
  provisional: 'P',
  estimated: 'E',
  definition: 'D',
  break: 'B',
  rounded: 'R',
  over: '⁺',
  about: '~',
  publishers: '‡',
  computed: 'ƒ',
  disagrees: '≠',
} as const

export type Flag = keyof typeof flagSymbols

export const flagOrder = Object.keys(flagSymbols) as Flag[]

/** Place in the palette of charts.css; 0 is neutral grey. */
export type Colour = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** One figure on a chart. */
export type Mark = {
  /** For drawing only. */
  y: number
  /** The exact value with its unit, readable on its own: `USD 3,810 million`. */
  text: string
  /** The value as written beside the mark, without its unit: `3,810`. Defaults to `text`. */
  short?: string
  /** `FY2024-25`, `June 2025`, `11 May 2022`. */
  period: string
  /** Who published it, and when. */
  source?: string
  flags?: readonly Flag[]
  /** Address of the figure's proof. */
  href?: string
  /** The published figures behind a value that was computed for the chart: an index, a rate. */
  from?: readonly Origin[]
}

/** A published figure behind a computed value, with its proof. */
export type Origin = { text: string; href?: string }

/** A mark at a day: `x` counts days since 1970-01-01 (see `toDay`). */
export type Point = Mark & { x: number }

/**
 * How wide the chart must be before a label is shown: 0 always, then from 480, 720 and 1024 px of
 * width; 4 only when a reader has zoomed in. `tickLevels` in geometry.ts works it out when absent.
 */
export type Level = 0 | 1 | 2 | 3 | 4

export type Tick = { at: number; label: string; level?: Level }

/** Domain of an axis; `log` where equal distances are equal ratios, for positive values only. */
export type Domain = { from: number; to: number; scale?: 'log' }

/** Domain and ticks; see `valueAxis`, `logAxis` and `timeAxis` in layout.ts. */
export type Axis = Domain & { ticks: readonly Tick[] }

/** What every chart carries around its plot. */
export type Frame = {
  /** Unique on the page; a valid HTML id. */
  id: string
  title: string
  /** Unit and scope, as the subtitle: `USD million, fiscal years (July to June)`. */
  unit: string
  /** The chart in one sentence, for people who do not see it. */
  summary: string
  /** Source line without the word "Source". */
  source: string
  /** Day the data is from, written out. */
  dataDate: string
  note?: string
}

export type Series = {
  id: string
  label: string
  colour: Colour
  /** `step` holds a level until the next figure; `area` is filled down to zero. */
  shape: 'line' | 'step' | 'area'
  /**
   * Longest distance in days at which neighbouring points are joined (`joinWithin` in layout.ts has
   * the values for months, quarters and years). Absent for dated levels, which are always joined.
   */
  joinWithin?: number
  /** Days of its own new definitions; else those of the plot. */
  breaks?: readonly { at: number }[]
  /** An earlier state of the series it is drawn under: dashed. */
  isEarlier?: true
  /** Sorted by `x`. */
  points: readonly Point[]
}

/** The definition changed: nothing is joined across it. `at` is the first day of the new one. */
export type Break = { at: number; label: string }

/** A figure of another role beside the series, for example a claim: a hollow diamond. */
export type Reference = Point & { label: string }

/** A horizontal line, for example a target: `y` in units of the axis. */
export type Threshold = { y: number; label: string; href?: string }

export type SeriesModel = Frame & {
  kind: 'series'
  /** Height of the plane in px of a 16 px root, where it is not the usual one. */
  height?: number
  x: Axis
  y: Axis
  series: readonly Series[]
  breaks?: readonly Break[]
  references?: readonly Reference[]
  thresholds?: readonly Threshold[]
  /** Offers a range selector; for series too long to read month by month. */
  brush?: boolean
}

/** One period on the axis. Without a mark there is no figure, which is drawn as such. */
export type Slot = { label: string; period: string; level?: Level; mark?: Mark }

export type ColumnsModel = Frame & {
  kind: 'columns'
  y: Axis
  colour: Colour
  /** What the columns show, for the tooltip and the table. */
  label: string
  slots: readonly Slot[]
  /** `at` is the index of the first slot of the new definition. */
  breaks?: readonly Break[]
  /** `x` is the index of a slot. */
  references?: readonly Reference[]
  thresholds?: readonly Threshold[]
}

/** One of several series of columns: a mark for each slot of the axis, null where there is no figure. */
export type ColumnSeries = {
  id: string
  label: string
  colour: Colour
  marks: readonly (Mark | null)[]
}

/**
 * Several series of columns. Side by side, or stacked where they are the parts of one whole; a stack
 * of which a part is missing is not drawn, because it would look like a smaller whole.
 */
export type GroupsModel = Frame & {
  kind: 'groups'
  arrangement: 'grouped' | 'stacked'
  y: Axis
  slots: readonly Omit<Slot, 'mark'>[]
  series: readonly ColumnSeries[]
  /** `at` is the index of the first slot of the new definition. */
  breaks?: readonly Break[]
}

/** What a row is about. `href` of a name leads to its page, `href` of its mark to the proof. */
type Row = { name: string; detail?: string; href?: string; colour: Colour }

export type BarsModel = Frame & {
  kind: 'bars'
  /** Length of a full bar, in units of `mark.y`. */
  to: number
  rows: readonly (Row & { mark: Mark })[]
}

export type BulletsModel = Frame & {
  kind: 'bullets'
  rows: readonly (Row & {
    target: Mark
    /** Absent: nothing reported against the target. */
    actual?: Mark
    /** actual / target, for drawing only; 1 is the target reached. */
    share?: number
    /** `93 % of the target`. */
    shareText?: string
    /** The target before it was changed, as a share of the present one; `detail` says so in words. */
    earlierShare?: number
  })[]
}

export type DotsModel = Frame & {
  kind: 'dots'
  axis: Axis
  /** A vertical line through all rows, for example parity at 50 %. */
  thresholds?: readonly Threshold[]
  rows: readonly (Row & { mark: Mark })[]
}

/** Two periods, one line a row; every figure stands at its end of the line. */
export type SlopesModel = Frame & {
  kind: 'slopes'
  y: Axis
  /** The two periods, as tick labels. */
  periods: readonly [string, string]
  /** `breaks`: the definition changed in between, nothing is joined. */
  rows: readonly (Row & { start: Mark; end: Mark; breaks?: true })[]
}

/** Small plots under one title, on the same axes, so that they can be compared by eye. */
export type MultiplesModel = Frame & {
  kind: 'multiples'
  plots: readonly (SeriesModel & { href?: string })[]
}

export type Tile = {
  column: number
  row: number
  /** Short enough for a tile: `PB`. */
  code: string
  name: string
  /** Place on the ramp, 0 (lowest) to 5; absent together with `mark`: no figure. */
  step?: 0 | 1 | 2 | 3 | 4 | 5
  mark?: Mark
  /** Page of the area. */
  href?: string
}

export type TilesModel = Frame & {
  kind: 'tiles'
  tiles: readonly Tile[]
  /** The classes of the ramp, lowest first: `up to 50`, `51 to 500`. */
  classes: readonly { step: 0 | 1 | 2 | 3 | 4 | 5; label: string }[]
}

export type ChartModel =
  | SeriesModel
  | ColumnsModel
  | GroupsModel
  | SlopesModel
  | MultiplesModel
  | BarsModel
  | BulletsModel
  | DotsModel
  | TilesModel

/** Charts on a plane with two axes: the ones Recharts takes over. */
export type PlotModel = SeriesModel | ColumnsModel | GroupsModel

/** A word-sized line without axes; its figure stands beside it in text. */
export type SparklineModel = {
  colour: Colour
  joinWithin?: number
  points: readonly { x: number; y: number }[]
  breaks?: readonly { at: number }[]
}
