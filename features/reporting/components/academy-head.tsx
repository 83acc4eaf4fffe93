import './reporting.css'
import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { openIn } from '@/features/academies/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import { sexes } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { sexName } from '@/features/proposals/components/words'
import { SettingFields } from '@/features/reading/components/setting-fields'
import { inLocale, type Locale, languageOf, localePath, translator } from '@/lib/i18n'
import type { AcademyPage } from '../data'
import { periodNamed } from '../rules'
import { periodText, questionProblemText, typedPeriod } from './words'

const mostSuggested = 12

/** Whose figures, of which period, and which of them: a form of its own, that leads to the other one. */
export function AcademyHead({
  locale,
  writer,
  catalogue,
  page: { academy, typed, custom, problems, sheet },
}: {
  locale: Locale
  writer: FigureWriter
  catalogue: Catalogue
  page: AcademyPage
}) {
  const t = translator(locale, 'reporting.academy')
  const question = translator(locale, 'reporting.question')
  const chosen = new Set(sheet?.facts.map(({ line }) => line.indicator) ?? typed.indicators)
  const chosenSexes = new Set(sheet?.facts.map(({ line }) => line.sex) ?? ['_T'])
  const error = problems.map((one) => questionProblemText(locale, one)).join(' ') || undefined
  const isOpen = !sheet || openIn(academy, periodNamed(sheet.period))
  return (
    <>
      <h1>{writer.names.academy(academy.code)}</h1>
      <p className="lead">
        {t('where', {
          code: academy.code,
          programme: writer.names.programme(academy.programme),
          area: writer.names.area(academy.area),
        })}
      </p>
      {academy.mergedInto && (
        <Notice>
          <p>
            {t('merged')}{' '}
            <a href={localePath(locale, `/entry/academy/${academy.mergedInto}`)}>
              {writer.names.academy(academy.mergedInto)}
            </a>
          </p>
        </Notice>
      )}
      {sheet && !isOpen && (
        <Notice tone="warning">
          <p>{t('notOpen', { period: periodText(locale, sheet.period) })}</p>
        </Notice>
      )}
      <form
        action={localePath(languageOf(locale), `/entry/academy/${academy.code}`)}
        method="get"
        noValidate
        className="stack max-w-text"
      >
        <SettingFields locale={locale} />
        <ErrorSummary
          title={question('errorTitle')}
          problems={problems.map((one) => ({
            fieldId: 'period',
            message: questionProblemText(locale, one),
          }))}
        />
        <InputField
          id="period"
          name="period"
          label={question('period')}
          hint={question('periodHint')}
          defaultValue={sheet ? typedPeriod(locale, sheet.period) : typed.period}
          error={error}
          errorPrefix={question('errorPrefix')}
          list="periods"
          autoComplete="off"
          dir="auto"
        />
        <datalist id="periods">
          {custom.periods.slice(0, mostSuggested).map(({ code }) => (
            <option key={code} value={typedPeriod(locale, code)} />
          ))}
        </datalist>
        <details>
          <summary className="min-h-11 py-2">{t('choose')}</summary>
          <fieldset className="report-choices">
            <legend>{question('indicator')}</legend>
            {catalogue.indicators
              .filter(({ method }) => method === 'published')
              .map(({ code, name }) => (
                <p key={code} className="report-choice">
                  <input
                    type="checkbox"
                    name="indicator"
                    id={`choose-${code}`}
                    value={code}
                    defaultChecked={chosen.has(code)}
                  />
                  <label htmlFor={`choose-${code}`}>{inLocale(name, locale)}</label>
                </p>
              ))}
          </fieldset>
          <fieldset className="report-choices">
            <legend>{question('sex')}</legend>
            {sexes.map((sex) => (
              <p key={sex} className="report-choice">
                <input
                  type="checkbox"
                  name="sex"
                  id={`choose-sex-${sex}`}
                  value={sex}
                  defaultChecked={chosenSexes.has(sex)}
                />
                <label htmlFor={`choose-sex-${sex}`}>{sexName(locale, sex)}</label>
              </p>
            ))}
          </fieldset>
        </details>
        <p>
          <Button rank={sheet ? 'secondary' : 'primary'}>{t('open')}</Button>
        </p>
      </form>
    </>
  )
}
