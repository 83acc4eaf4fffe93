import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { SelectField, TextAreaField } from '@/components/ui/field'
import { type Catalogue, themes } from '@/features/catalogue/schema'
import { sexes } from '@/features/figures/schema'
import { sexName } from '@/features/proposals/components/words'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { rowKinds, type SelectionProblem, type TypedSelection } from '../schema'
import { selectionProblemText } from './words'

const fieldIds = { programme: 'programme', indicator: 'indicators', period: 'period', sex: 'sexes' }

/** What a sheet is about; leads to an address that can be kept. Works without JavaScript. */
export function ChooseForm({
  locale,
  catalogue,
  typed,
  problems,
}: {
  locale: Locale
  catalogue: Catalogue
  typed: TypedSelection
  problems: readonly SelectionProblem[]
}) {
  const t = translator(locale, 'sheets.choose')
  const themeName = translator(locale, 'indicator.theme')
  const errorOf = (field: SelectionProblem['field']) =>
    problems
      .filter((one) => one.field === field)
      .map((one) => selectionProblemText(locale, one))
      .join(' ') || undefined
  const prefix = t('errorPrefix')
  return (
    <form
      action={localePath(locale, '/entry/grid')}
      noValidate
      className="stack"
      style={{ '--stack': '1.5rem' } as object}
    >
      <ErrorSummary
        title={t('errorTitle')}
        problems={problems.map((one) => ({
          fieldId: fieldIds[one.field],
          message: selectionProblemText(locale, one),
        }))}
      />
      <SelectField
        id="programme"
        name="programme"
        label={t('programme')}
        defaultValue={typed.programme}
        error={errorOf('programme')}
        errorPrefix={prefix}
        required
      >
        <option value="">{t('pick')}</option>
        {catalogue.programmes.map(({ code, name }) => (
          <option key={code} value={code}>
            {inLocale(name, locale)}
          </option>
        ))}
      </SelectField>
      <fieldset className="field">
        <legend>{t('rows')}</legend>
        {rowKinds.map((kind) => (
          <p key={kind} className="sheet-choice">
            <input
              type="radio"
              name="rows"
              id={`rows-${kind}`}
              value={kind}
              defaultChecked={typed.rows === kind}
            />
            <label htmlFor={`rows-${kind}`}>{t(kind)}</label>
          </p>
        ))}
      </fieldset>
      <fieldset className="field sheet-indicators" id="indicators" tabIndex={-1}>
        <legend>{t('indicators')}</legend>
        {errorOf('indicator') && <p className="field-error">{errorOf('indicator')}</p>}
        {themes.map((theme) => (
          <div key={theme} className="sheet-choices">
            <p className="eyebrow">{themeName(theme)}</p>
            {catalogue.indicators
              .filter((one) => one.theme === theme && one.method === 'published')
              .map(({ code, name }) => (
                <p key={code} className="sheet-choice">
                  <input
                    type="checkbox"
                    name="indicator"
                    id={`indicator-${code}`}
                    value={code}
                    defaultChecked={typed.indicators.includes(code)}
                  />
                  <label htmlFor={`indicator-${code}`}>{inLocale(name, locale)}</label>
                </p>
              ))}
          </div>
        ))}
      </fieldset>
      <fieldset className="field" id="sexes" tabIndex={-1}>
        <legend>{t('sexes')}</legend>
        {sexes.map((sex) => (
          <p key={sex} className="sheet-choice">
            <input
              type="checkbox"
              name="sex"
              id={`sex-${sex}`}
              value={sex}
              defaultChecked={typed.sexes.length === 0 ? sex === '_T' : typed.sexes.includes(sex)}
            />
            <label htmlFor={`sex-${sex}`}>{sexName(locale, sex)}</label>
          </p>
        ))}
      </fieldset>
      <TextAreaField
        id="period"
        name="period"
        label={t('period')}
        hint={t('periodHint')}
        defaultValue={typed.period}
        error={errorOf('period')}
        errorPrefix={prefix}
        rows={3}
        dir="auto"
        required
      />
      <p>
        <Button>{t('submit')}</Button>
      </p>
    </form>
  )
}
