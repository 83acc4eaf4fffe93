import { dayAt } from '@/features/periods/rules'
import { momentText } from '@/features/proposals/components/words'
import { type Locale, timeZone, translator } from '@/lib/i18n'
import type { Release, ReleaseFormState, TypedRelease } from '../schema'
import { ReleaseForm } from './release-form'

/** The form for a new release, or for one that is still to come. */
export function Planning({
  locale,
  release,
  answer,
}: {
  locale: Locale
  release: Release | null
  /** What the action answered, if this page is part of the answer. */
  answer: ReleaseFormState | undefined
}) {
  const t = translator(locale, 'releases.form')
  const initial = { attempt: 0, values: valuesOf(release), problems: [], goTo: null }
  return (
    <ReleaseForm
      locale={locale}
      initial={answer ?? initial}
      hidden={release ? { id: String(release.id), slug: release.slug } : {}}
      texts={{
        labels: {
          titleEn: t('titleEn'),
          titleUr: t('titleUr'),
          noteEn: t('noteEn'),
          noteUr: t('noteUr'),
          day: t('day'),
          time: t('time'),
        },
        dayHint: t('dayHint'),
        timeHint: t('timeHint'),
        submit: release ? t('change') : t('create'),
        sending: t('sending'),
        errorTitle: t('errorTitle'),
        errorPrefix: t('errorPrefix'),
      }}
    />
  )
}

function valuesOf(release: Release | null): TypedRelease {
  if (!release) return { titleEn: '', titleUr: '', noteEn: '', noteUr: '', day: '', time: '' }
  const { title, note } = release
  const at = new Date(release.announcedAt)
  return {
    titleEn: title.en,
    titleUr: title.ur ?? '',
    noteEn: note.en ?? '',
    noteUr: note.ur ?? '',
    day: dayAt(at),
    time: clockAt(at),
  }
}

/** `15:30`, in Karachi. */
function clockAt(instant: Date): string {
  const format = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat('en-GB', format).format(instant)
}

/** `1 Dec 2026, 15:30 Pakistan time` */
export function announcedText(locale: Locale, instant: string): string {
  return translator(locale, 'releases')('pakistanTime', { at: momentText(locale, instant) })
}
