'use server'

import { updateTag } from 'next/cache'
import type { Followed } from '@/components/ui/follow'
import { actorFor, requireActor } from '@/features/accounts/data'
import { tagsOf } from '@/features/figures/cached'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { Problem, Result } from '@/lib/result'
import { releasesTag } from './cached'
import * as mutations from './mutations'
import { readAnnouncement, readTexts } from './rules'
import { type ReleaseFormState, type ReleaseProblem, reasonInput, releaseFields } from './schema'

// Every function here is an endpoint that anybody can call with anything.

/**
 * Announces a release, or changes one that is still to come. Whatever stops it, the answer holds
 * everything typed. Fields: locale, id and slug (of a release there is), those of `TypedRelease`.
 */
export async function saveRelease(
  before: ReleaseFormState,
  form: FormData,
): Promise<ReleaseFormState> {
  const locale = localeOf(form)
  const state: ReleaseFormState = {
    attempt: typeof before?.attempt === 'number' ? before.attempt + 1 : 1,
    values: textsOf(form, releaseFields),
    problems: [],
    goTo: null,
  }
  const { id, slug } = textsOf(form, ['id', 'slug'])
  const known = /^\d{1,9}$/.test(id) ? { id: Number(id), slug } : null
  const result = await store(locale, state, known).catch((error: unknown) => {
    console.error(error)
    return refused(locale, state, { code: 'unavailable' })
  })
  if (typeof result !== 'string') return keepAnswer('releaseForm', result)
  updateTag(releasesTag)
  const done = known ? 'changed' : 'created'
  const goTo = await leaveFor(planPath(locale, `${result}?done=${done}`))
  return keepAnswer('releaseForm', { ...state, goTo })
}

/** The slug of the stored release, or the form with its problems. */
async function store(
  locale: Locale,
  state: ReleaseFormState,
  known: { id: number; slug: string } | null,
): Promise<string | ReleaseFormState> {
  const actor = await actorFor('releases.plan')
  if (!actor.ok) return refused(locale, state, actor.problem)
  const texts = readTexts(state.values)
  const time = readAnnouncement(state.values)
  if (!texts.ok || !time.ok) {
    const problems = [...(texts.ok ? [] : texts.problems), ...(time.ok ? [] : time.problems)]
    return { ...state, problems: problems.map((one) => inWords(locale, one)) }
  }
  if (!known) {
    const input = { ...texts.texts, at: time.at }
    const created = await mutations.createRelease(database(), actor.value, input)
    return created.ok ? created.value : refused(locale, state, created.problem)
  }
  const { id, slug } = known
  const moved = await mutations.moveRelease(database(), actor.value, { id, at: time.at })
  if (!moved.ok) return refused(locale, state, moved.problem)
  const worded = await mutations.rewordRelease(database(), actor.value, { id, ...texts.texts })
  return worded.ok ? slug : refused(locale, state, worded.problem)
}

function refused(locale: Locale, state: ReleaseFormState, problem: Problem): ReleaseFormState {
  const field = problem.code === 'inThePast' ? 'day' : null
  return {
    ...state,
    problems: [{ field, text: problemText(locale, { from: 'releases', ...problem }) }],
  }
}

function inWords(locale: Locale, problem: ReleaseProblem): ReleaseFormState['problems'][number] {
  const field = problem.field === 'reason' ? null : problem.field
  return { field, text: problemText(locale, problem) }
}

function problemText(
  locale: Locale,
  { from, code, params }: Pick<ReleaseProblem, 'from' | 'code' | 'params'>,
): string {
  if (from === 'periods') {
    const t = translator(locale, 'periods.problems') as (key: string, values?: object) => string
    return t(code, params)
  }
  const t = translator(locale, 'releases.problems')
  const known = code as Parameters<typeof t>[0]
  return t(t.has(known) ? known : 'unavailable', params)
}

const planPath = (locale: Locale, slug: string) => localePath(locale, `/plan/${slug}`)

/** Cancels a release. Fields: locale, id, slug, reason. */
export async function cancelRelease(_: Followed, form: FormData): Promise<Followed> {
  return change(
    form,
    async (id, actor) => {
      const reason = reasonInput.safeParse(textOf(form, 'reason').replace(/\s+/g, ' '))
      if (!reason.success) return { ok: false, problem: { code: 'reasonMissing' } }
      const input = { id, reason: reason.data }
      return mutations.cancelRelease(database(), actor, input)
    },
    'cancelled',
  )
}

/** Publishes a release now. Fields: locale, id, slug. */
export async function publishRelease(_: Followed, form: FormData): Promise<Followed> {
  return change(
    form,
    async (id, actor) => {
      const published = await mutations.publishRelease(database(), actor, id)
      if (published.ok) for (const tag of tagsOf(published.value.indicators)) updateTag(tag)
      return published
    },
    'published',
  )
}

type PlanningActor = Awaited<ReturnType<typeof requireActor>>

async function change(
  form: FormData,
  work: (id: number, actor: PlanningActor) => Promise<Result<unknown>>,
  done: string,
): Promise<Followed> {
  const locale = localeOf(form)
  const { id, slug } = textsOf(form, ['id', 'slug'])
  const path = planPath(locale, /^[a-z0-9-]{1,80}$/.test(slug) ? slug : '')
  const actor = await requireActor('releases.plan', locale, path)
  const result: Result<unknown> = /^\d{1,9}$/.test(id)
    ? await work(Number(id), actor).catch((error: unknown) => {
        console.error(error)
        return { ok: false, problem: { code: 'unavailable' } }
      })
    : { ok: false, problem: { code: 'missing' } }
  if (result.ok) updateTag(releasesTag)
  const said = result.ok ? `done=${done}` : `problem=${result.problem.code}`
  return keepAnswer('release', { goTo: await leaveFor(`${path}?${said}`) })
}
