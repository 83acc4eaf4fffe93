import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Follow } from '@/components/ui/follow'
import { Gate } from '@/features/accounts/components/gate'
import { catalogue } from '@/features/catalogue/cached'
import { RuleEditor, RuleHistory } from '@/features/checks/components/rule-desk'
import { readRuleVersions } from '@/features/checks/data'
import { startRule } from '@/features/checks/rules'
import { type RuleFormState, ruleKinds } from '@/features/checks/schema'
import { DeskPage } from '@/features/desk/components/desk-page'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/rules/[code]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'checks')('title') } : {}
}

export default async function RulePage({ params, searchParams }: Props) {
  const { locale, code } = await params
  if (!isLocale(locale)) notFound()
  const { kind } = await searchParams
  const query = typeof kind === 'string' ? `?${new URLSearchParams({ kind })}` : ''
  const path = `/rules/${code}${query}`
  const answer = await keptAnswer<RuleFormState>('rule')
  return (
    <DeskPage locale={locale} path={path}>
      <Follow goTo={answer?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '1.5rem' } as object}>
        <Gate permission="catalogue.edit" locale={locale} path={localePath(locale, path)}>
          {() => <Desk locale={locale} code={code} given={kind} answer={answer} />}
        </Gate>
      </div>
    </DeskPage>
  )
}

async function Desk({
  locale,
  code,
  given,
  answer,
}: {
  locale: Locale
  code: string
  given: string | string[] | undefined
  answer: RuleFormState | undefined
}) {
  const isNew = code === 'new'
  const [names, versions] = await Promise.all([
    catalogue(),
    isNew ? Promise.resolve([]) : readRuleVersions(code),
  ])
  const [newest] = versions
  const asked = answer?.values.kind ?? given
  const kind = newest?.kind ?? ruleKinds.find((known) => known === asked)
  if (!kind || (!isNew && !newest)) notFound()
  const t = translator(locale, 'checks')
  return (
    <>
      <p>
        <a className="inline-block py-3" href={localePath(locale, '/rules')}>
          {t('title')}
        </a>
      </p>
      <h1>{newest ? <bdi>{newest.code}</bdi> : t('new')}</h1>
      <p className="lead">{t(`kindHints.${kind}`)}</p>
      <RuleEditor
        locale={locale}
        catalogue={names}
        kind={kind}
        isNew={isNew}
        initial={
          answer ?? {
            attempt: 0,
            values: startRule(kind, newest),
            version: String(newest?.version ?? 0),
            problems: [],
            goTo: null,
          }
        }
      />
      {versions.length > 0 && <RuleHistory locale={locale} catalogue={names} versions={versions} />}
    </>
  )
}
