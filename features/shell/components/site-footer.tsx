import { dataLicence } from '@/features/settings/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'

const codeLicence = 'https://www.gnu.org/licenses/agpl-3.0.html'

export function SiteFooter({ locale }: { locale: Locale }) {
  const t = translator(locale, 'shell.footer')
  return (
    <div className="site-footer-columns">
      <section>
        <h2>{t('about.title')}</h2>
        <p>{t('about.text')}</p>
      </section>
      <section>
        <h2>{t('sources.title')}</h2>
        <p>{t('sources.text')}</p>
        <p>
          <a href={localePath(locale, '/sources')}>{t('sources.all')}</a>
          {' · '}
          <a href={localePath(locale, '/corrections')}>{t('sources.corrections')}</a>
        </p>
      </section>
      <section>
        <h2>{t('licence.title')}</h2>
        <p>
          {t.rich('licence.text', {
            name: dataLicence.name,
            data: (chunks) => (
              <a href={dataLicence.url} rel="license">
                {chunks}
              </a>
            ),
            code: (chunks) => <a href={codeLicence}>{chunks}</a>,
          })}
        </p>
        <p className="site-footer-sign-in">
          <a href={localePath(locale, '/sign-in')}>{t('signIn')}</a>
        </p>
      </section>
    </div>
  )
}
