import './reading.css'
import { Hash } from 'lucide-react'
import { type Locale, languageOf, localePath, translator } from '@/lib/i18n'
import {
  type ReaderSettings,
  type SettingName,
  settingChoices,
  settingNames,
  settingsOf,
} from '@/lib/reader-settings'

/**
 * How the reader wants numbers and years written: a plain GET form to the page it stands on, since
 * a prerendered page reads no cookie.
 *
 * @param path of the page, without the language, with its query
 */
export function ReadingForm({ locale, path }: { locale: Locale; path: string }) {
  const t = translator(locale, 'reading')
  const settings = settingsOf(locale)
  const [pathname = '/', query] = path.split('?', 2)
  return (
    <details className="reading">
      <summary title={t('summary')}>
        <Hash aria-hidden="true" />
        <span className="visually-hidden">{t('summary')}</span>
      </summary>
      <form method="get" action={localePath(languageOf(locale), pathname)}>
        {[...new URLSearchParams(query)].map(([name, value]) => (
          <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
        ))}
        {settingNames.map((name) => (
          <Choice key={name} locale={locale} name={name} settings={settings} />
        ))}
        <button type="submit" className="button-secondary">
          {t('apply')}
        </button>
        <p className="reading-note">{t('converts')}</p>
        <p className="reading-note">{t('keeps')}</p>
      </form>
    </details>
  )
}

function Choice({
  locale,
  name,
  settings,
}: {
  locale: Locale
  name: SettingName
  settings: ReaderSettings
}) {
  const t = translator(locale, 'reading')
  return (
    <label>
      <span>{t(`labels.${name}`)}</span>
      <select name={name} defaultValue={settings[name]}>
        {settingChoices[name].map((choice) => (
          <option key={choice} value={choice}>
            {String(t.raw(`choices.${name}.${choice}` as 'choices.digits.urdu'))}
          </option>
        ))}
      </select>
    </label>
  )
}
