import { FollowedForm } from '@/components/ui/follow'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { signOut } from '../actions'
import { currentActor } from '../data'
import { may } from '../rules'
import type { Permission } from '../schema'

const places = [
  { name: 'entry', path: '/entry', permission: 'figures.propose' },
  { name: 'review', path: '/review', permission: 'proposals.review' },
  { name: 'releases', path: '/plan', permission: 'releases.plan' },
  { name: 'reports', path: '/reports', permission: 'reports.answer' },
  { name: 'catalogue', path: '/admin', permission: 'catalogue.edit' },
  { name: 'people', path: '/people', permission: 'people.manage' },
  { name: 'settings', path: '/settings', permission: 'settings.edit' },
  { name: 'rules', path: '/rules', permission: 'catalogue.edit' },
  { name: 'audit', path: '/audit', permission: 'audit.read' },
] as const satisfies { name: string; path: string; permission: Permission }[]

/** Who is signed in, where they can go, and the way out. Nothing when nobody is signed in. */
export async function AccountBar({
  locale,
  countReports,
}: {
  locale: Locale
  /** How many error reports wait for an answer; asked only for those who may answer. */
  countReports: () => Promise<number>
}) {
  const actor = await currentActor()
  if (!actor || actor.role === 'system') return null
  const { role } = actor
  const t = translator(locale, 'accounts')
  const count = may(role, 'reports.answer') ? await countReports() : 0
  return (
    <nav
      aria-label={t('bar.label')}
      className="account-bar sticky bottom-0 border-t border-rule bg-surface print:hidden"
    >
      <div className="page flex flex-wrap items-center gap-x-6 gap-y-1 py-1">
        <p className="me-auto">
          <a href={localePath(locale, '/account')}>
            <strong>{actor.name}</strong>
          </a>{' '}
          <span>{t(`roles.${role}`)}</span>
        </p>
        <ul className="flex flex-wrap gap-x-6">
          {places
            .filter(({ permission }) => may(role, permission))
            .map(({ name, path }) => (
              <li key={name}>
                <a className="inline-block py-2" href={localePath(locale, path)}>
                  {t(`bar.${name}`, { count })}
                </a>
              </li>
            ))}
        </ul>
        <FollowedForm action={signOut}>
          <input type="hidden" name="locale" value={locale} />
          <button type="submit" className="button-secondary">
            {t('bar.signOut')}
          </button>
        </FollowedForm>
      </div>
    </nav>
  )
}
