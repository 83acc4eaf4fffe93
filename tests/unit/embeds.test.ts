import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { ChartModel } from '@/components/charts/model'
import { embedCode, embedPath, readEmbedTheme } from '@/features/embeds/schema'
import { chartCitation } from '@/features/embeds/series'
import { isMadeAtRequest } from '@/scripts/whole-pages.mjs'

const origin = 'https://shumar.example'
const vintage = { asOf: '2026-11-24', commit: 7, isFrozen: true }
const model = {
  id: 'exports-by-year',
  title: 'ICT exports by fiscal year',
  unit: 'US$ million',
  source: 'Business Recorder and 3 more publishers',
} as ChartModel

describe('an embedded chart', () => {
  it('has an address in each language, in the state of the page it was taken from', () => {
    expect(embedPath('overview', 'targets', { locale: 'en', vintage: null })).toBe(
      '/embed/overview/targets',
    )
    expect(embedPath('indicators/ICT_EXPORTS', 'chart-0', { locale: 'ur', vintage })).toBe(
      '/ur/embed/indicators/ICT_EXPORTS/chart-0?asOf=2026-11-24&v=7',
    )
  })

  it('is finished beforehand, unless it is one of the past', () => {
    expect(isMadeAtRequest('/embed/overview/targets')).toBe(false)
    expect(isMadeAtRequest('/ur/embed/indicators/ICT_EXPORTS/chart-0')).toBe(false)
    expect(isMadeAtRequest('/embed/overview/targets?asOf=2023-08-01')).toBe(true)
  })

  it('takes only the themes that there are', () => {
    expect(readEmbedTheme('dark')).toBe('dark')
    for (const word of [undefined, 'blue', '', ['dark']])
      expect(readEmbedTheme(word)).toBe('system')
  })

  it('has a code in which no title ends what it stands in', () => {
    fc.assert(
      fc.property(fc.string(), (title) => {
        const code = embedCode({ origin, path: '/embed/overview/x?asOf=2023-08-01&v=2', title })
        const [, shown = ''] = code.match(/ title="([^"]*)"\n? width=/) ?? []
        const read = shown
          .replace(/&quot;/g, '"')
          .replace(/&lt;/g, '<')
          .replace(/&amp;/g, '&')
        expect(read).toBe(title)
        expect(code).toContain(
          'src="https://shumar.example/embed/overview/x?asOf=2023-08-01&amp;v=2"',
        )
        expect(code.endsWith('<script src="https://shumar.example/embed.js" async></script>')).toBe(
          true,
        )
      }),
    )
  })
})

test('a citation names chart, source and state, and leads where they stay', () => {
  const page = 'indicators/ICT_EXPORTS'
  const { text, path } = chartCitation(model, { page, vintage, locale: 'en', origin })
  expect(path).toBe('/indicators/ICT_EXPORTS?asOf=2026-11-24&v=7#exports-by-year')
  expect(text.replace(/[\u2066-\u2069]/g, '')).toBe(
    'ICT exports by fiscal year (US$ million). Source: Business Recorder and 3 more publishers. ' +
      'Shumar, as known on 2026-11-24 (commit 7). https://shumar.example/indicators/ICT_EXPORTS?asOf=2026-11-24&v=7#exports-by-year',
  )
  const urdu = chartCitation(model, { page: 'overview', vintage, locale: 'ur', origin })
  expect(urdu.path).toBe('/ur?asOf=2026-11-24&v=7#exports-by-year')
})
