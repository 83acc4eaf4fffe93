import { counterpart } from '@/features/computed/rules'
import { differenceText } from '@/features/computed/series'
import type { Figure } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { type Locale, translator } from '@/lib/i18n'

/** The value that the parts of a published rate make, and how far the two are apart. */
export function ComputedBeside({
  locale,
  writer,
  figure,
  related,
}: {
  locale: Locale
  writer: FigureWriter
  figure: Figure
  related: readonly Figure[]
}) {
  const computed = counterpart(figure, related)
  if (!computed) return null
  const t = translator(locale, 'computed')
  return (
    <section aria-labelledby="computed" className="section prose">
      <h2 id="computed">{t('beside')}</h2>
      <p>
        <a href={writer.figurePath(computed)}>{writer.value(computed)}</a>{' '}
        {differenceText(locale, computed, figure)}
      </p>
    </section>
  )
}
