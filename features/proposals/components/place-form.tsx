import { Button } from '@/components/ui/button'
import { SelectField } from '@/components/ui/field'
import { inScope } from '@/features/accounts/rules'
import type { Scope } from '@/features/accounts/schema'
import { inTree } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import { themes } from '@/features/catalogue/schema'
import { sexes } from '@/features/figures/schema'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import type { Place } from '../schema'
import { sexName } from './words'

/** What a new figure is about: leads to the form. Without JavaScript, and with an address to keep. */
export function PlaceForm({
  locale,
  catalogue,
  scopes,
  place,
}: {
  locale: Locale
  catalogue: Catalogue
  /** What the person is limited to: other programmes are not offered. */
  scopes: readonly Scope[]
  /** What is chosen already. */
  place: Partial<Place>
}) {
  const t = translator(locale, 'entry.place')
  const themeName = translator(locale, 'indicator.theme')
  const { indicators, areas } = catalogue
  const programmes = inTree(catalogue.programmes).filter(({ row }) =>
    inScope(scopes, { programme: row.code, academy: '_T' }),
  )
  if (programmes.length === 0) return <p>{t('noProgramme')}</p>
  return (
    <form action={localePath(locale, '/entry/new')} className="stack">
      <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
        <SelectField
          id="indicator"
          name="indicator"
          label={t('indicator')}
          defaultValue={place.indicator ?? ''}
          required
        >
          <option value="">{t('choose')}</option>
          {themes.map((theme) => (
            <optgroup key={theme} label={themeName(theme)}>
              {indicators
                .filter(({ theme: its, method }) => its === theme && method === 'published')
                .map(({ code, name }) => (
                  <option key={code} value={code}>
                    {inLocale(name, locale)}
                  </option>
                ))}
            </optgroup>
          ))}
        </SelectField>
        <SelectField
          id="programme"
          name="programme"
          label={t('programme')}
          hint={scopes.length > 0 ? t('limited') : undefined}
          defaultValue={place.programme ?? ''}
          required
        >
          <option value="">{t('choose')}</option>
          {programmes.map(({ row, depth }) => (
            <option key={row.code} value={row.code}>
              {'\u2003'.repeat(depth) + inLocale(row.name, locale)}
            </option>
          ))}
        </SelectField>
        <SelectField id="area" name="area" label={t('area')} defaultValue={place.area ?? 'PK'}>
          {areas.map(({ code, name }) => (
            <option key={code} value={code}>
              {inLocale(name, locale)}
            </option>
          ))}
        </SelectField>
        <SelectField id="sex" name="sex" label={t('sex')} defaultValue={place.sex ?? '_T'}>
          {sexes.map((sex) => (
            <option key={sex} value={sex}>
              {sexName(locale, sex)}
            </option>
          ))}
        </SelectField>
      </div>
      <p>
        <Button>{t('submit')}</Button>
      </p>
    </form>
  )
}
