const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
type Method = (typeof methods)[number]

/** Answers one method of a route; the context holds the parts of its path, where it has any. */
export type Handler<Context extends unknown[] = []> = (
  request: Request,
  ...context: Context
) => Response | Promise<Response>

/**
 * What a route exports: its own methods, OPTIONS, and a refusal with `Allow` (RFC 9110, 15.5.6) of
 * every other one. HEAD is made of GET by Next.
 */
export function routeMethods<Context extends unknown[] = []>(
  own: Partial<Record<Method, Handler<Context>>>,
  {
    preflight,
    refuse,
  }: { preflight: (allow: string) => Response; refuse: (allow: string) => Response },
): Record<Method | 'OPTIONS', Handler<Context>> {
  const allow = allowed(own)
  const refused = () => refuse(allow)
  const all = methods.map((method) => [method, own[method] ?? refused])
  return Object.fromEntries([...all, ['OPTIONS', () => preflight(allow)]])
}

function allowed(own: Partial<Record<Method, unknown>>): string {
  const present = methods.filter((method) => own[method])
  return [
    ...present.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
    'OPTIONS',
  ].join(', ')
}
