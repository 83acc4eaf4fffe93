'use server'

import { updateTag } from 'next/cache'
import { z } from 'zod'
import { isAcademy } from '@/features/academies/rules'
import { actorFor } from '@/features/accounts/data'
import { catalogue } from '@/features/catalogue/cached'
import type { Catalogue } from '@/features/catalogue/schema'
import { tagsOf } from '@/features/figures/cached'
import { sexes } from '@/features/figures/schema'
import { figureWriter } from '@/features/figures/series'
import { readPeriod } from '@/features/periods/rules'
import { answerOf, setProblem } from '@/features/sets/components/words'
import { digestOf } from '@/features/sets/rules'
import { setMessage, setReason } from '@/features/sets/schema'
import { database } from '@/lib/db/client'
import { keepAnswer, leaveFor } from '@/lib/form-answer'
import { localeOf, textOf, textsOf } from '@/lib/form-texts'
import { localePath } from '@/lib/i18n'
import { noteExpired } from '@/lib/own-changes'
import { conflictText, findingTexts, reportProblems } from './components/report-words'
import { type ReportOutcome, type ReportSubmission, submitReport } from './mutations'
import { lineName } from './rules'
import { type Line, mostLines, type ReportState, sourceFields, type TypedLine } from './schema'
import { linesNamed } from './series'

// Every function here is an endpoint that anybody can call with anything.

const shared = ['message', 'reason', 'status', ...sourceFields] as const
const ownFields = ['value', 'base', ...sourceFields] as const
const revision = /^[1-9]\d{0,8}$/

/**
 * Submits the report of one academy. Fields: locale, id, academy, period, line (of each, as
 * `lineName`), confirmed, message, reason, status, those of a source; of each line value, base and
 * those of a source, with the line's name after a point.
 */
export async function report(before: ReportState, form: FormData): Promise<ReportState> {
  const locale = localeOf(form)
  const names = await catalogue()
  const lines = linesIn(form, names)
  const values = {
    ...textsOf(form, [...shared, 'id']),
    ...textsOf(
      form,
      (lines ?? []).flatMap((line) => ownFields.map((field) => `${field}.${lineName(line)}`)),
    ),
  }
  const state: ReportState = { ...answerOf(before, values), news: {}, question: null }
  const keep = (answer: Partial<ReportState>) => keepAnswer('report', { ...state, ...answer })
  const refuse = (problem: { code: string }, field: string | null = null) =>
    keep(setProblem(locale, problem, field))
  const actor = await actorFor('figures.propose')
  if (!actor.ok) return refuse(actor.problem)
  const submission = lines && submissionOf(form, names, lines, values)
  if (!submission) return refuse({ code: 'missing' })
  const message = setMessage.safeParse(submission.message.replace(/\s+/g, ' '))
  if (!message.success) return refuse({ code: 'messageMissing' }, 'message')
  const reason = setReason.safeParse(submission.reason.replace(/\s+/g, ' '))
  if (!reason.success) return refuse({ code: 'reasonInvalid' }, 'reason')

  const outcome = await submitReport(database(), actor.value, {
    ...submission,
    message: message.data,
    reason: reason.data,
  }).catch(unavailable)
  const writer = figureWriter(names, locale)
  if (outcome.kind === 'mend') {
    const { reading } = outcome
    const news = reading.conflicts.map((fact) => ({
      name: lineName(fact.line),
      text: conflictText(locale, writer, fact),
      base: String(fact.known?.newest ?? ''),
    }))
    return keep({
      // Sent again as it is, the form now replaces what it shows.
      values: {
        ...values,
        ...Object.fromEntries(news.map(({ name, base }) => [`base.${name}`, base])),
      },
      news: Object.fromEntries(news.map(({ name, text }) => [name, text])),
      problems: [
        ...reportProblems(locale, reading.problems),
        ...news.map(({ name, text }) => ({ field: `value.${name}`, text })),
      ],
    })
  }
  if (outcome.kind === 'refused') return refuse(outcome.problem)
  if (outcome.kind === 'ask') {
    const { errors, warnings } = findingTexts(locale, writer, outcome.findings, outcome.lines)
    if (errors.length > 0) return keep({ problems: errors })
    const isAnswered = submission.confirmed === digestOf(outcome.findings)
    return keep({
      question: { confirmed: digestOf(outcome.findings), warnings },
      ...(isAnswered && setProblem(locale, { code: 'reasonMissing' }, 'reason')),
    })
  }
  if (outcome.state === 'published') {
    for (const tag of tagsOf(outcome.indicators)) updateTag(tag)
    noteExpired(outcome.transaction)
  }
  const words = new URLSearchParams({ period: submission.period, done: outcome.id })
  const path = `/entry/academy/${submission.academy.code}?${words}`
  return keep({ goTo: await leaveFor(localePath(locale, path)) })
}

function unavailable(error: unknown): ReportOutcome {
  console.error(error)
  return { kind: 'refused', problem: { code: 'unavailable' }, lines: [] }
}

/** The lines that a form has; null where it has none, or too many, or one that is none. */
function linesIn(form: FormData, names: Catalogue): Line[] | null {
  const pairs = form.getAll('line').map((name) => String(name).split('.'))
  if (pairs.length === 0 || pairs.length > mostLines) return null
  const lines = pairs.map(([indicator = '', sex = '']) =>
    sexes.some((known) => known === sex)
      ? linesNamed({ indicators: [indicator], sexes: [sex] }, names)?.[0]
      : undefined,
  )
  return lines.every((line) => line !== undefined) ? lines : null
}

function submissionOf(
  form: FormData,
  names: Catalogue,
  lines: readonly Line[],
  values: Record<string, string>,
): ReportSubmission | null {
  const id = z.uuid().safeParse(textOf(form, 'id'))
  const academy = names.academies.find(({ code }) => code === textOf(form, 'academy'))
  const period = readPeriod(textOf(form, 'period'))
  if (!id.success || !academy || !isAcademy(academy)) return null
  if (!period.ok || period.value.code === '_U') return null
  const text = (name: string) => values[name] ?? ''
  const sourceAt = (ending: string) => ({
    publisher: text(`publisher${ending}`),
    title: text(`title${ending}`),
    sourceDate: text(`sourceDate${ending}`),
    url: text(`url${ending}`),
  })
  return {
    id: id.data,
    academy,
    period: period.value.code,
    lines,
    message: text('message'),
    reason: text('reason'),
    confirmed: textOf(form, 'confirmed').slice(0, 100),
    typed: {
      status: text('status'),
      source: sourceAt(''),
      lines: new Map(
        lines.map((line): [string, TypedLine] => {
          const name = lineName(line)
          const base = revision.exec(text(`base.${name}`))?.[0]
          return [
            name,
            {
              text: text(`value.${name}`).slice(0, 200),
              base: base ? Number(base) : null,
              source: sourceAt(`.${name}`),
            },
          ]
        }),
      ),
    },
  }
}
