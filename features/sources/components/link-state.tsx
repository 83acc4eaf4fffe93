import { StatusMark } from '@/components/ui/status-mark'
import { formatDay } from '@/features/periods/rules'
import { type Locale, translator } from '@/lib/i18n'
import { probeErrors } from '@/lib/probe-errors'
import type { LinkCheck, LinkOutcome, SourceNote } from '../schema'

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

/** On a figure's page: what the link answered, and the copies that stand in for it. */
export function SourceNoteLine({
  locale,
  path,
  note: { check, copies },
}: {
  locale: Locale
  /** Of the source's own page. */
  path: string
  note: SourceNote
}) {
  if (!check && copies === 0) return null
  return (
    <span className="block">
      {check && <LinkState locale={locale} check={check} />}{' '}
      {copies > 0 && (
        <a href={`${path}#copies`}>
          {translator(locale, 'sources')('copyCount', { count: copies })}
        </a>
      )}
    </span>
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
