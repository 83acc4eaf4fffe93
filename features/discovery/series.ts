import { catalogueNames } from '@/features/catalogue/rules'
import type { Catalogue, Unit } from '@/features/catalogue/schema'
import { type DownloadFilter, downloadQuery } from '@/features/downloads/schema'
import { extentOf } from '@/features/extents/rules'
import type { Extent, RecordExtent } from '@/features/extents/schema'
import type { Citation, Figure } from '@/features/figures/schema'
import { type FigureWriter, figureNumber, subjectAndPeriod } from '@/features/figures/series'
import { type Form, fileKinds, filePath, forms } from '@/features/files/schema'
import { dataLicence } from '@/features/settings/schema'
import {
  defaultLocale,
  inLocale,
  type Language,
  type Locale,
  type LocalText,
  languageOf,
  localePath,
  locales,
  translator,
} from '@/lib/i18n'

/** JSON-LD (W3C, 1.1) in the vocabulary of schema.org. */
export interface LinkedNode {
  '@type': string
  [property: string]: LinkedValue
}
type LinkedValue = string | number | boolean | undefined | LinkedNode | Reference | LinkedValue[]
interface Reference {
  '@id': string
}

/** Where and in which language a page is read. */
export interface Site {
  locale: Locale
  /** `https://shumar.example.org` */
  origin: string
}

/** A page as it introduces itself: its path without the language. */
export interface PageIntroduction {
  path: string
  title: string
  description: string
}

/** Addresses that are named elsewhere never carry a reader's settings. */
const addressOf = ({ locale, origin }: Site, path: string): string =>
  origin + localePath(languageOf(locale), path)

const publisherOf = ({ locale, origin }: Site): LinkedNode => ({
  '@type': 'Organization',
  '@id': `${origin}/#publisher`,
  name: translator(locale, 'shell')('product'),
  url: addressOf({ locale, origin }, '/'),
})

/** The page itself and the way to it. */
export function pageNodes(
  site: Site,
  { path, title, description }: PageIntroduction,
  crumbs: readonly { text: string; path: string }[] = [],
): LinkedNode[] {
  const url = addressOf(site, path)
  const page: LinkedNode = {
    '@type': 'WebPage',
    '@id': url,
    url,
    name: title,
    description,
    inLanguage: languageOf(site.locale),
    isPartOf: {
      '@type': 'WebSite',
      '@id': `${site.origin}/#site`,
      name: translator(site.locale, 'shell')('product'),
      url: addressOf(site, '/'),
    },
    ...(crumbs.length > 0 && { breadcrumb: { '@id': `${url}#way` } }),
  }
  if (crumbs.length === 0) return [page]
  const steps = [...crumbs, { text: title, path }]
  const way: LinkedNode = {
    '@type': 'BreadcrumbList',
    '@id': `${url}#way`,
    itemListElement: steps.map((step, n) => ({
      '@type': 'ListItem',
      position: n + 1,
      name: step.text,
      item: addressOf(site, step.path),
    })),
  }
  return [page, way]
}

export interface DatasetParts extends PageIntroduction {
  catalogue: Catalogue
  extent: Extent
  /** Those that the page shows, for their sources. */
  figures: readonly Figure[]
  /** The filter of the same figures as a file. */
  download: DownloadFilter
}

/** Figures as a schema.org Dataset: what they measure, of when and where, from whom, in which files. */
export function datasetNode(site: Site, parts: DatasetParts): LinkedNode {
  const { path, title, description, extent, figures, download } = parts
  const url = addressOf(site, path)
  return {
    '@type': 'Dataset',
    '@id': `${url}#dataset`,
    name: title,
    description: longEnough(site, title, description),
    url,
    inLanguage: languageOf(site.locale),
    license: dataLicence.url,
    isAccessibleForFree: true,
    creator: publisherOf(site),
    publisher: { '@id': `${site.origin}/#publisher` },
    includedInDataCatalog: { '@id': `${site.origin}/#catalogue` },
    temporalCoverage: temporalCoverage(extent),
    spatialCoverage: places(site, parts),
    variableMeasured: variables(site, parts),
    dateModified: extent.changed ?? undefined,
    distribution: distribution(site, download),
    isBasedOn: sourcesOf(figures),
  }
}

