import './developers.css'
import { Contents } from '@/components/ui/contents'
import { problemCodes } from '@/features/api/schema'
import { batchProblemText } from '@/features/batches/components/words'
import { batchProblemCodes } from '@/features/batches/schema'
import { columnsOf, queryOf, type ResourceName, resourceNames } from '@/features/resources/schema'
import { dataLicence } from '@/features/settings/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { examples, writingExample } from '../series'

const sections = [
  'begin',
  'lists',
  'pages',
  'states',
  'limits',
  'problems',
  'examples',
  'writing',
  'versions',
] as const

/** How programs read the record: addresses, words, columns, refusals, and code to copy. */
export function DevelopersPage({ locale, origin }: { locale: Locale; origin: string }) {
  const t = translator(locale, 'developers')
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      <Contents
        label={t('contents')}
        entries={sections.map((name) => ({ id: name, text: t(`sections.${name}.title`) }))}
      />
      {sections.map((name) => (
        <section key={name} aria-labelledby={name} className="section">
          <h2 id={name}>{t(`sections.${name}.title`)}</h2>
          <Paragraphs text={t(`sections.${name}.text`, { licence: dataLicence.name })} />
          {name === 'begin' && <Begin locale={locale} origin={origin} />}
          {name === 'lists' &&
            resourceNames.map((one) => <List key={one} name={one} locale={locale} />)}
          {name === 'problems' && <Problems locale={locale} />}
          {name === 'examples' && <Examples locale={locale} origin={origin} />}
          {name === 'writing' && <Writing locale={locale} origin={origin} />}
        </section>
      ))}
    </>
  )
}

function Paragraphs({ text }: { text: string }) {
  return (
    <div className="prose">
      {text.split('\n').map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </div>
  )
}

/** Addresses and codes stand from left to right in every language. */
function Code({ children }: { children: string }) {
  return (
    <code dir="ltr" className="developer-code">
      {children}
    </code>
  )
}

function Begin({ locale, origin }: { locale: Locale; origin: string }) {
  const t = translator(locale, 'developers')
  const links = [
    { name: 'first', path: '/api/v1/observations?indicator=ICT_EXPORTS&sort=-period_end&limit=5' },
    { name: 'openapi', path: '/api/v1/openapi.json' },
    { name: 'catalogue', path: '/catalog.jsonld' },
    { name: 'feeds', path: localePath(locale, '/revisions.atom') },
  ] as const
  return (
    <dl className="developer-list">
      {links.map(({ name, path }) => (
        <div key={name}>
          <dt>{t(`links.${name}`)}</dt>
          <dd>
            <a href={path} dir="ltr">
              {origin + path}
            </a>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function List({ name, locale }: { name: ResourceName; locale: Locale }) {
  const t = translator(locale, 'developers')
  const api = translator(locale, 'api')
  return (
    <section aria-labelledby={`list-${name}`} className="developer-resource">
      <h3 id={`list-${name}`}>
        <a href={`/api/v1/${name}`} dir="ltr">
          /api/v1/{name}
        </a>
      </h3>
      <p>{api(`resources.${name}`)}</p>
      <Terms
        title={t('words')}
        names={Object.keys(queryOf(name).shape)}
        text={(word) => api(`words.${word}` as 'words.limit')}
      />
      <Terms
        title={t('columns')}
        names={columnsOf(name)}
        text={(column) => api(`columns.${column}` as 'columns.id')}
      />
    </section>
  )
}

function Terms({
  title,
  names,
  text,
}: {
  title: string
  names: readonly string[]
  text: (name: string) => string
}) {
  return (
    <details>
      <summary>{title}</summary>
      <dl className="developer-list">
        {names.map((name) => (
          <div key={name}>
            <dt>
              <Code>{name}</Code>
            </dt>
            <dd>{text(name)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

/** Codes under the addresses that refusals name as their type. */
function Codes<One extends string>({
  codes,
  text,
}: {
  codes: readonly One[]
  text: (code: One) => string
}) {
  return (
    <dl className="developer-list">
      {codes.map((code) => (
        <div key={code} id={`problem-${code}`}>
          <dt>
            <Code>{code}</Code>
          </dt>
          <dd>{text(code)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Problems({ locale }: { locale: Locale }) {
  const t = translator(locale, 'developers')
  return <Codes codes={problemCodes} text={(code) => t(`codes.${code}`)} />
}

/** Refusals that reading has too are explained there. */
const ofWriting = batchProblemCodes.filter(
  (code) => !(problemCodes as readonly string[]).includes(code),
)
/** What stands for the numbers and names that a refusal has in its text. */
const open = Object.fromEntries(
  ['field', 'most', 'seconds', 'kind', 'row', 'rows', 'wrong', 'line', 'column'].map((name) => [
    name,
    '…',
  ]),
)

function Writing({ locale, origin }: { locale: Locale; origin: string }) {
  return (
    <>
      <pre dir="ltr" className="developer-example">
        <code>{writingExample(origin)}</code>
      </pre>
      <Codes codes={ofWriting} text={(code) => batchProblemText(locale, { code, params: open })} />
    </>
  )
}

function Examples({ locale, origin }: { locale: Locale; origin: string }) {
  const t = translator(locale, 'developers')
  return examples(origin).map(({ name, code }) => (
    <section key={name} aria-labelledby={`example-${name}`} className="developer-resource">
      <h3 id={`example-${name}`}>{t(`examples.${name}`)}</h3>
      <pre dir="ltr" className="developer-example">
        <code>{code}</code>
      </pre>
    </section>
  ))
}
