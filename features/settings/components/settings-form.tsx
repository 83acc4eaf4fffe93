import { Button } from '@/components/ui/button'
import { FollowedForm } from '@/components/ui/follow'
import { secondStepChoices } from '@/features/accounts/schema'
import { type Locale, translator } from '@/lib/i18n'
import { changeSettings } from '../actions'
import { attributionChoices, draftDaysChoices, fourEyesChoices, type Settings } from '../schema'

/** All settings with what is stored now. */
export function SettingsForm({ locale, settings }: { locale: Locale; settings: Settings }) {
  const t = translator(locale, 'settings')
  return (
    <FollowedForm action={changeSettings} className="stack max-w-text">
      <input type="hidden" name="locale" value={locale} />
      <Choice
        name="fourEyes"
        legend={t('fourEyes.legend')}
        stored={settings.fourEyes}
        choices={fourEyesChoices.map((value) => ({
          value,
          label: t(`fourEyes.${value}`),
          hint: t(`fourEyes.hints.${value}`),
        }))}
      />
      <Choice
        name="secondStep"
        legend={t('secondStep.legend')}
        stored={settings.secondStep}
        choices={secondStepChoices.map((value) => ({
          value,
          label: t(`secondStep.${value}`),
          hint: t(`secondStep.hints.${value === 'nobody' ? 'nobody' : 'asked'}`),
        }))}
      />
      <Choice
        name="attribution"
        legend={t('attribution.legend')}
        stored={settings.attribution}
        choices={attributionChoices.map((value) => ({
          value,
          label: t(`attribution.${value}`),
          hint: t(`attribution.hints.${value}`),
        }))}
      />
      <Choice
        name="draftDays"
        legend={t('draftDays.legend')}
        stored={settings.draftDays}
        choices={draftDaysChoices.map((value) => ({
          value,
          label: t(`draftDays.${value}`),
          hint: t(`draftDays.hints.${value === 'never' ? 'never' : 'days'}`),
        }))}
      />
      <p>
        <Button>{t('submit')}</Button>
      </p>
    </FollowedForm>
  )
}

function Choice({
  name,
  legend,
  stored,
  choices,
}: {
  name: string
  legend: string
  stored: string
  choices: readonly { value: string; label: string; hint: string }[]
}) {
  return (
    <fieldset className="stack">
      <legend className="mb-2 text-h3 font-semibold">{legend}</legend>
      {choices.map(({ value, label, hint }) => (
        <div key={value} className="field flex items-start gap-3">
          <input
            type="radio"
            className="shrink-0"
            id={`${name}-${value}`}
            name={name}
            value={value}
            defaultChecked={value === stored}
            aria-describedby={`${name}-${value}-hint`}
          />
          <div>
            <label htmlFor={`${name}-${value}`}>{label}</label>
            <p id={`${name}-${value}-hint`} className="field-hint">
              {hint}
            </p>
          </div>
        </div>
      ))}
    </fieldset>
  )
}
