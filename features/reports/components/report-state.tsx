import { StatusMark } from '@/components/ui/status-mark'
import { type Locale, translator } from '@/lib/i18n'
import type { ReportState } from '../schema'

const symbols: Record<ReportState, string> = {
  received: '…',
  in_hand: '◔',
  accepted: '✓',
  declined: '–',
}

export function ReportStateMark({ locale, state }: { locale: Locale; state: ReportState }) {
  return (
    <StatusMark symbol={symbols[state]} label={translator(locale, 'reports')(`state.${state}`)} />
  )
}
