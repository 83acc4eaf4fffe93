import { stateOfNow } from '@/features/catalogue/cached'
import { formatDay } from '@/features/periods/rules'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'

/**
 * What paper must say of itself: the address of the page, and of which day it is. An address with
 * `asOf` says the day already.
 */
export async function PrintNote({ locale, path }: { locale: Locale; path: string }) {
  const t = translator(locale, 'shell.print')
  const address = `\u2066${publicOrigin()}${localePath(locale, path)}\u2069`
  if (/[?&]asOf=/.test(path)) return <p className="print-note">{t('from', { address })}</p>
  const { asOf, commit } = await stateOfNow()
  const day = formatDay(asOf, locale, { style: 'long' })
  return <p className="print-note">{t('fromOn', { address, day, commit })}</p>
}
