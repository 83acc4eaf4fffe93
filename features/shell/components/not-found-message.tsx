import { Button, ButtonLink } from '@/components/ui/button'
import { InputField } from '@/components/ui/field'
import { SettingFields } from '@/features/reading/components/setting-fields'
import { direction, type Locale, languageOf, localePath, translator } from '@/lib/i18n'

/** Says that there is no such page and where to go on. */
export function NotFoundMessage({
  locale,
  heading: Heading = 'h1',
}: {
  locale: Locale
  heading?: 'h1' | 'h2'
}) {
  const t = translator(locale, 'shell.notFound')
  return (
    <section className="message" lang={languageOf(locale)} dir={direction(locale)}>
      <Heading className="message-title">{t('title')}</Heading>
      <p className="lead">{t('text')}</p>
      <search>
        <form action={localePath(locale, '/indicators')} method="get" className="message-search">
          <SettingFields locale={locale} />
          <InputField
            id={`not-found-q-${languageOf(locale)}`}
            type="search"
            name="q"
            label={t('search')}
            maxLength={100}
            required
          />
          <Button type="submit" rank="secondary">
            {t('searchButton')}
          </Button>
        </form>
      </search>
      <p className="message-actions">
        <ButtonLink href={localePath(locale, '/')}>{t('home')}</ButtonLink>
        <ButtonLink rank="secondary" href={localePath(locale, '/indicators')}>
          {t('indicators')}
        </ButtonLink>
      </p>
    </section>
  )
}
