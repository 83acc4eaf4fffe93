import type { Axis, Break, Domain, Level, Point, Tick } from './model'

/** Where a value lies on an axis: 0 at `from`, 1 at `to`. */
export const fraction = ({ from, to, scale }: Domain, at: number): number =>
  scale === 'log' ? Math.log(at / from) / Math.log(to / from) : (at - from) / (to - from)

/** Cuts points into runs that may be joined: not over a missing period, not over a break. */
export function splitLine<P extends Pick<Point, 'x'>>(
  points: readonly P[],
  within = Number.POSITIVE_INFINITY,
  breaks: readonly Pick<Break, 'at'>[] = [],
): P[][] {
  const runs: P[][] = []
  let previous: P | undefined
  for (const point of points) {
    const before = previous
    const apart =
      before === undefined ||
      point.x - before.x > within ||
      breaks.some(({ at }) => before.x < at && at <= point.x)
    if (apart) runs.push([point])
    else runs.at(-1)?.push(point)
    previous = point
  }
  return runs
}

const NARROW = new Set("ilIj1.,:;'|!()[] ‎")
const WIDE = /[MWmw@%≈]/

/** Rough width of a text in px, for deciding what fits; errs on the wide side. */
export function textWidth(text: string, size = 13): number {
  let ems = 0
  for (const character of text) {
    ems += NARROW.has(character) ? 0.36 : WIDE.test(character) ? 0.86 : 0.6
  }
  return ems * size
}

/** Breaks a text into lines of at most `width` px; a longer word stands alone. */
export function wrapText(text: string, width: number, size = 13): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const line = lines.at(-1)
    if (line !== undefined && textWidth(`${line} ${word}`, size) <= width) {
      lines[lines.length - 1] = `${line} ${word}`
    } else lines.push(word)
  }
  return lines
}

/** Chart widths in px from which the levels 0 to 3 are shown; charts.css repeats them. */
export const levelWidths = [280, 480, 720, 1024] as const

const LABEL_GAP = 10

/**
 * Shows as many evenly spaced ticks as fit: every tick at the widest level, then every second,
 * third, ... of what the next wider level shows, always counted from the last, most recent tick.
 * `margins` is the width in px that the plot leaves to its sides.
 */
export function tickLevels(ticks: readonly Tick[], axis: Domain, margins: number): Level[] {
  const given = ticks.filter((tick) => tick.level === undefined)
  const steps: number[] = []
  let step = 1
  for (const width of [...levelWidths].reverse()) {
    const unit = step
    while (step < given.length && !ticksFit(every(given, step), axis, width - margins)) step += unit
    steps.unshift(step)
  }
  return ticks.map((tick) => {
    if (tick.level !== undefined) return tick.level
    const fromLast = given.length - 1 - given.indexOf(tick)
    const level = steps.findIndex((size) => fromLast % size === 0)
    return (level === -1 ? 4 : level) as Level
  })
}

const every = (ticks: readonly Tick[], step: number): Tick[] =>
  ticks.filter((_, index) => (ticks.length - 1 - index) % step === 0)

function ticksFit(ticks: readonly Tick[], axis: Domain, width: number): boolean {
  return ticks.every((tick, index) => {
    const next = ticks[index + 1]
    if (next === undefined) return true
    const distance = (fraction(axis, next.at) - fraction(axis, tick.at)) * width
    return distance >= (textWidth(tick.label) + textWidth(next.label)) / 2 + LABEL_GAP
  })
}

/**
 * The ticks of a zoomed axis that fit into `width` px, coarser levels first. Where a month comes
 * first, it names its year.
 */
export function fittingTicks(axis: Axis, width: number): Tick[] {
  const inside = axis.ticks.filter(({ at }) => at >= axis.from && at <= axis.to)
  const first = inside[0]
  const year = axis.ticks.findLast((tick) => tick.level !== 4 && tick.at < axis.from)
  if (first?.level === 4 && year) {
    inside[0] = { ...first, level: 0, label: `${first.label} ${year.label}` }
  }
  const chosen: Tick[] = []
  for (const tick of [...inside].sort((a, b) => (a.level ?? 0) - (b.level ?? 0))) {
    const candidate = [...chosen, tick].sort((a, b) => a.at - b.at)
    if (ticksFit(candidate, axis, width)) chosen.splice(0, chosen.length, ...candidate)
  }
  return chosen
}

export type Span = { y: number; height: number }

/**
 * Moves labels apart that would overlap, as little as it can, keeping their order and staying
 * between `top` and `bottom` where they fit at all. `y` is a label's middle.
 */
