import type { ReactNode } from 'react'
import { splitLine, wrapText } from '@/components/charts/geometry'
import { imageColours } from '@/components/charts/image-style'
import type { SparklineModel } from '@/components/charts/model'
import { svgMarkup } from '@/components/charts/svg-markup'

/** A figure with its unit around it. */
export interface SocialFigure {
  label: string
  before: string
  number: string
  after: string
  /** Its period, and what else must be beside it. */
  note: string
}

/** What the image of a page shows where somebody shares a link to it. */
export interface SocialModel {
  product: string
  title: string
  /** Shown where there is no figure. */
  text: string
  /** One is set large, with its line; two to four in a grid. */
  figures: readonly SocialFigure[]
  line: SparklineModel | null
  source: string
  language: string
  rtl: boolean
}

/** Of Open Graph images; larger ones are scaled down. */
export const socialSize = { width: 1200, height: 630 }
const { width: WIDTH, height: HEIGHT } = socialSize
const PAD = 64
const INNER = WIDTH - 2 * PAD

const style = `
text{font-family:"Shumar Images",Inter,"Noto Sans Arabic",sans-serif;fill:${imageColours.text}}
.muted{fill:${imageColours.muted}}
.strong{font-weight:600}
.light{font-weight:300}
.line{fill:none;stroke-width:6;stroke-linejoin:round;stroke-linecap:round}
.dot{fill:none;stroke-width:20;stroke-linecap:round}
`

/** An image of 1200 by 630 for links to a page: its name, its newest figures, their source. */
export function socialImage(model: SocialModel): string {
  const { rtl, figures, line } = model
  const [only] = figures
  const titleSize = figures.length > 1 ? sizeInOneLine(model.title) : 52
  const title = shortened(wrapText(model.title, INNER, titleSize), figures.length > 1 ? 1 : 2)
  const below = 150 + title.length * titleSize * 1.35
  const image = (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      lang={model.language}
      role="img"
    >
      <title>{model.title}</title>
      <style>{style}</style>
      <rect width={WIDTH} height={HEIGHT} fill={imageColours.bg} />
      <rect width={WIDTH} height={10} fill={imageColours.series[1]} />
      <Mark rtl={rtl} />
      <Words rtl={rtl} x={56} y={88} size={32} className="strong">
        {model.product}
      </Words>
      {title.map((text, n) => (
        <Words
          key={text}
          rtl={rtl}
          y={110 + (n + 1) * titleSize * 1.35}
          size={titleSize}
          className="strong"
        >
          {text}
        </Words>
      ))}
      {figures.length === 0 && <Paragraph rtl={rtl} y={below} text={model.text} />}
      {figures.length === 1 && only && <Large rtl={rtl} y={below} figure={only} />}
      {figures.length === 1 && line && <Line rtl={rtl} model={line} />}
      {figures.length > 1 && <Grid rtl={rtl} y={below} figures={figures.slice(0, 4)} />}
      <path d={`M${PAD} 548H${WIDTH - PAD}`} stroke={imageColours.grid} strokeWidth={2} />
      <Words rtl={rtl} y={592} size={24} className="muted">
        {shortened(wrapText(model.source, INNER, 24), 1)[0]}
      </Words>
    </svg>
  )
  return svgMarkup(image)
}

/** Four figures leave room for one line above them. */
const sizeInOneLine = (title: string): number =>
  [44, 40, 36].find((size) => wrapText(title, INNER, size).length === 1) ?? 32

/** The first lines, the last of them with a sign where more was said. */
function shortened(lines: readonly string[], most: number): string[] {
  const shown = lines.slice(0, most)
  const last = shown.at(-1)
  if (lines.length > most && last !== undefined) shown[most - 1] = `${last} …`
  return shown
}

/** Text that begins `x` from the side where reading begins. */
function Words({
  rtl,
  x = 0,
  y,
  size,
  className,
  children,
}: {
  rtl: boolean
  x?: number
  y: number
  size: number
  className: string
  children: ReactNode
}) {
  return (
    <text
      className={className}
      x={rtl ? WIDTH - PAD - x : PAD + x}
      y={Math.round(y)}
      fontSize={size}
      textAnchor={rtl ? 'end' : undefined}
    >
      {rtl && '\u2067'}
      {children}
      {rtl && '\u2069'}
    </text>
  )
}

