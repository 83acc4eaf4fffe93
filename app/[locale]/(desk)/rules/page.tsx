import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Button } from '@/components/ui/button'
import { SelectField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { catalogue } from '@/features/catalogue/cached'
import { RuleTable } from '@/features/checks/components/rule-desk'
import { readRules } from '@/features/checks/data'
import { ruleKinds } from '@/features/checks/schema'
import { DeskPage } from '@/features/desk/components/desk-page'
import { isLocale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/rules'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'checks')('title') } : {}
}

export default async function RulesPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const t = translator(locale, 'checks')
  return (
    <DeskPage locale={locale} path="/rules">
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="catalogue.edit" locale={locale} path={localePath(locale, '/rules')}>
          {async () => {
            const [names, rules, { done }] = await Promise.all([
              catalogue(),
              readRules(),
              searchParams,
            ])
            return (
              <>
                <h1>{t('title')}</h1>
                <p className="lead">{t('lead')}</p>
                {done === 'saved' && (
                  <Notice tone="success">
                    <p>{t('saved')}</p>
                  </Notice>
                )}
                <RuleTable locale={locale} catalogue={names} rules={rules} />
                <h2 className="pt-8">{t('new')}</h2>
                <form action={localePath(locale, '/rules/new')} className="stack max-w-text">
                  <SelectField id="kind" name="kind" label={t('fields.kind')}>
                    {ruleKinds.map((kind) => (
                      <option key={kind} value={kind}>
                        {t(`kinds.${kind}`)}
                      </option>
                    ))}
                  </SelectField>
                  <p>
                    <Button>{t('openForm')}</Button>
                  </p>
                </form>
              </>
            )
          }}
        </Gate>
      </div>
    </DeskPage>
  )
}
