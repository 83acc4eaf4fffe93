import type { Catalogue, Indicator } from '@/features/catalogue/schema'
import { figuresOf } from '@/features/extents/cached'
import type { Figure } from '@/features/figures/schema'
import { codesFor, withComputed } from './rules'

/** The figures of an indicator with those computed from its parts; follows the tags of all three. */
export async function figuresAndComputed(
  catalogue: Catalogue,
  indicator: Indicator,
): Promise<Figure[]> {
  const figures = await Promise.all(codesFor(indicator).map(figuresOf))
  return withComputed(catalogue, figures.flat()).filter((one) => one.indicator === indicator.code)
}
