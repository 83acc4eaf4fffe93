import type { ReactNode } from 'react'
import { dataLicence } from '@/features/settings/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'

const codeLicence = 'https://www.gnu.org/licenses/agpl-3.0.html'

const columns = [
  {
    name: 'about',
    links: [
      { name: 'about', path: '/about' },
      { name: 'methods', path: '/methods' },
      { name: 'glossary', path: '/methods#glossary' },
      { name: 'accessibility', path: '/about#accessibility' },
      { name: 'privacy', path: '/about#privacy' },
    ],
  },
  {
    name: 'sources',
    links: [
      { name: 'sources', path: '/sources' },
      { name: 'revisions', path: '/revisions' },
      { name: 'corrections', path: '/corrections' },
      { name: 'releases', path: '/releases' },
    ],
  },
  {
    name: 'take',
    links: [
      { name: 'data', path: '/data' },
      { name: 'downloads', path: '/about#downloads' },
      { name: 'api', path: '/developers' },
      { name: 'feed', path: '/revisions.atom' },
      { name: 'releaseFeed', path: '/releases.atom' },
    ],
  },
] as const

export function SiteFooter({
  locale,
  isSignedIn,
}: {
  locale: Locale
  /** False on pages that do not ask: those prepared for everybody. */
  isSignedIn: boolean
}) {
  const t = translator(locale, 'shell.footer')
  return (
    <div className="site-footer-columns">
      {columns.map(({ name, links }) => (
        <FooterColumn key={name} title={t(`${name}.title`)} text={t(`${name}.text`)}>
          <ul className="site-footer-links">
            {links.map((link) => (
              <li key={link.name}>
                <a href={localePath(locale, link.path)}>{t(`links.${link.name}`)}</a>
              </li>
            ))}
          </ul>
        </FooterColumn>
      ))}
      <FooterColumn
        title={t('licence.title')}
        text={t.rich('licence.text', {
          name: dataLicence.name,
          data: (chunks) => (
            <a href={dataLicence.url} rel="license">
              {chunks}
            </a>
          ),
          code: (chunks) => <a href={codeLicence}>{chunks}</a>,
        })}
      >
        <p className="site-footer-sign-in">
          {isSignedIn ? (
            <a href={localePath(locale, '/account')}>{t('account')}</a>
          ) : (
            <a href={localePath(locale, '/sign-in')}>{t('signIn')}</a>
          )}
        </p>
      </FooterColumn>
    </div>
  )
}

function FooterColumn({
  title,
  text,
  children,
}: {
  title: string
  text: ReactNode
  children: ReactNode
}) {
  return (
    <section>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </section>
  )
}
