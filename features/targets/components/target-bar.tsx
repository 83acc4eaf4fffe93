import './targets.css'

/** How much of a target is reached, beside words that say so. `share` is only drawn. */
export function TargetBar({ share }: { share: number }) {
  return (
    <div className="target-progress-track" aria-hidden="true">
      <div
        className="target-progress-bar"
        style={{ inlineSize: `${Math.min(100, Math.max(0, share) * 100)}%` }}
      />
    </div>
  )
}
