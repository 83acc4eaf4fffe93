import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogueNames } from '@/features/catalogue/rules'
import type { Catalogue, Indicator } from '@/features/catalogue/schema'
import type { Revision } from '@/features/figures/schema'
import { problemText } from '@/features/proposals/components/words'
import {
  addsNothing,
  decodeWarnings,
  defaultRelease,
  type Evidence,
  encodeWarnings,
  entryStep,
  newestRevision,
  nextState,
  readEntry,
  resendProblem,
  sameEntry,
  stepProblem,
  unconfirmed,
  warningsOf,
} from '@/features/proposals/rules'
import {
  type EnteredFigure,
  entryFields,
  type ProposalState,
  type Step,
  type TypedEntry,
  warningCodes,
} from '@/features/proposals/schema'
import type { FourEyes } from '@/features/settings/schema'

const today = '2026-11-24'
const text = { en: 'x', ur: 'x' }

const catalogue: Catalogue = {
  indicators: [
    {
      code: 'ACADEMIES',
      theme: 'academies',
      decimals: 0,
      direction: 'up_is_good',
      acrossAreas: 'sum',
      acrossPeriods: 'last',
      defaultKind: 'stock',
      defaultUnit: 'ACADEMIES',
      method: 'published',
      numeratorSex: null,
      cadence: null,
      numerator: null,
      denominator: null,
      name: text,
      definition: text,
    },
  ],
  aliases: [],
  programmes: [{ code: 'HUAWEI_ICTA', parent: null, colour: 1, name: text, description: text }],
  areas: [{ code: 'PK', parent: null, endedOn: null, tile: null, name: text }],
  units: ['ACADEMIES', 'UNIVERSITIES', 'PERCENT'].map((code) => ({
    code,
    name: text,
    pattern: { en: '{value}', ur: '{value}' },
  })),
  breaks: [],
  caveats: [],
}

const rate: Indicator = {
  ...(catalogue.indicators[0] as Indicator),
  code: 'FEMALE_SHARE',
  method: 'computed',
  numerator: 'ACADEMIES',
  numeratorSex: 'F',
  denominator: 'ACADEMIES',
}

const typed: TypedEntry = {
  indicator: 'ACADEMIES',
  programme: 'HUAWEI_ICTA',
  area: 'PK',
  sex: '_T',
  period: '11 May 2022',
  value: '93',
  role: 'actual',
  kind: 'stock',
  unit: 'ACADEMIES',
  status: 'A',
  precision: 'exact',
  publisher: 'Dawn',
  title: 'Academies counted',
  sourceDate: 'May 2022',
  url: 'https://www.dawn.com/news/1',
  releasedOn: '',
  note: '',
  reason: '',
  release: '',
}

const read = (changes: Partial<TypedEntry> = {}, on = today) =>
  readEntry({ ...typed, ...changes }, catalogue, on)

const problemsOf = (changes: Partial<TypedEntry>) => {
  const entry = read(changes)
  return entry.ok ? [] : entry.problems
}

function figure(changes: Partial<EnteredFigure> = {}): EnteredFigure {
  const entry = read()
  if (!entry.ok) throw new Error(JSON.stringify(entry.problems))
  return { ...entry.figure, ...changes }
}

describe('a computed rate', () => {
  const names = { ...catalogue, indicators: [...catalogue.indicators, rate] }

  test('is never typed: the refusal names the parts to enter instead', () => {
    const entry = readEntry({ ...typed, indicator: 'FEMALE_SHARE' }, names, today)
    const problems = entry.ok ? [] : entry.problems
    expect(problems.map(({ field, code }) => [field, code])).toEqual([['indicator', 'computed']])
    const texts = problems.map((one) => problemText('en', catalogueNames(names, 'en'), one))
    expect(texts[0]).toMatch(/Enter its parts instead, “x \(Women\)” and “x”/)
  })

  test('may be typed where publishers give it too', () => {
    const published = { ...names, indicators: [{ ...rate, method: 'published' as const }] }
    const entry = readEntry({ ...typed, indicator: 'FEMALE_SHARE' }, published, today)
    expect(entry.ok).toBe(true)
  })
})

