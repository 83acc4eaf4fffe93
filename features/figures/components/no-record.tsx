import { ButtonLink } from '@/components/ui/button'
import type { Vintage } from '@/features/vintages/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'

/** A record without any figure: a new one, or one of a day before the first figure was known. */
export function NoRecord({ locale, vintage }: { locale: Locale; vintage: Vintage | null }) {
  const t = translator(locale, 'figures.empty')
  return (
    <section className="message" aria-labelledby="no-record">
      <h2 id="no-record">{t(vintage ? 'earlyTitle' : 'title')}</h2>
      <p className="lead">{t(vintage ? 'early' : 'text')}</p>
      <p className="message-actions">
        {vintage ? (
          <ButtonLink rank="secondary" href={localePath(locale, '/revisions')}>
            {t('revisions')}
          </ButtonLink>
        ) : (
          <ButtonLink href={localePath(locale, '/entry')}>{t('enter')}</ButtonLink>
        )}
      </p>
    </section>
  )
}
