'use server'

import { actorFor, siteOrigin } from '@/features/accounts/data'
import { readDay } from '@/features/periods/rules'
import { database } from '@/lib/db/client'
import { fail, type Result } from '@/lib/result'
import { storeCopy } from './mutations'
import { copyInput } from './schema'

/**
 * Stores the file of a form as a copy of a source. Fields: file, capturedOn, note. Refuses with
 * what `actorFor` and `storeCopy` refuse with, `dayMissing`, `noteInvalid`, `unavailable`.
 */
export async function keepCopy(
  sourceId: number,
  form: FormData,
): Promise<Result<{ sha256: string; isNew: boolean }>> {
  const actor = await actorFor('sources.keep')
  if (!actor.ok) return fail(actor.problem.code, { url: siteOrigin() })
  const file = form.get('file')
  if (!(file instanceof File) || file.size === 0) return fail('fileMissing')
  const note = form.get('note')
  const day = readDay(String(form.get('capturedOn') ?? ''))
  const input = copyInput.safeParse({
    sourceId,
    fileName: file.name,
    capturedOn: day.ok ? day.value : '',
    note: typeof note === 'string' ? note.replace(/\s+/g, ' ') : '',
  })
  if (!input.success) {
    const isNote = input.error.issues.every(({ path }) => path[0] === 'note')
    return fail(isNote ? 'noteInvalid' : 'dayMissing')
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  try {
    return await storeCopy(database(), actor.value, { ...input.data, bytes })
  } catch (error) {
    console.error(error)
    return fail('unavailable')
  }
}
