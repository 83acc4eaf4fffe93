import { StatusMark } from '@/components/ui/status-mark'
import { formatDay } from '@/features/periods/rules'
import { type Locale, translator } from '@/lib/i18n'
import type { Due } from '../rules'

/** When the next figure is due; overdue has a mark of its own beside the words. */
export function DueText({ due, locale }: { due: Due; locale: Locale }) {
  const t = translator(locale, 'cadence')
  if (due.kind === 'superseded') return null
  if (due.kind === 'unscheduled') return t('unscheduled')
  const date = formatDay(due.day, locale)
  if (due.kind === 'next') return t('next', { date })
  return (
    <>
      {t('wasDue', { date })} <StatusMark symbol="!" label={t('overdue')} />
    </>
  )
}