/** All figures: one dataset, and a catalogue of the indicators, each a dataset on its own page. */
export function catalogueNodes(
  site: Site,
  parts: Omit<DatasetParts, 'download' | 'figures'>,
): LinkedNode[] {
  const { title, description, catalogue, extent } = parts
  const used = new Set(extent.measured.map(({ indicator }) => indicator))
  const whole = datasetNode(site, { ...parts, figures: [], download: {} })
  // Every source by name would be longer than the page.
  const dataset = { ...whole, isBasedOn: addressOf(site, '/sources') }
  const known: LinkedNode = {
    '@type': 'DataCatalog',
    '@id': `${site.origin}/#catalogue`,
    name: title,
    description,
    url: addressOf(site, '/'),
    inLanguage: languageOf(site.locale),
    license: dataLicence.url,
    publisher: { '@id': `${site.origin}/#publisher` },
    dataset: catalogue.indicators
      .filter(({ code }) => used.has(code))
      .map(({ code }) => ({ '@id': `${addressOf(site, `/indicators/${code}`)}#dataset` })),
  }
  return [known, dataset]
}

/** One figure as a schema.org Observation; its value is a decimal text and stays one. */
export function observationNode(
  site: Site,
  { figure, writer }: { figure: Figure; writer: FigureWriter },
): LinkedNode {
  const path = `/figures/${figureNumber(figure)}`
  const url = addressOf(site, path)
  const { source } = figure.current
  return {
    '@type': 'Observation',
    '@id': `${url}#observation`,
    name: subjectAndPeriod(figure, writer, site.locale),
    url,
    value: figure.value,
    unitText: writer.names.unit(figure.unit),
    variableMeasured: {
      '@type': 'StatisticalVariable',
      name: writer.names.indicator(figure.indicator),
      description: writer.names.definition(figure.indicator),
      url: addressOf(site, `/indicators/${figure.indicator}`),
    },
    observationAbout: place(site, figure.area, writer.names.area(figure.area)),
    observationDate: figure.periodEnd ?? undefined,
    observationPeriod: duration(figure),
    subjectOf: source ? work(source) : undefined,
  }
}

/** Search engines pass over datasets described in less than 50 characters. */
function longEnough({ locale }: Site, title: string, description: string): string {
  if (description.length >= 50) return description
  const t = translator(locale, 'discovery')
  return t('shortDescription', { title, description })
}

function isoInterval(start: string | null, end: string | null): string | undefined {
  if (end === null) return undefined
  return start === null || start === end ? end : `${start}/${end}`
}

/** How long the period of a figure is, as an ISO 8601 duration; a level has none. */
function duration({ frequency, kind, periodStart, periodEnd }: Figure): string | undefined {
  if (kind === 'stock') return undefined
  const usual = { A: 'P1Y', Q: 'P3M', M: 'P1M' }[frequency]
  if (usual || periodStart === null || periodEnd === null) return usual
  const days = (Date.parse(periodEnd) - Date.parse(periodStart)) / 86_400_000 + 1
  return days > 1 ? `P${days}D` : undefined
}

/** From the first day of anything measured to the last, as an ISO 8601 interval. */
const temporalCoverage = ({ from, to }: Extent): string | undefined => isoInterval(from, to)

/** ISO 3166 codes name places; 001 is the world (UN M49). */
const place = (site: Site, code: string, name: string): LinkedNode => ({
  '@type': 'Place',
  name,
  identifier: code,
  url: addressOf(site, `/areas/${code}`),
})

function places(site: Site, { catalogue, extent }: DatasetParts): LinkedNode[] {
  return catalogue.areas
    .filter(({ code }) => extent.areas.includes(code))
    .map(({ code, name }) => place(site, code, inLocale(name, site.locale)))
}

function variables(site: Site, { catalogue, extent }: DatasetParts): LinkedNode[] {
  const names = catalogueNames(catalogue, site.locale)
  const units = new Map<string, Unit>(catalogue.units.map((unit) => [unit.code, unit]))
  return extent.measured.map(({ indicator, unit }) => ({
    '@type': 'PropertyValue',
    name: names.indicator(indicator),
    propertyID: indicator,
    unitText: units.has(unit) ? names.unit(unit) : unit,
    url: addressOf(site, `/indicators/${indicator}`),
  }))
}

