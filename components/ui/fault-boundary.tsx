'use client'

import { catchError, type ErrorInfo } from 'next/error'
import { unstable_isUnrecognizedActionError as isOfAnotherBuild } from 'next/navigation'
import { useEffect, useState } from 'react'
import { markFaulty } from './unanswered-form'

interface FaultTexts {
  title: string
  text: string
  retryText: string
  /** In place of the title where the page is of an earlier build than its server. */
  renewedTitle: string
  renewedText: string
  /** What was typed will be in its form again. */
  keptText: string
  homeText: string
  homeHref: string
  /** Stands before the fault's number, by which the log is searched. */
  referenceText: string
}

function digestOf(error: unknown): string | undefined {
  const digest = error instanceof Error && 'digest' in error ? error.digest : undefined
  return typeof digest === 'string' ? digest : undefined
}

function Fault({
  title,
  text,
  retryText,
  renewedTitle,
  renewedText,
  keptText,
  homeText,
  homeHref,
  referenceText,
  error,
  retry,
}: FaultTexts & ErrorInfo) {
  const [isKept, setKept] = useState(false)
  useEffect(() => setKept(markFaulty()), [])
  const digest = digestOf(error)
  const isRenewed = isOfAnotherBuild(error)
  // Only a new page has the forms of the new build, and fills them.
  const again = () => (isRenewed || isKept ? window.location.reload() : retry())
  return (
    <main className="page">
      <div className="message" role="alert">
        <h1 className="message-title">{isRenewed ? renewedTitle : title}</h1>
        <p className="lead">{isRenewed ? renewedText : text}</p>
        {isKept && <p>{keptText}</p>}
        <p className="message-actions">
          <button type="button" className="button" onClick={again}>
            {retryText}
          </button>
          {/* A whole new page: what failed here may be what moves between pages. */}
          <a className="button-secondary" href={homeHref}>
            {homeText}
          </a>
        </p>
        {digest && (
          <p className="eyebrow">
            {referenceText} <code>{digest}</code>
          </p>
        )}
      </div>
    </main>
  )
}

/**
 * Shows the texts in place of `children` when rendering them fails. An error file of the router
 * would do the same, but cannot be given texts: it would bring all messages of all languages to
 * every reader's browser.
 */
export const FaultBoundary = catchError((texts: FaultTexts, info) => <Fault {...texts} {...info} />)
