/** In what of the record a word of a search stands. A figure is found by any of these. */
export interface FoundWord {
  indicators: string[]
  programmes: string[]
  areas: string[]
  publishers: string[]
  /** Numbers of sources, by their publishers or their titles. */
  sources: number[]
  /** Of those, the ones whose title alone has it. */
  titled: number[]
  /** Numbers of the sources that do not have it, where they are fewer than the others. */
  without: number[] | null
  /** Numbers of revisions, by their notes. */
  notes: number[]
}
