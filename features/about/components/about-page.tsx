import { Contents } from '@/components/ui/contents'
import { isProgramme } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import { dataLicence } from '@/features/settings/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'

const sections = [
  { name: 'what', links: ['methods', 'data'] },
  { name: 'who', links: ['sources', 'revisions'] },
  { name: 'licence', links: [] },
  { name: 'downloads', links: ['data', 'csv'] },
  { name: 'api', links: ['developers'] },
  { name: 'report', links: ['corrections'] },
  { name: 'code', links: [] },
  { name: 'accessibility', links: [] },
  { name: 'privacy', links: [] },
] as const

/** Files and answers for programs are the same in every language. */
const files = {
  csv: '/download/figures.csv',
} as const

/** What this is, who stands behind it, how to take the data, and what readers can rely on. */
export function AboutPage({ locale, catalogue }: { locale: Locale; catalogue: Catalogue }) {
  const t = translator(locale, 'about')
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      <Contents
        label={t('contents')}
        entries={sections.map(({ name }) => ({ id: name, text: t(`sections.${name}.title`) }))}
      />
      {sections.map((section) => (
        <AboutSection key={section.name} section={section} locale={locale} catalogue={catalogue} />
      ))}
    </>
  )
}

function AboutSection({
  section: { name, links },
  locale,
  catalogue,
}: {
  section: (typeof sections)[number]
  locale: Locale
  catalogue: Catalogue
}) {
  const t = translator(locale, 'about')
  return (
    <section aria-labelledby={name} className="section prose">
      <h2 id={name}>{t(`sections.${name}.title`)}</h2>
      <p>{t(`sections.${name}.text`, { licence: dataLicence.name })}</p>
      {name === 'what' && (
        <p>
          {t('holds', {
            indicators: catalogue.indicators.length,
            programmes: catalogue.programmes.filter(isProgramme).length,
            areas: catalogue.areas.length,
          })}
        </p>
      )}
      {links.length > 0 && (
        <ul>
          {links.map((link) => (
            <li key={link}>
              <a
                href={
                  link in files ? files[link as keyof typeof files] : localePath(locale, `/${link}`)
                }
              >
                {t(`links.${link}`)}
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
