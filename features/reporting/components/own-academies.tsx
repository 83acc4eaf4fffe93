import './reporting.css'
import type { FigureWriter } from '@/features/figures/series'
import { type Locale, localePath, translator } from '@/lib/i18n'
import type { OwnAcademy } from '../data'
import { periodText } from './words'

/** The academies that an officer is limited to, each with how far its report is. */
export function OwnAcademies({
  locale,
  writer,
  academies,
}: {
  locale: Locale
  writer: FigureWriter
  academies: readonly OwnAcademy[]
}) {
  if (academies.length === 0) return null
  const t = translator(locale, 'reporting.own')
  return (
    <section className="stack max-w-text" aria-labelledby="own-academies">
      <h2 id="own-academies">{t('title')}</h2>
      <ul className="reporting-list">
        {academies.map(({ academy, period, lines, reported, waiting }) => {
          const words = period ? `?${new URLSearchParams({ period })}` : ''
          return (
            <li key={academy.code}>
              <a href={localePath(locale, `/entry/academy/${academy.code}${words}`)}>
                {writer.names.academy(academy.code)}
              </a>
              <span className="block pb-2 text-muted">
                {period === null
                  ? t('noPeriod')
                  : t(
                      reported === lines ? 'done' : reported + waiting === 0 ? 'notYet' : 'partly',
                      {
                        period: periodText(locale, period),
                        reported,
                        lines,
                        waiting,
                      },
                    )}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
