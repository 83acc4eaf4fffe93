import type { Locator } from '@playwright/test'
import { expect, test } from '../support/browser'

/** Where a painter has put things, in px of the screen from the corner of their plot. */
interface Places {
  dots: number[][]
  /** Left, right, top and bottom. */
  bars: number[][]
  ticks: number[][]
}

/** Reads the places of the painter whose element this is; both draw with the same classes. */
const placesIn = (painter: Locator): Promise<Places> =>
  painter.evaluate((root) => {
    // A page scrolls under a pointer on its way, and what was far from view is laid out anew.
    const corner = root.closest('.chart-plot')?.getBoundingClientRect() ?? new DOMRect()
    const onScreen = (element: SVGGraphicsElement, x: number, y: number) => {
      const { x: left, y: top } = new DOMPoint(x, y).matrixTransform(
        element.getScreenCTM() ?? undefined,
      )
      return [left - corner.left, top - corner.top] as const
    }
    const all = <E extends Element>(selector: string) => [...root.querySelectorAll<E>(selector)]
    const number = String.raw`(-?[\d.]+)`
    const dots = all<SVGPathElement>('path.chart-dot').flatMap((path) =>
      [...(path.getAttribute('d') ?? '').matchAll(RegExp(`M${number}[ ,]${number}h0`, 'g'))].map(
        ([, x, y]) => [...onScreen(path, Number(x), Number(y))],
      ),
    )
    const drawn = all<SVGPathElement>('path.chart-bar').flatMap((path) =>
      [
        ...(path.getAttribute('d') ?? '').matchAll(
          RegExp(`M${number} ${number}V${number}H${number}`, 'g'),
        ),
      ].map(([, left, floor, top, right]) => {
        const [x1, y1] = onScreen(path, Number(left), Number(top))
        const [x2, y2] = onScreen(path, Number(right), Number(floor))
        return [x1, x2, y1, y2]
      }),
    )
    const box = (element: Element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect()
      return [left - corner.left, right - corner.left, top - corner.top, bottom - corner.top]
    }
    // A stroke widens the box of a path, so that a rectangle is read from its own numbers.
    const rects = all<SVGRectElement>('rect.chart-bar').map((rect) => {
      const { x, y, width, height } = rect.getBBox()
      const [x1, y1] = onScreen(rect, x, y)
      const [x2, y2] = onScreen(rect, x + width, y + height)
      return [x1, x2, y1, y2]
    })
    return { dots, bars: [...drawn, ...rects], ticks: all('text').map(box) }
  })

/** How far from everything before the thing is, in px, that stands farthest from it. */
function farthest(before: readonly number[][], after: readonly number[][]): number {
  expect(after.length).toBe(before.length)
  const away = (a: number[], b: number[]) =>
    Math.max(...a.map((at, n) => Math.abs(at - (b[n] ?? Number.POSITIVE_INFINITY))))
  const nearest = (place: number[], others: readonly number[][]) =>
    Math.min(...others.map((other) => away(place, other)))
  return Math.max(
    0,
    ...before.map((place) => nearest(place, after)),
    ...after.map((place) => nearest(place, before)),
  )
}

function expectSame(before: Places, after: Places, name: string) {
  expect(before.dots.length + before.bars.length, name).toBeGreaterThan(2)
  expect(before.ticks.length, name).toBeGreaterThan(4)
  for (const part of ['dots', 'bars', 'ticks'] as const) {
    expect(farthest(before[part], after[part]), `${part} of ${name}`).toBeLessThanOrEqual(1)
  }
}

const compared = ['ICT_EXPORTS', 'FREELANCE_REMIT'].map(
  (code) => `${code}._Z.PK._T.flow.USD_MILLION.fiscal`,
)
const narrow = { width: 390, height: 900 }
const wide = { width: 1280, height: 900 }

for (const { language, from, to } of [
  { language: '', from: narrow, to: wide },
  { language: '/ur', from: wide, to: narrow },
]) {
  test(`nothing moves when the second painter takes over, in ${language || '/'}`, async ({
    page,
  }) => {
    for (const [path, charts] of [
      [language || '/', ['exports-by-year', 'exports-by-month']],
      [`${language}/indicators/ICT_EXPORTS`, ['chart-0']],
      [`${language}/compare?form=columns&series=${compared.join('&series=')}`, ['compared-0']],
    ] as const) {
      await page.setViewportSize(from)
      await page.goto(path)
      for (const id of charts) {
        const plot = page.locator(`#${id} .chart-plot`).first()
        await plot.scrollIntoViewIfNeeded()
        const before = await placesIn(plot.locator('.chart-svg').first())
        await plot.hover()
        await expect(plot).toHaveClass(/chart-painted/)
        expectSame(before, await placesIn(plot.locator('.chart-painter')), `${path}#${id}`)
      }
      // The first painter's picture stays underneath: both follow the width.
      await page.setViewportSize(to)
      for (const id of charts) {
        const plot = page.locator(`#${id} .chart-plot`).first()
        const name = `${path}#${id} at ${to.width} px`
        // Far from what is seen a chart is not laid out, and its painter waits.
        await plot.scrollIntoViewIfNeeded()
        await expect(async () => {
          const fluid = await placesIn(plot.locator('.chart-svg').first())
          expectSame(fluid, await placesIn(plot.locator('.chart-painter')), name)
        }).toPass({ timeout: 5000 })
      }
    }
  })
}
