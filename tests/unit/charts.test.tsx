import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { ChartFigure } from '@/components/charts/chart-figure'
import {
  fittingTicks,
  fraction,
  levelWidths,
  splitLine,
  spreadLabels,
  textWidth,
  tickLevels,
  wrapText,
} from '@/components/charts/geometry'
import {
  fromDay,
  joinWithin,
  middleDay,
  timeAxis,
  toDay,
  valueAxis,
} from '@/components/charts/layout'
import {
  type BulletsModel,
  type ColumnsModel,
  type Flag,
  flagOrder,
  flagSymbols,
  type Mark,
  type SeriesModel,
  type TilesModel,
} from '@/components/charts/model'
import { nearestRow, plotLayout, plotRows, seriesKeys, signed } from '@/components/charts/plot'
import { Sparkline } from '@/components/charts/sparkline'
import { chartTable } from '@/components/charts/table'
import { flagsIn } from '@/components/charts/words'

type Triple = readonly [number, number, number]
type Matrix = readonly [Triple, Triple, Triple]

/** Machado, Oliveira and Fernandes 2009, full severity, for linear RGB. */
const sights: Record<string, Matrix> = {
  common: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

const times = (matrix: Matrix, [a, b, c]: Triple): Triple => {
  const [x, y, z] = matrix.map((row) => row[0] * a + row[1] * b + row[2] * c)
  return [x ?? 0, y ?? 0, z ?? 0]
}

const linear = (hex: string): Triple => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return [red, green, blue]
}

/** OKLab of a colour as a kind of sight perceives it. */
const perceived = (hex: string, sight: Matrix): Triple => {
  const [red, green, blue] = times(sight, linear(hex)).map((v) => Math.min(Math.max(v, 0), 1))
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    [red ?? 0, green ?? 0, blue ?? 0],
  ).map(Math.cbrt)
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [cones[0] ?? 0, cones[1] ?? 0, cones[2] ?? 0],
  )
}

const frame = (id: string) => ({
  id,
  title: 'ICT exports',
  unit: 'USD million',
  summary: 'Exports rose to 3,810 million in FY2024-25.',
  source: 'State Bank of Pakistan',
  dataDate: '20 August 2025',
})

const mark = (y: number, more: Partial<Mark> = {}): Mark => ({
  y,
  text: `USD ${y} million`,
  short: String(y),
  period: `period of ${y}`,
  href: `/figures/${y}`,
  ...more,
})

const columns: ColumnsModel = {
  ...frame('exports'),
  kind: 'columns',
  label: 'ICT exports',
  colour: 1,
  y: valueAxis(['3223', '3810'], { label: (value) => value }),
  slots: [
    { label: '2021–22', period: 'FY2021-22', mark: mark(2619, { flags: ['publishers'] }) },
    { label: '2022–23', period: 'FY2022-23' },
    { label: '2023–24', period: 'FY2023-24', mark: mark(3223, { flags: ['provisional'] }) },
    { label: '2024–25', period: 'FY2024-25', mark: mark(3810) },
  ],
  references: [{ x: 0, label: 'Claim of May 2022', ...mark(1500, { flags: ['definition'] }) }],
}

const month = (iso: string, y: number) => ({ x: toDay(iso), ...mark(y, { period: iso }) })

const series: SeriesModel = {
  ...frame('monthly'),
  kind: 'series',
  x: timeAxis('2024-01-01', '2024-12-31', (iso) => iso.slice(0, 7)),
  y: valueAxis(['0', '400'], { label: (value) => value }),
  series: [
    {
      id: 'a',
      label: 'Services',
      colour: 1,
      shape: 'line',
      joinWithin: joinWithin.month,
      points: [month('2024-01-15', 265), month('2024-02-15', 257), month('2024-05-15', 332)],
    },
    { id: 'b', label: 'Software', colour: 2, shape: 'step', points: [month('2024-02-15', 120)] },
  ],
}

