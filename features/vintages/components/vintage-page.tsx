import './vintages.css'
import type { ReactNode } from 'react'
import { Notice } from '@/components/ui/notice'
import { SitePage } from '@/features/shell/components/site-page'
import { type Locale, translator } from '@/lib/i18n'
import type { Problem } from '@/lib/result'
import { inVintage, type Vintage } from '../schema'
import { VintageNotice } from './vintage-notice'

/** A page that shows a past state of the record. `path` is the same page of today. */
export function VintagePage({
  locale,
  path,
  vintage,
  children,
}: {
  locale: Locale
  path: string
  vintage: Vintage
  children: ReactNode
}) {
  return (
    <SitePage locale={locale} path={inVintage(path, vintage)}>
      <VintageNotice locale={locale} vintage={vintage} path={path} />
      <div className="vintage-content">{children}</div>
    </SitePage>
  )
}

/** Why an address names no past state, and how to mend it. */
export function VintageProblem({
  locale,
  path,
  problem,
}: {
  locale: Locale
  path: string
  problem: Problem
}) {
  const t = translator(locale, 'vintage')
  const code = `problems.${problem.code}` as Parameters<typeof t>[0]
  return (
    <SitePage locale={locale} path={path}>
      <h1>{t('problemTitle')}</h1>
      <Notice tone="warning">
        <p>{t(code, problem.params)}</p>
      </Notice>
    </SitePage>
  )
}
