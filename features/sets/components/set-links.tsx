import { currentActor } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import { momentText } from '@/features/proposals/components/words'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { FigureSet } from '../schema'
import { undoPath } from './set-page'

/** Sets, each a link to its page. */
export function SetList({
  id,
  title,
  locale,
  sets,
}: {
  id: string
  title: string
  locale: Locale
  sets: readonly FigureSet[]
}) {
  if (sets.length === 0) return null
  const t = translator(locale, 'sets.list')
  const state = translator(locale, 'entry.state')
  return (
    <section className="stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul className="stack">
        {sets.map((set) => (
          <li key={set.id}>
            <a className="inline-block py-2" href={localePath(locale, `/entry/grid/set/${set.id}`)}>
              <bdi>{set.message}</bdi>
            </a>
            <span className="block text-muted">
              {t('facts', {
                state: state(set.state as 'in_review'),
                count: set.count,
                name: `\u2068${set.author.name}\u2069`,
                at: momentText(locale, set.updatedAt),
              })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Leads somebody who may enter figures to where a commit is taken back; nothing for readers. */
export async function UndoLink({ locale, commit }: { locale: Locale; commit: number }) {
  const actor = await currentActor()
  if (!actor || !may(actor.role, 'figures.propose')) return null
  const t = translator(locale, 'sets.set')
  return (
    <p className="section">
      <a className="button-secondary" href={undoPath(locale, commit)}>
        {t('undoThis')}
      </a>
    </p>
  )
}
