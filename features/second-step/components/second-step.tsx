import './second-step.css'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { AccountForm } from '@/features/accounts/components/account-form'
import { deviceText } from '@/features/accounts/components/own-account'
import type { FormState } from '@/features/accounts/schema'
import { arePasskeysPossible } from '@/features/passkeys/data'
import type { Passkey } from '@/features/passkeys/schema'
import { Instant } from '@/features/periods/components/instant'
import { keptAnswer } from '@/lib/form-answer'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { addPasskey, askPasskey, changeSecondStep, confirm } from '../actions'
import type { SecondStepState, SecondStep as Step } from '../schema'
import { NewPasskey } from './new-passkey'
import { PasskeyForm } from './passkey-form'
import { PasskeyUse } from './passkey-use'
import { SecondStepForm } from './second-step-form'

interface Parts {
  locale: Locale
  step: Step | null
  passkeys: readonly Passkey[]
}

/**
 * One's own second step at sign-in: how it stands, and once somebody has confirmed that it is they,
 * what changes it.
 */
export function SecondStep({ isConfirmed, ...parts }: Parts & { isConfirmed: boolean }) {
  const { locale, step } = parts
  const t = translator(locale, 'secondStep')
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      {step && (
        <p className="max-w-text">
          {t.rich('on', {
            since: () => <Instant locale={locale} at={step.since} />,
            count: step.recoveryLeft,
          })}
        </p>
      )}
      {isConfirmed ? <Changes {...parts} /> : <Confirmation {...parts} />}
    </>
  )
}

async function Confirmation({ locale, step, passkeys }: Parts) {
  const t = translator(locale, 'secondStep')
  const accounts = translator(locale, 'accounts')
  const code = {
    name: 'code',
    type: 'text',
    label: t('eitherCode'),
    hint: t('eitherHint'),
    autoComplete: 'one-time-code',
  } as const
  return (
    <>
      {passkeys.length > 0 && (
        <Section id="passkeys" title={t('passkeys.title')}>
          <PasskeyList locale={locale} passkeys={passkeys} />
        </Section>
      )}
      <Section id="confirm" title={t('confirm.title')}>
        <p className="max-w-text">{t('confirm.text')}</p>
        {passkeys.length > 0 && <PasskeyUse locale={locale} purpose="confirm" />}
        <AccountForm
          action={confirm}
          answer={await keptAnswer<FormState>('confirm')}
          hidden={{ locale }}
          fields={[
            {
              name: 'password',
              type: 'password',
              label: accounts('own.current'),
              autoComplete: 'current-password',
            },
            ...(step ? [code] : []),
          ]}
          texts={{
            submit: t('confirm.submit'),
            errorTitle: accounts('errors.title'),
            errorPrefix: accounts('errors.prefix'),
          }}
        />
      </Section>
    </>
  )
}

async function Changes({ locale, step, passkeys }: Parts) {
  const t = translator(locale, 'secondStep')
  const errors = translator(locale, 'accounts.errors')
  const account = localePath(locale, '/account')
  const answer = await keptAnswer<SecondStepState>('changeSecondStep')
  const answerTo = (...about: string[]) =>
    answer?.about && about.includes(answer.about) ? answer : undefined
  const recovery = {
    codes: t('codes'),
    codesText: t('codesText'),
    codesDone: t('codesDone'),
  }
  const problems = { errorTitle: errors('title'), errorPrefix: errors('prefix') }
  const app = {
    action: changeSecondStep,
    locale,
    account,
    texts: {
      ...recovery,
      ...problems,
      take: t('take'),
      takeText: t('takeText'),
      picture: t('picture'),
      open: t('open'),
      secret: t('secret'),
      code: t('code'),
      codeHint: t('codeHint'),
      turnOn: t('turnOn'),
    },
  }
  const userAgent = (await headers()).get('user-agent') ?? ''
  return (
    <>
      {(arePasskeysPossible() || passkeys.length > 0) && (
        <Section id="passkeys" title={t('passkeys.title')}>
          <p className="max-w-text">{t('passkeys.text')}</p>
          <PasskeyList locale={locale} passkeys={passkeys}>
            {({ id, name }) => (
              <PasskeyForm
                action={changeSecondStep}
                answer={answerTo(id)}
                locale={locale}
                passkeyId={id}
                name={name}
                texts={{
                  ...problems,
                  name: t('passkeys.name'),
                  rename: t('passkeys.rename'),
                  remove: t('passkeys.remove'),
                  removeThat: t('passkeys.removeThat', { name }),
                }}
              />
            )}
          </PasskeyList>
          {arePasskeysPossible() && (
            <NewPasskey
              ask={askPasskey}
              action={addPasskey}
              locale={locale}
              suggestion={deviceText(locale, userAgent)}
              account={account}
              texts={{
                ...recovery,
                ...problems,
                name: t('passkeys.newName'),
                nameHint: t('passkeys.nameHint'),
                add: t('passkeys.add'),
                impossible: t('passkeys.impossible'),
                declined: t('passkeys.declined'),
                added: t('done.added'),
                known: t('problems.passkeyKnown'),
              }}
            />
          )}
        </Section>
      )}
      <Section id="app" title={t('app.title')}>
        <p className="max-w-text">{t(step?.hasApp ? 'app.on' : 'app.text')}</p>
        <SecondStepForm
          {...app}
          wish={step?.hasApp ? 'turnOffApp' : 'beginApp'}
          answer={answerTo('beginApp', 'turnOnApp', 'turnOffApp')}
          button={t(step?.hasApp ? 'turnOff' : 'begin')}
        />
      </Section>
      {step && (
        <Section id="recovery" title={t('recovery.title')}>
          <p className="max-w-text">{t('recovery.text')}</p>
          <SecondStepForm {...app} wish="renew" answer={answerTo('renew')} button={t('renew')} />
        </Section>
      )}
    </>
  )
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className="stack pt-8" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  )
}

function PasskeyList({
  locale,
  passkeys,
  children,
}: {
  locale: Locale
  passkeys: readonly Passkey[]
  children?: (passkey: Passkey) => ReactNode
}) {
  const t = translator(locale, 'secondStep.passkeys')
  if (passkeys.length === 0) return null
  return (
    <ul className="passkeys">
      {passkeys.map((passkey) => (
        <li key={passkey.id} className="stack">
          <p>
            <strong>
              <bdi>{passkey.name}</bdi>
            </strong>
            <br />
            <span className="text-muted">
              {t.rich('since', { at: () => <Instant locale={locale} at={passkey.since} /> })}{' '}
              {passkey.lastUsedAt === null
                ? t('neverUsed')
                : t.rich('lastUsed', {
                    at: () => <Instant locale={locale} at={passkey.lastUsedAt ?? ''} />,
                  })}
            </span>
          </p>
          {children?.(passkey)}
        </li>
      ))}
    </ul>
  )
}
