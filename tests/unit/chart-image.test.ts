import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chartImage } from '@/components/charts/chart-image'
import { imageColours } from '@/components/charts/image-style'
import type { ChartModel } from '@/components/charts/model'
import { chartWords } from '@/components/charts/words'
import { chartContext } from '@/features/charts/series'
import { readImagePlace } from '@/features/images/schema'
import { indicatorCharts } from '@/features/indicators/series'
import { storyCharts } from '@/features/overview/series'
import { direction, locales } from '@/lib/i18n'
import { catalogue, contentFigures } from '../support/figures'

const figures = contentFigures()

const everyChart = locales.flatMap((locale) => {
  const context = chartContext(catalogue, locale)
  const models: ChartModel[] = [
    ...storyCharts(context, { figures, today: '2026-11-24', changes: [] }).map(
      ({ chart }) => chart,
    ),
    ...catalogue.indicators.flatMap((indicator) =>
      indicatorCharts(
        context,
        indicator,
        figures.filter((figure) => figure.indicator === indicator.code),
      ),
    ),
  ]
  return models.map((model) => ({ locale, model, name: `${locale} ${model.kind} ${model.title}` }))
})

const imageOf = ({ locale, model }: (typeof everyChart)[number], lines: string[] = []) =>
  chartImage(model, {
    language: locale,
    rtl: direction(locale) === 'rtl',
    words: chartWords(locale),
    target: 'Target',
    of: (actual, target) => `${actual ?? 'nothing'} of ${target}`,
    lines,
  })

/** Open elements at the end of a text, innermost last; throws where a tag closes another. */
function openElements(xml: string): string[] {
  const open: string[] = []
  for (const [, closing, name = '', empty] of xml.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/gi)) {
    if (closing && open.pop() !== name) throw new Error(`</${name}> closes another element.`)
    if (!closing && !empty) open.push(name)
  }
  return open
}

describe('a chart as an image', () => {
  it.each(everyChart)('is whole and leans on nothing outside it: $name', (chart) => {
    const image = imageOf(chart, ['Source: A & B <c>'])
    expect(image.startsWith('<?xml version="1.0" encoding="utf-8"?>\n<svg xmlns=')).toBe(true)
    expect(openElements(image)).toEqual([])
    expect(image).toContain('Source: A &amp; B &lt;c&gt;')
    expect(
      image.match(/NaN|undefined|\drem\b|var\(|light-dark|url\((?!#)|href=/)?.[0],
    ).toBeUndefined()
    const addresses = image.match(/https?:[^"<\s]+/g) ?? []
    expect(addresses).toEqual(['http://www.w3.org/2000/svg'])
    const figures = chart.model.kind === 'columns' ? chart.model.slots : []
    for (const { mark } of figures.slice(-1)) expect(image).toContain(mark?.short ?? mark?.text)
  })

  it('writes from right to left in a way that every painter knows', () => {
    for (const chart of everyChart.filter(({ locale }) => direction(locale) === 'rtl')) {
      const image = imageOf(chart, ['ماخذ'])
      expect(image).toMatch(
        /<text class="title" x="\d+" y="20" text-anchor="end">\u2067[^<]+\u2069</,
      )
      expect(image).toMatch(/text-anchor="end">\u2067ماخذ\u2069</)
      expect(image).not.toContain('direction="rtl"')
    }
  })

  it('has the colours of the page in the light', () => {
    const css = readFileSync(new URL('../../components/charts/charts.css', import.meta.url), 'utf8')
    const light = (name: string) =>
      css.match(new RegExp(`--chart-${name}: light-dark\\((#\\w{6}),`))?.[1]
    expect(imageColours.series).toEqual(imageColours.series.map((_, n) => light(String(n))))
    expect(imageColours.step).toEqual(imageColours.step.map((_, n) => light(`step-${n}`)))
    for (const name of ['bg', 'text', 'muted', 'grid', 'axis'] as const) {
      expect(imageColours[name]).toBe(light(name))
    }
  })
})

describe('the address of an image', () => {
  it('names a page, a chart of it and a form', () => {
    expect(readImagePlace(['indicators', 'ICT_EXPORTS', 'chart-0.svg'])).toEqual({
      place: { page: 'indicators', code: 'ICT_EXPORTS', chart: 'chart-0' },
      format: 'svg',
    })
    expect(readImagePlace(['overview', 'targets.png'])).toMatchObject({
      place: { chart: 'targets' },
      format: 'png',
    })
    for (const path of [
      '',
      'overview',
      'indicators/chart-0.svg',
      'people/1/chart-0.svg',
      'overview/a.svg/b',
      'overview/targets.gif',
      'overview/targets.png.svg.exe',
    ]) {
      expect(readImagePlace(path.split('/'))).toBeNull()
    }
  })
})