describe('reading the form', () => {
  test('reads numbers, periods and days as people write them', () => {
    const entry = read({ value: '۴۰٬۰۰۰', period: 'FY2024-25', sourceDate: '3 Jan 2025' })
    expect(entry).toMatchObject({
      ok: true,
      figure: {
        value: '40000',
        period: '2024-A1',
        source: { publishedLabel: '2025-01-03' },
        releasedOn: '2025-01-03',
        academy: '_T',
      },
    })
  })

  test('names every field at fault at once, and whose message it is', () => {
    expect(
      problemsOf({ value: '1.5bn', period: '01/02/2026', publisher: ' ', indicator: 'NOPE' }),
    ).toEqual([
      { field: 'indicator', from: 'entry', code: 'notInList' },
      expect.objectContaining({ field: 'period', from: 'periods', code: 'dayOrder' }),
      expect.objectContaining({ field: 'value', from: 'numbers', code: 'magnitude' }),
      { field: 'publisher', from: 'entry', code: 'missing' },
    ])
  })

  test.each([
    ['value', '', 'numbers', 'missing'],
    ['period', '', 'periods', 'missing'],
    ['period', '2026-02-30', 'periods', 'impossibleDay'],
    ['url', 'javascript:alert(1)', 'entry', 'url'],
    ['url', 'www.dawn.com', 'entry', 'url'],
    ['sourceDate', '2022', 'entry', 'sourceDate'],
    ['sourceDate', '25 November 2026', 'entry', 'sourceInFuture'],
    ['sourceDate', 'sometime', 'periods', 'notAPeriod'],
    ['releasedOn', '2026-11-25', 'entry', 'releasedInFuture'],
    ['releasedOn', 'May 2022', 'periods', 'notADay'],
    ['title', 'x'.repeat(501), 'entry', 'tooLong'],
    ['note', 'safe \u202e reversed', 'entry', 'hiddenCharacter'],
    ['publisher', 'Da\u0000wn', 'entry', 'hiddenCharacter'],
    ['role', 'wish', 'entry', 'notInList'],
    ['kind', '', 'entry', 'notInList'],
    ['sex', 'X', 'entry', 'notInList'],
    ['unit', 'BANANAS', 'entry', 'notInList'],
    ['area', 'PK-XX', 'entry', 'notInList'],
  ])('refuses %s “%s”', (field, value, from, code) => {
    expect(problemsOf({ [field]: value })).toEqual([expect.objectContaining({ field, from, code })])
  })

  test('a note of several lines becomes one line', () => {
    expect(read({ note: 'First.\r\n\r\n Second. ' })).toMatchObject({
      figure: { note: 'First. Second.' },
    })
  })

  const awkward = fc.constantFrom(...'aZ09 ,.-/:%_٠۴،ب\u0000\n\t\u200b\u202e\u2212\ud83d')

  test('never throws and never answers a half-read figure', () => {
    const anything = fc.record(
      Object.fromEntries(
        entryFields.map((field) => [
          field,
          fc.oneof(fc.constant(typed[field]), fc.string({ unit: awkward, maxLength: 12 })),
        ]),
      ) as Record<keyof TypedEntry, fc.Arbitrary<string>>,
    )
    fc.assert(
      fc.property(anything, (entry) => {
        const checked = readEntry(entry, catalogue, today)
        if (checked.ok) expect(checked.figure.value).toMatch(/^-?\d+(\.\d+)?$/)
        else expect(checked.problems).not.toEqual([])
      }),
      { numRuns: 50 },
    )
  })
})

describe('the day of release, where nobody gave one', () => {
  test.each([
    ['2022-05-11', '2022-05-11'],
    ['2022-02', '2022-02-28'],
    ['', today],
    ['2026-11', today],
  ])('of a source dated “%s” is %s', (sourceDate, day) => {
    expect(defaultRelease(sourceDate, today)).toBe(day)
  })
})

function revision(changes: Partial<Revision> = {}): Revision {
  return {
    id: 1,
    kind: 'publication',
    value: '93',
    status: 'A',
    precision: 'exact',
    releasedOn: '2022-05-11',
    knownOn: '2022-05-11',
    commit: 1,
    source: figure().source,
    note: '',
    reason: '',
    periodLabel: '',
    ...changes,
  }
}

const usual = { kind: 'stock', unit: 'ACADEMIES', kinds: ['flow'], units: [] } as const

const codesOf = (entered: EnteredFigure, evidence: Partial<Evidence> = {}) =>
  warningsOf(entered, { findings: [], history: [], usual, today, ...evidence }).map(
    ({ code }) => code,
  )

