import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFound, searchable } from '@/lib/search-text'

describe('a search', () => {
  it.each([
    ['EXPORT', 'ICT exports'],
    ['revenue ict', 'ICT export revenue'],
    ['resume', 'Résumé'],
    ['اكيڈمياں', 'اکیڈمیاں'],
    ['مدت', 'مُدّت'],
    ['ﻣﺪت', 'مدت'],
    ['', 'anything'],
  ])('for %j finds %j', (search, text) => expect(isFound(search, [text])).toBe(true))

  it('finds nothing where one word is missing', () => {
    expect(isFound('export women', ['ICT exports'])).toBe(false)
  })

  it('finds every text by itself', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(isFound(text, [text])).toBe(true)
      }),
    )
  })

  it('is folded once: folding again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(searchable(searchable(text))).toBe(searchable(text))
      }),
    )
  })
})
