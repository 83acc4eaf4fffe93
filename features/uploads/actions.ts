'use server'

import { revalidateTag, updateTag } from 'next/cache'
import { after } from 'next/server'
import type { Followed } from '@/components/ui/follow'
import { actorFor, requireActor } from '@/features/accounts/data'
import { tagsOf } from '@/features/figures/cached'
import { database } from '@/lib/db/client'
import { leaveFor } from '@/lib/form-answer'
import { localeOf, textOf } from '@/lib/form-texts'
import { localePath } from '@/lib/i18n'
import type { Problem } from '@/lib/result'
import { committedIndicators } from './data'
import {
  askToStop,
  discardUpload,
  mapColumns,
  readAnew,
  returnUpload,
  sendForApproval,
  startCheck,
  startCommit,
} from './mutations'
import { missingTargets } from './rules'
import {
  type Mapping,
  mapping as mappingSchema,
  type Origin,
  readUploadId,
  type Target,
  targets,
} from './schema'

// Every function here is an endpoint that anybody can call with anything.

/** How long a form waits for work that is quick, before its page shows the progress instead. */
const patience = 1_500

/**
 * Takes one step with a file. Fields: locale, id, `intent`, and those of the step: `read` and
 * `check` those of the reading and the mapping, `publish` and `send` the reason.
 */
export async function stepUpload(_: Followed, form: FormData): Promise<Followed> {
  const locale = localeOf(form)
  const id = readUploadId(textOf(form, 'id')) ?? ''
  const intent = textOf(form, 'intent')
  const path = `/entry/import/${id}`
  const actor = await actorFor('figures.propose')
  if (!actor.ok) {
    // Only to be led to where the session begins anew.
    await requireActor('figures.propose', locale, localePath(locale, path))
    return { goTo: await leaveFor(localePath(locale, '/sign-in?refused=1')) }
  }
  const steps: Record<string, () => Promise<Outcome>> = {
    read: () => readStep(actor.value, id, form),
    check: () => checkStep(actor.value, id, form),
    again: () => checkAgain(actor.value, id),
    publish: () => publishStep(actor.value, id, form),
    send: async () => outcomeOf(await sendForApproval(database(), actor.value, id, reasonOf(form))),
    giveBack: async () => outcomeOf(await returnUpload(database(), actor.value, id)),
    stop: async () => {
      await askToStop(database(), actor.value, id)
      return {}
    },
    discard: async () => {
      const gone = await discardUpload(database(), actor.value, id)
      return gone.ok ? { to: '/entry/import' } : { problem: gone.problem }
    },
  }
  const outcome = await (steps[intent]?.() ?? Promise.resolve<Outcome>({})).catch(
    (error: unknown): Outcome => {
      console.error(error)
      return { problem: { code: 'unavailable' } }
    },
  )
  const query = new URLSearchParams(outcome.query)
  if (outcome.problem) {
    query.set('problem', outcome.problem.code)
    for (const [name, value] of Object.entries(outcome.problem.params ?? {}))
      query.set(name, String(value))
  }
  const to = `${outcome.to ?? path}${query.size > 0 ? `?${query}` : ''}`
  return { goTo: await leaveFor(localePath(locale, to)) }
}

type Actor = Parameters<typeof startCheck>[1]
interface Outcome {
  to?: string
  query?: Record<string, string>
  problem?: Problem
}

const reasonOf = (form: FormData) => textOf(form, 'reason').slice(0, 1000)

const outcomeOf = (result: { ok: true } | { ok: false; problem: Problem }): Outcome =>
  result.ok ? {} : { problem: result.problem }

const onColumns = { step: 'columns' }

async function readStep(actor: Actor, id: string, form: FormData): Promise<Outcome> {
  const kept = await readAnew(database(), actor, id, {
    encoding: textOf(form, 'encoding') || 'utf-8',
    delimiter: textOf(form, 'delimiter') || ',',
    sheet: textOf(form, 'sheet'),
    headerLine: Number(textOf(form, 'headerLine')) || 0,
    withHidden: form.has('withHidden') || !form.has('media.xlsx'),
    decimalComma: form.has('decimalComma'),
  })
  return { ...outcomeOf(kept), query: onColumns }
}

async function checkStep(actor: Actor, id: string, form: FormData): Promise<Outcome> {
  const mapping = mappingOf(form)
  const kept = await mapColumns(database(), actor, id, mapping)
  if (!kept.ok) return { problem: kept.problem }
  const missing = missingTargets(mapping)
  if (missing.length > 0) {
    return { query: { ...onColumns, on: missing.join(' ') }, problem: { code: 'unmapped' } }
  }
  return checkAgain(actor, id)
}

function mappingOf(form: FormData): Mapping {
  const origins = targets.flatMap((target): [Target, Origin][] => {
    const column = textOf(form, `column.${target}`)
    const text = textOf(form, `text.${target}`).trim()
    if (/^\d{1,3}$/.test(column)) return [[target, { column: Number(column) }]]
    return text === '' ? [] : [[target, { text }]]
  })
  return mappingSchema.catch({}).parse(Object.fromEntries(origins))
}

async function checkAgain(actor: Actor, id: string): Promise<Outcome> {
  const begun = await startCheck(database(), actor, id)
  if (!begun.ok) return { problem: begun.problem }
  await Promise.race([begun.value.finished, pause(patience, undefined)])
  return {}
}

const pause = <T>(milliseconds: number, value: T) =>
  new Promise<T>((resolve) => {
    setTimeout(resolve, milliseconds, value)
  })

async function publishStep(actor: Actor, id: string, form: FormData): Promise<Outcome> {
  const begun = await startCommit(database(), actor, id, reasonOf(form))
  if (!begun.ok) return { problem: begun.problem }
  const { finished } = begun.value
  const isDone = await Promise.race([finished.then(() => true), pause(patience, false)])
  if (isDone) await tellPages(id, updateTag)
  // A large file goes on after the answer; pages hear of it when it is through.
  else after(() => finished.then(() => tellPages(id, (tag) => revalidateTag(tag, { expire: 0 }))))
  return {}
}

/** Pages with the indicators of a published file are made anew. */
async function tellPages(id: string, expire: (tag: string) => void): Promise<void> {
  const indicators = await committedIndicators(id, database())
  if (indicators.length > 0) for (const tag of tagsOf(indicators)) expire(tag)
}
