import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { JsonLd } from '@/features/discovery/components/json-ld'
import { robotsText, sitemapEntries } from '@/features/discovery/rules'
import {
  catalogueNodes,
  datasetNode,
  dcatCatalogue,
  type LinkedNode,
  observationNode,
  pageNodes,
  type Site,
  sitemapIndex,
  sitemapXml,
} from '@/features/discovery/series'
import { extentOfFigures, recordExtentOf } from '@/features/extents/rules'
import { figureWriter } from '@/features/figures/series'
import { locales } from '@/lib/i18n'
import { fixedPages } from '@/lib/public-pages.mjs'
import { isMadeAtRequest } from '@/scripts/whole-pages.mjs'
import { catalogue, contentFigures, figure } from '../support/figures'

const figures = contentFigures()
const origin = 'https://shumar.example'

const day = /^\d{4}(-\d\d(-\d\d)?)?$/
const interval = /^\d{4}-\d\d-\d\d(\/\d{4}-\d\d-\d\d)?$/
const address = /^https:\/\/shumar\.example(\/|$)/
const anyAddress = /^https?:\/\//
const words = /\S/
type Shape = RegExp | 'number' | 'boolean' | string[]

/**
 * What schema.org 29 says of the types in use: each property with the form of its text or the types
 * that its values may have. `@id` alone refers to a node elsewhere. Those with ! must be there.
 */
const vocabulary: Record<string, Record<string, Shape>> = {
  WebPage: {
    'name!': words,
    'description!': words,
    'url!': address,
    'inLanguage!': /^(en|ur)$/,
    isPartOf: ['WebSite'],
    breadcrumb: ['BreadcrumbList'],
  },
  WebSite: { 'name!': words, 'url!': address },
  BreadcrumbList: { 'itemListElement!': ['ListItem'] },
  ListItem: { 'position!': 'number', 'name!': words, 'item!': address },
  Organization: { 'name!': words, url: address },
  DataCatalog: {
    'name!': words,
    'description!': words,
    'url!': address,
    inLanguage: /^(en|ur)$/,
    'license!': anyAddress,
    'publisher!': ['Organization'],
    'dataset!': ['Dataset'],
  },
  Dataset: {
    'name!': words,
    'description!': /^[\s\S]{50,5000}$/,
    'url!': address,
    'inLanguage!': /^(en|ur)$/,
    'license!': anyAddress,
    isAccessibleForFree: 'boolean',
    'creator!': ['Organization'],
    'publisher!': ['Organization'],
    includedInDataCatalog: ['DataCatalog'],
    temporalCoverage: interval,
    'spatialCoverage!': ['Place'],
    'variableMeasured!': ['PropertyValue'],
    'dateModified!': day,
    'distribution!': ['DataDownload'],
    'isBasedOn!': ['CreativeWork', 'URL'],
  },
  Place: { 'name!': words, 'identifier!': /^([A-Z]{2}(-[A-Z]{2})?|001)$/, url: address },
  PropertyValue: { 'name!': words, 'propertyID!': /^[A-Z0-9_]+$/, unitText: words, url: address },
  DataDownload: {
    'name!': words,
    'encodingFormat!': /^(text\/csv|application\/[a-z.+-]+)$/,
    'contentUrl!': address,
    license: anyAddress,
  },
  CreativeWork: {
    'name!': words,
    'publisher!': ['Organization'],
    datePublished: day,
    url: anyAddress,
  },
  Observation: {
    'name!': words,
    'url!': address,
    'value!': /^-?\d+(\.\d+)?$/,
    'unitText!': words,
    'variableMeasured!': ['StatisticalVariable'],
    'observationAbout!': ['Place'],
    observationDate: day,
    observationPeriod: /^P\d+[YMD]$/,
    subjectOf: ['CreativeWork'],
  },
  StatisticalVariable: { 'name!': words, description: words, 'url!': address },
}

/** Everything in a node that the vocabulary does not allow, as paths. */
function breaches(node: LinkedNode, at = node['@type']): string[] {
  const shape = vocabulary[node['@type']]
  if (!shape) return [`${at} is of no known type`]
  const own = JSON.parse(JSON.stringify(node)) as Record<string, unknown>
  const known = Object.keys(shape).map((name) => name.replace('!', ''))
  return [
    ...Object.keys(own).flatMap((name) =>
      name.startsWith('@') || known.includes(name) ? [] : [`${at}.${name} is unknown`],
    ),
    ...Object.entries(shape).flatMap(([marked, wanted]) => {
      const name = marked.replace('!', '')
      const value = own[name]
      if (value === undefined) return marked.endsWith('!') ? [`${at}.${name} is missing`] : []
      const values = Array.isArray(value) ? value : [value]
      if (values.length === 0 && marked.endsWith('!')) return [`${at}.${name} is empty`]
      return values.flatMap((one, n) => breachesOf(one, wanted, `${at}.${name}[${n}]`))
    }),
  ]
}