describe('warnings', () => {
  test('an ordinary figure has none', () => {
    expect(codesOf(figure())).toEqual([])
  })

  test('what rules warn of; an error is none, it blocks', () => {
    const finding = { index: 0, rule: 'NEGATIVE', code: 'negative', params: {} } as const
    const findings = [
      { ...finding, severity: 'warning' as const },
      { ...finding, code: 'falls' as const, severity: 'error' as const },
    ]
    expect(codesOf(figure(), { findings })).toEqual(['negative'])
  })

  test('a kind or unit that is neither the default nor in use', () => {
    const entered = figure({ kind: 'cumulative', unit: 'UNIVERSITIES' })
    expect(codesOf(entered)).toEqual(['unusualKind', 'unusualUnit'])
    const inUse = { ...usual, kinds: ['cumulative'], units: ['UNIVERSITIES'] }
    expect(codesOf(entered, { usual: inUse })).toEqual([])
    expect(codesOf(figure(), { usual: inUse })).toEqual([])
  })

  test('a release before that of the current revision; an undated one outranks nobody', () => {
    const entered = figure({ releasedOn: '2022-05-10' })
    expect(codesOf(entered, { history: [revision()] })).toEqual(['releasedEarlier'])
    expect(codesOf(entered, { history: [revision({ releasedOn: null })] })).toEqual([])
    expect(codesOf(figure({ releasedOn: '2022-05-11' }), { history: [revision()] })).toEqual([])
  })

  test('another publisher than that of the current revision, whoever it quotes', () => {
    const history = [revision()]
    const from = (publisher: string) => figure({ source: { ...figure().source, publisher } })
    expect(codesOf(from('Dawn (APP)'), { history })).toEqual([])
    expect(codesOf(from('The News'), { history })).toEqual(['otherPublisher'])
  })

  test('an actual figure for a period that is not over; a target may look ahead', () => {
    const ahead = { period: '2026', kind: 'stock' } as const
    expect(codesOf(figure(ahead))).toEqual(['notOverYet'])
    expect(codesOf(figure({ ...ahead, role: 'target' }))).toEqual([])
  })
})

describe('passing over warnings', () => {
  const warnings = fc.array(
    fc.record({
      code: fc.constantFrom(...warningCodes),
      params: fc.dictionary(fc.constantFrom('value', 'period', 'publisher'), fc.string()),
    }),
  )

  test('survives the way through the form, whatever the texts contain', () => {
    fc.assert(
      fc.property(warnings, (list) => {
        const lines = encodeWarnings(list)
        expect(decodeWarnings(lines)).toEqual(list)
        expect(lines.join('\n').split('\n').filter(Boolean)).toEqual(lines)
        expect(unconfirmed(list, lines)).toEqual([])
      }),
    )
  })

  test('covers only what was shown: new numbers ask again', () => {
    const shown = encodeWarnings([{ code: 'falls', params: { value: '94', period: '2021' } }])
    const now = [{ code: 'falls', params: { value: '95', period: '2021' } }] as const
    expect(unconfirmed(now, shown)).toEqual(now)
  })

  test('lines that are no warnings are left out', () => {
    expect(decodeWarnings(['constructor?x=1', '', 'negative?'])).toEqual([
      { code: 'negative', params: {} },
    ])
  })
})

describe('a figure and the record', () => {
  test('adds nothing when the current revision says the same, to the letter', () => {
    const history = [revision({ releasedOn: figure().releasedOn })]
    expect(addsNothing(figure(), history)).toBe(true)
    expect(addsNothing(figure({ value: '93.0' }), history)).toBe(false)
    expect(addsNothing(figure({ status: 'P' }), history)).toBe(false)
    expect(addsNothing(figure({ source: { ...figure().source, title: 'Other' } }), history)).toBe(
      false,
    )
  })

  test('may say again what was corrected wrongly, but not what would stay history', () => {
    const { releasedOn } = figure()
    const past = revision({ id: 1, releasedOn })
    const correction = revision({ id: 2, value: '94', releasedOn })
    expect(addsNothing(figure(), [past, correction])).toBe(false)
    const later = revision({ id: 2, value: '94', releasedOn: '2022-06-01' })
    expect(addsNothing(figure(), [past, later])).toBe(true)
  })

  test('builds on the newest record, which need not be the current one', () => {
    expect(newestRevision([revision({ id: 3 }), revision({ id: 7, releasedOn: null })])).toBe(7)
    expect(newestRevision([])).toBeNull()
  })

  test('the same form twice says the same; a changed one does not', () => {
    expect(sameEntry(figure(), figure({ reason: 'checked' }))).toBe(true)
    expect(sameEntry(figure(), figure({ value: '94' }))).toBe(false)
    expect(sameEntry(figure(), figure({ source: { ...figure().source, url: '' } }))).toBe(false)
  })
})

