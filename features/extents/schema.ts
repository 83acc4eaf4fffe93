/** What a set of figures covers, told without reading them. Figures of single academies are left out. */
export interface Extent {
  /** How many figures there are now; computed ones are not counted. */
  figures: number
  /** The first day (ISO) of anything measured, and the last; null where nothing has a day. */
  from: string | null
  to: string | null
  /** The day from which the newest change was known; null where there is none. */
  changed: string | null
  /** Codes of areas, in their order. */
  areas: string[]
  /** Each indicator with each of its units. */
  measured: { indicator: string; unit: string }[]
}

/** The record as a whole and by each code that has figures. */
export interface RecordExtent {
  whole: Extent
  indicators: ReadonlyMap<string, Extent>
  programmes: ReadonlyMap<string, Extent>
  areas: ReadonlyMap<string, Extent>
}

/** A selection of series; a part that is left out matches everything. */
export interface SeriesFilter {
  roles?: readonly string[]
  indicators?: readonly string[]
  programmes?: readonly string[]
  areas?: readonly string[]
  sexes?: readonly string[]
  kinds?: readonly string[]
  units?: readonly string[]
  rhythms?: readonly string[]
  /** Only series that a target has been set for: same indicator, programme, area and sex. */
  haveTarget?: boolean
}

/** Several selections of series, each with room of its own on the page. */
export type Selections = readonly (readonly SeriesFilter[])[]
