import { type Locale, localePath, translator } from '@/lib/i18n'

/** The number of a commit, leading to what it changed. */
export function CommitLink({ commit, locale }: { commit: number; locale: Locale }) {
  return (
    <a href={localePath(locale, `/revisions?commit=${commit}`)}>
      {translator(locale, 'revision')('commit', { commit })}
    </a>
  )
}
