import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countAttempt,
  deviceOf,
  type Failures,
  inScope,
  isFound,
  lockMinutes,
  may,
  mayAsMuch,
  passwordProblem,
  safeNext,
} from '@/features/accounts/rules'
import {
  acceptanceInput,
  invitationInput,
  type Permission,
  signInInput,
  type userRoles,
} from '@/features/accounts/schema'

describe('limits', () => {
  const everywhere = { programme: 'PSEB', academy: '_T' }

  it('are none where there are none', () => {
    expect(inScope([], everywhere)).toBe(true)
  })

  it('add up, and all parts of one hold', () => {
    const scopes = [
      { programme: 'NAVTTC', academy: null },
      { programme: null, academy: 'LHR-1' },
      { programme: 'PSEB', academy: 'KHI-1' },
    ]
    expect(inScope(scopes, everywhere)).toBe(false)
    expect(inScope(scopes, { programme: 'NAVTTC', academy: 'KHI-2' })).toBe(true)
    expect(inScope(scopes, { programme: 'PSEB', academy: 'LHR-1' })).toBe(true)
    expect(inScope(scopes, { programme: 'PSEB', academy: 'KHI-1' })).toBe(true)
    expect(inScope(scopes, { programme: 'E_ROZGAAR', academy: 'KHI-1' })).toBe(false)
  })
})

describe('a browser’s name for itself', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      'Edge',
      'Windows',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
      'Chrome',
      'Android',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari',
      'iOS',
    ],
    ['curl/8.5.0', null, null],
  ])('%s is known', (userAgent, browser, system) => {
    expect(deviceOf(userAgent)).toEqual({ browser, system })
  })
})

describe('permissions', () => {
  const all: Permission[] = [
    'figures.propose',
    'figures.publish',
    'proposals.review',
    'catalogue.edit',
    'academies.keep',
    'people.manage',
    'sources.keep',
    'reports.answer',
  ]
  const granted = (role: (typeof userRoles)[number] | 'system') =>
    all.filter((permission) => may(role, permission))

  it('lets an editor propose figures, keep academies, and nothing else', () => {
    expect(granted('editor')).toEqual(['figures.propose', 'academies.keep'])
  })

  it('lets a reviewer publish only by approving what is proposed', () => {
    expect(granted('reviewer')).toEqual([
      'figures.propose',
      'proposals.review',
      'academies.keep',
      'sources.keep',
      'reports.answer',
    ])
  })

  it('lets an administrator do everything', () => {
    expect(granted('admin')).toEqual(all)
  })

  it('keeps the product itself away from people', () => {
    expect(may('system', 'people.manage')).toBe(false)
    expect(may('system', 'figures.publish')).toBe(true)
  })

  it('sees a promotion as no loss and a demotion as one', () => {
    expect(mayAsMuch('admin', 'editor')).toBe(true)
    expect(mayAsMuch('reviewer', 'reviewer')).toBe(true)
    expect(mayAsMuch('editor', 'reviewer')).toBe(false)
  })
})

describe('a new password', () => {
  const problem = (password: string) => passwordProblem(password, { email: 'amna@example.org' })

  it('needs twelve characters, counted as people count them', () => {
    expect(problem('eleven char')).toBe('passwordTooShort')
    expect(problem('twelve chars')).toBeNull()
    // Six letters in twelve units of UTF-16 are six.
    expect(problem('😀😁😂🤣😃😄')).toBe('passwordTooShort')
    expect(problem('کتاب دریا سحر چراغ')).toBeNull()
  })

  it('needs no digits, signs or capitals', () => {
    expect(problem('river lantern tuesday')).toBeNull()
  })

  it.each([
    'password1234',
    'Password2026!',
    'passwordpassword',
    'Pakistan1947!',
    '123456789012',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    'qwertyuiopas',
    'zyxwvutsrqpo',
    'administrator1',
    '1q2w3e4r5t6y',
  ])('refuses %s as one of the first that others guess', (password) => {
    expect(problem(password)).toBe('passwordCommon')
  })

  it('refuses the address it belongs to with little around it', () => {
    expect(problem('amna@example.org')).toBe('passwordIsAddress')
    expect(problem('Amna@Example.org1')).toBe('passwordIsAddress')
    expect(problem('amna walks at dawn')).toBeNull()
  })

  it('has an upper limit, as hashing is slow on purpose', () => {
    expect(problem('river lantern '.repeat(10))).toBe('passwordTooLong')
  })
})

