import { locale as rootLocale } from 'next/root-params'
import { ButtonLink } from '@/components/ui/button'
import { SitePage } from '@/features/shell/components/site-page'
import { defaultLocale, isLocale, localePath, translator } from '@/lib/i18n'

export default async function Forbidden() {
  const requested = await rootLocale()
  const locale = requested && isLocale(requested) ? requested : defaultLocale
  const t = translator(locale, 'accounts.forbidden')
  return (
    <SitePage locale={locale} path="/">
      <div className="message-page">
        <h1>{t('title')}</h1>
        <p className="lead">{t('text')}</p>
        <p className="message-page-actions">
          <ButtonLink href={localePath(locale, '/')}>{t('home')}</ButtonLink>
        </p>
      </div>
    </SitePage>
  )
}
