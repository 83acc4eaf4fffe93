import { Button, ButtonLink } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { DefinitionList } from '@/components/ui/definition-list'
import { FollowedForm } from '@/components/ui/follow'
import { Instant } from '@/features/periods/components/instant'
import { keptAnswer } from '@/lib/form-answer'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { changePassword, endSession } from '../actions'
import { deviceOf } from '../rules'
import type { FormState, Person, ScopeCatalogue, SignedInPlace } from '../schema'
import { AccountForm } from './account-form'
import { scopeNames } from './person-desk'
import { newPasswordFields } from './reset'

/** What somebody sees and changes about their own account. */
export async function OwnAccount({
  locale,
  person,
  places,
  catalogue,
}: {
  locale: Locale
  person: Person
  places: readonly SignedInPlace[]
  catalogue: ScopeCatalogue
}) {
  const t = translator(locale, 'accounts')
  const limits = person.role === 'admin' ? [] : scopeNames(locale, catalogue, person.scopes)
  return (
    <>
      <DefinitionList
        definitions={[
          { term: t('person.name'), detail: <bdi>{person.name}</bdi> },
          { term: t('people.invite.email'), detail: <bdi>{person.email}</bdi> },
          { term: t('people.table.role'), detail: t(`roles.${person.role}`) },
          {
            term: t('scopes.title'),
            detail:
              limits.length > 0 ? (
                <ul>
                  {limits.map((name) => (
                    <li key={name}>{name}</li>
                  ))}
                </ul>
              ) : (
                t('scopes.none')
              ),
          },
        ]}
      />
      <section className="stack pt-8" aria-labelledby="change">
        <h2 id="change">{t('own.change')}</h2>
        <p className="max-w-text">{t('own.changeText')}</p>
        <AccountForm
          action={changePassword}
          answer={await keptAnswer<FormState>('changePassword')}
          hidden={{ locale }}
          fields={[
            {
              name: 'current',
              type: 'password',
              label: t('own.current'),
              autoComplete: 'current-password',
            },
            ...newPasswordFields(locale),
          ]}
          texts={{
            submit: t('own.submit'),
            errorTitle: t('errors.title'),
            errorPrefix: t('errors.prefix'),
          }}
        />
      </section>
      <section className="stack pt-8" aria-labelledby="second-step">
        <h2 id="second-step">{t('secondStep.title')}</h2>
        <p className="max-w-text">
          {person.secondStepSince ? t('secondStep.ownOn') : t('secondStep.ownOff')}
        </p>
        <p>
          <ButtonLink rank="secondary" href={localePath(locale, '/account/second-step')}>
            {person.secondStepSince ? t('secondStep.change') : t('secondStep.turnOn')}
          </ButtonLink>
        </p>
      </section>
      <div className="stack pt-8">
        <h2>{t('own.places')}</h2>
        <Places locale={locale} places={places} />
        {places.length > 1 && (
          <FollowedForm action={endSession}>
            <input type="hidden" name="locale" value={locale} />
            <input type="hidden" name="sessionId" value="" />
            <Button rank="secondary">{t('own.endOthers')}</Button>
          </FollowedForm>
        )}
      </div>
    </>
  )
}

function Places({ locale, places }: { locale: Locale; places: readonly SignedInPlace[] }) {
  const t = translator(locale, 'accounts.own')
  return (
    <DataTable id="signed-in" caption={t('places')} captionHidden>
      <thead>
        <tr>
          <th scope="col">{t('device')}</th>
          <th scope="col">{t('since')}</th>
          <th scope="col">{t('until')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('end')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {places.map(({ id, since, until, userAgent, isCurrent }) => (
          <tr key={id}>
            <th scope="row">
              {deviceText(locale, userAgent)}
              {isCurrent && <span className="text-muted"> ({t('here')})</span>}
            </th>
            <td>
              <Instant locale={locale} at={since} />
            </td>
            <td>
              <Instant locale={locale} at={until} />
            </td>
            <td>
              {!isCurrent && (
                <FollowedForm action={endSession}>
                  <input type="hidden" name="locale" value={locale} />
                  <input type="hidden" name="sessionId" value={id} />
                  <Button
                    rank="secondary"
                    aria-label={t('endThat', { device: deviceText(locale, userAgent) })}
                  >
                    {t('end')}
                  </Button>
                </FollowedForm>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

/** A browser and its system, by the name that the browser gives itself. */
export function deviceText(locale: Locale, userAgent: string): string {
  const t = translator(locale, 'accounts.own')
  const { browser, system } = deviceOf(userAgent)
  if (browser && system) return t('browserOn', { browser, system })
  return browser ?? system ?? t('unknownDevice')
}
