import '@/features/audit/components/audit.css'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Gate } from '@/features/accounts/components/gate'
import { AuditSearch, AuditTable, auditQuery } from '@/features/audit/components/audit-log'
import { searchAudit } from '@/features/audit/data'
import { readAuditFilter } from '@/features/audit/schema'
import { DeskPage } from '@/features/desk/components/desk-page'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/audit'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'audit')('title') } : {}
}

const aPage = 100

export default async function AuditPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <DeskPage locale={locale} path="/audit">
      <div className="stack">
        <Gate permission="audit.read" locale={locale} path={localePath(locale, '/audit')}>
          {async () => <Log locale={locale} query={toQuery(await searchParams)} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

/** A word given twice counts once. */
function toQuery(words: Record<string, string | string[] | undefined>): URLSearchParams {
  const query = new URLSearchParams()
  for (const [word, value] of Object.entries(words)) query.set(word, [value].flat()[0] ?? '')
  return query
}

async function Log({ locale, query }: { locale: Locale; query: URLSearchParams }) {
  const t = translator(locale, 'audit')
  const filter = readAuditFilter(query)
  const lines = filter.ok ? await searchAudit(filter.value, aPage + 1) : []
  const shown = lines.slice(0, aPage)
  const last = shown.at(-1)
  const typed = {
    text: query.get('text') ?? '',
    from: query.get('from') ?? '',
    to: query.get('to') ?? '',
  }
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      <AuditSearch locale={locale} typed={typed} problem={filter.ok ? null : filter.problem} />
      {filter.ok && shown.length === 0 && <p>{t('nothing')}</p>}
      {filter.ok && shown.length > 0 && (
        <>
          <p>
            <a href={`/download/audit.csv${auditQuery({ ...filter.value, before: undefined })}`}>
              {t('download')}
            </a>
          </p>
          <AuditTable locale={locale} lines={shown} />
          {lines.length > aPage && last && (
            <p>
              <a
                href={localePath(
                  locale,
                  `/audit${auditQuery({ ...filter.value, before: last.no })}`,
                )}
              >
                {t('older')}
              </a>
            </p>
          )}
        </>
      )}
    </>
  )
}
