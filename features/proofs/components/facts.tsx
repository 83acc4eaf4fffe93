import { SourceCell } from '@/features/figures/components/source-cell'
import type { AttributedRevision } from '@/features/figures/data'
import { orderRevisions } from '@/features/figures/rules'
import type { Citation } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { formatDay, formatPeriod, parsePeriod } from '@/features/periods/rules'
import type { FigureProof } from '@/features/record/data'
import type { Settings } from '@/features/settings/schema'
import { SourceNoteLine } from '@/features/sources/components/link-state'
import type { SourceNote } from '@/features/sources/schema'
import { type Locale, translator } from '@/lib/i18n'

/** What is known of the figure as it stands: definition, status, source, who answers for it. */
export function Facts({
  locale,
  writer,
  proof,
  settings,
  sources,
}: {
  locale: Locale
  writer: FigureWriter
  proof: FigureProof
  settings: Settings
  sources: ReadonlyMap<number, SourceNote>
}) {
  const t = translator(locale, 'proof')
  const words = translator(locale, 'figures')
  const { key, revisions } = proof.history
  const current = orderRevisions(revisions).at(-1)
  if (!current) return null
  const status = statusWord(current.status, locale)
  const facts: [string, React.ReactNode][] = [
    [t('definition'), writer.names.definition(key.indicator)],
    [
      t('programme'),
      key.programme !== '_Z' && (
        <a key="programme" href={writer.programmePath(key.programme)}>
          {writer.names.programme(key.programme)}
        </a>
      ),
    ],
    [
      t('area'),
      <a key="area" href={writer.areaPath(key.area)}>
        {writer.names.area(key.area)}
      </a>,
    ],
    [t('academy'), key.academy !== '_T' && writer.names.academy(key.academy)],
    [t('period'), periodText(key.period, locale)],
    [t('kind'), words(`kind.${key.kind}`)],
    [t('status'), status],
    [t('precision'), words(`precision.${current.precision}`)],
    ...(current.source ? sourceFacts(current.source) : []),
    [t('released'), current.releasedOn ? formatDay(current.releasedOn, locale) : words('noDate')],
    [t('entered'), personText(current.author, settings, locale)],
    [t('approved'), personText(current.approver, settings, locale)],
    [t('recorded'), t('recordedOn', recordedOn(current, locale))],
    ...(current.note ? [[t('note'), current.note] as [string, string]] : []),
  ]

  function sourceFacts(source: Citation): [string, React.ReactNode][] {
    return [
      [t('source'), <Source key="source" citation={source} writer={writer} sources={sources} />],
      [t('title'), source.title || words('untitled')],
    ]
  }

  return (
    <dl className="definition-list proof-facts">
      {facts
        .filter(([, value]) => value !== false)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** The source, what its link answered, and the way to its copies. */
function Source({
  citation,
  writer,
  sources,
}: {
  citation: Citation | null
  writer: FigureWriter
  sources: ReadonlyMap<number, SourceNote>
}) {
  const { id } = citation ?? {}
  const note = id === undefined ? undefined : sources.get(id)
  return (
    <>
      <SourceCell citation={citation} writer={writer} />
      {id !== undefined && note && <SourceNoteLine writer={writer} id={id} note={note} />}
    </>
  )
}

function statusWord(status: string, locale: Locale): string {
  const t = translator(locale, 'figures')
  const known = ['A', 'P', 'E', 'D', 'B'] as const
  const code = known.find((one) => one === status)
  return code ? t(`status.${code}`) : status
}

function periodText(code: string, locale: Locale): string {
  const period = parsePeriod(code)
  if (!period.ok) return code
  const long = formatPeriod(period.value, locale, { style: 'long' })
  return period.value.code === '_U' ? long : `${long} (\u2066${code}\u2069)`
}

function recordedOn(revision: AttributedRevision, locale: Locale) {
  return { day: formatDay(revision.recordedAt.slice(0, 10), locale), commit: revision.commit }
}

/** Names only where the site shows names; the product's own account is always named as such. */
export function personText(
  person: AttributedRevision['author'],
  settings: Settings,
  locale: Locale,
): string {
  const t = translator(locale, 'proof')
  if (person.isSystem) return t('firstContent')
  if (settings.attribution === 'names') return person.name
  return t(`role.${person.role as 'editor' | 'reviewer' | 'admin'}`)
}