describe('lock-out', () => {
  const start = new Date('2026-11-24T09:00:00Z')
  const later = (minutes: number) => new Date(start.getTime() + minutes * 60_000)

  it('grows from a quarter of an hour to an hour and no further', () => {
    expect([1, 4, 5, 6, 7, 8, 500].map(lockMinutes)).toEqual([0, 0, 15, 30, 60, 60, 60])
  })

  const attempts = (count: number, at = start): Failures | null => {
    let state: Failures | null = null
    for (let i = 0; i < count; i++) state = countAttempt(state, at)
    return state
  }

  it('lets five attempts through and locks with the fifth', () => {
    expect(attempts(4)?.lockedUntil).toBeNull()
    expect(attempts(5)?.lockedUntil).toEqual(later(15))
    expect(attempts(6)).toBeNull()
  })

  it('lets one more through when the lock ends, and locks for longer', () => {
    const locked = attempts(5)
    expect(countAttempt(locked, later(14))).toBeNull()
    expect(countAttempt(locked, later(15))?.lockedUntil).toEqual(later(45))
  })

  it('forgets failures after a day without one', () => {
    const locked = attempts(5)
    expect(countAttempt(locked, later(24 * 60))?.failures).toBe(6)
    expect(countAttempt(locked, later(24 * 60 + 1))?.failures).toBe(1)
  })

  /** How many passwords are looked at when somebody tries after each of these waits, in minutes. */
  const guessesInADay = (waits: Iterable<number>): number => {
    let state: Failures | null = null
    let minutes = 0
    let guesses = 0
    for (const wait of waits) {
      minutes += wait
      if (minutes >= 24 * 60) break
      const counted: Failures | null = countAttempt(state, later(minutes))
      state = counted ?? state
      guesses += counted ? 1 : 0
    }
    return guesses
  }

  it('lets thirty guesses a day through, however often and whenever somebody tries', () => {
    const everyMinute = [0, 0, 0, 0, 0, ...Array<number>(24 * 60).fill(1)]
    expect(guessesInADay(everyMinute)).toBe(30)
    const waits = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 300 })
    fc.assert(fc.property(waits, (some) => guessesInADay(some) <= 30))
  })
})

describe('the way on after signing in', () => {
  it('keeps a path of this site with its query', () => {
    expect(safeNext('/ur/people?done=x#top', '/')).toBe('/ur/people?done=x#top')
  })

  it.each([
    '',
    undefined,
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'javascript:alert(1)',
    '/a\r\nSet-Cookie: x=1',
    `/${'a'.repeat(3000)}`,
  ])('does not follow %j', (next) => {
    expect(safeNext(next, '/entry')).toBe('/entry')
  })

  it('leads to this site, whatever it is given', () => {
    const nasty = fc
      .array(
        fc.constantFrom('/', '\\', '.', '..', '@', ':', '%2f', '%5c', 'evil.example', '?', '#'),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(fc.string(), nasty), (next) => {
        const site = 'https://stats.example'
        expect(new URL(safeNext(next, '/'), `${site}/ur/sign-in`).origin).toBe(site)
      }),
    )
  })
})

describe('what forms send', () => {
  it('takes an address without regard to capitals and spaces around it', () => {
    const input = signInInput.parse({ email: ' Amna@Example.ORG ', password: 'x' })
    expect(input.email).toBe('amna@example.org')
  })

  it.each(['', 'amna', 'amna@', 'a\u0000b@example.org', `${'a'.repeat(250)}@example.org`])(
    'refuses the address %j',
    (email) => {
      expect(signInInput.safeParse({ email, password: 'x' }).success).toBe(false)
    },
  )

  const acceptance = (name: string) =>
    acceptanceInput.safeParse({
      token: 'a'.repeat(43),
      name,
      email: 'amna@example.org',
      password: 'river lantern tuesday',
    })

  it('takes names of any script and writes them one way', () => {
    expect(acceptance('آمنہ خان').data?.name).toBe('آمنہ خان')
    expect(acceptance('Jose\u0301').data?.name).toBe('José')
  })

  it.each(['', '  ', '\u200b\u200b', '123', 'A\u202eman', 'A\u0000', 'A\ud800', 'x'.repeat(101)])(
    'refuses the name %j',
    (name) => {
      expect(acceptance(name).success).toBe(false)
    },
  )

  it('refuses a megabyte of password before it is hashed', () => {
    const input = { email: 'amna@example.org', password: 'x'.repeat(1_000_000) }
    expect(signInInput.safeParse(input).success).toBe(false)
  })

  it('takes no role at joining and only known ones at inviting', () => {
    const joining = { token: 'a'.repeat(43), name: 'A', email: 'a@example.org', password: 'x' }
    expect(acceptanceInput.safeParse({ ...joining, role: 'admin' }).success).toBe(false)
    expect(
      invitationInput.safeParse({
        email: 'a@example.org',
        scopes: { programmes: [], academies: [] },
        role: 'system',
      }).success,
    ).toBe(false)
    expect(
      invitationInput.safeParse({
        email: 'a@example.org',
        scopes: { programmes: [], academies: [] },
        role: 'editor',
      }).success,
    ).toBe(true)
  })
})

describe('a search for people', () => {
  const bilal = { name: 'Bilal Ahmed', email: 'b.ahmed@navttc.example' }

  it('finds every word in name or address, whatever the case', () => {
    for (const search of ['', 'bilal', 'AHMED navttc', ' b.ahmed@ ']) {
      expect(isFound(bilal, search)).toBe(true)
    }
    expect(isFound(bilal, 'bilal sana')).toBe(false)
    expect(isFound({ ...bilal, name: 'بلال احمد' }, 'احمد')).toBe(true)
  })
})
