import { type Locale, translator } from '@/lib/i18n'
import { type RegistryFormState, registryColumns } from '../schema'
import { RegistryForm } from './registry-form'

/** The import with its texts in one language. */
export function RegistryDesk({ locale, initial }: { locale: Locale; initial: RegistryFormState }) {
  const t = translator(locale, 'academies')
  return (
    <>
      <p className="lead">
        {t.rich('file.lead', {
          columns: registryColumns.join(', '),
          code: (chunks) => <code dir="ltr">{chunks}</code>,
        })}
      </p>
      <p>
        {t('file.pattern')} <a href="/download/academies.csv">{t('download')}</a>
      </p>
      <RegistryForm
        locale={locale}
        initial={initial}
        texts={{
          file: t('file.file'),
          fileHint: t('file.fileHint'),
          text: t('file.text'),
          textHint: t('file.textHint'),
          check: t('file.check'),
          checking: t('file.checking'),
          store: t('file.store'),
          ready: t('file.ready'),
          errorTitle: t('file.errorTitle'),
          errorPrefix: t('file.errorPrefix'),
          again: t('file.again'),
        }}
        reportTexts={{
          title: t('report.title'),
          problems: t('report.problems'),
          changes: t('report.changes'),
          line: t('report.line'),
          code: t('fields.code'),
          column: t('report.column'),
          value: t('report.value'),
          problem: t('report.problem'),
          outcome: t('report.outcome'),
          columns: t('report.columns'),
          allOrNothing: t('report.allOrNothing'),
          nothing: t('report.nothing'),
        }}
      />
    </>
  )
}
