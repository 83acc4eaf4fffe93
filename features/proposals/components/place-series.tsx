import { DataTable } from '@/components/ui/data-table'
import { Notice } from '@/components/ui/notice'
import { FlagMarks } from '@/features/figures/components/flag-marks'
import type { Figure, FigureKey, Revision } from '@/features/figures/schema'
import { type FigureWriter, flagsOf } from '@/features/figures/series'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import type { Place, Proposal } from '../schema'
import { withdrawPath } from './my-proposals'
import { isolated, momentText } from './words'

const shown = 8

/** The last values of a place, the latest period first: what a new figure will stand beside. */
export function PlaceSeries({
  locale,
  writer,
  place,
  figures,
}: {
  locale: Locale
  writer: FigureWriter
  place: Place
  figures: readonly Figure[]
}) {
  const t = translator(locale, 'entry.series')
  const role = translator(locale, 'figures.role')
  if (figures.length === 0) return <p className="text-muted">{t('none')}</p>
  return (
    <>
      <DataTable id="series" caption={t('title')}>
        <thead>
          <tr>
            <th scope="col">{t('period')}</th>
            <th scope="col" className="numeric">
              {t('value')}
            </th>
          </tr>
        </thead>
        <tbody>
          {figures.slice(0, shown).map((figure) => (
            <tr key={figure.id}>
              <th scope="row">
                {writer.period(figure)}
                {figure.role !== 'actual' && ` · ${role(figure.role)}`}
                <span className="block text-small text-muted">
                  {writer.source(figure.current.source)}
                </span>
              </th>
              <td className="numeric">
                {writer.value(figure)} <FlagMarks flags={flagsOf(figure)} locale={locale} compact />
                <a
                  className="block py-1 text-small"
                  href={revisePath(locale, figure)}
                  aria-label={t('reviseOf', {
                    period: writer.period(figure),
                    value: writer.value(figure),
                  })}
                >
                  {t('revise')}
                </a>
                <a
                  className="block py-1 text-small"
                  href={withdrawPath(locale, figure.id)}
                  aria-label={t('withdrawOf', {
                    period: writer.period(figure),
                    value: writer.value(figure),
                  })}
                >
                  {t('withdraw')}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </DataTable>
      <p>
        <a href={writer.indicatorPath(place.indicator)}>{t('all')}</a>
      </p>
    </>
  )
}

function revisePath(locale: Locale, key: FigureKey): string {
  const { indicator, programme, area, academy, sex, role, kind, unit, period } = key
  const query = new URLSearchParams({
    indicator,
    programme,
    area,
    academy,
    sex,
    role,
    kind,
    unit,
    period,
  })
  return localePath(locale, `/entry/new?${query}`)
}

/** The current value of the very key, where the period is known before anything is typed. */
export function CurrentFigure({
  locale,
  writer,
  figureKey,
  current,
}: {
  locale: Locale
  writer: FigureWriter
  figureKey: FigureKey
  current: Revision
}) {
  const t = translator(locale, 'entry.series')
  return (
    <Notice title={t('current', { period: writer.period(figureKey) })}>
      <p>
        <strong>{writer.value({ ...current, unit: figureKey.unit })}</strong>
      </p>
      <p className="text-small">{writer.source(current.source)}</p>
    </Notice>
  )
}

/** That figures of this place are approved and wait for a release; their values stay out of it. */
export function HeldFigures({
  locale,
  writer,
  held,
}: {
  locale: Locale
  writer: FigureWriter
  held: readonly Proposal[]
}) {
  const t = translator(locale, 'entry.series')
  if (held.length === 0) return null
  return (
    <Notice title={t('held')}>
      <ul className="list-disc ps-5">
        {held.map(
          (proposal) =>
            proposal.release && (
              <li key={proposal.id}>
                {t('heldBy', {
                  period: writer.period(proposal),
                  release: isolated(inLocale(proposal.release.title, locale)),
                  at: momentText(locale, proposal.release.announcedAt),
                })}
              </li>
            ),
        )}
      </ul>
    </Notice>
  )
}
