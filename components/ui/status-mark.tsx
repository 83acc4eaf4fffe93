/** A short mark and what it means, for example P "Provisional". `compact` shows the mark alone. */
export function StatusMark({
  symbol,
  label,
  compact = false,
}: {
  symbol: string
  label: string
  compact?: boolean
}) {
  return (
    <span className="status-mark" title={compact ? label : undefined}>
      <span className="status-mark-symbol" aria-hidden="true">
        {symbol}
      </span>
      <span className={compact ? 'visually-hidden' : undefined}>{label}</span>
    </span>
  )
}
