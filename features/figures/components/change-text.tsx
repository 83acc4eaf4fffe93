import type { Change } from '../series'

const arrows = { up: '▲', down: '▼', none: '■' } as const

/** How a figure changed: sign, arrow and words, never colour alone. */
export function ChangeText({ change }: { change: Change }) {
  return (
    <span className="figure-change">
      <span aria-hidden="true" className="figure-change-arrow">
        {arrows[change.direction]}
      </span>{' '}
      {change.text}
    </span>
  )
}
