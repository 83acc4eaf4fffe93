import { Button } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField } from '@/components/ui/field'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { type CopyProblem, copyTypes } from '../schema'

/** Takes the file of a copy. Posts as any form of the web: a file does not fit through an action. */
export function CopyForm({
  locale,
  sourceId,
  values,
  problem,
}: {
  locale: Locale
  sourceId: number
  values: { capturedOn: string; note: string }
  /** Why the form came back; null where it is new. */
  problem: CopyProblem | null
}) {
  const t = translator(locale, 'sources.copyForm')
  const text = problem && translator(locale, 'sources.problems')(problem)
  const field = problem && fieldOf(problem)
  const errorOf = (name: string) => (field === name ? text : undefined)
  const errorPrefix = t('errorPrefix')
  return (
    <form
      method="post"
      action={localePath(locale, `/sources/${sourceId}/copies`)}
      encType="multipart/form-data"
      className="stack"
      style={{ '--stack': '1.5rem' } as object}
    >
      {text && (
        <ErrorSummary
          title={t('errorTitle')}
          problems={[{ ...(field && { fieldId: field }), message: text }]}
        />
      )}
      <InputField
        id="file"
        name="file"
        type="file"
        required
        accept={[...Object.values(copyTypes).map((ending) => `.${ending}`), '.mht', '.htm'].join()}
        label={t('file')}
        hint={t('fileHint')}
        error={errorOf('file')}
        errorPrefix={errorPrefix}
      />
      <InputField
        id="capturedOn"
        name="capturedOn"
        required
        defaultValue={values.capturedOn}
        label={t('capturedOn')}
        hint={t('capturedOnHint')}
        error={errorOf('capturedOn')}
        errorPrefix={errorPrefix}
      />
      <InputField
        id="note"
        name="note"
        dir="auto"
        defaultValue={values.note}
        label={t('note')}
        hint={t('noteHint')}
        error={errorOf('note')}
        errorPrefix={errorPrefix}
      />
      <p className="prose text-muted">{t('rights')}</p>
      <p>
        <Button>{t('submit')}</Button>
      </p>
    </form>
  )
}

function fieldOf(problem: CopyProblem): string | null {
  if (problem.startsWith('file')) return 'file'
  if (problem === 'dayMissing' || problem === 'capturedInFuture') return 'capturedOn'
  return problem === 'noteInvalid' ? 'note' : null
}
