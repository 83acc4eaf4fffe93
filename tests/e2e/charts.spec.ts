import type { Locator } from '@playwright/test'
import { expect, test } from '../support/browser'

/** Where a painter has put things, in px of the screen, from left to right and top to bottom. */
interface Places {
  dots: number[][]
  /** Left, right, top and bottom. */
  bars: number[][]
  ticks: number[][]
}

/** Reads the places of the painter whose element this is; both draw with the same classes. */
const placesIn = (painter: Locator): Promise<Places> =>
  painter.evaluate((root) => {
    const onScreen = (element: SVGGraphicsElement, x: number, y: number) => {
      const { x: left, y: top } = new DOMPoint(x, y).matrixTransform(
        element.getScreenCTM() ?? undefined,
      )
      return [left, top] as const
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
      return [left, right, top, bottom]
    }
    // A stroke widens the box of a path, so that a rectangle is read from its own numbers.
    const rects = all<SVGRectElement>('rect.chart-bar').map((rect) => {
      const { x, y, width, height } = rect.getBBox()
      const [x1, y1] = onScreen(rect, x, y)
      const [x2, y2] = onScreen(rect, x + width, y + height)
      return [x1, x2, y1, y2]
    })
    const ticks = all('text').map(box)
    const inOrder = (places: number[][]) =>
      places.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0))
    return { dots: inOrder(dots), bars: inOrder([...drawn, ...rects]), ticks: inOrder(ticks) }
  })

/** The longest way that anything went, in px. */
function farthest(before: readonly number[][], after: readonly number[][]): number {
  expect(after.length).toBe(before.length)
  const ways = before.flatMap((place, n) =>
    place.map((at, k) => Math.abs(at - (after[n]?.[k] ?? 0))),
  )
  return Math.max(0, ...ways)
}

async function expectNoJump(chart: Locator, name: string) {
  await chart.scrollIntoViewIfNeeded()
  const plot = chart.locator('.chart-plot').first()
  const before = await placesIn(plot.locator('.chart-svg').first())
  await plot.hover()
  await expect(plot).toHaveClass(/chart-painted/)
  const after = await placesIn(plot.locator('.chart-painter'))
  expect(before.dots.length + before.bars.length, name).toBeGreaterThan(2)
  expect(before.ticks.length, name).toBeGreaterThan(4)
  for (const part of ['dots', 'bars', 'ticks'] as const) {
    expect(farthest(before[part], after[part]), `${part} of ${name}`).toBeLessThanOrEqual(1)
  }
}

for (const language of ['', '/ur']) {
  for (const width of [390, 1280]) {
    test(`nothing moves when the second painter takes over, at ${width} px of ${language || '/'}`, async ({
      page,
    }) => {
      await page.setViewportSize({ width, height: 900 })
      for (const [path, charts] of [
        [language || '/', ['exports-by-year', 'exports-by-month', 'academies']],
        [`${language}/indicators/ICT_EXPORTS`, ['chart-0']],
      ] as const) {
        await page.goto(path)
        for (const id of charts) await expectNoJump(page.locator(`#${id}`), `${path}#${id}`)
      }
    })
  }
}
