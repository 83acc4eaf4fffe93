import type { SocialFigure, SocialModel } from '@/components/images/social-image'
import type { CardModel } from '@/features/overview/series'
import { direction, type Locale, languageOf, translator } from '@/lib/i18n'

/** What the image of a page shows: its newest figures as its cards have them. */
export function socialModel(
  locale: Locale,
  { title, text, cards }: { title: string; text: string; cards: readonly CardModel[] },
): SocialModel {
  const t = translator(locale, 'shell')
  const [only] = cards
  const sources = [...new Set(cards.map(({ source }) => source))]
  return {
    product: t('product'),
    title,
    text,
    figures: cards.map((card) => socialFigure(card, title)),
    line: cards.length === 1 ? (only?.sparkline ?? null) : null,
    source:
      sources.length === 1
        ? translator(locale, 'charts')('source', { source: sources[0] ?? '' })
        : t('social'),
    language: languageOf(locale),
    rtl: direction(locale) === 'rtl',
  }
}

function socialFigure({ label, scope, period, value }: CardModel, title: string): SocialFigure {
  // The name of a figure or a programme says the programme already.
  const note = [!title.includes(scope) && scope, period].filter(Boolean).join(' · ')
  return { label, ...value, note }
}