/** A form in which the figures of a filter are given out. */
interface GivenForm {
  name: string
  mediaType: string
  url: string
}

/** Names of forms as people who look for data know them; the same in every language. */
const formNames: Record<Form, string> = {
  csv: 'CSV',
  excel: 'CSV (Excel)',
  xlsx: 'XLSX',
  json: 'JSON',
  sdmx: 'SDMX-CSV 2.0',
  zip: 'ZIP (CSV, CSVW, Data Package)',
}

const essence = (type: string): string => type.split(';', 1)[0] ?? type

const formsOf = (origin: string, download: DownloadFilter): GivenForm[] => [
  ...forms.map((form) => ({
    name: formNames[form],
    mediaType: essence(fileKinds[form].type),
    url: origin + filePath(form, download),
  })),
  {
    name: 'API (JSON)',
    mediaType: 'application/json',
    url: `${origin}/api/v1/observations${downloadQuery(download)}`,
  },
]

const distribution = ({ origin }: Site, download: DownloadFilter): LinkedNode[] =>
  formsOf(origin, download).map(({ name, mediaType, url }) => ({
    '@type': 'DataDownload',
    name,
    encodingFormat: mediaType,
    contentUrl: url,
    license: dataLicence.url,
  }))

/** What the figures rest on, each source once. */
function sourcesOf(figures: readonly Figure[]): LinkedNode[] {
  const works = figures.flatMap(({ current: { source } }) => (source ? [work(source)] : []))
  return [...new Map(works.map((one) => [JSON.stringify(one), one])).values()]
}

const work = ({ publisher, title, publishedLabel, url }: Citation): LinkedNode => ({
  '@type': 'CreativeWork',
  name: title || publisher,
  publisher: { '@type': 'Organization', name: publisher },
  datePublished: publishedLabel || undefined,
  url: url || undefined,
})

// DCAT

const languageList = 'http://publications.europa.eu/resource/authority/language/'
const frequencyList = 'http://publications.europa.eu/resource/authority/frequency/'
const frequencies = { M: 'MONTHLY', Q: 'QUARTERLY', A: 'ANNUAL', A1: 'ANNUAL' } as const
const languageCodes: Record<Language, string> = { en: 'ENG', ur: 'URD' }

const id = (address: string): Reference => ({ '@id': address })
const day = (text: string) => ({ '@type': 'xsd:date', '@value': text })
const texts = (text: LocalText) =>
  Object.entries(text).map(([language, value]) => ({ '@language': language, '@value': value }))
const inEach = (write: (language: Language) => string): LocalText =>
  Object.fromEntries(locales.map((language) => [language, write(language)])) as LocalText

/**
 * What data there is here, for portals that collect such descriptions: DCAT 3 (W3C) with the
 * properties that DCAT-AP asks for, as JSON-LD. One dataset an indicator, and one of everything.
 */
