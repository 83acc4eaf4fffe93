import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nextState, problemsOf, reportIdFrom } from '@/features/reports/rules'
import { readReportId, reportInput } from '@/features/reports/schema'

const report = {
  id: '0123456789',
  figure: '7',
  wrong: 'The period is 2022, not 2023.',
  instead: '',
  shownAt: '',
}
const problems = (changes: Partial<typeof report>) => {
  const parsed = reportInput.safeParse({ ...report, ...changes })
  return parsed.success ? [] : problemsOf(parsed.error.issues)
}

it('takes a report in plain words, on one line', () => {
  const parsed = reportInput.parse({ ...report, wrong: '  The period\r\n is wrong.  ' })
  expect(parsed).toMatchObject({ figure: 7, wrong: 'The period is wrong.' })
})

it('says what is wrong with a report, and where', () => {
  expect(problems({ wrong: ' wrong! ', instead: 'x'.repeat(501) })).toEqual([
    { field: 'wrong', problem: { code: 'wrongMissing', params: { least: 10 } } },
    { field: 'instead', problem: { code: 'tooLong', params: { most: 500 } } },
  ])
  expect(problems({ wrong: 'Turned \u202e around it is.' })).toEqual([
    { field: 'wrong', problem: { code: 'hiddenCharacter' } },
  ])
  expect(problems({ figure: '-1' })).toEqual([{ field: null, problem: { code: 'formBroken' } }])
})

it('answers a report once, whether it was taken up or not', () => {
  expect(nextState('received', 'take')).toBe('in_hand')
  expect(nextState('received', 'accept')).toBe('accepted')
  expect(nextState('in_hand', 'decline')).toBe('declined')
  for (const state of ['accepted', 'declined'] as const)
    for (const step of ['take', 'accept', 'decline'] as const)
      expect(nextState(state, step)).toBeNull()
  expect(nextState('in_hand', 'take')).toBeNull()
})

it('gives ids that are read as they are written', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), (bytes) => {
      const id = reportIdFrom(bytes)
      expect(readReportId(id.toUpperCase())).toBe(id)
    }),
  )
  expect(readReportId('../../etc')).toBeNull()
})
