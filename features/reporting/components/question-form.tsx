import './reporting.css'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField, SelectField } from '@/components/ui/field'
import type { Catalogue } from '@/features/catalogue/schema'
import { sexes } from '@/features/figures/schema'
import { sexName } from '@/features/proposals/components/words'
import { SettingFields } from '@/features/reading/components/setting-fields'
import { inLocale, type Locale, languageOf, localePath, translator } from '@/lib/i18n'
import type { Custom, QuestionProblem, TypedQuestion } from '../schema'
import { programmesWithAcademies } from '../series'
import { periodText, questionProblemText } from './words'

const mostSuggested = 12

/** What is asked: a plain GET form, so that its address can be kept and shared. */
export function QuestionForm({
  locale,
  path,
  catalogue,
  typed,
  custom,
  problems,
  anyIndicator = false,
  asOf,
}: {
  locale: Locale
  path: string
  catalogue: Catalogue
  typed: TypedQuestion
  custom: Custom
  problems: readonly QuestionProblem[]
  /** Whether all that the programme's academies report may be asked for at once. */
  anyIndicator?: boolean
  /** The day of a past state; left out where a page has none. */
  asOf?: string
}) {
  const t = translator(locale, 'reporting.question')
  const errorOf = (field: QuestionProblem['field']) =>
    problems
      .filter((one) => one.field === field)
      .map((one) => questionProblemText(locale, one))
      .join(' ') || undefined
  const usual = new Set(custom.lines.map(({ indicator }) => indicator))
  const stored = catalogue.indicators.filter(({ method }) => method === 'published')
  const options = (isUsual: boolean) =>
    stored
      .filter(({ code }) => usual.has(code) === isUsual)
      .map(({ code, name }) => (
        <option key={code} value={code}>
          {inLocale(name, locale)}
        </option>
      ))
  return (
    <form
      action={localePath(languageOf(locale), path)}
      method="get"
      noValidate
      className="reporting-question"
    >
      <SettingFields locale={locale} />
      <ErrorSummary
        title={t('errorTitle')}
        problems={problems.map((one) => ({
          fieldId: one.field,
          message: questionProblemText(locale, one),
        }))}
      />
      <SelectField
        id="programme"
        name="programme"
        label={t('programme')}
        defaultValue={typed.programme}
        error={errorOf('programme')}
        errorPrefix={t('errorPrefix')}
      >
        {programmesWithAcademies(catalogue).map(({ code, name }) => (
          <option key={code} value={code}>
            {inLocale(name, locale)}
          </option>
        ))}
      </SelectField>
      <SelectField
        id="indicator"
        name="indicator"
        label={t('indicator')}
        defaultValue={typed.indicators[0] ?? ''}
        error={errorOf('indicator')}
        errorPrefix={t('errorPrefix')}
      >
        {anyIndicator && <option value="">{t('all')}</option>}
        {usual.size > 0 && <optgroup label={t('usual')}>{options(true)}</optgroup>}
        <optgroup label={t('other')}>{options(false)}</optgroup>
      </SelectField>
      <SelectField id="sex" name="sex" label={t('sex')} defaultValue={typed.sexes[0] ?? '_T'}>
        {sexes.map((sex) => (
          <option key={sex} value={sex}>
            {sexName(locale, sex)}
          </option>
        ))}
      </SelectField>
      <InputField
        id="period"
        name="period"
        label={t('period')}
        hint={t('periodHint')}
        defaultValue={typed.period}
        error={errorOf('period')}
        errorPrefix={t('errorPrefix')}
        list="periods"
        autoComplete="off"
        dir="auto"
      />
      <datalist id="periods">
        {custom.periods.slice(0, mostSuggested).map(({ code }) => (
          <option key={code} value={code}>
            {periodText(locale, code)}
          </option>
        ))}
      </datalist>
      {asOf !== undefined && (
        <InputField
          id="asOf"
          name="asOf"
          type="date"
          label={t('asOf')}
          defaultValue={asOf}
          error={errorOf('asOf')}
          errorPrefix={t('errorPrefix')}
        />
      )}
      <p>
        <Button>{t('show')}</Button>
      </p>
    </form>
  )
}
