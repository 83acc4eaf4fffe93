import { currentActor } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import type { FigureHistory } from '@/features/figures/data'
import { orderRevisions } from '@/features/figures/rules'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { withdrawPath } from './my-proposals'

/** What somebody who may enter figures can do about this one; nothing for readers. */
export async function OfficerTools({
  locale,
  history,
  today,
}: {
  locale: Locale
  history: FigureHistory
  /** Karachi day, ISO. */
  today: string
}) {
  const actor = await currentActor()
  if (!actor || !may(actor.role, 'figures.propose')) return null
  const t = translator(locale, 'entry.officer')
  const isWithdrawn = orderRevisions(history.revisions).at(-1)?.value === null
  const { indicator, programme, area, academy, sex, role, kind, unit, period } = history.key
  const key = { indicator, programme, area, academy, sex, role, kind, unit, period }
  // Only a day after the withdrawal's makes it current again.
  const query = new URLSearchParams({ ...key, ...(isWithdrawn && { releasedOn: today }) })
  return (
    <nav className="section" aria-label={t('label')}>
      <ul className="flex flex-wrap gap-x-6 gap-y-2">
        <li>
          <a className="inline-block py-1" href={localePath(locale, `/entry/new?${query}`)}>
            {isWithdrawn ? t('bringBack') : t('revise')}
          </a>
        </li>
        {!isWithdrawn && (
          <li>
            <a className="inline-block py-1" href={withdrawPath(locale, history.id)}>
              {t('withdraw')}
            </a>
          </li>
        )}
      </ul>
    </nav>
  )
}
