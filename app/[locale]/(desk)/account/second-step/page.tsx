import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { DeskPage } from '@/features/desk/components/desk-page'
import { SecondStep } from '@/features/second-step/components/second-step'
import { secondStepOf } from '@/features/second-step/data'
import { isLocale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/account/second-step'>

const path = '/account/second-step'

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'secondStep')('title') } : {}
}

export default async function SecondStepPage({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const t = translator(locale, 'accounts')
  const crumbs = [{ text: t('own.title'), href: localePath(locale, '/account') }]
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="account.keep" locale={locale} path={localePath(locale, path)}>
          {async ({ userId, role }) => (
            <>
              <Breadcrumbs
                label={t('person.way')}
                crumbs={crumbs}
                current={translator(locale, 'secondStep')('title')}
              />
              {role === 'waiting' && (
                <Notice tone="warning" title={t('waiting.title')}>
                  <p>{t('waiting.text')}</p>
                </Notice>
              )}
              <SecondStep locale={locale} step={await secondStepOf(userId)} />
            </>
          )}
        </Gate>
      </div>
    </DeskPage>
  )
}
