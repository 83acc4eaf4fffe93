import { type Locale, translator } from '@/lib/i18n'
import { dayAt, formatDay } from '../rules'

/** A moment (ISO, UTC) as its day and time in Karachi. */
export function Instant({ locale, at }: { locale: Locale; at: string }) {
  const instant = new Date(at)
  const day = formatDay(dayAt(instant), locale)
  return <time dateTime={at}>{translator(locale, 'periods')('instant', { day, at: instant })}</time>
}
