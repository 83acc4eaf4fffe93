import { describe, expect, it } from 'vitest'
import { isMadeAtRequest } from '@/scripts/whole-pages.mjs'

describe('which pages are made at the request', () => {
  it.each([
    '/',
    '/ur',
    '/indicators',
    '/ur/indicators/ICT_EXPORTS',
    '/areas/PK-PB',
    '/?utm_source=x',
  ])('%s is prerendered', (url) => expect(isMadeAtRequest(url)).toBe(false))

  it.each([
    '/?asOf=2023-01-01',
    '/ur/indicators?x=1&asOf=',
    '/figures/12',
    '/revisions',
    '/indicators/ICT_EXPORTS/vintages',
    '/sign-in',
    '/urdu',
  ])('%s is made at the request', (url) => expect(isMadeAtRequest(url)).toBe(true))
})