function breachesOf(value: unknown, wanted: Shape, at: string): string[] {
  if (wanted instanceof RegExp)
    return typeof value === 'string' && wanted.test(value) ? [] : [`${at} is ${value}`]
  if (typeof wanted === 'string') return typeof value === wanted ? [] : [`${at} is ${value}`]
  if (typeof value === 'string') return wanted.includes('URL') ? [] : [`${at} is a text`]
  const node = value as Partial<LinkedNode>
  if (node['@type'] === undefined)
    return typeof node['@id'] === 'string' ? [] : [`${at} is nothing`]
  if (!wanted.includes(node['@type'])) return [`${at} is a ${node['@type']}`]
  return breaches(node as LinkedNode, at)
}

const extent = recordExtentOf(figures)
const sites: Site[] = locales.map((locale) => ({ locale, origin }))
const page = { path: '/indicators/X', title: 'X', description: 'Short.' }

describe.each(sites)('linked data in $locale', (site) => {
  it('describes every indicator, programme and area in the words of schema.org', () => {
    for (const part of ['indicator', 'programme', 'area'] as const) {
      for (const code of new Set(figures.map((one) => one[part]))) {
        const own = figures.filter((one) => one[part] === code)
        const extent = extentOfFigures(own)
        const parts = { ...page, catalogue, extent, figures: own, download: { [part]: [code] } }
        expect(breaches(datasetNode(site, parts)), code).toEqual([])
      }
    }
  })

  it('describes the whole record as a catalogue of its indicators', () => {
    const nodes = catalogueNodes(site, { ...page, path: '/', catalogue, extent: extent.whole })
    expect(nodes.flatMap((node) => breaches(node))).toEqual([])
    const named = new Set(figures.map(({ indicator }) => indicator))
    expect(nodes[0]?.dataset).toHaveLength(named.size)
  })

  it('describes every figure with its value as typed', () => {
    const writer = figureWriter(catalogue, site.locale)
    for (const one of figures) {
      const node = observationNode(site, { figure: one, writer })
      expect(breaches(node)).toEqual([])
      expect(node.value).toBe(one.value)
    }
  })

  it('describes a page and the way to it', () => {
    const nodes = pageNodes(site, page, [{ text: 'All', path: '/indicators' }])
    expect(nodes.flatMap((node) => breaches(node))).toEqual([])
    expect(nodes[1]?.itemListElement).toMatchObject([{ position: 1 }, { position: 2, name: 'X' }])
    expect(pageNodes(site, page)).toHaveLength(1)
  })
})

test('a dataset tells its span, its newest change, its files and each source once', () => {
  const [site] = sites
  if (!site) throw new Error('No language.')
  const of2022 = figure({ period: '2021-A1', releasedOn: '2022-08-10' })
  const of2025 = figure({ period: '2024-A1', releasedOn: '2025-07-18' })
  const target = figure({ role: 'target', period: '2029', releasedOn: '2022-08-10' })
  const own = [of2025, of2022, target]
  const node = datasetNode(site, {
    ...page,
    catalogue,
    extent: extentOfFigures(own),
    figures: own,
    download: { indicator: ['ICT_EXPORTS'] },
  })
  expect(node).toMatchObject({
    temporalCoverage: '2021-07-01/2025-06-30',
    dateModified: '2025-07-18',
    spatialCoverage: [{ identifier: 'PK' }],
    distribution: [
      'download/figures.csv',
      'download/figures.excel.csv',
      'download/figures.xlsx',
      'download/figures.json',
      'download/figures.sdmx.csv',
      'download/everything.zip',
      'api/v1/observations',
    ].map((path) => ({ contentUrl: `${origin}/${path}?indicator=ICT_EXPORTS` })),
  })
  expect(node.isBasedOn).toHaveLength(2)
})

test('a figure of no known period has no date, and one without an address no empty one', () => {
  const [site] = sites
  if (!site) throw new Error('No language.')
  const undated = figure({ period: '_U' })
  const writer = figureWriter(catalogue, site.locale)
  const text = JSON.stringify(observationNode(site, { figure: undated, writer }))
  expect(text).not.toContain('observationDate')
  expect(text).not.toContain('"url":""')
})

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('</script>', '<!--', ']]>'),
)

test('no text ends the block that it stands in', () => {
  fc.assert(
    fc.property(anyText, fc.boolean(), (name, isAscii) => {
      const { children } = JsonLd({ graph: [{ '@type': 'WebPage', name }], isAscii }).props
      expect(children).not.toContain('<')
      if (isAscii) expect(children).toMatch(/^[\0-\x7f]*$/)
      expect(JSON.parse(children)['@graph'][0].name).toBe(name)
    }),
  )
})

