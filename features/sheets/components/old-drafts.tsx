import { Button } from '@/components/ui/button'
import { FollowedForm } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import type { Catalogue } from '@/features/catalogue/schema'
import { figureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { keepOld } from '../actions'
import { readSelection, typedSelection } from '../rules'
import type { OldDrafts } from '../schema'
import { sheetName } from './words'

/** Drafts that are soon to be removed, with a button that keeps them, and those that lately were. */
export function OldDraftsNotice({
  locale,
  catalogue,
  soon,
  removed,
}: {
  locale: Locale
  catalogue: Catalogue
  soon: readonly OldDrafts[]
  removed: readonly OldDrafts[]
}) {
  if (soon.length + removed.length === 0) return null
  const t = translator(locale, 'sheets.old')
  const facts = ({ count, touchedOn, removedOn }: OldDrafts) => ({
    count,
    touched: formatDay(touchedOn, locale),
    day: formatDay(removedOn, locale),
  })
  return (
    <Notice tone="warning" title={t('title')}>
      {soon.map((one, n) => {
        const name = nameOf(locale, catalogue, one)
        return (
          <FollowedForm key={`${one.address} ${one.removedOn}`} action={keepOld} className="stack">
            <input type="hidden" name="locale" value={locale} />
            <input type="hidden" name="address" value={one.address} />
            <p id={`old-${n}`}>
              {one.address ? (
                <a href={localePath(locale, `/entry/grid?${one.address}`)}>{name}</a>
              ) : (
                name
              )}
              <br />
              {t('soon', facts(one))}
            </p>
            <p>
              <Button rank="secondary" aria-describedby={`old-${n}`}>
                {t('keep')}
              </Button>
            </p>
          </FollowedForm>
        )
      })}
      {removed.map((one) => (
        <p key={`${one.address} ${one.removedOn} ${one.count}`}>
          {t('removed', { ...facts(one), name: nameOf(locale, catalogue, one) })}
        </p>
      ))}
    </Notice>
  )
}

/** What a grid is about, in words; only its programme where its address is none any more. */
function nameOf(locale: Locale, catalogue: Catalogue, { address, programme }: OldDrafts): string {
  const words = new URLSearchParams(address)
  const query = Object.fromEntries([...words.keys()].map((word) => [word, words.getAll(word)]))
  const read = readSelection(typedSelection(query), catalogue)
  const writer = figureWriter(catalogue, locale)
  return read.ok
    ? sheetName(locale, writer, read.selection)
    : `${writer.names.programme(programme)}: ${translator(locale, 'sheets.old')('nameless')}`
}
