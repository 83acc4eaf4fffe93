'use server'

import { clientAddress, fromOwnPage, siteOrigin } from '@/features/accounts/data'
import { database } from '@/lib/db/client'
import { fail, type Result } from '@/lib/result'
import { makePermalink } from './mutations'

/**
 * Makes the short link that a form asks for: anybody may, from a page of this site. Field: `page`.
 * Refuses with `wrongAddress`, `unavailable` and what `makePermalink` refuses with.
 */
export async function keepPermalink(form: FormData): Promise<Result<{ code: string }>> {
  if (!(await fromOwnPage())) return fail('wrongAddress', { url: siteOrigin() })
  try {
    return await makePermalink(database(), String(form.get('page') ?? ''), await clientAddress())
  } catch (error) {
    console.error(error)
    return fail('unavailable')
  }
}
