import { type NextRequest, NextResponse } from 'next/server'
import { filteredPath } from '@/features/explorer/schema'
import { internalPath } from '@/lib/i18n'

/**
 * Answers an address with a reader's settings from the pages of that reader's locale, and one of the
 * explorer with any other word from the page that reads it.
 */
export function proxy(request: NextRequest) {
  const { pathname, search, searchParams } = request.nextUrl
  const settled = internalPath(pathname, searchParams)
  const address = new URL(settled ?? `${pathname}${search}`, request.url)
  const path = filteredPath(address.pathname, address.search) ?? settled
  return path === null ? NextResponse.next() : NextResponse.rewrite(new URL(path, request.url))
}

// Only the explorer, and what names a setting, passes through here. Next reads these lines without
// running them.
export const config = {
  matcher: [
    '/data',
    '/:language([a-z]{2})/data',
    {
      source: '/((?!_next/|api/|download/|internal/|.*\\.[a-z0-9]+$).*)',
      has: [{ type: 'query', key: 'digits' }],
    },
    {
      source: '/((?!_next/|api/|download/|internal/|.*\\.[a-z0-9]+$).*)',
      has: [{ type: 'query', key: 'scale' }],
    },
    {
      source: '/((?!_next/|api/|download/|internal/|.*\\.[a-z0-9]+$).*)',
      has: [{ type: 'query', key: 'currency' }],
    },
    {
      source: '/((?!_next/|api/|download/|internal/|.*\\.[a-z0-9]+$).*)',
      has: [{ type: 'query', key: 'calendar' }],
    },
  ],
}
