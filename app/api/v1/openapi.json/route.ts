import { apiRoute, openToRead } from '@/features/api/data'
import { openApiDocument } from '@/features/api/series'
import { writingPaths } from '@/features/batches/series'
import { readingPaths } from '@/features/resources/series'
import { conditionalResponse } from '@/lib/conditional-response'
import { publicOrigin } from '@/lib/public-origin'

/** The API for programs that read OpenAPI. A feature with routes of its own adds its paths here. */
export const { GET, OPTIONS, POST, PUT, PATCH, DELETE } = apiRoute({
  GET: (request) =>
    conditionalResponse(
      request,
      `${JSON.stringify(openApiDocument(publicOrigin(), [readingPaths(), writingPaths()]))}\n`,
      { type: 'application/vnd.oai.openapi+json;version=3.1', headers: openToRead },
    ),
})
