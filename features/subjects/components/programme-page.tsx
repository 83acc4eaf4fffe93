import './subjects.css'
import type { Catalogue, Programme } from '@/features/catalogue/schema'
import { chartContext } from '@/features/charts/series'
import type { RecordExtent } from '@/features/extents/schema'
import type { Figure } from '@/features/figures/schema'
import type { TargetChange } from '@/features/targets/schema'
import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { programmesAbove, programmeTree } from '../series'
import { ProgrammeNodes } from './programme-list'
import { SubjectPage } from './subject-page'

/** One programme: what it is, its newest figures, its charts, every figure with its source. */
export function ProgrammePage({
  locale,
  catalogue,
  programme,
  figures,
  extent,
  today,
  changes,
  vintage = null,
}: {
  locale: Locale
  catalogue: Catalogue
  programme: Programme
  figures: readonly Figure[]
  /** What the record covers; null where that was not counted. */
  extent: RecordExtent | null
  today: string
  /** The changes of targets by their revisions. */
  changes: readonly TargetChange[]
  vintage?: Vintage | null
}) {
  const t = translator(locale, 'subject')
  const context = chartContext(catalogue, locale, vintage)
  const under = programmeTree(catalogue, extent, programme.code)
  return (
    <SubjectPage
      context={context}
      name={inLocale(programme.name, locale)}
      lead={inLocale(programme.description, locale)}
      crumbs={[
        {
          text: t('allProgrammes'),
          href: localePath(locale, `/programmes${vintageQuery(vintage)}`),
        },
        ...programmesAbove(catalogue, programme).map((above) => ({
          text: inLocale(above.name, locale),
          href: context.writer.programmePath(above.code),
        })),
      ]}
      notes={catalogue.caveats.filter((caveat) => caveat.programme === programme.code)}
      figures={figures.filter((figure) => figure.programme === programme.code)}
      tells="area"
      page={`programmes/${programme.code}`}
      download={{ programme: [programme.code] }}
      today={today}
      changes={changes}
      vintage={vintage}
    >
      {under.length > 0 && (
        <section aria-labelledby="parts" className="section">
          <h2 id="parts">{t('parts')}</h2>
          <ProgrammeNodes nodes={under} writer={context.writer} locale={locale} />
        </section>
      )}
    </SubjectPage>
  )
}