/** The tally mark of the product: five, counted by hand. */
function Mark({ rtl }: { rtl: boolean }) {
  return (
    <path
      transform={`translate(${rtl ? WIDTH - PAD - 42 : PAD} 54) scale(1.6)`}
      d="M5 4v18M10.33 4v18M15.66 4v18M21 4v18M1.5 18.5l23-11"
      fill="none"
      stroke={imageColours.series[1]}
      strokeWidth={2.5}
      strokeLinecap="round"
    />
  )
}

function Paragraph({ rtl, y, text }: { rtl: boolean; y: number; text: string }) {
  return shortened(wrapText(text, INNER, 34), 5).map((line, n) => (
    <Words key={line} rtl={rtl} y={y + 40 + n * 54} size={34} className="muted">
      {line}
    </Words>
  ))
}

function Value({ before, number, after, size }: SocialFigure & { size: number }) {
  const unit = { fontSize: Math.round(size * 0.32), className: 'muted' }
  return (
    <>
      {before && <tspan {...unit}>{before}</tspan>}
      <tspan fontSize={size} className="light">
        {number}
      </tspan>
      {after && <tspan {...unit}>{after}</tspan>}
    </>
  )
}

function Large({ rtl, y, figure }: { rtl: boolean; y: number; figure: SocialFigure }) {
  return (
    <>
      <Words rtl={rtl} y={y + 110} size={120} className="light">
        <Value {...figure} size={120} />
      </Words>
      {shortened(wrapText(figure.note, INNER / 2, 30), 2).map((line, n) => (
        <Words key={line} rtl={rtl} y={y + 172 + n * 42} size={30} className="muted">
          {line}
        </Words>
      ))}
    </>
  )
}

function Grid({ rtl, y, figures }: { rtl: boolean; y: number; figures: readonly SocialFigure[] }) {
  const room = (540 - y) / Math.ceil(figures.length / 2)
  return figures.map((figure, n) => {
    const at = { rtl, x: (n % 2) * (INNER / 2 + 16) }
    const top = y + Math.floor(n / 2) * room
    return (
      <g key={`${figure.label} ${figure.note}`}>
        <Words {...at} y={top + 18} size={25} className="strong">
          {shortened(wrapText(figure.label, INNER / 2 - 40, 25), 1)[0]}
        </Words>
        <Words {...at} y={top + 86} size={64} className="light">
          <Value {...figure} size={64} />
        </Words>
        <Words {...at} y={top + 120} size={21} className="muted">
          {shortened(wrapText(figure.note, INNER / 2 - 40, 21), 1)[0]}
        </Words>
      </g>
    )
  })
}

const LINE = { width: 470, height: 190, top: 300 }

/** The series of the figure, on the side where reading ends; time runs from left to right. */
function Line({ rtl, model }: { rtl: boolean; model: SparklineModel }) {
  const { points, colour } = model
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || first.x === last.x) return null
  const ys = points.map(({ y }) => y)
  const low = Math.min(...ys)
  const span = Math.max(...ys) - low || 1
  const left = rtl ? PAD : WIDTH - PAD - LINE.width
  const place = ({ x, y }: { x: number; y: number }) =>
    `${Math.round(left + ((x - first.x) / (last.x - first.x)) * LINE.width)} ${Math.round(
      LINE.top + (1 - (y - low) / span) * LINE.height,
    )}`
  const path = splitLine(points, model.joinWithin, model.breaks)
    .map(
      (run) =>
        run.map((point, n) => `${n === 0 ? 'M' : 'L'}${place(point)}`).join('') +
        (run.length === 1 ? 'h0' : ''),
    )
    .join('')
  const stroke = imageColours.series[colour]
  return (
    <g stroke={stroke}>
      <path className="line" d={path} />
      <path className="dot" d={`M${place(last)}h0`} />
    </g>
  )
}
