import { localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import { pagesToLink } from '../rules'
import { explorerPath } from '../schema'
import type { ExplorerView } from './explorer-page'

/** Which figures these are, of how many, and the way to the others. */
export function PageLinks({ view }: { view: ExplorerView }) {
  const { locale, state, data, vintage } = view
  const t = translator(locale, 'explorer')
  const pages = Math.max(1, Math.ceil(data.total / state.size))
  const number = (n: number) => formatDecimal(String(n), { locale })
  const first = (state.page - 1) * state.size + 1
  const href = (page: number) => localePath(locale, explorerPath({ ...state, page }, vintage))
  const shown = { first: number(first), last: number(first + data.figures.length - 1) }
  return (
    <nav className="explorer-pages" aria-label={t('pages')}>
      <p>
        {data.figures.length > 0
          ? t(data.size.isMore ? 'shownMore' : 'shown', { ...shown, total: number(data.total) })
          : t('noPage', { page: number(state.page), pages: number(pages) })}
        {data.size.isMore && ` ${t('pagesEnd')}`}
      </p>
      {(pages > 1 || state.page > pages) && (
        <ul className="screen-only">
          {pagesToLink(Math.min(state.page, pages), pages).map((page, at) =>
            page === null ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a gap is nothing but its place
              <li key={`gap-${at}`}>…</li>
            ) : (
              <li key={page}>
                <a
                  id={`page-${page}`}
                  href={href(page)}
                  data-explore="top"
                  aria-label={t('page', { page: number(page) })}
                  aria-current={page === state.page ? 'page' : undefined}
                >
                  {number(page)}
                </a>
              </li>
            ),
          )}
        </ul>
      )}
    </nav>
  )
}