describe('value axis', () => {
  test('has round ends around the values and starts at zero', () => {
    const axis = valueAxis(['3223', '3810'], { label: (value) => `${value} m` })
    expect(axis).toMatchObject({ from: 0, to: 4000 })
    expect(axis.ticks.map(({ label }) => label)).toEqual([
      '0 m',
      '1000 m',
      '2000 m',
      '3000 m',
      '4000 m',
    ])
  })

  test('hands plain decimal strings to the formatter, without rounding errors', () => {
    const { ticks } = valueAxis(['0.3'], { label: (value) => value, count: 3 })
    expect(ticks.map(({ label }) => label)).toEqual(['0', '0.1', '0.2', '0.3'])
  })

  test('spans every value, negative ones too', () => {
    const decimal = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => String(n / 100))
    fc.assert(
      fc.property(fc.array(decimal), (values) => {
        const axis = valueAxis(values, { label: (value) => value })
        expect(axis.from).toBeLessThanOrEqual(0)
        expect(axis.to).toBeGreaterThan(axis.from)
        expect(values.map(Number).every((y) => axis.from <= y && y <= axis.to)).toBe(true)
      }),
    )
  })
})

describe('time axis', () => {
  test('counts days since 1970 in no time zone', () => {
    expect(toDay('1970-01-02')).toBe(1)
    expect(fromDay(toDay('2024-02-29'))).toBe('2024-02-29')
    expect(middleDay('2024-01-01', '2024-01-31')).toBe(toDay('2024-01-16'))
  })

  test('marks years of a long span and keeps its months for zooming', () => {
    const { ticks } = timeAxis('2020-06-01', '2025-09-30', (iso, unit) => `${unit} ${iso}`)
    expect(ticks.filter(({ level }) => level === undefined).map(({ label }) => label)).toEqual([
      'year 2021-01-01',
      'year 2022-01-01',
      'year 2023-01-01',
      'year 2024-01-01',
      'year 2025-01-01',
    ])
    expect(ticks.find(({ label }) => label === 'month 2024-03-01')?.level).toBe(4)
  })

  test('names the year of the first month when zoomed in', () => {
    const axis = timeAxis('2020-06-01', '2025-09-30', (iso, unit) =>
      unit === 'year' ? iso.slice(0, 4) : iso.slice(5, 7),
    )
    const zoomed = { ...axis, from: toDay('2024-01-15'), to: toDay('2024-06-15') }
    expect(fittingTicks(zoomed, 900).map(({ label }) => label)).toEqual([
      '02 2024',
      '03',
      '04',
      '05',
      '06',
    ])
  })
})

describe('gaps and breaks', () => {
  const points = (...days: string[]) => days.map((day) => ({ x: toDay(day) }))

  test('a missing month is not bridged, short February is no gap', () => {
    const months = points('2024-01-16', '2024-02-15', '2024-03-16', '2024-05-16')
    expect(splitLine(months, joinWithin.month).map((run) => run.length)).toEqual([3, 1])
  })

  test('leap years do not open yearly series, a missing year does', () => {
    const years = points('2023-07-01', '2024-07-01', '2025-07-01', '2027-07-01')
    expect(splitLine(years, joinWithin.year).map((run) => run.length)).toEqual([3, 1])
  })

  test('a break ends a line on the day before the new definition', () => {
    const levels = points('2020-11-03', '2022-01-17', '2022-05-11')
    const runs = splitLine(levels, undefined, [{ at: toDay('2022-01-17') }])
    expect(runs.map((run) => run.length)).toEqual([1, 2])
  })

  test('no point is lost, doubled or moved', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 4000 }))
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 400 }), days, (xs, within, breaks) => {
        const sorted = xs.sort((a, b) => a - b).map((x) => ({ x }))
        const runs = splitLine(
          sorted,
          within,
          breaks.map((at) => ({ at })),
        )
        expect(runs.flat()).toEqual(sorted)
        expect(runs.every((run) => run.length > 0)).toBe(true)
      }),
    )
  })
})

