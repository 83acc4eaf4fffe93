import type { ReactNode } from 'react'

export type Tone = 'info' | 'warning' | 'success'

/** `live` reads the notice out when it appears; leave it out where the page arrives with it. */
export function Notice({
  tone = 'info',
  title,
  live = false,
  children,
}: {
  tone?: Tone
  title?: ReactNode
  live?: boolean
  children: ReactNode
}) {
  return (
    <div className="notice" data-tone={tone} role={live ? 'status' : undefined}>
      {title && <p className="notice-title">{title}</p>}
      {children}
    </div>
  )
}
