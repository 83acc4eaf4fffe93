import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { ErrorSummary } from '@/components/ui/error-summary'
import { InputField } from '@/components/ui/field'
import { dayAt, formatDay } from '@/features/periods/rules'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { keptDays, type Upload } from '../schema'
import './imports.css'

/** Takes a file. Posts as any form of the web: a file does not fit through an action. */
export function UploadForm({ locale, problem }: { locale: Locale; problem: string | null }) {
  const t = translator(locale, 'imports')
  return (
    <form
      method="post"
      action={`/api/imports?${new URLSearchParams({ locale })}`}
      encType="multipart/form-data"
      className="stack"
    >
      {problem && (
        <ErrorSummary title={t('errorTitle')} problems={[{ fieldId: 'file', message: problem }]} />
      )}
      <InputField
        id="file"
        name="file"
        type="file"
        required
        accept=".csv,.tsv,.txt,.xlsx"
        label={t('upload.file')}
        hint={t('upload.fileHint')}
        error={problem ?? undefined}
        errorPrefix={t('errorPrefix')}
      />
      <p>
        <Button>{t('upload.submit')}</Button>
      </p>
      <p className="prose text-muted">{t('upload.privacy', { days: keptDays })}</p>
      <p className="prose">
        {t('upload.pattern')} <a href="/download/figures.csv">{t('upload.patternLink')}</a>
      </p>
    </form>
  )
}

export function UploadList({ locale, uploads }: { locale: Locale; uploads: readonly Upload[] }) {
  const t = translator(locale, 'imports.mine')
  const state = translator(locale, 'imports.state')
  if (uploads.length === 0) return <p className="text-muted">{t('none')}</p>
  return (
    <DataTable id="uploads" caption={t('caption')} captionHidden>
      <thead>
        <tr>
          <th scope="col">{t('file')}</th>
          <th scope="col">{t('state')}</th>
          <th scope="col">{t('by')}</th>
          <th scope="col">{t('at')}</th>
        </tr>
      </thead>
      <tbody>
        {uploads.map((upload) => (
          <tr key={upload.id}>
            <th scope="row">
              <a href={localePath(locale, `/entry/import/${upload.id}`)}>
                <bdi>{upload.fileName}</bdi>
              </a>
            </th>
            <td>{state(upload.state)}</td>
            <td>
              <bdi>{upload.ownerName}</bdi>
            </td>
            <td>{formatDay(dayAt(new Date(upload.createdAt)), locale)}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}