describe('labels', () => {
  test('narrow charts show fewer ticks, the last always, and none overlap', () => {
    const ticks = fc.array(fc.string({ minLength: 1, maxLength: 10 }), {
      minLength: 1,
      maxLength: 40,
    })
    fc.assert(
      fc.property(ticks, (labels) => {
        const axis = { from: 0, to: labels.length }
        const given = labels.map((label, index) => ({ at: index + 0.5, label }))
        const levels = tickLevels(given, axis, 60)
        expect(levels.at(-1)).toBe(0)
        levelWidths.forEach((width, level) => {
          const shown = given.filter((_, index) => (levels[index] ?? 9) <= level)
          const places = shown.map(({ at, label }) => {
            const middle = fraction(axis, at) * (width - 60)
            return [middle - textWidth(label) / 2, middle + textWidth(label) / 2] as const
          })
          const free = places.every(
            ([left], index) => index === 0 || left >= (places[index - 1]?.[1] ?? 0),
          )
          expect(free).toBe(true)
        })
      }),
    )
  })

  test('names beside lines keep their order, do not overlap and stay inside', () => {
    const label = fc.record({
      y: fc.integer({ min: 0, max: 280 }),
      height: fc.integer({ min: 10, max: 40 }),
    })
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 6 }), (labels) => {
        const ys = spreadLabels(labels, -20, 300)
        const boxes = labels
          .map(({ height, y: wanted }, index) => ({ y: ys[index] ?? 0, height, wanted }))
          .sort((a, b) => a.y - b.y)
        boxes.forEach((box, index) => {
          const above = boxes[index - 1]
          expect(box.y - box.height / 2).toBeGreaterThanOrEqual(-20.001)
          expect(box.y + box.height / 2).toBeLessThanOrEqual(300.001)
          if (!above) return
          expect(box.y - above.y).toBeGreaterThanOrEqual((box.height + above.height) / 2 - 0.001)
          expect(box.wanted).toBeGreaterThanOrEqual(above.wanted)
        })
      }),
    )
  })

  test('names that do not meet stay at the ends of their lines', () => {
    const labels = [
      { y: 200, height: 30 },
      { y: 40, height: 30 },
    ]
    expect(spreadLabels(labels, 0, 280)).toEqual([200, 40])
  })

  test('a long note is broken between words', () => {
    const lines = wrapText('counted by agreement signed, not by academy running', 120, 12)
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.join(' ')).toBe('counted by agreement signed, not by academy running')
  })
})

describe('signs', () => {
  test('tell rounded, over and about apart', () => {
    const written = (flag: Flag) => signed(mark(80, { flags: [flag] }))
    expect([written('rounded'), written('over'), written('about')]).toEqual([
      '≈80\u00a0R',
      '80\u00a0⁺',
      '≈80\u00a0~',
    ])
    expect(new Set(Object.values(flagSymbols)).size).toBe(flagOrder.length)
  })

  test('stand with the value once', () => {
    expect(signed(mark(80, { flags: ['estimated', 'definition'] }))).toBe('≈80\u00a0E\u00a0D')
    expect(signed(mark(80, { short: '≈80', flags: ['estimated', 'publishers'] }))).toBe(
      '≈80\u00a0E\u00a0‡',
    )
  })

  test('those of references are explained too', () => {
    expect(flagsIn(columns)).toEqual(['provisional', 'definition', 'publishers'])
  })
})

describe('rows of a plot', () => {
  test('hold every figure and every missing period, from left to right', () => {
    expect(plotRows(columns).map(({ period, marks }) => [period, marks.length])).toEqual([
      ['period of 2619', 2],
      ['FY2022-23', 0],
      ['period of 3223', 1],
      ['period of 3810', 1],
    ])
  })

  test('gather the series that have a figure at the same time', () => {
    const rows = plotRows(series)
    expect(rows.map(({ marks }) => marks.map(({ label }) => label))).toEqual([
      ['Services'],
      ['Services', 'Software'],
      ['Services'],
    ])
  })

  test('the nearest is found between two', () => {
    const rows = [{ x: 0 }, { x: 10 }, { x: 30 }]
    expect(nearestRow(rows, 19)).toBe(1)
    expect(nearestRow(rows, 21)).toBe(2)
    expect(nearestRow([], 1)).toBe(-1)
  })
})

