import { Menu } from 'lucide-react'
import { LanguageSwitch } from '@/components/ui/language-switch'
import { ThemeChoice } from '@/components/ui/theme-choice'
import { ReadingForm } from '@/features/reading/components/reading-form'
import {
  type Locale,
  languageOf,
  localePath,
  locales,
  nameOf,
  readerLocale,
  translator,
} from '@/lib/i18n'
import { settingsOf } from '@/lib/reader-settings'
import { TallyMark } from './tally-mark'

const sections = [
  { name: 'overview', path: '/' },
  { name: 'indicators', path: '/indicators' },
  { name: 'programmes', path: '/programmes' },
  { name: 'areas', path: '/areas' },
  { name: 'compare', path: '/compare' },
  { name: 'data', path: '/data' },
  { name: 'releases', path: '/releases' },
] as const

function currentState(path: string | null, section: string): 'page' | 'true' | undefined {
  if (path === null) return undefined
  const pathname = path.split('?', 1)[0] ?? path
  if (pathname === section) return 'page'
  return section !== '/' && pathname.startsWith(`${section}/`) ? 'true' : undefined
}

export function SiteHeader({ locale, path }: { locale: Locale; path: string | null }) {
  const t = translator(locale, 'shell')
  const others = locales.filter((other) => other !== languageOf(locale))
  return (
    <div className="site-header-row">
      <a className="site-name" href={localePath(locale, '/')}>
        <TallyMark />
        {t('product')}
      </a>
      <nav className="site-nav" aria-label={t('nav.label')}>
        <SectionLinks locale={locale} path={path} />
        {/* One of the two is shown, by the width of the screen. */}
        <details className="site-menu">
          <summary>
            <Menu aria-hidden="true" />
            {t('nav.menu')}
          </summary>
          <SectionLinks locale={locale} path={path} />
        </details>
      </nav>
      <div className="site-tools">
        <LanguageSwitch
          label={t('language.label')}
          links={others.map((other) => ({
            language: other,
            name: nameOf(other),
            href: localePath(readerLocale(other, settingsOf(locale)), path ?? '/'),
          }))}
        />
        {path !== null && <ReadingForm locale={locale} path={path} />}
        <ThemeChoice
          label={t('theme.label')}
          names={{ system: t('theme.system'), light: t('theme.light'), dark: t('theme.dark') }}
        />
      </div>
    </div>
  )
}

function SectionLinks({ locale, path }: { locale: Locale; path: string | null }) {
  const t = translator(locale, 'shell.nav')
  return (
    <ul>
      {sections.map((section) => (
        <li key={section.name}>
          <a
            href={localePath(locale, section.path)}
            aria-current={currentState(path, section.path)}
          >
            {t(section.name)}
          </a>
        </li>
      ))}
    </ul>
  )
}
