import type { Selections } from '@/features/extents/schema'

/** What the page of an area reads of the record: its own figures, and the country's beside them. */
export const areaSelections = (code: string): Selections =>
  code === 'PK' ? [[{ areas: [code] }]] : [[{ areas: [code] }], [{ areas: ['PK'] }]]