describe('the steps of a proposal', () => {
  const states: (ProposalState | null)[] = [
    null,
    'draft',
    'in_review',
    'returned',
    'scheduled',
    'published',
    'discarded',
  ]
  const steps: Step[] = [
    'draft',
    'publish',
    'send',
    'approve',
    'return',
    'discard',
    'release',
    'recall',
  ]
  const possible = (isHeld: boolean) =>
    steps.flatMap((step) =>
      states.flatMap((state) => {
        const next = nextState(state, step, isHeld)
        return next ? `${state} ${step} ${next}` : []
      }),
    )

  test('these and no others', () => {
    expect(possible(false)).toEqual([
      'null draft draft',
      'draft draft draft',
      'null publish published',
      'draft publish published',
      'null send in_review',
      'draft send in_review',
      'returned send in_review',
      'in_review approve published',
      'in_review return returned',
      'scheduled return returned',
      'draft discard discarded',
      'in_review discard discarded',
      'returned discard discarded',
      'scheduled release published',
      'scheduled recall in_review',
    ])
  })

  test('held for a release, only the release publishes', () => {
    const published = possible(true).filter((step) => step.endsWith('published'))
    expect(published).toEqual(['scheduled release published'])
    expect(nextState('in_review', 'approve', true)).toBe('scheduled')
    expect(nextState(null, 'publish', true)).toBe('scheduled')
  })

  const proposal = { authorId: 'author', state: 'in_review', version: 3 } as const
  const someone = (userId: string, role: 'editor' | 'reviewer' | 'admin') => ({ userId, role })
  const problem = (
    who: ReturnType<typeof someone>,
    step: 'approve' | 'return' | 'discard',
    { state = proposal.state as ProposalState, version = 3, fourEyes = 'editors' as FourEyes } = {},
  ) => stepProblem(who, { ...proposal, state }, step, version, fourEyes)

  test('nobody decides on their own, whatever their role, unless four eyes are off', () => {
    for (const role of ['reviewer', 'admin'] as const) {
      for (const fourEyes of ['editors', 'everyone'] as const) {
        expect(problem(someone('author', role), 'approve', { fourEyes })).toBe('ownProposal')
        expect(problem(someone('author', role), 'return', { fourEyes })).toBe('ownProposal')
      }
      expect(problem(someone('author', role), 'approve', { fourEyes: 'off' })).toBeNull()
    }
  })

  test('an editor decides on nothing', () => {
    expect(problem(someone('other', 'editor'), 'approve')).toBe('forbidden')
    expect(problem(someone('author', 'editor'), 'approve', { fourEyes: 'off' })).toBe('forbidden')
  })

  test('a reviewer or admin decides on what they saw, and only that', () => {
    expect(problem(someone('other', 'reviewer'), 'approve')).toBeNull()
    expect(problem(someone('other', 'admin'), 'return')).toBeNull()
    expect(problem(someone('other', 'admin'), 'approve', { version: 2 })).toBe('moved')
    expect(problem(someone('other', 'admin'), 'approve', { state: 'published' })).toBe('moved')
  })

  test('only its author takes a proposal back or sends it again, as they last saw it', () => {
    const returned = { ...proposal, state: 'returned' } as const
    const author = someone('author', 'editor')
    expect(problem(someone('other', 'admin'), 'discard')).toBe('notYours')
    expect(resendProblem(someone('other', 'admin'), returned, 3)).toBe('notYours')
    expect(resendProblem(author, returned, 3)).toBeNull()
    expect(resendProblem(author, returned, 2)).toBe('moved')
    expect(resendProblem(author, returned, null)).toBe('sentAlready')
    expect(resendProblem(author, proposal, 3)).toBe('moved')
    // Back in the browser after the first "Save draft": that form knows of no draft.
    expect(resendProblem(author, { ...proposal, state: 'draft', version: 1 }, null)).toBeNull()
  })

  test.each([
    ['everyone', 'send', 'send', 'send'],
    ['editors', 'send', 'send', 'publish'],
    ['off', 'publish', 'publish', 'publish'],
  ] as const)('four eyes for %s: editor %s, reviewer %s, admin %s', (setting, ...expected) => {
    const roles = ['editor', 'reviewer', 'admin'] as const
    expect(roles.map((role) => entryStep({ role }, setting))).toEqual(expected)
  })
})
