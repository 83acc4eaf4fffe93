import type { Figure } from '@/features/figures/schema'
import { type FigureWriter, figureNumber, subjectAndPeriod } from '@/features/figures/series'
import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'

export interface CitationTexts {
  plain: string
  bibtex: string
  /** The address that always shows this figure as it is now. */
  address: string
}

/** How to cite a figure: what it says, in which state of the record, and where that stays. */
export function citationTexts(
  figure: Figure,
  writer: FigureWriter,
  vintage: Vintage,
  { locale, origin }: { locale: Locale; origin: string },
): CitationTexts {
  const number = figureNumber(figure)
  const frozen = vintageQuery({ ...vintage, isFrozen: true })
  const address = origin + localePath(locale, `/figures/${number}${frozen}`)
  const title = figureTitle(figure, writer, locale)
  const source = writer.source(figure.current.source)
  // Between Urdu words the parts of a day would change places.
  const day = `\u2066${vintage.asOf}\u2069`
  const t = translator(locale, 'proof')
  return {
    address,
    plain: t('citation', { title, source, day, commit: vintage.commit, address }),
    bibtex: [
      `@misc{shumar-${number}-${figure.current.id || vintage.commit},`,
      `  title = {${escapeTex(title)}},`,
      `  author = {{Shumar}},`,
      `  year = {${vintage.asOf.slice(0, 4)}},`,
      `  note = {${escapeTex(t('citationNote', { source, day, commit: vintage.commit }))}},`,
      `  url = {${address}}`,
      '}',
    ].join('\n'),
  }
}

/** How a figure's page introduces itself: what the figure says, and where it is from. */
export function figureIntroduction(
  figure: Figure,
  writer: FigureWriter,
  locale: Locale,
): { path: string; title: string; description: string } {
  const t = translator(locale, 'proof')
  const title = figureTitle(figure, writer, locale)
  return {
    path: `/figures/${figureNumber(figure)}`,
    title,
    description: figure.computed
      ? t('computedDescription', { title })
      : t('figureDescription', { title, source: writer.source(figure.current.source) }),
  }
}

const figureTitle = (figure: Figure, writer: FigureWriter, locale: Locale): string =>
  `${subjectAndPeriod(figure, writer, locale)}: ${writer.value(figure)}`

const escapeTex = (text: string) =>
  text.replace(/[\u2066-\u2069]/g, '').replace(/[\\{}$&#%_^~]/g, (sign) => {
    if (sign === '\\') return '\\textbackslash{}'
    if (sign === '^' || sign === '~') return `\\${sign}{}`
    return `\\${sign}`
  })
