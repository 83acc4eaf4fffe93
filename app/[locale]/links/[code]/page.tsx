import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Notice } from '@/components/ui/notice'
import { siteOrigin } from '@/features/accounts/data'
import { LinkPage } from '@/features/permalinks/components/link-page'
import { readPermalink } from '@/features/permalinks/data'
import { shortestCode } from '@/features/permalinks/schema'
import { SitePage } from '@/features/shell/components/site-page'
import { isLocale, type Locale, translator } from '@/lib/i18n'

// One page for any code: made when asked for, whole.
export const instant = false

type Props = PageProps<'/[locale]/links/[code]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  if (!isLocale(locale)) return {}
  return { title: translator(locale, 'links')('title'), robots: { index: false } }
}

export default async function Page({ params, searchParams }: Props) {
  const { locale, code } = await params
  if (!isLocale(locale)) notFound()
  const link = await readPermalink(code)
  const { problem } = await searchParams
  return (
    <SitePage locale={locale} path={link ? `/links/${code}` : null}>
      {link ? (
        <LinkPage locale={locale} link={link} origin={siteOrigin()} />
      ) : (
        <NoLink locale={locale} problem={typeof problem === 'string' ? problem : null} />
      )}
    </SitePage>
  )
}

function NoLink({ locale, problem }: { locale: Locale; problem: string | null }) {
  const t = translator(locale, 'links')
  const key = `problems.${problem}` as 'problems.tooMany'
  const isKnown = problem !== null && /^[A-Za-z]+$/.test(problem) && t.has(key)
  return (
    <>
      <h1>{t(isKnown ? 'refusedTitle' : 'unknownTitle')}</h1>
      <Notice tone="warning">
        <p>{isKnown ? t(key) : t('unknown', { count: shortestCode })}</p>
      </Notice>
    </>
  )
}
