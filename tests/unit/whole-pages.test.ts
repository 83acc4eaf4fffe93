import { describe, expect, it } from 'vitest'
import { settingChoices, settingNames } from '@/lib/reader-settings'
import { isLean, isMadeAtRequest, isPlain } from '@/scripts/whole-pages.mjs'

describe('which pages are made at the request', () => {
  it.each([
    '/',
    '/ur',
    '/indicators',
    '/ur/indicators/ICT_EXPORTS',
    '/areas/PK-PB',
    '/?utm_source=x',
    '/data',
    '/ur/data?digits=urdu&scale=lakh',
    '/indicators?digits=urdu',
    '/ur/methods',
    '/about',
  ])('%s is prerendered', (url) => expect(isMadeAtRequest(url)).toBe(false))

  it.each([
    '/?asOf=2023-01-01',
    '/ur/indicators?x=1&asOf=',
    '/figures/12',
    '/revisions',
    '/indicators/ICT_EXPORTS/vintages',
    '/sign-in',
    '/urdu',
    '/data?area=PK',
    '/ur/data?scale=lakh&page=2',
    '/data?asOf=2023-01-01',
    '/indicators?q=women',
    '/ur/indicators?scale=lakh&q=',
  ])('%s is made at the request', (url) => expect(isMadeAtRequest(url)).toBe(true))
})

describe('which pages made at the request are sent without the scripts of the build', () => {
  it.each([
    '/data?area=PK',
    '/ur/data?asOf=2023-01-01',
    '/?asOf=2023-01-01',
    '/ur/figures/1?asOf=2023-01-01',
    '/compare?series=x',
    '/sources/3',
    '/indicators/ICT_EXPORTS/vintages',
  ])('%s', (url) => expect(isLean(url)).toBe(true))

  // Prerendered, for others, or with a form that scripts make quicker.
  it.each([
    '/data',
    '/data?scale=lakh',
    '/datasets?area=PK',
    '/sign-in?x=1',
    '/entry?asOf=2023-01-01',
    '/sources/3/copy',
    '/figures/1/report',
    '/embed/as-of/2023-01-01/overview/trained',
  ])('not %s', (url) => expect(isLean(url)).toBe(false))
})

describe('which addresses only ask for another way of writing', () => {
  const settings = settingNames.flatMap((name) =>
    settingChoices[name].map((choice) => `${name}=${choice}`),
  )
  it.each([...settings, 'digits=urdu&scale=lakh', ''])('?%s does', (query) =>
    expect(isPlain(`/areas?${query}`)).toBe(true),
  )

  it.each(['asOf=2024-01-01', 'digits=roman', 'digits=urdu&x=1', 'scale=lakh&'])(
    '?%s does not',
    (query) => expect(isPlain(`/areas?${query}`)).toBe(false),
  )
})