describe('the sitemap', () => {
  const entries = sitemapEntries({
    catalogue,
    extent,
    releases: [{ slug: 'exports-2025', changed: '2025-08-20' }],
    sources: [{ id: 7 }],
  })
  const text = sitemapXml(entries, { origin, languages: locales, usual: 'en' })
  const addresses = [...text.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, one]) => one ?? '')

  it('has every public page once in each language, each with its twins', () => {
    expect(new Set(addresses).size).toBe(addresses.length)
    expect(addresses).toHaveLength(entries.length * locales.length)
    for (const path of ['/', '/indicators/ICT_EXPORTS', '/releases/exports-2025', '/sources/7']) {
      expect(addresses).toContain(origin + path)
    }
    expect(addresses).toContain(`${origin}/ur/indicators/ICT_EXPORTS`)
    const twins = [...text.matchAll(/hreflang="([^"]+)" href="([^"]+)"/g)]
    expect(twins).toHaveLength(addresses.length * (locales.length + 1))
    for (const [, , twin = ''] of twins) expect(addresses).toContain(twin)
  })

  it('dates a page by the newest figure on it', () => {
    const exports = figures.filter(({ indicator }) => indicator === 'ICT_EXPORTS')
    const newest = exports
      .map(({ current }) => current.knownOn)
      .sort()
      .at(-1)
    expect(entries).toContainEqual({ path: '/indicators/ICT_EXPORTS', changed: newest })
  })

  it('is found from a list of its parts', () => {
    const list = sitemapIndex(origin, ['pages', 'figures-1'])
    expect([...list.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, one]) => one)).toEqual([
      `${origin}/sitemaps/pages.xml`,
      `${origin}/sitemaps/figures-1.xml`,
    ])
  })

  it('writes what XML reserves as XML wants it', () => {
    const odd = sitemapXml([{ path: '/x?a=1&b=<2>' }], { origin, languages: ['en'], usual: 'en' })
    expect(odd).toContain('<loc>https://shumar.example/x?a=1&amp;b=&lt;2&gt;</loc>')
  })
})

test('robots are led to the sitemap and kept from the desk in every language', () => {
  const text = robotsText({ origin, prefixes: ['', '/ur'] })
  expect(text).toContain('Sitemap: https://shumar.example/sitemap.xml')
  expect(text).toMatch(/^Disallow: \/entry$/m)
  expect(text).toMatch(/^Disallow: \/ur\/entry$/m)
  expect(text).toMatch(/^Disallow: \/\*\?asOf=$/m)
})

test.each(fixedPages)('$path is finished beforehand or made at the request, as listed', (one) => {
  expect(isMadeAtRequest(one.path)).toBe(!one.prerendered)
})

describe('the catalogue for portals (DCAT)', () => {
  const described = JSON.parse(JSON.stringify(dcatCatalogue(origin, { catalogue, extent })))
  const datasets = described['dcat:dataset'] as Record<string, unknown>[]

  it('has all that DCAT-AP asks of a catalogue, a dataset and a distribution', () => {
    for (const name of ['dct:title', 'dct:description', 'dct:publisher', 'dcat:dataset'])
      expect(described).toHaveProperty([name])
    for (const dataset of datasets) {
      expect(dataset).toMatchObject({
        '@type': 'dcat:Dataset',
        '@id': expect.stringMatching(address),
      })
      for (const text of [dataset['dct:title'], dataset['dct:description']].flat())
        expect(text).toMatchObject({
          '@language': expect.stringMatching(/^(en|ur)$/),
          '@value': expect.stringMatching(words),
        })
      for (const file of dataset['dcat:distribution'] as Record<string, unknown>[])
        expect(file).toMatchObject({
          '@type': 'dcat:Distribution',
          'dcat:accessURL': { '@id': expect.stringMatching(address) },
          'dct:license': { '@id': expect.stringMatching(anyAddress) },
        })
    }
  })

  it('holds each indicator that has figures once, and everything together', () => {
    const measured = new Set(figures.map(({ indicator }) => indicator))
    const codes = datasets.flatMap((dataset) => dataset['dct:identifier'] ?? [])
    expect(codes.toSorted()).toEqual([...measured].sort())
    expect(datasets).toHaveLength(measured.size + 1)
  })

  it('says of when figures are, as the page of the indicator does', () => {
    const exports = datasets.find((dataset) => dataset['dct:identifier'] === 'ICT_EXPORTS')
    const own = figures.filter(({ indicator }) => indicator === 'ICT_EXPORTS')
    const ends = own.filter(({ role }) => role === 'actual').map(({ periodEnd }) => periodEnd)
    expect(exports).toMatchObject({
      'dct:temporal': { 'dcat:endDate': { '@value': ends.sort().at(-1) } },
      'dcat:landingPage': { '@id': `${origin}/indicators/ICT_EXPORTS` },
    })
  })
})
