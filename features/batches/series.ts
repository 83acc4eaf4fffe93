import { z } from 'zod'
import { type ApiPaths, problemResponse } from '@/features/api/series'
import { defaultLocale, translator } from '@/lib/i18n'
import { batchAnswer, batchInput, setAnswer } from './schema'

const security = [{ token: [] }]

// Named once: a name belongs to one schema.
const namedBatch = batchInput.meta({ id: 'Batch' })
const namedAnswer = batchAnswer.meta({ id: 'BatchAnswer' })
const namedSet = setAnswer.meta({ id: 'Set' })

/** The operations by which programs write, as OpenAPI has them. */
export function writingPaths(): ApiPaths {
  const t = translator(defaultLocale, 'batches.titles')
  const answer = (description: string) => ({
    description,
    content: { 'application/json': { schema: namedAnswer } },
  })
  const always = {
    401: problemResponse(t('token')),
    429: problemResponse(t('often')),
    503: problemResponse(t('later')),
  }
  return {
    '/api/v1/observations': {
      post: {
        operationId: 'sendObservations',
        summary: t('send'),
        security,
        requestParams: {
          query: z.object({
            dryRun: z.enum(['true', 'false']).optional(),
            message: z.string().optional().describe('Of a CSV.'),
            reason: z.string().optional().describe('Of a CSV.'),
          }),
          header: z.object({
            'Idempotency-Key': z
              .string()
              .optional()
              .describe(
                'New for each batch, the same whenever that batch is sent again; needed but for a dry run.',
              ),
          }),
        },
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: namedBatch },
            'text/csv': { schema: z.string().describe('The columns of a download.') },
          },
        },
        responses: {
          200: answer('`unchanged`, or `checked` by a dry run'),
          201: answer('`published`'),
          202: answer('`in_review`'),
          400: problemResponse(t('wrong')),
          403: problemResponse(t('forbidden')),
          409: problemResponse(t('conflict')),
          413: problemResponse(t('large')),
          415: problemResponse(t('media')),
          422: problemResponse(t('rows')),
          ...always,
        },
      },
    },
    '/api/v1/sets/{id}': {
      get: {
        operationId: 'getSet',
        summary: t('set'),
        security,
        requestParams: { path: z.object({ id: z.uuid() }) },
        responses: {
          200: {
            description: t('set'),
            content: { 'application/json': { schema: namedSet } },
          },
          404: problemResponse(t('missing')),
          ...always,
        },
      },
    },
  }
}
