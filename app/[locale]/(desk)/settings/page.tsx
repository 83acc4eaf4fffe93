import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Follow, type Followed } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { DeskPage } from '@/features/desk/components/desk-page'
import { SettingsForm } from '@/features/settings/components/settings-form'
import { readSettings } from '@/features/settings/data'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/settings'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'settings')('title') } : {}
}

export default async function SettingsPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const answer = await keptAnswer<Followed>('settings')
  const t = translator(locale, 'settings')
  return (
    <DeskPage locale={locale} path="/settings">
      <Follow goTo={answer?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="settings.edit" locale={locale} path={localePath(locale, '/settings')}>
          {async () => {
            const [settings, { saved, refused }] = await Promise.all([readSettings(), searchParams])
            return (
              <>
                <h1>{t('title')}</h1>
                <p className="lead">{t('lead')}</p>
                {saved === '1' && (
                  <Notice tone="success">
                    <p>{t('saved')}</p>
                  </Notice>
                )}
                {refused === '1' && (
                  <Notice tone="warning">
                    <p>{t('refused')}</p>
                  </Notice>
                )}
                <SettingsForm locale={locale} settings={settings} />
              </>
            )
          }}
        </Gate>
      </div>
    </DeskPage>
  )
}
