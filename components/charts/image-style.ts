/**
 * The look of charts as images: the light colours of charts.css as they are, because viewers of
 * images know neither custom properties nor the reader's theme (tests/unit/chart-image.test.ts
 * holds them equal).
 */
export const imageColours = {
  series: [
    '#6b737b',
    '#1b62c4',
    '#b3361c',
    '#239182',
    '#6b2188',
    '#b97700',
    '#8a80c4',
    '#5f2a10',
    '#12404e',
  ],
  step: ['#eaf1fb', '#cfe0f6', '#a6c8f0', '#2a559c', '#17438a', '#0a2c63'],
  bg: '#ffffff',
  text: '#16191d',
  muted: '#485058',
  grid: '#e4e7ea',
  axis: '#767e87',
} as const

const { bg, text, muted, grid, axis, series } = imageColours

/** A colour of data as dark as small text must be: 3 parts of it and 2 of ink. */
const inked = (colour: string): string =>
  `#${[1, 3, 5]
    .map((at) => {
      const [part, ink] = [colour, text].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16))
      return Math.round(((part ?? 0) * 3 + (ink ?? 0) * 2) / 5)
        .toString(16)
        .padStart(2, '0')
    })
    .join('')}`

/** One plain selector for each class: viewers know few others. */
const ofSeries = series
  .map((colour, n) => {
    const stroked = ['line', 'dot', 'stem', 'hatch', 'bar-estimated', 'bar-provisional']
    const filled = ['', ' chart-bar-plain', ' chart-bar-estimated']
    return [
      `${stroked.map((name) => `.chart-c${n} .chart-${name}`).join(',')}{stroke:${colour}}`,
      `${filled.map((name) => `.chart-c${n} [class="chart-bar${name}"]`).join(',')}{fill:${colour}}`,
      `.chart-c${n} .chart-dot-tint{stroke:${colour}}`,
      `.chart-c${n} .chart-area{fill:${colour}}`,
      `.key${n}{fill:${inked(colour)};font-weight:600}`,
    ].join('')
  })
  .join('\n')

export const imageStyle = `
text{font-family:"Shumar Images",Inter,"Noto Sans Arabic","Noto Naskh Arabic",system-ui,sans-serif;font-size:13px;fill:${text};font-variant-numeric:tabular-nums lining-nums}
.title{font-size:20px;font-weight:600}
.unit{font-size:14px;fill:${muted}}
.small,.chart-tick,.chart-faint{fill:${muted}}
.small{font-size:12px}
.name{font-size:14px;font-weight:500}
.chart-note,.chart-value{font-size:12px;paint-order:stroke;stroke:${bg};stroke-width:4px;stroke-linejoin:round}
.chart-strong{font-size:14px;font-weight:600}
.chart-grid,.chart-axis,.chart-rule,.chart-threshold,.chart-missing,.chart-stem,.chart-parity{fill:none;stroke:${grid};stroke-width:1px}
.chart-axis,.chart-rule,.chart-parity{stroke:${axis}}
.chart-rule{stroke-dasharray:2 3}
.chart-threshold{stroke:${text};stroke-width:1.5px}
.chart-missing{stroke:${axis};stroke-width:2px;stroke-dasharray:2 3}
.chart-line{fill:none;stroke-width:2px;stroke-linejoin:round;stroke-linecap:round}
.chart-earlier .chart-line{stroke-dasharray:5 4}
.chart-stem{stroke-width:2px}
.chart-area{fill-opacity:.2;stroke:none}
.chart-whisker{fill:none;stroke:${text};stroke-width:1.5px}
.chart-dot,.chart-dot-hollow,.chart-dot-tint{fill:none;stroke-width:8px;stroke-linecap:round}
.chart-dots-dense .chart-dot{stroke-width:6px}
.chart-earlier .chart-dot{stroke-width:5px}
.chart-dot-hollow{stroke:${bg}}
.chart-dot-hollow,.chart-dot-tint{stroke-width:4px}
.chart-dot-tint{stroke-opacity:.38}
.chart-diamond{fill:${bg};stroke:${text};stroke-width:1.75}
.chart-bar-estimated{fill-opacity:.38}
.chart-bar-estimated,.chart-bar-provisional{stroke-width:1px}
.chart-stack .chart-bar{stroke:${bg};stroke-width:1px}
.chart-hatch{stroke-width:2}
.chart-hatch-ground{fill:${bg}}
.chart-target{stroke:${text};stroke-width:2.5px}
.track{fill:${grid}}
.chart-level-4,.chart-until-1,.chart-until-2,.chart-until-3,.narrow .chart-level-2,.narrow .chart-level-3{display:none}
.narrow .chart-until-2,.narrow .chart-until-3{display:inline}
${ofSeries}
`
