import { LanguageSwitch } from '@/components/ui/language-switch'
import { ThemeChoice } from '@/components/ui/theme-choice'
import { type Locale, localePath, locales, translator } from '@/lib/i18n'
import { TallyMark } from './tally-mark'

const sections = [
  { name: 'overview', path: '/' },
  { name: 'indicators', path: '/indicators' },
  { name: 'programmes', path: '/programmes' },
  { name: 'areas', path: '/areas' },
  { name: 'revisions', path: '/revisions' },
] as const

function inLanguage(locale: Locale, path: string): string {
  const [pathname = '/', query] = path.split('?', 2)
  const address = localePath(locale, pathname)
  return query ? `${address}?${query}` : address
}

function currentState(path: string | null, section: string): 'page' | 'true' | undefined {
  if (path === null) return undefined
  const pathname = path.split('?', 1)[0] ?? path
  if (pathname === section) return 'page'
  return section !== '/' && pathname.startsWith(`${section}/`) ? 'true' : undefined
}

export function SiteHeader({ locale, path }: { locale: Locale; path: string | null }) {
  const t = translator(locale, 'shell')
  const others = locales.filter((other) => other !== locale)
  return (
    <div className="site-header-row">
      <a className="site-name" href={localePath(locale, '/')}>
        <TallyMark />
        {t('product')}
      </a>
      <nav className="site-nav" aria-label={t('nav.label')}>
        <ul>
          {sections.map((section) => (
            <li key={section.name}>
              <a
                href={localePath(locale, section.path)}
                aria-current={currentState(path, section.path)}
              >
                {t(`nav.${section.name}`)}
              </a>
            </li>
          ))}
          <li>
            <a href="/download/figures.csv" download>
              {t('nav.downloads')}
            </a>
          </li>
        </ul>
      </nav>
      <div className="site-tools">
        <LanguageSwitch
          label={t('language.label')}
          links={others.map((other) => ({
            language: other,
            name: t(`language.names.${other}`),
            href: inLanguage(other, path ?? '/'),
          }))}
        />
        <ThemeChoice
          label={t('theme.label')}
          names={{ system: t('theme.system'), light: t('theme.light'), dark: t('theme.dark') }}
        />
      </div>
    </div>
  )
}
