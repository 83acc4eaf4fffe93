'use client'

import { useEffect } from 'react'

/**
 * The last resort, when even the layout fails: one small document in both languages that depends on
 * nothing, neither messages nor style sheet. Also the page sent with status 500.
 */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  useEffect(() => console.error(error), [error])
  return (
    <html lang="en" dir="ltr">
      <head>
        <title>Shumar</title>
        <style>{`
          :root { color-scheme: light dark; font: 100%/1.6 system-ui, sans-serif }
          body { max-width: 40rem; margin: 0 auto; padding: 12vh 1.25rem; background: Canvas; color: CanvasText }
          h1 { font-size: 1.75rem; line-height: 1.3; margin: 0 0 .5rem }
          [lang=ur] { margin-block-start: 3rem; line-height: 1.9 }
          button { font: inherit; min-height: 2.75rem; padding: .5rem 1.125rem }
        `}</style>
      </head>
      <body>
        <main>
          <h1>Something went wrong on our side</h1>
          <p>No figure was lost or changed. Please try again in a minute.</p>
          <div lang="ur" dir="rtl">
            <h2>ہماری طرف سے کوئی خرابی ہو گئی ہے</h2>
            <p>کوئی عدد نہ ضائع ہوا ہے نہ بدلا ہے۔ براہِ کرم ایک منٹ بعد دوبارہ کوشش کریں۔</p>
          </div>
          <p>
            <button type="button" onClick={() => retry()}>
              Try again · <span lang="ur">دوبارہ کوشش کریں</span>
            </button>
          </p>
        </main>
      </body>
    </html>
  )
}
