import { z } from 'zod'

const bodyError = z.object({
  /** JSON Pointer to the place in the body. */
  pointer: z.string(),
  detail: z.string(),
  code: z.string().optional(),
})

/** A refusal (RFC 9457), as `lib/problem-json.ts` writes it. */
export const problem = z
  .object({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    parameter: z.string().optional(),
    errors: z.array(bodyError).optional(),
  })
  .meta({ id: 'Problem' })

/** What a refusal can be about: its type is the address of the code on the page for developers. */
export const problemCodes = [
  'unknownParameter',
  'invalidParameter',
  'parameterTwice',
  'limit',
  'after',
  'fields',
  'sort',
  'sortNow',
  'invalidLimit',
  'commitWithoutDay',
  'notADay',
  'future',
  'notACommit',
  'unknownCommit',
  'method',
  'tooMany',
  'unavailable',
  'fault',
] as const