export function spreadLabels(labels: readonly Span[], top: number, bottom: number): number[] {
  type Group = { members: number[]; middle: number; height: number }
  const order = labels.map((_, index) => index).sort((a, b) => at(a).y - at(b).y)
  function at(index: number): Span {
    return labels[index] ?? { y: 0, height: 0 }
  }
  const place = (members: number[]): Group => {
    const height = members.reduce((sum, index) => sum + at(index).height, 0)
    // The group sits where its members would least have to move, on average.
    let offset = 0
    let wanted = 0
    for (const index of members) {
      wanted += at(index).y - offset - at(index).height / 2
      offset += at(index).height
    }
    const free = wanted / members.length + height / 2
    const middle = Math.max(Math.min(free, bottom - height / 2), top + height / 2)
    return { members, middle, height }
  }
  const groups: Group[] = []
  for (const index of order) {
    let group = place([index])
    for (let above = groups.at(-1); above; above = groups.at(-1)) {
      if (above.middle + above.height / 2 <= group.middle - group.height / 2) break
      groups.pop()
      group = place([...above.members, ...group.members])
    }
    groups.push(group)
  }
  const result: number[] = labels.map(({ y }) => y)
  for (const { members, middle, height } of groups) {
    let y = middle - height / 2
    for (const index of members) {
      result[index] = y + at(index).height / 2
      y += at(index).height
    }
  }
  return result
}

export type ValueLabel = { index: number; above: boolean; level: Level }

/** A point in the plot: `x` as a fraction of its width, `y` in px. */
export type Place = { x: number; y: number }

const LABEL_HEIGHT = 15
const LABEL_RISE = 10

/** Points along a line, close enough to tell whether a text would lie on it. */
export function alongLine(runs: readonly (readonly Place[])[]): Place[] {
  const samples = 24
  return runs.flatMap((run) =>
    run.slice(1).flatMap((end, index) => {
      const start = run[index] ?? end
      return Array.from({ length: samples - 1 }, (_, step) => {
        const share = (step + 1) / samples
        return {
          x: start.x + (end.x - start.x) * share,
          y: start.y + (end.y - start.y) * share,
        }
      })
    }),
  )
}

/**
 * Which values to write beside their points, above or below, so that no text meets another text,
 * another point or a line at any width: the last and the first value first, then the extremes.
 */
export function valueLabels(
  places: readonly (Place & { text: string })[],
  line: readonly Place[],
  margins: number,
  height: number,
): ValueLabel[] {
  const last = places.length - 1
  const ys = places.map(({ y }) => y)
  const extremes = [ys.indexOf(Math.min(...ys)), ys.indexOf(Math.max(...ys))]
  const queue = [...new Set([last, 0, ...extremes, ...places.keys()])].filter((i) => i >= 0)
  const labels: ValueLabel[] = []
  for (const level of [0, 1, 2, 3] as const) {
    const width = levelWidths[level] - margins
    for (const index of queue) {
      const place = places[index]
      if (!place || labels.some((label) => label.index === index)) continue
      const taken = labels.flatMap((label) => {
        const other = places[label.index]
        return other ? [labelBox(other, label.above, width)] : []
      })
      const dots = places.filter((_, other) => other !== index)
      const above = [true, false].find((side) => {
        const box = labelBox(place, side, width)
        const inside = side || box.bottom <= height
        return inside && isFree(box, taken, [...dots, ...line], width)
      })
      if (above !== undefined) labels.push({ index, above, level })
    }
  }
  return labels.sort((a, b) => a.index - b.index)
}

type Box = { left: number; right: number; top: number; bottom: number }

function labelBox(place: Place & { text: string }, above: boolean, width: number): Box {
  const half = textWidth(place.text, 12) / 2
  const middle = place.x * width
  const top = above ? place.y - LABEL_RISE - LABEL_HEIGHT : place.y + LABEL_RISE
  return { left: middle - half, right: middle + half, top, bottom: top + LABEL_HEIGHT }
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

const isFree = (box: Box, boxes: readonly Box[], dots: readonly Place[], width: number): boolean =>
  !boxes.some((other) => overlap(box, other)) &&
  !dots.some(({ x, y }) =>
    overlap(box, { left: x * width - 3, right: x * width + 3, top: y - 3, bottom: y + 3 }),
  )

export type Side = 'right' | 'left' | 'above' | 'below'

/** The side of a point on which a text of this size meets fewest points of a line, wide or narrow. */
export function freeSide(
  place: Place,
  size: { width: number; height: number },
  line: readonly Place[],
  margins: number,
  height: number,
): Side {
  const sides: Side[] =
    place.x > 0.55 ? ['left', 'above', 'below', 'right'] : ['right', 'above', 'below', 'left']
  const meets = (side: Side): number =>
    [levelWidths[0], levelWidths[2]].reduce((sum, chart) => {
      const width = chart - margins
      const box = sideBox(place, size, side, width)
      const outside = box.left < 0 || box.right > width || box.top < 0 || box.bottom > height
      return (
        sum + (outside ? 1000 : 0) + line.filter((dot) => !isFree(box, [], [dot], width)).length
      )
    }, 0)
  return sides.reduce((best, side) => (meets(side) < meets(best) ? side : best))
}

function sideBox(
  place: Place,
  { width, height }: { width: number; height: number },
  side: Side,
  plot: number,
): Box {
  const x = place.x * plot
  const left = side === 'right' ? x + 12 : side === 'left' ? x - 12 - width : x - width / 2
  const top =
    side === 'above'
      ? place.y - 12 - height
      : side === 'below'
        ? place.y + 12
        : place.y - height / 2
  return { left, right: left + width, top, bottom: top + height }
}
