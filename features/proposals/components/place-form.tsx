import { Button } from '@/components/ui/button'
import { SelectField } from '@/components/ui/field'
import type { Catalogue, Programme } from '@/features/catalogue/schema'
import { themes } from '@/features/catalogue/schema'
import { sexes } from '@/features/figures/schema'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import type { Place } from '../schema'
import { sexName } from './words'

/** Programmes under their parents: each after its parent, its name indented by depth. */
function inTree(programmes: readonly Programme[], parent: string | null = null, depth = 0) {
  return programmes
    .filter((programme) => programme.parent === parent)
    .flatMap((programme): { programme: Programme; depth: number }[] => [
      { programme, depth },
      ...inTree(programmes, programme.code, depth + 1),
    ])
}

/** What a new figure is about: leads to the form. Without JavaScript, and with an address to keep. */
export function PlaceForm({
  locale,
  catalogue,
  place,
}: {
  locale: Locale
  catalogue: Catalogue
  /** What is chosen already. */
  place: Partial<Place>
}) {
  const t = translator(locale, 'entry.place')
  const themeName = translator(locale, 'indicator.theme')
  const { indicators, programmes, areas } = catalogue
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
          defaultValue={place.programme ?? ''}
          required
        >
          <option value="">{t('choose')}</option>
          {inTree(programmes).map(({ programme, depth }) => (
            <option key={programme.code} value={programme.code}>
              {'\u2003'.repeat(depth) + inLocale(programme.name, locale)}
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