describe('plot layout', () => {
  test('leaves room above the axis for the highest value', () => {
    const slots = [{ label: '2025–26', period: 'FY2025-26', mark: mark(4000) }]
    const layout = plotLayout({ ...columns, slots })
    const top = Math.min(...layout.notes.map(({ note }) => note.y)) - 14
    expect(top).toBeLessThan(0)
    expect(top).toBeGreaterThan(-layout.margin.top)
  })

  test('gathers neighbouring periods without a figure', () => {
    const layout = plotLayout(columns)
    expect(layout.missing).toEqual([{ from: 1.22, to: 1.78, level: expect.any(Number) }])
  })

  test('a broken series makes room for its note', () => {
    const label = 'From January 2022 counted by agreement signed, not by academy running'
    const broken = plotLayout({ ...series, breaks: [{ at: toDay('2024-03-01'), label }] })
    expect(broken.margin.top).toBeGreaterThan(plotLayout(series).margin.top)
    expect(broken.breakNotes[0]?.lines.join(' ')).toBe(label)
  })

  test('names of several series stand beside their last points', () => {
    expect(seriesKeys(series).map(({ label, value }) => [label, value])).toEqual([
      ['Services', '332'],
      ['Software', '120'],
    ])
  })
})

describe('figure in the first HTML', () => {
  const html = renderToStaticMarkup(<ChartFigure model={columns} locale="en" />)

  test('holds title, unit, summary, source and date', () => {
    const { title, unit, summary, source, dataDate } = frame('')
    for (const text of [title, unit, summary, source, dataDate]) expect(html).toContain(text)
  })

  test('its table leads to each proof and says so where there is no figure', () => {
    expect(html).toContain('<a href="/figures/3810">USD 3810 million</a>')
    expect(html).toMatch(/<th scope="row">FY2022-23<\/th><td[^>]*><span[^>]*>No figure</)
    expect(html).toMatch(/<caption>/)
  })

  test('names every sign in words', () => {
    const beside = html.split('<details')[0]
    for (const word of ['Provisional', 'Definition differs', 'Publishers differ', 'No figure']) {
      expect(beside).toContain(`> ${word}`)
    }
  })

  test('promises no keyboard before there is a script to hear it', () => {
    expect(html).not.toContain('role="application"')
  })

  test('draws a long series with a handful of paths', () => {
    const points = Array.from({ length: 240 }, (_, index) => ({
      x: toDay('2005-01-15') + index * 30,
      ...mark(index + 1, { flags: ['provisional'] }),
    }))
    const long: SeriesModel = {
      ...series,
      x: timeAxis('2005-01-01', '2024-12-31', (iso) => iso),
      series: [{ id: 'a', label: 'A', colour: 1, shape: 'line', joinWithin: 45, points }],
    }
    const plot = renderToStaticMarkup(<ChartFigure model={long} locale="en" />).split('<details')[0]
    expect(plot?.match(/<path/g)?.length).toBeLessThan(10)
    expect(plot?.match(/<circle/g)).toBeNull()
  })

  test('does not draw a line over missing months', () => {
    const plot = renderToStaticMarkup(<ChartFigure model={series} locale="en" />)
    const line = plot.match(/<path class="chart-line" d="([^"]*)"/)?.[1] ?? ''
    expect(line.match(/M/g)).toHaveLength(1)
    expect(line.match(/L/g)).toHaveLength(1)
  })

  test('escapes whatever a label brings', () => {
    const evil = '</script><img src=x onerror=alert(1)>'
    const page = renderToStaticMarkup(
      <ChartFigure model={{ ...columns, title: evil, label: evil }} locale="en" />,
    )
    expect(page).not.toContain('<img')
  })

  test('speaks Urdu', () => {
    const urdu = renderToStaticMarkup(<ChartFigure model={columns} locale="ur" />)
    expect(urdu).toContain('عبوری')
    expect(urdu).toContain('ماخذ')
  })

  test('a target without a result says that there is none', () => {
    const bullets: BulletsModel = {
      ...frame('targets'),
      kind: 'bullets',
      rows: [{ name: 'Trainees', colour: 1, target: mark(300000) }],
    }
    const page = renderToStaticMarkup(<ChartFigure model={bullets} locale="en" />)
    expect(page).toContain('No figure yet; target')
    expect(chartTable(bullets).hasTarget).toBe(true)
  })

  test('tiles write each figure and link it', () => {
    const tiles: TilesModel = {
      ...frame('areas'),
      kind: 'tiles',
      classes: [{ step: 5, label: 'over 5,000' }],
      tiles: [
        { column: 2, row: 2, code: 'PB', name: 'Punjab', step: 5, mark: mark(10745) },
        { column: 0, row: 3, code: 'BA', name: 'Balochistan' },
      ],
    }
    const page = renderToStaticMarkup(<ChartFigure model={tiles} locale="en" />)
    const grid = page.split('<details')[0]
    expect(grid).toContain('<a href="/figures/10745">10745</a>')
    expect(grid).toContain('No figure')
  })

  test('a sparkline of one point draws nothing', () => {
    const one = <Sparkline model={{ colour: 1, points: [{ x: 1, y: 1 }] }} />
    expect(renderToStaticMarkup(one)).toBe('')
  })
})

