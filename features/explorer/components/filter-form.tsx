import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { InputField, SelectField } from '@/components/ui/field'
import { SettingFields } from '@/features/reading/components/setting-fields'
import { htmlText } from '@/lib/html-text'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import { dimensions, type FacetWord, facetWords, pageSizes, usualState } from '../schema'
import { type Choice, choicesOf } from '../series'
import type { ExplorerView } from './explorer-page'

/** Everything that can be chosen, as a plain GET form. */
export function FilterForm({ view }: { view: ExplorerView }) {
  const { locale, state, vintage, today } = view
  const t = translator(locale, 'explorer')
  const { filter } = state
  const frozen = vintage?.isFrozen ? vintage.commit : null
  return (
    <form
      id="explorer-form"
      action={localePath(locale, '/data')}
      method="get"
      className="explorer-form screen-only"
      aria-label={t('form')}
      data-waiting={t('waiting')}
      data-failed={t('failed')}
    >
      <SettingFields locale={locale} />
      {filter.source?.map((source) => (
        <input key={source} type="hidden" name="source" value={source} />
      ))}
      <HiddenSort view={view} />
      {frozen !== null && <input type="hidden" name="v" value={frozen} />}
      <div className="explorer-search">
        <InputField
          id="explorer-q"
          type="search"
          name="q"
          label={t('words.q')}
          hint={t('hints.q')}
          maxLength={100}
          defaultValue={filter.q?.[0] ?? ''}
        />
        <Button type="submit">{t('show')}</Button>
      </div>
      <div className="explorer-facets">
        {facetWords.map((word) => (
          <Facet key={word} word={word} view={view} />
        ))}
      </div>
      <div className="explorer-line">
        <InputField
          id="explorer-from"
          name="from"
          label={t('words.from')}
          placeholder="2020"
          maxLength={60}
          defaultValue={filter.from?.[0] ?? ''}
        />
        <InputField
          id="explorer-to"
          name="to"
          label={t('words.to')}
          placeholder="2025-06"
          maxLength={60}
          defaultValue={filter.to?.[0] ?? ''}
        />
        <InputField
          id="explorer-as-of"
          type="date"
          name="asOf"
          label={t('words.asOf')}
          max={today}
          defaultValue={vintage?.asOf ?? ''}
        />
        <SelectField
          id="explorer-size"
          name="size"
          label={t('words.size')}
          defaultValue={state.size}
        >
          {pageSizes.map((size) => (
            <option key={size} value={size}>
              {formatDecimal(String(size), { locale })}
            </option>
          ))}
        </SelectField>
      </div>
      <p className="field-hint">{t('hints.period')}</p>
      <ViewFields view={view} />
    </form>
  )
}

/** Keeps an unusual order while other things are chosen. */
function HiddenSort({ view: { state } }: { view: ExplorerView }) {
  const { column, descending } = state.sort
  const isUsual = column === usualState.sort.column && descending === usualState.sort.descending
  return isUsual ? null : (
    <input type="hidden" name="sort" value={`${descending ? '-' : ''}${column}`} />
  )
}

function Facet({ word, view }: { word: FacetWord; view: ExplorerView }) {
  const { locale, writer, state } = view
  const choices = choicesOf(word, { facets: view.data.facets, state, writer })
  const chosen = choices.filter(({ isChosen }) => isChosen).length
  const t = translator(locale, 'explorer')
  return (
    <details className="explorer-facet" name="explorer-facet" id={`facet-${word}`}>
      <summary id={`summary-${word}`} data-chosen={chosen > 0 || undefined}>
        {t(`words.${word}`)}
        {chosen > 0 && (
          <span className="explorer-chosen">{t('chosenCount', { count: chosen })}</span>
        )}
      </summary>
      <fieldset
        // biome-ignore lint/security/noDangerouslySetInnerHtml: made of escaped texts alone.
        dangerouslySetInnerHTML={{
          __html: `<legend class="visually-hidden">${htmlText(t(`words.${word}`))}</legend>${choices
            .map((choice) => choiceHtml(word, choice, locale))
            .join('')}`,
        }}
      />
    </details>
  )
}

/**
 * A choice as HTML: there are hundreds of them, and as elements they took half of the time that the
 * whole page took to be made.
 */
const choiceHtml = (word: FacetWord, { value, name, count, isChosen }: Choice, locale: Locale) =>
  `<label><input type="checkbox" name="${word}" value="${htmlText(value)}"${isChosen ? ' checked=""' : ''}/><span>${htmlText(name)}${count === null ? '' : ` <span class="explorer-number">${formatDecimal(String(count), { locale })}</span>`}</span></label>`

/** Table or cross table, and what the latter's rows and columns are. */
function ViewFields({ view: { locale, state } }: { view: ExplorerView }) {
  const t = translator(locale, 'explorer')
  return (
    <div className="explorer-line">
      <fieldset className="explorer-view">
        <legend>{t('words.view')}</legend>
        {(['table', 'pivot'] as const).map((name) => (
          <label key={name}>
            <input type="radio" name="view" value={name} defaultChecked={state.view === name} />
            <span>{t(`view.${name}`)}</span>
          </label>
        ))}
      </fieldset>
      <DimensionField word="rows" value={state.rows} locale={locale} />
      <DimensionField word="columns" value={state.columns} locale={locale} />
    </div>
  )
}

function DimensionField({
  word,
  value,
  locale,
}: {
  word: 'rows' | 'columns'
  value: string
  locale: Locale
}): ReactNode {
  const t = translator(locale, 'explorer')
  return (
    <SelectField
      id={`explorer-${word}`}
      name={word}
      label={t(`words.${word}`)}
      defaultValue={value}
    >
      {dimensions.map((dimension) => (
        <option key={dimension} value={dimension}>
          {t(`words.${dimension}`)}
        </option>
      ))}
    </SelectField>
  )
}
