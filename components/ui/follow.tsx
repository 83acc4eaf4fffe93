'use client'

import { type ReactNode, useActionState, useEffect } from 'react'

/** What a form without fields answers: where it leads. */
export interface Followed {
  goTo: string | null
}

/** Loads the page that an answer leads to. */
export function useFollow(goTo: string | null): void {
  useEffect(() => {
    if (goTo) window.location.assign(goTo)
  }, [goTo])
}

/** Leads on from a page whose form may be gone by the time its answer is there. */
export function Follow({ goTo }: { goTo: string | null }) {
  useFollow(goTo)
  return null
}

/** A form of buttons whose action only leads to another page. */
export function FollowedForm({
  id,
  className,
  action,
  children,
}: {
  id?: string
  className?: string
  action: (before: Followed, form: FormData) => Promise<Followed>
  children: ReactNode
}) {
  const [{ goTo }, submit] = useActionState(action, { goTo: null })
  useFollow(goTo)
  return (
    <form id={id} className={className} action={submit}>
      {children}
    </form>
  )
}
