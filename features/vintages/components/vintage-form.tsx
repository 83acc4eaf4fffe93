import './vintages.css'
import { SettingFields } from '@/features/reading/components/setting-fields'
import { type Locale, localePath, translator } from '@/lib/i18n'

/** Asks for a past day: a plain GET form, so that it works without JavaScript. */
export function VintageForm({
  locale,
  path,
  today,
}: {
  locale: Locale
  path: string
  today: string
}) {
  const t = translator(locale, 'vintage')
  return (
    <form action={localePath(locale, path)} method="get" className="vintage-form screen-only">
      <SettingFields locale={locale} />
      <label htmlFor="as-of">{t('label')}</label>
      <input id="as-of" type="date" name="asOf" required max={today} defaultValue={today} />
      <button type="submit" className="button-secondary">
        {t('show')}
      </button>
    </form>
  )
}
