import type { Metadata } from 'next'
import type { ReactNode } from 'react'

// A past state is made when asked for, whole: there is one for every day and commit.
export const instant = false

export const metadata: Metadata = { robots: { index: false } }

export default function AsOfLayout({ children }: { children: ReactNode }) {
  return children
}
