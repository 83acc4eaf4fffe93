import { InputField, SelectField } from '@/components/ui/field'
import type { Catalogue } from '@/features/catalogue/schema'
import { themes } from '@/features/catalogue/schema'
import { inLocale, type Locale, languageOf, localePath, translator } from '@/lib/i18n'
import { settingsOf, settingWords } from '@/lib/reader-settings'
import { type CompareWords, forms, indicatorsOf, views } from '../schema'
import type { Offer } from '../series'

/** Asks what to compare: a plain GET form, so that every state is an address. */
export function CompareForm({
  locale,
  catalogue,
  words,
  offers,
  vintage,
}: {
  locale: Locale
  catalogue: Catalogue
  words: CompareWords
  /** The series of the indicators in question. */
  offers: readonly Offer[]
  /** The words that keep the state of the record. */
  vintage: readonly (readonly [string, string])[]
}) {
  const t = translator(locale, 'compare')
  const themeName = translator(locale, 'indicator')
  const hidden = [...vintage, ...settingWords(settingsOf(locale))]
  return (
    <form method="get" action={localePath(languageOf(locale), '/compare')} className="compare">
      {hidden.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <div className="compare-pick">
        <SelectField
          id="compare-indicator"
          name="indicator"
          label={t('indicator')}
          hint={t('indicatorHint')}
          defaultValue=""
        >
          <option value="">{t('pick')}</option>
          {themes.map((theme) => (
            <optgroup key={theme} label={themeName(`theme.${theme}`)}>
              {catalogue.indicators
                .filter((indicator) => indicator.theme === theme)
                .map(({ code, name }) => (
                  <option key={code} value={code}>
                    {inLocale(name, locale)}
                  </option>
                ))}
            </optgroup>
          ))}
        </SelectField>
        <button type="submit" className="button-secondary">
          {t('offer')}
        </button>
      </div>
      {indicatorsOf(words).map((code) => (
        <SeriesOfIndicator
          key={code}
          locale={locale}
          name={nameOf(catalogue, code, locale)}
          isKept={words.indicators.includes(code)}
          code={code}
          offers={offers.filter(({ code: series }) => series.startsWith(`${code}.`))}
          chosen={words.series}
        />
      ))}
      <Choices locale={locale} label={t('view')} name="view" choices={views} chosen={words.view} />
      <Choices locale={locale} label={t('form')} name="form" choices={forms} chosen={words.form} />
      <fieldset className="compare-choices">
        <legend>{t('per')}</legend>
        <label>
          <input type="checkbox" name="per" value="people" defaultChecked={words.perPerson} />
          <span>
            {t('perPeople')}
            <small>{t('perPeopleHint')}</small>
          </span>
        </label>
      </fieldset>
      <div className="compare-years">
        <InputField
          id="compare-from"
          name="from"
          type="text"
          inputMode="numeric"
          label={t('from')}
          defaultValue={words.from ?? ''}
          size={6}
        />
        <InputField
          id="compare-to"
          name="to"
          type="text"
          inputMode="numeric"
          label={t('to')}
          defaultValue={words.to ?? ''}
          size={6}
        />
      </div>
      <p className="compare-actions">
        <button type="submit" className="button-primary">
          {t('show')}
        </button>
        <a href={localePath(locale, '/compare')}>{t('restart')}</a>
      </p>
    </form>
  )
}

function nameOf({ indicators }: Catalogue, code: string, locale: Locale): string {
  const indicator = indicators.find((one) => one.code === code)
  return indicator ? inLocale(indicator.name, locale) : code
}

function SeriesOfIndicator({
  locale,
  name,
  code,
  isKept,
  offers,
  chosen,
}: {
  locale: Locale
  name: string
  code: string
  isKept: boolean
  offers: readonly Offer[]
  chosen: readonly string[]
}) {
  return (
    <fieldset className="compare-series">
      <legend>{name}</legend>
      {isKept && <input type="hidden" name="indicator" value={code} />}
      {offers.length === 0 && <p>{translator(locale, 'compare')('noSeries')}</p>}
      {offers.map((offer) => (
        <label key={offer.code}>
          <input
            type="checkbox"
            name="series"
            value={offer.code}
            defaultChecked={chosen.includes(offer.code)}
          />
          <span>
            {offer.title}
            <small>{offer.extent}</small>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function Choices({
  locale,
  label,
  name,
  choices,
  chosen,
}: {
  locale: Locale
  label: string
  name: 'view' | 'form'
  choices: readonly string[]
  chosen: string
}) {
  const t = translator(locale, 'compare')
  return (
    <fieldset className="compare-choices">
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice}>
          <input type="radio" name={name} value={choice} defaultChecked={choice === chosen} />
          <span>
            {name === 'view'
              ? t(`views.${choice}` as 'views.index')
              : t(`forms.${choice}` as 'forms.lines')}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
