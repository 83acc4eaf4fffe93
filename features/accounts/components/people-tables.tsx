import './accounts.css'
import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { InputField } from '@/components/ui/field'
import { Instant } from '@/features/periods/components/instant'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { setActive, setRole, withdrawInvitation } from '../actions'
import { type FormState, type OpenInvitation, type Person, type Scope, userRoles } from '../schema'
import { RenewalForm } from './person-forms'

/** Names of what somebody is limited to. */
type LimitsOf = (scopes: readonly Scope[]) => string[]

/** Finds people by name or address. */
export function PeopleSearch({
  locale,
  search,
  found,
}: {
  locale: Locale
  search: string
  /** How many people were found. */
  found: number
}) {
  const t = translator(locale, 'accounts.people')
  const path = localePath(locale, '/people')
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: search is not known to all browsers yet */}
      <form role="search" action={path} className="people-search">
        <InputField id="q" name="q" type="search" label={t('search')} defaultValue={search} />
        <Button rank="secondary">{t('find')}</Button>
      </form>
      {search !== '' && (
        <p className="text-muted" role="status">
          {t('found', { count: found, search })} <a href={path}>{t('all')}</a>
        </p>
      )}
    </>
  )
}

/** Everybody with an account, each with the forms that change role and state. */
export function PeopleTable({
  locale,
  people,
  selfId,
  limitsOf,
}: {
  locale: Locale
  people: readonly Person[]
  selfId: string
  limitsOf: LimitsOf
}) {
  const t = translator(locale, 'accounts.people')
  return (
    <DataTable id="people" caption={t('table.caption')} captionHidden>
      <thead>
        <tr>
          <th scope="col">{t('table.name')}</th>
          <th scope="col">{t('table.role')}</th>
          <th scope="col">{t('table.lastSignIn')}</th>
          <th scope="col">{t('table.state')}</th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr key={person.id}>
            <th scope="row">
              <a href={localePath(locale, `/people/${encodeURIComponent(person.id)}`)}>
                <bdi>{person.name}</bdi>
              </a>
              {person.id === selfId && <span className="text-muted"> ({t('table.you')})</span>}
              <br />
              <bdi className="font-normal text-muted">{person.email}</bdi>
            </th>
            <td>
              <RoleForm locale={locale} person={person} />
              {person.role !== 'admin' && (
                <Limits locale={locale} names={limitsOf(person.scopes)} />
              )}
            </td>
            <td>
              {person.lastSignInAt ? (
                <Instant locale={locale} at={person.lastSignInAt} />
              ) : (
                t('table.never')
              )}
            </td>
            <td>
              <StateForm locale={locale} person={person} />
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

const namedLimits = 3

/** The first few of what somebody is limited to; nothing where that is nothing. */
function Limits({ locale, names }: { locale: Locale; names: readonly string[] }) {
  if (names.length === 0) return null
  const t = translator(locale, 'accounts.scopes')
  const more = names.length - namedLimits
  return (
    <p className="text-small text-muted">
      {t('only')} {names.slice(0, namedLimits).join(t('comma'))}
      {more > 0 && ` ${t('more', { count: more })}`}
    </p>
  )
}

function RoleForm({ locale, person }: { locale: Locale; person: Person }) {
  const t = translator(locale, 'accounts')
  const { name } = person
  return (
    <form action={setRole} className="field flex gap-2">
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="userId" value={person.id} />
      <select
        // What was chosen goes when the page comes back with what is so.
        key={person.role}
        name="role"
        className="min-w-40"
        defaultValue={person.role}
        aria-label={t('people.roleOf', { name })}
      >
        {userRoles.map((role) => (
          <option key={role} value={role}>
            {t(`roles.${role}`)}
          </option>
        ))}
      </select>
      <Button rank="secondary" aria-label={t('people.changeRoleOf', { name })}>
        {t('people.changeRole')}
      </Button>
    </form>
  )
}

function StateForm({ locale, person }: { locale: Locale; person: Person }) {
  const t = translator(locale, 'accounts.people')
  const { name, active } = person
  return (
    <form action={setActive} className="flex items-center justify-between gap-4">
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="userId" value={person.id} />
      <input type="hidden" name="active" value={active ? 'false' : 'true'} />
      {active ? t('state.active') : t('state.inactive')}
      <Button
        rank="secondary"
        aria-label={active ? t('deactivatePerson', { name }) : t('activatePerson', { name })}
      >
        {active ? t('deactivate') : t('activate')}
      </Button>
    </form>
  )
}

/** Invitations that nobody has accepted, each with the forms that renew and withdraw it. */
export function InvitationsTable({
  locale,
  invitations,
  limitsOf,
  renewed,
}: {
  locale: Locale
  invitations: readonly OpenInvitation[]
  limitsOf: LimitsOf
  /** What the form of a new link has answered, if this page is part of the answer. */
  renewed: FormState | undefined
}) {
  const t = translator(locale, 'accounts')
  return (
    <DataTable id="invitations" caption={t('people.invitations.caption')} captionHidden>
      <thead>
        <tr>
          <th scope="col">{t('people.invitations.email')}</th>
          <th scope="col">{t('people.invitations.role')}</th>
          <th scope="col">{t('people.invitations.expires')}</th>
          <th scope="col">{t('people.invitations.renew')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('people.invitations.withdraw')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {invitations.map(({ id, email, role, expiresAt, isExpired, scopes }) => (
          <tr key={id}>
            <th scope="row">
              <bdi>{email}</bdi>
            </th>
            <td>
              {t(`roles.${role}`)}
              {role !== 'admin' && <Limits locale={locale} names={limitsOf(scopes)} />}
            </td>
            <td>
              <Instant locale={locale} at={expiresAt} />
              {isExpired && <> ({t('people.invitations.expired')})</>}
            </td>
            <td>
              <RenewalForm
                answer={renewed?.values.invitationId === id ? renewed : undefined}
                hidden={{ locale, invitationId: id }}
                name={t('people.invitations.renewOf', { email })}
                texts={{
                  submit: t('people.invitations.renewSubmit'),
                  done: t('people.invite.done'),
                  doneText: t('people.invite.doneText'),
                  link: t('people.invite.link'),
                  errorTitle: t('errors.title'),
                  errorPrefix: t('errors.prefix'),
                }}
              />
            </td>
            <td>
              <form action={withdrawInvitation}>
                <input type="hidden" name="locale" value={locale} />
                <input type="hidden" name="invitationId" value={id} />
                <Button
                  rank="secondary"
                  aria-label={t('people.invitations.withdrawFrom', { email })}
                >
                  {t('people.invitations.withdraw')}
                </Button>
              </form>
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}
