import './flag-marks.css'
import { type Flag, flagSymbols } from '@/components/charts/model'
import { StatusMark } from '@/components/ui/status-mark'
import { type Locale, translator } from '@/lib/i18n'

/** What to know about a figure: the same marks as on charts, each with its words. */
export function FlagMarks({
  flags,
  locale,
  compact = false,
}: {
  flags: readonly Flag[]
  locale: Locale
  compact?: boolean
}) {
  const t = translator(locale, 'figures.flags')
  return flags.map((flag) => (
    <StatusMark key={flag} symbol={flagSymbols[flag]} label={t(flag)} compact={compact} />
  ))
}
