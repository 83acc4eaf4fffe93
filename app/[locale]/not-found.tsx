import type { Metadata } from 'next'
import { locale as rootLocale } from 'next/root-params'
import { ButtonLink } from '@/components/ui/button'
import { SitePage } from '@/features/shell/components/site-page'
import { defaultLocale, isLocale, type Locale, localePath, translator } from '@/lib/i18n'

async function currentLocale(): Promise<Locale> {
  const locale = await rootLocale()
  return locale && isLocale(locale) ? locale : defaultLocale
}

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await currentLocale(), 'shell.notFound')
  return { title: t('title') }
}

export default async function NotFound() {
  const locale = await currentLocale()
  const t = translator(locale, 'shell.notFound')
  return (
    <SitePage locale={locale} path="/">
      <div className="message-page">
        <h1>{t('title')}</h1>
        <p className="lead">{t('text')}</p>
        <p className="message-page-actions">
          <ButtonLink href={localePath(locale, '/')}>{t('home')}</ButtonLink>
          <ButtonLink rank="secondary" href={localePath(locale, '/indicators')}>
            {t('indicators')}
          </ButtonLink>
        </p>
      </div>
    </SitePage>
  )
}
