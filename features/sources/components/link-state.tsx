import { StatusMark } from '@/components/ui/status-mark'
import type { FigureWriter } from '@/features/figures/series'
import { formatDay } from '@/features/periods/rules'
import { type Locale, translator } from '@/lib/i18n'
import { probeErrors } from '@/lib/probe-errors'
import type { LinkCheck, LinkOutcome, SourceNote } from '../schema'
import { LedTo } from './led'

const symbols: Record<LinkOutcome, string> = { alive: '✓', moved: '↷', dead: '✕', unsure: '?' }

/** What a cited address answered when it was last asked, in words and with a mark. */
export function LinkState({ locale, check }: { locale: Locale; check: LinkCheck }) {
  const t = translator(locale, 'sources.link')
  const day = formatDay(check.day, locale)
  return (
    <StatusMark
      symbol={symbols[check.outcome]}
      label={t(check.outcome, { day, why: whyText(check, locale) })}
    />
  )
}

/** On a figure's page: what the link answered, copies that stand in for it, what took its place. */
export function SourceNoteLine({
  writer,
  id,
  note: { check, copies, now },
}: {
  writer: FigureWriter
  id: number
  note: SourceNote
}) {
  const { locale } = writer
  return (
    <>
      {(check || copies > 0) && (
        <span className="block">
          {check && <LinkState locale={locale} check={check} />}{' '}
          {copies > 0 && (
            <a href={`${writer.sourcePath(id)}#copies`}>
              {translator(locale, 'sources')('copyCount', { count: copies })}
            </a>
          )}
        </span>
      )}
      {now && (
        <span className="block">
          <LedTo locale={locale} writer={writer} now={now} />
        </span>
      )}
    </>
  )
}

function whyText({ status, error }: LinkCheck, locale: Locale): string {
  const t = translator(locale, 'sources.why')
  if (status !== null) return String(status)
  if (error === 'ENOTFOUND') return t('nameGone')
  if (error === probeErrors.timeout) return t('timeout')
  if (error === probeErrors.tooManyRedirects) return t('redirects')
  return t('noAnswer')
}
