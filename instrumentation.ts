import type { Instrumentation } from 'next'

/** Traces are made and sent only where an operator names a collector. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || !process.env.OTEL_EXPORTER_OTLP_ENDPOINT) return
  const { startTracing } = await import('./lib/tracing')
  startTracing()
}

/** Joins a failure with the line of its request in the log. Next prints the failure itself. */
export const onRequestError: Instrumentation.onRequestError = (error, request, context) => {
  const { name, digest } = error as Error & { digest?: string }
  const requestId = String(request.headers['x-request-id'] ?? '')
  console.error(
    JSON.stringify({
      level: 'error',
      time: new Date().toISOString(),
      name: 'shumar',
      requestId,
      route: context.routePath,
      error: name,
      digest,
      msg: 'failed',
    }),
  )
}
