import './revisions.css'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { figureWriter } from '@/features/figures/series'
import { personText } from '@/features/proofs/components/facts'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { RevisionsPageData } from '../data'
import { changeLines, commitTopic, momentText } from '../series'
import { LogTable } from './log-table'

/** What changed, commit by commit, newest first. */
export function RevisionsPage({ locale, data }: { locale: Locale; data: RevisionsPageData }) {
  const t = translator(locale, 'revision')
  const path = localePath(locale, '/revisions')
  const writer = figureWriter(data.catalogue, locale)
  const one = data.isOne ? data.commits[0]?.commit : undefined
  return (
    <>
      {one && (
        <Breadcrumbs
          label={translator(locale, 'indicator')('way')}
          crumbs={[{ text: t('title'), href: path }]}
          current={t('oneTitle', { commit: one.no })}
        />
      )}
      <h1>{one ? t('oneTitle', { commit: one.no }) : t('title')}</h1>
      {!one && (
        <p className="lead">
          {t('lead')} <a href={`${path}.atom`}>{t('feed')}</a>
        </p>
      )}
      {data.commits.length === 0 && <p>{t('none')}</p>}
      {data.commits.map(({ commit, revisions }) => (
        <section key={commit.no} id={`c${commit.no}`} className="section commit">
          {!one && (
            <h2>
              <a href={`${path}?commit=${commit.no}`}>{t('oneTitle', { commit: commit.no })}</a>
            </h2>
          )}
          <p className="eyebrow">
            <time dateTime={commit.publicAt}>{momentText(locale, commit.publicAt)}</time>
            {' · '}
            {commitTopic(commit, locale)}
            {' · '}
            {t('by', { person: personText(commit.actor, data.settings, locale) })}
          </p>
          {commit.indicators.length > 0 && (
            <p>
              {commit.indicators.slice(0, mostNamed).map((code, n) => (
                <span key={code}>
                  {n > 0 && ' · '}
                  <a href={writer.indicatorPath(code)}>{writer.names.indicator(code)}</a>
                </span>
              ))}
              {commit.indicators.length > mostNamed &&
                ` · ${t('moreIndicators', { count: commit.indicators.length - mostNamed })}`}
            </p>
          )}
          <Changes lines={changeLines(commit, data.catalogue, writer, locale)} />
          {revisions.length > 0 ? (
            <LogTable
              locale={locale}
              commit={commit.no}
              revisions={revisions}
              writer={writer}
              settings={data.settings}
            />
          ) : (
            commit.count > 0 && (
              <p>
                <a href={`${path}?commit=${commit.no}`}>{t('all', { count: commit.count })}</a>
              </p>
            )
          )}
        </section>
      ))}
      {data.next && (
        <p className="section">
          <a className="button-secondary" href={`${path}?${data.next}`}>
            {t(data.isOne ? 'more' : 'older')}
          </a>
        </p>
      )}
    </>
  )
}

function Changes({ lines }: { lines: readonly { text: string; href?: string }[] }) {
  if (lines.length === 0) return null
  return (
    <ul className="commit-changes">
      {lines.map(({ text, href }) => (
        <li key={text}>{href ? <a href={href}>{text}</a> : text}</li>
      ))}
    </ul>
  )
}

const mostNamed = 12
