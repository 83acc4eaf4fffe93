import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { Follow } from '@/components/ui/follow'
import { RegistryDesk } from '@/features/academies/components/registry-desk'
import type { RegistryFormState } from '@/features/academies/schema'
import { Gate } from '@/features/accounts/components/gate'
import { DeskPage } from '@/features/desk/components/desk-page'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/registry/import'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'academies')('file.title') } : {}
}

const path = '/registry/import'

const blank = (): RegistryFormState => ({
  attempt: 0,
  text: '',
  ticket: { id: randomUUID(), seen: '' },
  problem: null,
  report: null,
  goTo: null,
})

export default async function RegistryImportPage({ params }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const t = translator(locale, 'academies')
  const answer = await keptAnswer<RegistryFormState>('registry')
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={answer?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="academies.keep" locale={locale} path={localePath(locale, path)}>
          {() => (
            <>
              <Breadcrumbs
                label={t('way')}
                crumbs={[{ text: t('register'), href: localePath(locale, '/registry') }]}
                current={t('file.title')}
              />
              <h1>{t('file.title')}</h1>
              <RegistryDesk locale={locale} initial={answer ?? blank()} />
            </>
          )}
        </Gate>
      </div>
    </DeskPage>
  )
}
