import type { Locale } from '@/lib/i18n'
import { settingsOf, settingWords } from '@/lib/reader-settings'

/** Keeps a reader's settings in a GET form: without these the browser drops them from the address. */
export function SettingFields({ locale }: { locale: Locale }) {
  return settingWords(settingsOf(locale)).map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ))
}
