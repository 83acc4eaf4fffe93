import type { Page } from '@playwright/test'
import { expect, layOut } from './browser'

/** Opens what is folded up: it is part of the page. */
const unfold = (page: Page) =>
  page.evaluate(() => {
    for (const fold of document.querySelectorAll('main details')) fold.setAttribute('open', '')
  })

/** How far a page can be pushed sideways, in px. */
const sideways = (page: Page) =>
  page.evaluate(() =>
    Math.max(
      ...[-1000, 1000].map((left) => {
        window.scrollTo({ left, behavior: 'instant' })
        return Math.abs(window.scrollX)
      }),
    ),
  )

const looks = [
  { prefix: '', colorScheme: 'light' },
  { prefix: '/ur', colorScheme: 'dark' },
] as const

interface Tools {
  axe(page: Page): Promise<void>
  picture?(name: string, page?: Page): Promise<void>
}

/**
 * Expects that nothing on a page keeps anybody out: axe with every rule, 320 px without scrolling
 * sideways (1280 px at 400 %), nothing in motion. Each language is looked at in one theme and each
 * theme in one language: no colour hangs on the language, and no word on the theme.
 */
export async function expectNoBarriers(
  page: Page,
  path: string,
  { axe, picture = async () => {} }: Tools,
): Promise<void> {
  for (const { prefix, colorScheme } of looks) {
    const address = prefix && /^\/(\?|$)/.test(path) ? prefix + path.slice(1) : prefix + path
    const name = address.replaceAll(/[^A-Za-z0-9_]+/g, '-')
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.goto(address)
    await layOut(page)
    await unfold(page)
    await axe(page)
    await picture(`page${name}`, page)
    await page.setViewportSize({ width: 320, height: 256 })
    expect(await sideways(page), `${address} at 320 px`).toBe(0)
    expect(await page.evaluate(() => document.getAnimations().length), address).toBe(0)
    await picture(`page${name}-320`, page)
  }
}
