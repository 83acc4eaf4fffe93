import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { downloadQuery, readDownloadRequest } from '@/features/downloads/schema'
import { roles, sexes } from '@/features/figures/schema'

const read = (query: string) => readDownloadRequest(new URLSearchParams(query))

describe('the filter of a download', () => {
  it.each([
    ['', {}],
    ['indicator=ICT_EXPORTS', { indicator: ['ICT_EXPORTS'] }],
    ['area=PK-PB&area=001', { area: ['PK-PB', '001'] }],
    ['sex=F&role=target&programme=_Z', { sex: ['F'], role: ['target'], programme: ['_Z'] }],
  ])('reads %j', (query, filter) => {
    expect(read(query)).toEqual({ ok: true, value: { filter, vintage: null } })
  })

  it.each([
    ['asOf=2023-08-01', { asOf: '2023-08-01', v: undefined }],
    ['area=PK&v=2&asOf=2023-08-01', { asOf: '2023-08-01', v: '2' }],
    ['asOf=', { asOf: '', v: undefined }],
  ])('passes the vintage on: %j', (query, vintage) => {
    expect(read(query)).toMatchObject({ ok: true, value: { vintage } })
  })

  it('refuses a commit without a day: it alone says nothing', () => {
    expect(read('v=2')).toEqual({ ok: false, problem: { code: 'commitWithoutDay' } })
  })

  it.each([
    ['indicators=X', 'unknownFilter', { word: 'indicators' }],
    ['asof=2023-08-01', 'unknownFilter', { word: 'asof' }],
    ['__proto__=x', 'unknownFilter', { word: '__proto__' }],
    ['constructor=x', 'unknownFilter', { word: 'constructor' }],
    [`${'w'.repeat(200)}=x`, 'unknownFilter', { word: 'w'.repeat(60) }],
    ['indicator=', 'invalidFilter', { word: 'indicator', value: '' }],
    ['indicator=A,B', 'invalidFilter', { word: 'indicator', value: 'A,B' }],
    ['indicator=A&indicator=%00', 'invalidFilter', { word: 'indicator', value: '\0' }],
    ["area=PK';--", 'invalidFilter', { word: 'area', value: "PK';--" }],
    ['sex=all', 'invalidFilter', { word: 'sex', value: 'all' }],
    ['role=Actual', 'invalidFilter', { word: 'role', value: 'Actual' }],
    [`area=${'x'.repeat(200)}`, 'invalidFilter', { word: 'area', value: 'x'.repeat(60) }],
  ])('refuses %j', (query, code, params) => {
    expect(read(query)).toEqual({ ok: false, problem: { code, params } })
  })

  it('says the same in an address and read back', () => {
    const codes = fc.array(fc.stringMatching(/^[A-Z0-9_][A-Z0-9_-]{0,10}$/), { minLength: 1 })
    const filter = fc.record(
      {
        indicator: codes,
        programme: codes,
        area: codes,
        sex: fc.array(fc.constantFrom(...sexes), { minLength: 1 }),
        role: fc.array(fc.constantFrom(...roles), { minLength: 1 }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(filter, (filter) => {
        expect(read(downloadQuery(filter))).toEqual({
          ok: true,
          value: { filter, vintage: null },
        })
      }),
    )
  })

  it('keeps the vintage of its page', () => {
    const vintage = { asOf: '2023-08-01', commit: 2 }
    const filter = { area: ['PK'] }
    expect(downloadQuery(filter, { ...vintage, isFrozen: true })).toBe(
      '?asOf=2023-08-01&v=2&area=PK',
    )
    expect(downloadQuery(filter, { ...vintage, isFrozen: false })).toBe('?asOf=2023-08-01&area=PK')
  })

  it('is no query at all where nothing is filtered', () => {
    expect(downloadQuery({})).toBe('')
    expect(downloadQuery({ indicator: [] })).toBe('')
  })
})
