import './links.css'
import { formatDay } from '@/features/periods/rules'
import { inVintage } from '@/features/vintages/schema'
import { type Locale, translator } from '@/lib/i18n'
import type { Permalink } from '../schema'

/**
 * A short link, ready to copy.
 *
 * @param origin of this site
 */
export function LinkPage({
  locale,
  link,
  origin,
}: {
  locale: Locale
  link: Permalink
  origin: string
}) {
  const t = translator(locale, 'links')
  const { asOf, commit } = link.vintage
  const address = `${origin}/s/${link.code}`
  const page = inVintage(link.path, link.vintage)
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">
        {t('lead', { day: formatDay(asOf, locale, { style: 'long' }), commit })}
      </p>
      <p className="field link-address">
        <label htmlFor="short-link">{t('address')}</label>
        <input id="short-link" type="text" readOnly value={address} dir="ltr" />
      </p>
      <p>
        <a href={page}>{t('open')}</a>
      </p>
      <h2>{t('cite')}</h2>
      <p className="prose">
        {t('citation', {
          page: `\u2068${link.path}\u2069`,
          day: `\u2066${asOf}\u2069`,
          commit,
          address,
        })}
      </p>
    </>
  )
}
