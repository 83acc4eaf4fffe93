import './revisions.css'
import { InputField } from '@/components/ui/field'
import { SettingFields } from '@/features/reading/components/setting-fields'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { ComparisonProblem, ComparisonWords } from '../schema'

/** Asks for two days to lay over each other: a plain GET form, so that it works without JavaScript. */
export function CompareForm({
  locale,
  indicator,
  words,
  today,
  problems = [],
}: {
  locale: Locale
  indicator: string
  words: ComparisonWords
  today: string
  problems?: readonly ComparisonProblem[]
}) {
  const t = translator(locale, 'comparison')
  const field = (name: keyof ComparisonWords) => {
    const found = problems.find((one) => one.field === name)?.problem
    const code = `problems.${found?.code}` as Parameters<typeof t>[0]
    return (
      <InputField
        id={`compare-${name}`}
        name={name}
        type="date"
        label={t(name)}
        required
        max={today}
        defaultValue={words[name]}
        error={found && t(code, found.params)}
        errorPrefix={t('errorPrefix')}
      />
    )
  }
  return (
    <section aria-labelledby="compare" className="section screen-only">
      <h2 id="compare">{t('formTitle')}</h2>
      <form
        action={localePath(locale, `/indicators/${indicator}/vintages`)}
        method="get"
        className="compare-form"
      >
        <SettingFields locale={locale} />
        {field('from')}
        {field('to')}
        <button type="submit" className="button-secondary">
          {t('compare')}
        </button>
      </form>
    </section>
  )
}
