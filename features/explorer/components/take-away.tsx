import { downloadQuery } from '@/features/downloads/schema'
import { FileList } from '@/features/files/components/file-list'
import { LinkForm } from '@/features/permalinks/components/link-form'
import { dataLicence } from '@/features/settings/schema'
import { localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import { explorerPath } from '../schema'
import type { ExplorerView } from './explorer-page'

/** What is shown as a file, from the API, and as a citation with an address that never changes. */
export function TakeAway({ view }: { view: ExplorerView }) {
  const { locale, state, data, vintage, frozen } = view
  const t = translator(locale, 'explorer')
  const query = downloadQuery(state.filter, vintage)
  const count = formatDecimal(String(data.total), { locale })
  const address = localePath(locale, explorerPath(state, frozen))
  // Between Urdu words the parts of a day would change places.
  const day = `\u2066${frozen.asOf}\u2069`
  return (
    <section aria-labelledby="take-away" className="section">
      <h2 id="take-away">{t('take')}</h2>
      <FileList filter={state.filter} vintage={vintage} locale={locale} size={data.size} />
      <ul className="explorer-take">
        <li>
          <a href={`/api/v1/observations${query}`}>{t('api')}</a>
        </li>
        <li>
          <a href={address}>{t('frozen')}</a>
        </li>
      </ul>
      <p className="prose">
        {t(data.size.isMore ? 'citationMore' : 'citation', {
          count,
          day,
          commit: frozen.commit,
          licence: dataLicence.name,
        })}{' '}
        <span className="explorer-address" dir="ltr">
          {new URL(address, siteAddress()).href}
        </span>
      </p>
      <LinkForm locale={locale} path={explorerPath(state, vintage)} />
    </section>
  )
}

const siteAddress = () => process.env.SHUMAR_URL ?? 'http://localhost:3000'
