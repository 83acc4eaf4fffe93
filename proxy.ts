import { type NextRequest, NextResponse } from 'next/server'
import { internalPath } from '@/lib/i18n'

/** Answers an address with a reader's settings from the pages of that reader's locale. */
export function proxy(request: NextRequest) {
  const { pathname, searchParams } = request.nextUrl
  const path = internalPath(pathname, searchParams)
  return path === null ? NextResponse.next() : NextResponse.rewrite(new URL(path, request.url))
}

// Only what names a setting passes through here. Next reads these lines without running them.
export const config = {
  matcher: [
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
