import { describe, expect, test } from 'vitest'
import type { Proposal } from '@/features/proposals/schema'
import {
  checklistOf,
  readAnnouncement,
  readTexts,
  readTime,
  slugOf,
} from '@/features/releases/rules'
import type { HeldFigure } from '@/features/releases/schema'

describe('the time of a release', () => {
  test.each([
    ['15:30', '15:30'],
    ['9.05', '09:05'],
    ['3:30 PM', '15:30'],
    ['12 am', '00:00'],
    ['12:15pm', '12:15'],
    ['۱۵:۳۰', '15:30'],
  ])('%s is %s', (typed, time) => {
    expect(readTime(typed)).toEqual({ ok: true, value: time })
  })

  test.each(['25:00', '12:60', '13 pm', '9', 'noon', '15:3', '1530'])('%s is none', (typed) => {
    expect(readTime(typed)).toMatchObject({ ok: false, problem: { code: 'notATime' } })
  })

  test('day and time together are one wall-clock time, or every problem', () => {
    expect(readAnnouncement({ day: '1 December 2026', time: '9 am' })).toEqual({
      ok: true,
      at: '2026-12-01 09:00',
    })
    expect(readAnnouncement({ day: 'May 2026', time: '' })).toMatchObject({
      problems: [
        { field: 'day', from: 'periods', code: 'notADay' },
        { field: 'time', from: 'releases', code: 'timeMissing' },
      ],
    })
  })
})

test('a release has a title in both languages', () => {
  const typed = {
    titleEn: ' Exports,  November ',
    titleUr: '',
    noteEn: '',
    noteUr: '',
    day: '',
    time: '',
  }
  expect(readTexts(typed)).toMatchObject({ problems: [{ field: 'titleUr', code: 'titleMissing' }] })
  expect(readTexts({ ...typed, titleUr: 'برآمدات' })).toMatchObject({
    texts: { title: { en: 'Exports, November', ur: 'برآمدات' } },
  })
})

test.each([
  ['ICT exports, November 2026', 'ict-exports-november-2026'],
  ['برآمدات', 'release'],
  [`${'long '.repeat(20)}`, 'long-long-long-long-long-long-long-long'],
])('%s has the address %s', (title, slug) => {
  expect(slugOf(title)).toBe(slug)
})

describe('the checklist', () => {
  const held = (changes: Partial<Proposal> = {}, more: Partial<HeldFigure> = {}): HeldFigure => ({
    proposal: {
      id: 'p',
      state: 'scheduled',
      base: 7,
      status: 'A',
      precision: 'exact',
      source: { publisher: 'SBP', title: '', publishedLabel: '', url: 'https://www.sbp.org.pk/' },
      ...changes,
    } as Proposal,
    current: null,
    newest: 7,
    warnings: [],
    alsoHeldBy: [],
    isOwnApproval: false,
    ...more,
  })
  const codes = (figures: HeldFigure[]) =>
    checklistOf(figures).map(({ level, code }) => `${level} ${code}`)

  test('has nothing to say about a plain figure', () => {
    expect(codes([held()])).toEqual([])
  })

  test('stops a release without an approved figure', () => {
    expect(codes([])).toEqual(['error empty'])
    expect(codes([held({ state: 'in_review' })])).toEqual(['error empty', 'error waiting'])
    expect(codes([held(), held({ state: 'returned' })])).toEqual(['error returned'])
  })

  test('stops a key held twice and an approval that four eyes forbid by now', () => {
    const other = { en: 'Another release' }
    expect(codes([held({}, { alsoHeldBy: [other], isOwnApproval: true })])).toEqual([
      'error heldTwice',
      'error ownApproval',
    ])
  })

  test('warns of what deserves a second look', () => {
    const source = { publisher: 'SBP', title: '', publishedLabel: '', url: '' }
    const warnings = [{ code: 'negative' as const, params: {} }]
    expect(
      codes([held({ source, status: 'P', precision: 'over' }, { newest: 9, warnings })]),
    ).toEqual([
      'warning figure',
      'warning revised',
      'warning noLink',
      'warning provisional',
      'warning estimated',
    ])
  })
})
