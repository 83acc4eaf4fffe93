import { Notice } from '@/components/ui/notice'
import { formatDay } from '@/features/periods/rules'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { inVintage, type Vintage } from '../schema'

/** Says that a page shows a past state of the record, and leads back to today and to a fixed link. */
export function VintageNotice({
  locale,
  vintage,
  path,
}: {
  locale: Locale
  vintage: Vintage
  path: string
}) {
  const t = translator(locale, 'vintage')
  const day = formatDay(vintage.asOf, locale, { style: 'long' })
  const frozen = localePath(locale, inVintage(path, { ...vintage, isFrozen: true }))
  return (
    <Notice title={t('title', { day })}>
      <p>
        {t(vintage.isFrozen ? 'frozen' : 'text', { commit: vintage.commit })}{' '}
        <a href={localePath(locale, path)}>{t('today')}</a>
        {!vintage.isFrozen && (
          <>
            {' · '}
            <a href={frozen}>{t('freeze')}</a>
          </>
        )}
      </p>
    </Notice>
  )
}
