import { DefinitionList } from '@/components/ui/definition-list'
import { Instant } from '@/features/periods/components/instant'
import { keptAnswer } from '@/lib/form-answer'
import { inLocale, type Locale, type LocalText, translator } from '@/lib/i18n'
import { issueReset, rename, setScopes, takeSecondStep } from '../actions'
import type { FormState, Person, Scope, ScopeCatalogue } from '../schema'
import { AccountForm } from './account-form'
import { ResetLinkForm, ScopesForm } from './person-forms'
import type { ScopeChoice, ScopeTexts } from './scope-fields'

/** What can be ticked, and the texts around it. */
export function scopeParts(
  locale: Locale,
  catalogue: ScopeCatalogue,
): { programmes: ScopeChoice[]; academies: ScopeChoice[]; texts: ScopeTexts } {
  const t = translator(locale, 'accounts')
  return {
    programmes: catalogue.programmes.map(({ code, name, depth }) => ({
      code,
      name: inLocale(name, locale),
      depth,
    })),
    academies: catalogue.academies.map(({ code, name }) => ({
      code,
      name: `${inLocale(name, locale)} (${code})`,
      depth: 0,
    })),
    texts: {
      limits: t('scopes.limits'),
      limitsHint: t('scopes.limitsHint'),
      programmes: t('scopes.programmes'),
      programmesHint: t('scopes.programmesHint'),
      academies: t('scopes.academies'),
      errorPrefix: t('errors.prefix'),
    },
  }
}

const ticked = (scopes: readonly Scope[]) => ({
  programmes: scopes.flatMap(({ programme }) => programme ?? []).join(' '),
  academies: scopes.flatMap(({ academy }) => academy ?? []).join(' '),
})

/** Names of what somebody is limited to, in one language. */
export function scopeNames(
  locale: Locale,
  catalogue: ScopeCatalogue,
  scopes: readonly Scope[],
): string[] {
  const name = (rows: readonly { code: string; name: LocalText }[], code: string | null) => {
    const row = rows.find((one) => one.code === code)
    return row ? inLocale(row.name, locale) : code
  }
  return scopes.map(({ programme, academy }) =>
    [name(catalogue.academies, academy), name(catalogue.programmes, programme)]
      .filter(Boolean)
      .join(' · '),
  )
}

/** Everything an administrator may change about one person. */
export async function PersonDesk({
  locale,
  person,
  catalogue,
}: {
  locale: Locale
  person: Person
  catalogue: ScopeCatalogue
}) {
  const t = translator(locale, 'accounts')
  const hidden = { locale, userId: person.id }
  const errors = { errorTitle: t('errors.title'), errorPrefix: t('errors.prefix') }
  const parts = scopeParts(locale, catalogue)
  return (
    <>
      <DefinitionList
        definitions={[
          { term: t('people.invite.email'), detail: <bdi>{person.email}</bdi> },
          { term: t('people.table.role'), detail: t(`roles.${person.role}`) },
          {
            term: t('people.table.state'),
            detail: person.active ? t('people.state.active') : t('people.state.inactive'),
          },
          {
            term: t('people.table.lastSignIn'),
            detail: person.lastSignInAt ? (
              <Instant locale={locale} at={person.lastSignInAt} />
            ) : (
              t('people.table.never')
            ),
          },
          {
            term: t('secondStep.title'),
            detail: person.secondStepSince ? (
              <>
                {t('secondStep.since')} <Instant locale={locale} at={person.secondStepSince} />
              </>
            ) : (
              t('secondStep.none')
            ),
          },
        ]}
      />
      <section className="stack pt-8" aria-labelledby="scopes">
        <h2 id="scopes">{t('scopes.title')}</h2>
        {person.role === 'admin' ? (
          <p>{t('scopes.admin')}</p>
        ) : (
          <ScopesForm
            action={setScopes}
            answer={await keptAnswer<FormState>('scopes')}
            hidden={hidden}
            programmes={parts.programmes}
            academies={parts.academies}
            values={ticked(person.scopes)}
            texts={{ ...parts.texts, ...errors, submit: t('scopes.submit') }}
          />
        )}
      </section>
      <section className="stack pt-8" aria-labelledby="rename">
        <h2 id="rename">{t('person.rename')}</h2>
        <AccountForm
          action={rename}
          answer={await keptAnswer<FormState>('rename')}
          hidden={hidden}
          fields={[
            {
              name: 'name',
              type: 'text',
              label: t('person.name'),
              hint: t('person.nameHint'),
              autoComplete: 'off',
              value: person.name,
            },
          ]}
          texts={{ ...errors, submit: t('person.renameSubmit') }}
        />
      </section>
      <section className="stack pt-8" aria-labelledby="reset">
        <h2 id="reset">{t('person.reset')}</h2>
        {person.active ? (
          <>
            <p className="max-w-text">{t('person.resetText')}</p>
            <ResetLinkForm
              action={issueReset}
              answer={await keptAnswer<FormState>('issueReset')}
              hidden={hidden}
              texts={{
                ...errors,
                submit: t('person.resetSubmit'),
                done: t('person.resetDone'),
                doneText: t('person.resetDoneText'),
                link: t('people.invite.link'),
              }}
            />
          </>
        ) : (
          <p>{t('person.resetInactive')}</p>
        )}
      </section>
      {person.secondStepSince && (
        <section className="stack pt-8" aria-labelledby="second-step">
          <h2 id="second-step">{t('secondStep.lost')}</h2>
          <p className="max-w-text">{t('secondStep.lostText')}</p>
          <AccountForm
            action={takeSecondStep}
            answer={await keptAnswer<FormState>('takeSecondStep')}
            hidden={hidden}
            fields={[]}
            texts={{ ...errors, submit: t('secondStep.take') }}
            button={{ rank: 'secondary' }}
          />
        </section>
      )}
    </>
  )
}
