import { readDay } from '@/features/periods/rules'
import { fail, ok, type Result } from '@/lib/result'
import { quoted, westernDigits, withoutDirectionMarks } from '@/lib/typed-text'
import {
  type CheckItem,
  type HeldFigure,
  type ReleaseField,
  type ReleaseInput,
  type ReleaseProblem,
  releaseTexts,
  type TypedRelease,
} from './schema'

/** `15:30` from `15:30`, `15.30`, `3:30 pm`, `۱۵:۳۰` or `9 am`; else `notATime`, `timeMissing`. */
export function readTime(text: string): Result<string> {
  const typed = westernDigits(withoutDirectionMarks(text)).trim().toLowerCase()
  if (typed === '') return fail('timeMissing')
  const parts = /^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$/.exec(typed)
  const [, hours = '', minutes = '00', half] = parts ?? []
  const hour = Number(hours)
  const isWhole = half ? hour >= 1 && hour <= 12 : hour <= 23
  const isClear = half !== undefined || (parts?.[2] ?? '') !== ''
  if (!parts || !isWhole || !isClear || Number(minutes) > 59) {
    return fail('notATime', { value: quoted(text.trim()) })
  }
  const clock = half ? (hour % 12) + (half === 'pm' ? 12 : 0) : hour
  return ok(`${String(clock).padStart(2, '0')}:${minutes}`)
}

/** Day and time as people type them, as one wall-clock time: `2026-12-01 15:30`. */
export function readAnnouncement(
  typed: Pick<TypedRelease, 'day' | 'time'>,
): { ok: true; at: string } | { ok: false; problems: ReleaseProblem[] } {
  const problems: ReleaseProblem[] = []
  const day = typed.day.trim() === '' ? fail<string>('dayMissing') : readDay(typed.day)
  const time = readTime(typed.time)
  if (!day.ok) {
    const from = day.problem.code === 'dayMissing' ? 'releases' : 'periods'
    problems.push({ field: 'day', from, ...day.problem })
  }
  if (!time.ok) problems.push({ field: 'time', from: 'releases', ...time.problem })
  if (!day.ok || !time.ok) return { ok: false, problems }
  return { ok: true, at: `${day.value} ${time.value}` }
}

export type CheckedTexts =
  | { ok: true; texts: Pick<ReleaseInput, 'title' | 'note'> }
  | { ok: false; problems: ReleaseProblem[] }

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

export function readTexts(typed: TypedRelease): CheckedTexts {
  const parsed = releaseTexts.safeParse({
    titleEn: oneLine(typed.titleEn),
    titleUr: oneLine(typed.titleUr),
    noteEn: oneLine(typed.noteEn),
    noteUr: oneLine(typed.noteUr),
  })
  if (parsed.success) {
    const { titleEn, titleUr, noteEn, noteUr } = parsed.data
    return {
      ok: true,
      texts: { title: { en: titleEn, ur: titleUr }, note: { en: noteEn, ur: noteUr } },
    }
  }
  const problems = parsed.error.issues.map((issue): ReleaseProblem => {
    const field = String(issue.path[0]) as ReleaseField
    const base = { field, from: 'releases' } as const
    if (issue.code === 'too_small') return { ...base, code: 'titleMissing' }
    if (issue.code === 'too_big') {
      return { ...base, code: 'tooLong', params: { most: Number(issue.maximum) } }
    }
    return { ...base, code: 'hiddenCharacter' }
  })
  return { ok: false, problems }
}

/** The short name of a release's address, before a number makes it unique. */
export function slugOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
  let slug = ''
  for (const word of words) {
    const longer = slug === '' ? word.slice(0, 40) : `${slug}-${word}`
    if (longer.length > 40) break
    slug = longer
  }
  return slug || 'release'
}

/** All that stands in the way of a release, then all that deserves a second look, by figure. */
export function checklistOf(figures: readonly HeldFigure[]): CheckItem[] {
  const scheduled = figures.filter(({ proposal }) => proposal.state === 'scheduled')
  const empty: CheckItem[] =
    scheduled.length === 0 ? [{ level: 'error', code: 'empty', proposal: null }] : []
  return [
    ...empty,
    ...figures.flatMap(errorsOf),
    ...figures.flatMap((figure) => warningsAbout(figure)),
  ]
}

function errorsOf({ proposal, alsoHeldBy, isOwnApproval }: HeldFigure): CheckItem[] {
  const error = (code: CheckItem['code'], more: Partial<CheckItem> = {}): CheckItem => ({
    level: 'error',
    code,
    proposal,
    ...more,
  })
  if (proposal.state === 'in_review') return [error('waiting')]
  if (proposal.state === 'returned') return [error('returned')]
  return [
    ...alsoHeldBy.map((other) => error('heldTwice', { other })),
    ...(isOwnApproval ? [error('ownApproval')] : []),
  ]
}

function warningsAbout({ proposal, newest, warnings }: HeldFigure): CheckItem[] {
  const about = (code: CheckItem['code'], more: Partial<CheckItem> = {}): CheckItem => ({
    level: 'warning',
    code,
    proposal,
    ...more,
  })
  const isEstimated = proposal.status === 'E' || proposal.precision !== 'exact'
  return [
    ...warnings.map((warning) => about('figure', { warning })),
    ...(proposal.state === 'scheduled' && newest !== proposal.base ? [about('revised')] : []),
    ...(proposal.source.url === '' ? [about('noLink')] : []),
    ...(proposal.status === 'P' ? [about('provisional')] : []),
    ...(isEstimated ? [about('estimated')] : []),
  ]
}
