import { signInBeside } from '@/features/proposals/components/words'
import { AnswerForm } from '@/features/sets/components/answer-form'
import { emptyAnswer } from '@/features/sets/components/words'
import type { AnswerState, FigureSet } from '@/features/sets/schema'
import { type Locale, translator } from '@/lib/i18n'
import { resume } from '../actions'

/** Takes a set back into its author's drafts. */
export function ResumeForm({
  locale,
  set,
  answer,
}: {
  locale: Locale
  set: FigureSet
  answer: AnswerState | undefined
}) {
  const t = translator(locale, 'sets')
  return (
    <AnswerForm
      id="resume"
      action={resume}
      initial={answer ?? emptyAnswer()}
      hidden={{ locale, id: set.id, version: String(set.version), address: set.address }}
      fields={[]}
      buttons={[{ text: t('set.resume') }]}
      texts={{ errorTitle: t('errorTitle'), errorPrefix: t('errorPrefix'), signIn: t('signIn') }}
      signInPath={signInBeside(locale)}
    />
  )
}
