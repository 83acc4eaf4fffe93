import { CopyButton } from '@/components/ui/copy-button'
import { type Locale, translator } from '@/lib/i18n'
import type { CitationTexts } from '../series'

/** A figure's citation, ready to copy, and its address that never changes. */
export function Citation({ locale, texts }: { locale: Locale; texts: CitationTexts }) {
  const t = translator(locale, 'proof')
  const take = translator(locale, 'take')
  return (
    <section aria-labelledby="citation" className="section">
      <h2 id="citation">{t('cite')}</h2>
      <p className="prose" id="citation-text">
        {texts.plain}
      </p>
      <p className="copy-actions">
        <CopyButton of="citation-text" text={take('copy')} done={take('copied')} />
        <a href={new URL(texts.address).pathname + new URL(texts.address).search}>{t('frozen')}</a>
      </p>
      <details>
        <summary>BibTeX</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <pre className="proof-bibtex" id="citation-bibtex" dir="ltr" tabIndex={0}>
          {texts.bibtex}
        </pre>
        <CopyButton of="citation-bibtex" text={take('copy')} done={take('copied')} />
      </details>
    </section>
  )
}
