import { readNewestCommit } from '@/features/catalogue/data'
import { type ComputedProof, computedProof, type VintageWords } from '@/features/record/data'
import { database } from '@/lib/db/client'
import { ok, type Result } from '@/lib/result'

export interface ComputedPageData {
  proof: ComputedProof
  commit: number
  origin: string
}

const address = /^([1-9]\d{0,8})-([1-9]\d{0,8})$/

/** Whether an address names two figures: a computed value. */
export const isComputedAddress = (id: string): boolean => address.test(id)

/** What the page of a computed value shows; null where the two figures make none in this state. */
export async function readComputedPage(
  id: string,
  words: VintageWords,
): Promise<Result<ComputedPageData | null>> {
  const [, numerator, denominator] = address.exec(id) ?? []
  if (!numerator || !denominator) return ok(null)
  const [proof, commit] = await Promise.all([
    computedProof({ numerator: Number(numerator), denominator: Number(denominator) }, words),
    readNewestCommit(database()),
  ])
  if (!proof.ok) return proof
  const origin = new URL(process.env.SHUMAR_URL ?? 'http://localhost:3000').origin
  return ok(proof.value && { proof: proof.value, commit, origin })
}
