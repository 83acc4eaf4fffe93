'use client'

import { useEffect, useState } from 'react'
import { keepForm, takeUp } from './unanswered-form'

/** Watches the forms of a page, so that a fault on the way loses nothing that was typed in them. */
export function KeptForms({ text }: { text: string }) {
  const [isTakenUp, setTakenUp] = useState(false)
  useEffect(() => {
    if (takeUp()) setTakenUp(true)
    const keep = ({ target }: SubmitEvent) => {
      if (target instanceof HTMLFormElement && target.method !== 'get') keepForm(target)
    }
    document.addEventListener('submit', keep, true)
    return () => document.removeEventListener('submit', keep, true)
  }, [])
  return (
    <div role="status">
      {isTakenUp && (
        <p className="notice mb-6" data-tone="warning">
          {text}
        </p>
      )}
    </div>
  )
}
