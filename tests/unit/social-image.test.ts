import { describe, expect, it, test } from 'vitest'
import { socialImage } from '@/components/images/social-image'
import { chartContext } from '@/features/charts/series'
import { readSocialPlace } from '@/features/images/schema'
import { socialModel } from '@/features/images/series'
import { headlineCards, latestCards } from '@/features/overview/series'
import { locales } from '@/lib/i18n'
import { pageMetadata } from '@/lib/page-metadata'
import { catalogue, contentFigures } from '../support/figures'

const state = { figures: contentFigures(), today: '2026-11-24', changes: [] }

describe.each(locales)('the image for shared links in %s', (locale) => {
  const context = chartContext(catalogue, locale)
  const text = 'What it is about'

  it('shows one figure large, with its line, period and source', () => {
    const cards = latestCards(context, state).slice(0, 1)
    const [card] = cards
    const image = socialImage(socialModel(locale, { title: 'ICT <exports>', text, cards }))
    expect(image).toContain('ICT &lt;exports&gt;')
    expect(image).toContain(`>${card?.value.number}<`)
    expect(image).toContain(card?.period)
    expect(image).toContain(card?.source)
    expect(image).toContain('class="line"')
    expect(image).not.toContain(text)
    expect(image).not.toMatch(/NaN|undefined/)
  })

  it('shows several figures, each with what it counts', () => {
    const cards = headlineCards(context, state).map(({ pinned }) => pinned)
    const image = socialImage(socialModel(locale, { title: 'Overview', text, cards }))
    for (const { value } of cards) expect(image).toContain(`>${value.number}<`)
    expect(image).not.toContain('class="line"')
  })

  it('says what a page is about that has no figures', () => {
    const image = socialImage(socialModel(locale, { title: 'Methods', text, cards: [] }))
    expect(image).toContain(text)
  })
})

test('the address of an image names a page that has one', () => {
  expect(readSocialPlace(['overview.png'])).toEqual({ page: 'overview', code: '' })
  expect(readSocialPlace(['figures', '12-13.png'])).toEqual({ page: 'figures', code: '12-13' })
  for (const path of ['overview', 'overview/x.png', 'people/1.png', 'indicators.png', '../x.png'])
    expect(readSocialPlace(path.split('/'))).toBeNull()
})

test.each([
  ['en', '/', '/download/social/overview.png'],
  ['ur', '/figures/12-13', '/download/social/figures/12-13.png?locale=ur'],
  ['en', '/methods', '/download/social/site.png'],
  ['en', '/indicators/ICT_EXPORTS/vintages', '/download/social/site.png'],
] as const)('a page in %s at %s is shared with an image that can be had', (locale, path, url) => {
  const { openGraph, twitter } = pageMetadata(locale, path, 'Title', 'What it is.')
  const image = { url, width: 1200, height: 630, alt: 'Title. What it is.' }
  expect(openGraph?.images).toMatchObject([image])
  expect(twitter).toMatchObject({ card: 'summary_large_image', images: [image] })
  const place = new URL(url, 'https://shumar.example').pathname.split('/').slice(3)
  expect(readSocialPlace(place)).not.toBeNull()
})
