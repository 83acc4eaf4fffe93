import type { FigureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { type Locale, translator } from '@/lib/i18n'
import type { LedSource } from '../schema'

/** `[12] Dawn: Academies open`, as plain text. */
export function sourceName(
  locale: Locale,
  { id, publisher, title }: { id: number; publisher: string; title: string },
): string {
  const name = title || translator(locale, 'sources')('untitled', { id })
  return `[${id}] ${publisher}: ${name}`
}

/** That a citation leads to another one today, since when and why. */
export function LedTo({
  locale,
  writer,
  now,
}: {
  locale: Locale
  writer: FigureWriter
  now: LedSource
}) {
  const t = translator(locale, 'sources.led')
  return (
    <>
      {t(now.kind, { day: formatDay(now.day, locale) })}{' '}
      <a href={writer.sourcePath(now.id)}>
        <bdi>{sourceName(locale, now)}</bdi>
      </a>
      {now.reason && (
        <>
          {' '}
          <span className="text-muted">
            (<bdi>{now.reason}</bdi>)
          </span>
        </>
      )}
    </>
  )
}

/** The citations that a source took the place of. */
export function Formers({
  locale,
  writer,
  former,
}: {
  locale: Locale
  writer: FigureWriter
  former: readonly LedSource[]
}) {
  if (former.length === 0) return null
  const t = translator(locale, 'sources.led')
  return (
    <section aria-labelledby="former" className="section">
      <h2 id="former">{t('former')}</h2>
      <ul className="mt-4">
        {former.map(({ id, kind, day, reason, ...citation }) => (
          <li key={id} className="source-item">
            <p>
              <a href={writer.sourcePath(id)}>
                <bdi>{sourceName(locale, { id, ...citation })}</bdi>
              </a>
            </p>
            <p className="source-facts">
              <span>{writer.published(citation)}</span>
              <span>{t(`on.${kind}`, { day: formatDay(day, locale) })}</span>
              {reason && (
                <span>
                  <bdi>{reason}</bdi>
                </span>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
