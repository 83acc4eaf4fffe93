import { z } from 'zod'
import {
  createDocument,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi'
import { dataLicence } from '@/features/settings/schema'
import { defaultLocale, translator } from '@/lib/i18n'
import { problem } from './schema'

export type ApiPaths = ZodOpenApiPathsObject

/**
 * The API as OpenAPI 3.1, out of the same schemas that read its addresses and bodies. Each feature
 * with routes of its own gives its `paths`; `app/api/v1/openapi.json` puts them together.
 */
export function openApiDocument(origin: string, paths: readonly ApiPaths[]) {
  const t = translator(defaultLocale, 'api')
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: t('title'),
      version: '1.0.0',
      description: t('description'),
      license: { name: dataLicence.name, identifier: dataLicence.id },
    },
    servers: [{ url: origin }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: joined(paths),
  })
}

/** One address may have operations of several features. */
function joined(paths: readonly ApiPaths[]): ApiPaths {
  const all: ApiPaths = {}
  for (const [path, operations] of paths.flatMap((one) => Object.entries(one))) {
    all[path] = { ...all[path], ...operations }
  }
  return all
}

/** The words of an address; one that can be given once is described as its one value, not as a list. */
export function addressWords(words: z.ZodObject): z.ZodObject {
  const shape = Object.entries(words.shape).map(([name, word]) => [name, onlyValue(word) ?? word])
  return z.object(Object.fromEntries(shape))
}

function onlyValue(word: z.core.$ZodType): z.ZodType | null {
  const list = word instanceof z.ZodOptional ? word.unwrap() : word
  if (!(list instanceof z.ZodArray) || !list._zod.def.checks?.some(allowsOne)) return null
  return (list.element as z.ZodType).optional()
}

function allowsOne({ _zod: { def } }: z.core.$ZodCheck<never>): boolean {
  return def.check === 'max_length' && 'maximum' in def && def.maximum === 1
}

/** An object with its properties explained, by their names. */
export function explained(object: z.ZodObject, text: (name: string) => string): z.ZodObject {
  const own = object.meta()
  const shape = Object.fromEntries(
    Object.entries(object.shape).map(([name, schema]) => [
      name,
      (schema as z.ZodType).meta({
        ...(schema as z.ZodType).meta(),
        id: undefined,
        description: text(name),
      }),
    ]),
  )
  const copy = object.clone({ ...object.def, shape })
  return own ? copy.meta(own) : copy
}

/** A refusal, as a part of an operation. */
export function problemResponse(description: string): ZodOpenApiResponseObject {
  return { description, content: { 'application/problem+json': { schema: problem } } }
}
