import { describe, expect, it } from 'vitest'
import { readDownloadRequest } from '@/features/downloads/schema'
import { readVintage, readVintageWords, vintageQuery } from '@/features/vintages/schema'

const now = { today: '2026-11-24', commit: 7 }

describe('a vintage in an address', () => {
  it('is a day up to today, with the newest commit unless one is named', () => {
    expect(readVintage({ asOf: '2023-08-01' }, now)).toEqual({
      ok: true,
      value: { asOf: '2023-08-01', commit: 7, isFrozen: false },
    })
    expect(readVintage({ asOf: '2026-11-24', v: '3' }, now)).toEqual({
      ok: true,
      value: { asOf: '2026-11-24', commit: 3, isFrozen: true },
    })
  })

  it.each([
    [{ asOf: '2026-11-25' }, 'future'],
    [{ asOf: '2026-02-30' }, 'notADay'],
    [{ asOf: '01/02/2026' }, 'notADay'],
    [{ asOf: '2023-08-01', v: '8' }, 'unknownCommit'],
    [{ asOf: '2023-08-01', v: '0' }, 'notACommit'],
    [{ asOf: '2023-08-01', v: '1e3' }, 'notACommit'],
  ])('%j is refused as %s', (words, code) => {
    expect(readVintage(words, now)).toMatchObject({ ok: false, problem: { code } })
  })

  it('is written back so that links stay in it', () => {
    const vintage = { asOf: '2023-08-01', commit: 7, isFrozen: false }
    expect(vintageQuery(null)).toBe('')
    expect(vintageQuery(vintage)).toBe('?asOf=2023-08-01')
    expect(vintageQuery({ ...vintage, isFrozen: true })).toBe('?asOf=2023-08-01&v=7')
  })

  it('takes the first of two commits and leaves out none', () => {
    expect(readVintageWords('2023-08-01', { v: ['3', '4'] })).toEqual({
      asOf: '2023-08-01',
      v: '3',
    })
    expect(readVintageWords('2023-08-01', {})).toEqual({ asOf: '2023-08-01' })
  })

  it('is a word of downloads, where a commit needs its day', () => {
    expect(readDownloadRequest(new URLSearchParams('asOf=2023-08-01&v=3&sex=F'))).toEqual({
      ok: true,
      value: { filter: { sex: ['F'] }, vintage: { asOf: '2023-08-01', v: '3' } },
    })
    expect(readDownloadRequest(new URLSearchParams('v=3'))).toMatchObject({
      ok: false,
      problem: { code: 'commitWithoutDay' },
    })
  })
})
