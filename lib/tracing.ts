import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node'

const withoutQuery = (text: string) => text.replace(/\?\S*/g, '')

/** A span as it may leave: queries can hold a one-time link, and clients are nobody's business. */
function discreet(span: ReadableSpan): ReadableSpan {
  const attributes = Object.fromEntries(
    Object.entries(span.attributes)
      .filter(([name]) => !/user_agent|client\.address|peer|url\.query/.test(name))
      .map(([name, value]) => [name, typeof value === 'string' ? withoutQuery(value) : value]),
  )
  // Its other properties stand on its prototype.
  return Object.create(span, {
    name: { value: withoutQuery(span.name) },
    attributes: { value: attributes },
  })
}

class DiscreetExporter implements SpanExporter {
  readonly #to: SpanExporter

  constructor(to: SpanExporter) {
    this.#to = to
  }

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]) {
    this.#to.export(spans.map(discreet), done)
  }

  shutdown() {
    return this.#to.shutdown()
  }
}

/**
 * Sends the traces that Next makes to the collector in `OTEL_EXPORTER_OTLP_ENDPOINT`; the other
 * `OTEL_...` variables mean what OpenTelemetry says. Ending takes what is still to be sent along.
 */
export function startTracing(): void {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': process.env.OTEL_SERVICE_NAME || 'shumar',
    }),
    spanProcessors: [new BatchSpanProcessor(new DiscreetExporter(new OTLPTraceExporter()))],
  })
  provider.register()
  process.once('SIGTERM', () => void provider.forceFlush().catch(() => {}))
}
