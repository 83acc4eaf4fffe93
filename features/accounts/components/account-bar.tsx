import './account-bar.css'
import { Follow, type Followed, FollowedForm } from '@/components/ui/follow'
import { keptAnswer } from '@/lib/form-answer'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { signOut } from '../actions'
import { currentActor } from '../data'
import { may } from '../rules'
import type { Permission } from '../schema'

const places = [
  { name: 'entry', path: '/entry', permission: 'figures.propose' },
  { name: 'reporting', path: '/reporting', permission: 'figures.propose' },
  { name: 'review', path: '/review', permission: 'proposals.review' },
  { name: 'releases', path: '/plan', permission: 'releases.plan' },
  { name: 'reports', path: '/reports', permission: 'reports.answer' },
  { name: 'academies', path: '/registry', permission: 'academies.keep' },
  { name: 'catalogue', path: '/admin', permission: 'catalogue.edit' },
  { name: 'people', path: '/people', permission: 'people.manage' },
  { name: 'settings', path: '/settings', permission: 'settings.edit' },
  { name: 'rules', path: '/rules', permission: 'catalogue.edit' },
  { name: 'audit', path: '/audit', permission: 'audit.read' },
] as const satisfies { name: string; path: string; permission: Permission }[]

/** Who is signed in, where they can go, and the way out. Nothing when nobody is signed in. */
export async function AccountBar({
  locale,
  path,
  countReports,
}: {
  locale: Locale
  /** Of the page, without the language. */
  path: string
  /** How many error reports wait for an answer; asked only for those who may answer. */
  countReports: () => Promise<number>
}) {
  const actor = await currentActor()
  if (!actor || actor.role === 'system') {
    // Whoever has just signed out is led on by what stands in place of the button.
    const left = await keptAnswer<Followed>('signOut')
    return left ? <Follow goTo={left.goTo} /> : null
  }
  const { role } = actor
  const t = translator(locale, 'accounts')
  const count = may(role, 'reports.answer') ? await countReports() : 0
  const links = places
    .filter(({ permission }) => may(role, permission))
    .map((place) => ({
      href: localePath(locale, place.path),
      text: t(`bar.${place.name}`, { count }),
      isHere: isWithin(place.path, path),
    }))
  return (
    <nav aria-label={t('bar.label')} className="account-bar print:hidden">
      <p>
        <a href={localePath(locale, '/account')}>
          <strong>{actor.name}</strong>
        </a>{' '}
        <span>{t(`roles.${role}`)}</span>
      </p>
      {links.length > 0 && (
        <>
          <Places links={links} />
          {/* One of the two is shown, by the width of the screen. */}
          <details>
            <summary>{links.find(({ isHere }) => isHere)?.text ?? t('bar.places')}</summary>
            <Places links={links} />
          </details>
        </>
      )}
      <FollowedForm action={signOut}>
        <input type="hidden" name="locale" value={locale} />
        <button type="submit" className="button-secondary">
          {t('bar.signOut')}
        </button>
      </FollowedForm>
    </nav>
  )
}

const isWithin = (place: string, path: string) =>
  new RegExp(`^${place}(?:[/?]|$)`).test(path) ||
  (place === '/admin' && path.startsWith('/catalogue/'))

function Places({ links }: { links: readonly { href: string; text: string; isHere: boolean }[] }) {
  return (
    <ul>
      {links.map(({ href, text, isHere }) => (
        <li key={href}>
          <a href={href} aria-current={isHere ? 'true' : undefined}>
            {text}
          </a>
        </li>
      ))}
    </ul>
  )
}
