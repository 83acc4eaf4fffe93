import { expect, test } from 'vitest'
import { pageMetadata } from '@/lib/page-metadata'

test('a page names itself as canonical and its twin in every language', () => {
  const { alternates } = pageMetadata('ur', '/indicators/ACADEMIES', 'اکیڈمیاں', 'تفصیل')

  expect(alternates).toMatchObject({
    canonical: '/ur/indicators/ACADEMIES',
    languages: {
      en: '/indicators/ACADEMIES',
      ur: '/ur/indicators/ACADEMIES',
      'x-default': '/indicators/ACADEMIES',
    },
    types: { 'application/atom+xml': '/ur/revisions.atom' },
  })
})

test('the first page of a language has no slash at its end', () => {
  expect(pageMetadata('en', '/', 'Overview', 'All').alternates?.languages).toEqual({
    en: '/',
    ur: '/ur',
    'x-default': '/',
  })
})
