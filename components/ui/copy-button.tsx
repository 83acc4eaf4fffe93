import './copy-button.css'
import type { HTMLAttributes } from 'react'

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'copy-button': HTMLAttributes<HTMLElement> & { 'data-of': string; 'data-done': string }
    }
  }
}

/**
 * A button that public/copy.js brings to life; without the script it is not shown.
 *
 * @param of the id of the element whose text is copied
 * @param done what is said once it is copied
 */
export function CopyButton({ of, text, done }: { of: string; text: string; done: string }) {
  return (
    <>
      <script src="/copy.js" async />
      <copy-button className="copy-button screen-only" data-of={of} data-done={done}>
        <button type="button" className="button-secondary">
          {text}
        </button>
        <span role="status" />
      </copy-button>
    </>
  )
}