describe('colours', () => {
  const css = readFileSync(new URL('../../components/charts/charts.css', import.meta.url), 'utf8')
  const token = (name: string): readonly [string, string] => {
    const found = css.match(new RegExp(`--chart-${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`))
    if (!found?.[1] || !found[2]) throw new Error(`No --chart-${name} in charts.css`)
    return [found[1], found[2]]
  }
  const luminance = (hex: string): number => {
    const [red, green, blue] = linear(hex)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const contrast = (a: string, b: string): number => {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
    return (high + 0.05) / (low + 0.05)
  }
  const themes = [
    ['light', 0],
    ['dark', 1],
  ] as const

  test.each(themes)('of data hold 3:1 against the %s background', (_, theme) => {
    const background = token('bg')[theme]
    for (const name of ['0', '1', '2', '3', '4', '5', '6', '7', '8', 'axis']) {
      expect(contrast(token(name)[theme], background), name).toBeGreaterThanOrEqual(3)
    }
  })

  /** The token that a rule of charts.css draws its strokes or borders with. */
  const strokeOf = (selector: string): string => {
    const rules = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(([, selectors = '']) =>
      selectors.split(',').some((one) => one.trim().replace(/^[\s\S]*\*\/\s*/, '') === selector),
    )
    const drawn = rules.flatMap(([, , body = '']) => [
      ...body.matchAll(/(?:stroke|border)(?:-inline-start)?: [^;]*var\(--chart-([\w-]+)\)/g),
    ])
    return drawn.at(-1)?.[1] ?? 'nothing'
  }

  test.each([
    '.chart-axis',
    '.chart-rule',
    '.chart-threshold',
    '.chart-parity',
    '.chart-missing',
    '.chart-cursor',
    '.chart-whisker',
    '.chart-diamond',
    '.chart-ring',
    '.chart-target',
    '.chart-bullet-earlier',
    '.chart-range-frame',
    '.chart-traveller rect',
    '.chart-tile',
    '.chart-tooltip',
  ])('of what %s draws hold 3:1 in both themes', (selector) => {
    for (const [name, theme] of themes) {
      const stroke = token(strokeOf(selector))[theme]
      expect(contrast(stroke, token('bg')[theme]), name).toBeGreaterThanOrEqual(3)
    }
  })

  test('of data are strokes at full strength wherever a fill is pale', () => {
    for (const selector of ['.chart-line', '.chart-dot', '.chart-bar-estimated', '.chart-stem']) {
      expect(strokeOf(selector), selector).toBe('c')
    }
  })

  test('and marks stand still: nothing moves by itself', () => {
    expect(css.match(/\b(?:transition|animation)\b/)).toBeNull()
  })

  test.each(themes)('of text hold 4.5:1 against the %s background', (_, theme) => {
    const background = token('bg')[theme]
    for (const name of ['text', 'muted', 'link']) {
      expect(contrast(token(name)[theme], background), name).toBeGreaterThanOrEqual(4.5)
    }
  })

  test.each(themes)('of data stay apart for every kind of sight in the %s theme', (_, theme) => {
    for (const [sight, matrix] of Object.entries(sights)) {
      const seen = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => perceived(token(`${n}`)[theme], matrix))
      const distances = seen.flatMap((a, index) =>
        seen.slice(index + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
      )
      expect(Math.min(...distances), sight).toBeGreaterThan(0.055)
    }
  })

  test.each(themes)('of tiles carry their text at 4.5:1 in the %s theme', (_, theme) => {
    for (const step of [0, 1, 2, 3, 4, 5]) {
      const ink = token(step < 3 ? 'ink-low' : 'ink-high')[theme]
      expect(contrast(token(`step-${step}`)[theme], ink), `${step}`).toBeGreaterThanOrEqual(7)
    }
  })
})
