import './methods.css'
import type { ReactNode } from 'react'
import { flagOrder } from '@/components/charts/model'
import { Contents } from '@/components/ui/contents'
import { catalogueNames } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import { MarkLegend } from '@/features/figures/components/mark-legend'
import { dataLicence } from '@/features/settings/schema'
import { type Locale, languageOf, localePath, translator } from '@/lib/i18n'

const sections = [
  { name: 'entry', links: [] },
  { name: 'kinds', links: [] },
  { name: 'periods', links: [] },
  { name: 'precision', links: [] },
  { name: 'missing', links: [] },
  { name: 'revisions', links: ['revisions'] },
  { name: 'computed', links: [] },
  { name: 'breaks', links: [] },
  { name: 'sources', links: ['sources', 'data'] },
  { name: 'releases', links: ['releases', 'corrections'] },
] as const

const terms = [
  'actual',
  'amount',
  'asof',
  'breakterm',
  'claim',
  'commit',
  'computed',
  'cumulative',
  'estimate',
  'fiscal',
  'fixed',
  'indicator',
  'level',
  'mark',
  'period',
  'programme',
  'proof',
  'provisional',
  'publisher',
  'rate',
  'release',
  'revision',
  'source',
  'target',
  'withdrawn',
] as const

/** How figures are made, read and revised; every mark, every term and every definition. */
export function MethodsPage({ locale, catalogue }: { locale: Locale; catalogue: Catalogue }) {
  const t = translator(locale, 'methods')
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      <Contents
        label={t('contents')}
        entries={[
          ...sections.map(({ name }) => ({ id: name, text: t(`sections.${name}.title`) })),
          { id: 'marks', text: translator(locale, 'figures')('legend.title') },
          { id: 'glossary', text: t('glossary') },
          { id: 'definitions', text: t('definitions') },
        ]}
      />
      {sections.map((section) => (
        <MethodSection key={section.name} section={section} locale={locale} />
      ))}
      <MarkLegend flags={flagOrder} locale={locale} />
      <Glossary locale={locale} />
      <Definitions locale={locale} catalogue={catalogue} />
    </>
  )
}

/** Words in the texts that the glossary explains lead there. */
const termLinks = Object.fromEntries(
  terms.map((term) => [
    term,
    (chunks: ReactNode) => (
      <a key={term} href={`#term-${term}`} className="term-link">
        {chunks}
      </a>
    ),
  ]),
)

function MethodSection({
  section: { name, links },
  locale,
}: {
  section: (typeof sections)[number]
  locale: Locale
}) {
  const t = translator(locale, 'methods')
  const text = t.rich(`sections.${name}.text`, { ...termLinks, licence: dataLicence.name })
  return (
    <section aria-labelledby={name} className="section prose">
      <h2 id={name}>{t(`sections.${name}.title`)}</h2>
      {paragraphs(text).map((paragraph, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a paragraph is nothing but its place
        <p key={at}>{paragraph}</p>
      ))}
      {links.length > 0 && (
        <p className="method-links">
          {links.map((link) => (
            <a key={link} href={localePath(locale, `/${link}`)}>
              {t(`related.${link}`)}
            </a>
          ))}
        </p>
      )}
    </section>
  )
}

/** A text with links in it, cut where its message has a line break. */
function paragraphs(text: ReactNode): ReactNode[][] {
  const parts: ReactNode[] = Array.isArray(text) ? text : [text]
  const found: ReactNode[][] = [[]]
  for (const part of parts) {
    const lines = typeof part === 'string' ? part.split('\n') : [part]
    for (const [at, line] of lines.entries()) {
      if (at > 0) found.push([])
      found.at(-1)?.push(line)
    }
  }
  return found
}

function Glossary({ locale }: { locale: Locale }) {
  const t = translator(locale, 'methods')
  const collator = new Intl.Collator(languageOf(locale))
  const entries = terms
    .map((term) => ({ term, name: t(`terms.${term}.name`), text: t(`terms.${term}.text`) }))
    .sort((a, b) => collator.compare(a.name, b.name))
  return (
    <section aria-labelledby="glossary" className="section">
      <h2 id="glossary">{t('glossary')}</h2>
      <p className="lead">{t('glossaryLead')}</p>
      <dl className="glossary">
        {entries.map(({ term, name, text }) => (
          <div key={term} id={`term-${term}`}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Definitions({ locale, catalogue }: { locale: Locale; catalogue: Catalogue }) {
  const names = catalogueNames(catalogue, locale)
  return (
    <section aria-labelledby="definitions" className="section">
      <h2 id="definitions">{translator(locale, 'methods')('definitions')}</h2>
      <dl className="glossary">
        {catalogue.indicators.map(({ code }) => (
          <div key={code}>
            <dt>
              <a href={localePath(locale, `/indicators/${code}`)}>{names.indicator(code)}</a>
            </dt>
            <dd>{names.definition(code)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
