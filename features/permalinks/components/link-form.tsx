import './links.css'
import { type Locale, languageOf, localePath, translator } from '@/lib/i18n'

/**
 * Asks for a short link to the page it stands on, in the state it shows.
 *
 * @param path of the page with its query, without the language
 */
export function LinkForm({ locale, path }: { locale: Locale; path: string }) {
  const t = translator(locale, 'links')
  return (
    <form
      method="post"
      action={localePath(languageOf(locale), '/links')}
      className="link-form screen-only"
    >
      <input type="hidden" name="page" value={localePath(locale, path)} />
      <button type="submit" className="button-secondary">
        {t('make')}
      </button>
      <p>{t('makeHint')}</p>
    </form>
  )
}
