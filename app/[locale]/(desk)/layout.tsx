import type { Metadata } from 'next'
import type { ReactNode } from 'react'

// Whose page it is shows only at the request: the whole HTML is made then, and never stored.
export const instant = false

export const metadata: Metadata = {
  robots: { index: false, follow: false },
  // One-time links are addresses: other sites must not learn them. `no-referrer` would also take
  // the Origin from forms, by which actions know them.
  referrer: 'same-origin',
}

export default function DeskLayout({ children }: { children: ReactNode }) {
  return children
}
