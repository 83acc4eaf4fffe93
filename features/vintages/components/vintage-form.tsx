import './vintages.css'
import { SettingFields } from '@/features/reading/components/setting-fields'
import { type Locale, languageOf, localePath, translator } from '@/lib/i18n'

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
  const [pathname = '/', query] = path.split('?', 2)
  return (
    <form
      action={localePath(languageOf(locale), pathname)}
      method="get"
      className="vintage-form screen-only"
    >
      {[...new URLSearchParams(query)].map(([name, value]) => (
        <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
      ))}
      <SettingFields locale={locale} />
      <label htmlFor="as-of">{t('label')}</label>
      <input id="as-of" type="date" name="asOf" required max={today} defaultValue={today} />
      <button type="submit" className="button-secondary">
        {t('show')}
      </button>
    </form>
  )
}