export function dcatCatalogue(
  origin: string,
  { catalogue, extent }: { catalogue: Catalogue; extent: RecordExtent },
): object {
  const shell = (key: 'title' | 'description') =>
    texts(inEach((language) => translator(language, 'shell')(key)))
  const named = { 'dct:title': shell('title'), 'dct:description': shell('description') }
  const about = {
    'dct:publisher': id(`${origin}/#publisher`),
    'dct:license': id(dataLicence.url),
    'dct:language': locales.map((language) => id(languageList + languageCodes[language])),
  }
  const measured = catalogue.indicators.filter(
    ({ code }) => extentOf(extent.indicators, code).figures > 0,
  )
  return {
    '@context': {
      dcat: 'http://www.w3.org/ns/dcat#',
      dct: 'http://purl.org/dc/terms/',
      foaf: 'http://xmlns.com/foaf/0.1/',
      xsd: 'http://www.w3.org/2001/XMLSchema#',
    },
    '@id': `${origin}/#catalogue`,
    '@type': 'dcat:Catalog',
    ...named,
    ...about,
    'dct:publisher': {
      '@id': `${origin}/#publisher`,
      '@type': 'foaf:Agent',
      'foaf:name': translator(defaultLocale, 'shell')('product'),
      'foaf:homepage': id(`${origin}/`),
    },
    'foaf:homepage': id(`${origin}/`),
    'dcat:service': {
      '@id': `${origin}/api/v1/#service`,
      '@type': 'dcat:DataService',
      'dct:title': texts(inEach((language) => translator(language, 'api')('title'))),
      'dcat:endpointURL': id(`${origin}/api/v1/`),
      'dcat:endpointDescription': id(`${origin}/api/v1/openapi.json`),
      'dcat:landingPage': id(`${origin}/developers`),
      'dcat:servesDataset': id(`${origin}/data#dataset`),
    },
    'dcat:dataset': [
      { ...named, ...about, ...dcatDataset(origin, '/data', extent.whole, {}) },
      ...measured.map(({ code, name, definition, cadence }) => ({
        'dct:title': texts(name),
        'dct:description': texts(definition),
        'dct:identifier': code,
        ...about,
        ...(cadence && {
          'dct:accrualPeriodicity': id(frequencyList + frequencies[cadence.every]),
        }),
        ...dcatDataset(origin, `/indicators/${code}`, extentOf(extent.indicators, code), {
          indicator: [code],
        }),
      })),
    ],
  }
}

function dcatDataset(
  origin: string,
  path: string,
  { areas, from, to, changed }: Extent,
  download: DownloadFilter,
) {
  return {
    '@id': `${origin}${path}#dataset`,
    '@type': 'dcat:Dataset',
    'dcat:landingPage': id(origin + path),
    'dct:spatial': areas.map((area) => ({
      '@type': 'dct:Location',
      'dct:identifier': area,
    })),
    ...(changed && { 'dct:modified': day(changed) }),
    ...(from !== null &&
      to !== null && {
        'dct:temporal': {
          '@type': 'dct:PeriodOfTime',
          'dcat:startDate': day(from),
          'dcat:endDate': day(to),
        },
      }),
    'dcat:distribution': formsOf(origin, download).map(({ name, mediaType, url }) => ({
      '@id': url,
      '@type': 'dcat:Distribution',
      'dct:title': name,
      'dcat:accessURL': id(url),
      'dcat:downloadURL': id(url),
      'dcat:mediaType': id(`https://www.iana.org/assignments/media-types/${mediaType}`),
      'dct:license': id(dataLicence.url),
    })),
  }
}

export interface SitemapEntry {
  /** Without the language: `/indicators/ICT_EXPORTS`. */
  path: string
  /** The day of the newest change, where the page shows data. */
  changed?: string
}

/** The numbers of figures from one on, in one part of the sitemap: 50,000 addresses are allowed. */
export const figuresInPart = 10_000

/** The list of all parts of the sitemap (sitemaps.org 0.9). */
export function sitemapIndex(origin: string, parts: readonly string[]): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ...parts.map(
      (part) => `<sitemap><loc>${xml(`${origin}/sitemaps/${part}.xml`)}</loc></sitemap>`,
    ),
    '</sitemapindex>\n',
  ].join('\n')
}

/**
 * A part of the sitemap (sitemaps.org 0.9): pages in every language, each naming its twins as Google
 * asks for.
 */
export function sitemapXml(
  entries: readonly SitemapEntry[],
  { origin, languages, usual }: { origin: string; languages: readonly Locale[]; usual: Locale },
): string {
  const address = (language: Locale, path: string) => xml(origin + localePath(language, path))
  const urls = entries.flatMap(({ path, changed }) => {
    const twins = [...languages.map((one) => [one, one] as const), ['x-default', usual] as const]
      .map(
        ([tag, one]) =>
          `<xhtml:link rel="alternate" hreflang="${tag}" href="${address(one, path)}"/>`,
      )
      .join('')
    const modified = changed ? `<lastmod>${changed}</lastmod>` : ''
    return languages.map(
      (language) => `<url><loc>${address(language, path)}</loc>${modified}${twins}</url>`,
    )
  })
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ...urls,
    '</urlset>\n',
  ].join('\n')
}

const xml = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
