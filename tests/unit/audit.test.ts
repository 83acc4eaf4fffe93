import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnChanges, entryHash, entryProblem, parseHead } from '@/features/audit/rules'
import { type AuditEntry, readAuditFilter } from '@/features/audit/schema'

type Said = Omit<AuditEntry, 'no' | 'previous' | 'hash'>

const said: fc.Arbitrary<Said> = fc.record({
  at: fc.constantFrom('2026-11-24T05:00:00.000Z', '2026-11-25T06:30:00.001Z'),
  actor: fc.constantFrom('', 'system', 'ayesha'),
  action: fc.constantFrom('commits.insert', 'users.update'),
  subject: fc.constantFrom('commits/1', 'users/ayesha'),
  detail: fc.json(),
  commit: fc.option(fc.nat(), { nil: null }),
  digest: fc.constantFrom('', 'ab12'),
})

function chained(entries: readonly Said[]): AuditEntry[] {
  const log: AuditEntry[] = []
  for (const entry of entries) {
    const open = { ...entry, no: log.length + 1, previous: log.at(-1)?.hash ?? '' }
    log.push({ ...open, hash: entryHash(open) })
  }
  return log
}

const problemsOf = (log: readonly AuditEntry[]) =>
  log.flatMap((entry, n) => entryProblem(log[n - 1] ?? null, entry) ?? [])

describe('the chain of the audit log', () => {
  it('holds as it was written', () => {
    fc.assert(fc.property(fc.array(said), (entries) => problemsOf(chained(entries)).length === 0))
  })

  it('breaks at the entry of which anything was changed', () => {
    const parts = ['at', 'actor', 'action', 'subject', 'detail', 'digest', 'previous'] as const
    fc.assert(
      fc.property(
        fc.array(said, { minLength: 1 }),
        fc.nat(),
        fc.constantFrom(...parts),
        (entries, at, part) => {
          const log = chained(entries)
          const place = at % log.length
          const changed = log.map((one, n) => (n === place ? { ...one, [part]: 'other' } : one))
          expect(problemsOf(changed)[0]).toMatchObject({ code: 'entryChanged', entry: place + 1 })
        },
      ),
    )
  })

  it('breaks after an entry that was written anew or taken out', () => {
    fc.assert(
      fc.property(fc.array(said, { minLength: 2 }), fc.nat(), (entries, at) => {
        const log = chained(entries)
        const place = at % (log.length - 1)
        const anew = log.map((one, n) => {
          const open = { ...one, actor: 'somebody else' }
          return n === place ? { ...open, hash: entryHash(open) } : one
        })
        expect(problemsOf(anew)[0]).toMatchObject({ code: 'unchained', entry: place + 2 })
        const without = log.filter((_, n) => n !== place)
        expect(problemsOf(without)[0]).toMatchObject({ code: 'gap', entry: place + 2 })
      }),
    )
  })

  it('reads a head as the feed gives it, and nothing else', () => {
    const hash = 'a'.repeat(64)
    expect(parseHead(` 12:${hash}\n`)).toEqual({ no: 12, hash })
    for (const text of ['', `0:${hash}`, `12:${hash}0`, hash]) expect(parseHead(text)).toBeNull()
  })
})

describe('what an entry tells', () => {
  it('names the columns that changed, and that a secret did', () => {
    const detail = {
      before: { id: 'a', role: 'editor', name: 'A' },
      after: { id: 'a', role: 'admin', name: 'A' },
      secrets: ['password'],
    }
    expect(columnChanges(JSON.stringify(detail))).toEqual([
      { column: 'role', before: 'editor', after: 'admin' },
      { column: 'password', before: '•••', after: '•••' },
    ])
  })

  it('tells all of a new row and of one that is gone', () => {
    expect(columnChanges('{"after": {"id": 1, "note": null}}')).toEqual([
      { column: 'id', before: null, after: '1' },
    ])
    expect(columnChanges('{"before": {"id": 1}}')).toEqual([
      { column: 'id', before: '1', after: null },
    ])
    expect(columnChanges('{"kind": "import", "rows": 3}')).toEqual([
      { column: 'kind', before: null, after: 'import' },
      { column: 'rows', before: null, after: '3' },
    ])
  })
})

describe('the search words', () => {
  it('reads what an address asks for', () => {
    expect(readAuditFilter(new URLSearchParams('text= ayesha &from=2026-11-01&before=7'))).toEqual({
      ok: true,
      value: { text: 'ayesha', from: '2026-11-01', before: 7 },
    })
  })

  it.each([
    ['from=yesterday', 'notADay', 'from'],
    ['to=2026-02-30', 'notADay', 'to'],
    ['before=x', 'notANumber', 'before'],
  ])('refuses %s', (query, code, word) => {
    const read = readAuditFilter(new URLSearchParams(query))
    expect(read).toMatchObject({ ok: false, problem: { code, params: { word } } })
  })
})
