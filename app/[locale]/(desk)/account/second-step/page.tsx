import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumbs } from '@/components/ui/breadcrumbs'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { currentSession } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { DeskPage } from '@/features/desk/components/desk-page'
import { passkeysOf } from '@/features/passkeys/data'
import { SecondStep } from '@/features/second-step/components/second-step'
import { isConfirmed, secondStepOf } from '@/features/second-step/data'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/account/second-step'>

const path = '/account/second-step'

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'secondStep')('title') } : {}
}

export default async function SecondStepPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  return (
    <DeskPage locale={locale} path={path}>
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="account.keep" locale={locale} path={localePath(locale, path)}>
          {async (actor) => {
            const { done } = await searchParams
            return <Own locale={locale} actor={actor} done={String(done)} />
          }}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Own({ locale, actor, done }: { locale: Locale; actor: Actor; done: string }) {
  const t = translator(locale, 'accounts')
  const title = translator(locale, 'secondStep')('title')
  const outcome = outcomeOf(locale, done)
  const own = await currentSession()
  return (
    <>
      <Breadcrumbs
        label={t('person.way')}
        crumbs={[{ text: t('own.title'), href: localePath(locale, '/account') }]}
        current={title}
      />
      {actor.role === 'waiting' && (
        <Notice tone="warning" title={t('waiting.title')}>
          <p>{t('waiting.text')}</p>
        </Notice>
      )}
      {outcome && (
        <Notice tone="success">
          <p>{outcome}</p>
        </Notice>
      )}
      <SecondStep
        locale={locale}
        step={await secondStepOf(actor.userId)}
        passkeys={await passkeysOf(actor.userId)}
        isConfirmed={own !== null && (await isConfirmed(own))}
      />
    </>
  )
}

function outcomeOf(locale: Locale, done: string): string | undefined {
  const t = translator(locale, 'secondStep.done')
  return new Map([
    ['added', t('added')],
    ['renamed', t('renamed')],
    ['removed', t('removed')],
    ['appOn', t('appOn')],
    ['appOff', t('appOff')],
    ['off', t('off')],
  ]).get(done)
}
