'use client'

import { catchError, type ErrorInfo } from 'next/error'

interface FaultTexts {
  title: string
  text: string
  retryText: string
  homeText: string
  homeHref: string
  /** Stands before the fault's number, by which the log is searched. */
  referenceText: string
}

function digestOf(error: unknown): string | undefined {
  const digest = error instanceof Error && 'digest' in error ? error.digest : undefined
  return typeof digest === 'string' ? digest : undefined
}

function Fault(
  { title, text, retryText, homeText, homeHref, referenceText }: FaultTexts,
  { error, retry }: ErrorInfo,
) {
  const digest = digestOf(error)
  return (
    <main className="page">
      <div className="message" role="alert">
        <h1 className="message-title">{title}</h1>
        <p className="lead">{text}</p>
        <p className="message-actions">
          <button type="button" className="button" onClick={() => retry()}>
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
export const FaultBoundary = catchError(Fault)
