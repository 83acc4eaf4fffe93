import { Instant } from '@/features/periods/components/instant'
import { keptAnswer } from '@/lib/form-answer'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { changeSecondStep } from '../actions'
import type { SecondStepState, SecondStep as Step } from '../schema'
import { SecondStepForm } from './second-step-form'

/** One's own second step at sign-in: how it stands, and the form that changes it. */
export async function SecondStep({ locale, step }: { locale: Locale; step: Step | null }) {
  const t = translator(locale, 'secondStep')
  const accounts = translator(locale, 'accounts')
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
      <SecondStepForm
        action={changeSecondStep}
        answer={await keptAnswer<SecondStepState>('changeSecondStep')}
        locale={locale}
        isOn={step !== null}
        account={localePath(locale, '/account')}
        texts={{
          errorTitle: accounts('errors.title'),
          errorPrefix: accounts('errors.prefix'),
          password: accounts('own.current'),
          begin: t('begin'),
          take: t('take'),
          takeText: t('takeText'),
          picture: t('picture'),
          open: t('open'),
          secret: t('secret'),
          code: t('code'),
          codeHint: t('codeHint'),
          turnOn: t('turnOn'),
          eitherCode: t('eitherCode'),
          eitherHint: t('eitherHint'),
          renew: t('renew'),
          turnOff: t('turnOff'),
          codes: t('codes'),
          codesText: t('codesText'),
          codesDone: t('codesDone'),
        }}
      />
    </>
  )
}
