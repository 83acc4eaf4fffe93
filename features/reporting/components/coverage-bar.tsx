import './reporting.css'
import type { Locale } from '@/lib/i18n'
import type { Coverage } from '../schema'
import { coverageText } from './words'

/** How many have reported, in words, and as a bar for those who see it. */
export function CoverageBar({ locale, coverage }: { locale: Locale; coverage: Coverage }) {
  const { expected, reported } = coverage
  const share = expected === 0 ? 0 : (reported / expected) * 100
  return (
    <div className="coverage">
      <span>{coverageText(locale, coverage)}</span>
      <span className="coverage-bar" aria-hidden="true">
        <span style={{ inlineSize: `${share.toFixed(1)}%` }} />
      </span>
    </div>
  )
}
