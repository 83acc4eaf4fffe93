'use client'

import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { keepForm, takeUp } from './unanswered-form'

/** Watches the forms of a page, so that a fault on the way loses nothing that was typed in them. */
export function KeptForms({ text }: { text: string }) {
  const [notice, setNotice] = useState<HTMLElement | null>(null)
  useEffect(() => {
    const form = takeUp()
    if (form) {
      const before = document.createElement('div')
      form.prepend(before)
      setNotice(before)
      form.scrollIntoView({ block: 'nearest' })
    }
    const keep = ({ target }: SubmitEvent) => {
      if (target instanceof HTMLFormElement && target.method !== 'get') keepForm(target)
    }
    document.addEventListener('submit', keep, true)
    return () => document.removeEventListener('submit', keep, true)
  }, [])
  return (
    notice &&
    createPortal(
      <p className="notice" role="status">
        {text}
      </p>,
      notice,
    )
  )
}
