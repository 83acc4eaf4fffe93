import type { ReactNode } from 'react'
import { PlotSvg } from './chart-svg'
import { fraction, textWidth, wrapText } from './geometry'
import { imageColours, imageStyle } from './image-style'
import { barStyle, dotLayers, Hatch } from './marks'
import {
  type BarsModel,
  type BulletsModel,
  type ChartModel,
  type Colour,
  type DotsModel,
  type Flag,
  flagSymbols,
  type GroupsModel,
  type Mark,
  type MultiplesModel,
  type PlotModel,
  type SlopesModel,
  type TilesModel,
} from './model'
import { hasKeysBeside, plotLayout, seriesKeys, signed } from './plot'
import { slopeLayout } from './slope-layout'
import { SlopePlane } from './slopes'
import { svgMarkup } from './svg-markup'
import { type ChartWords, flagsIn } from './words'

/** Texts around the plot, already in the reader's language. */
export interface ImageTexts {
  /** BCP 47 tag. */
  language: string
  rtl: boolean
  words: ChartWords
  target: string
  /** Writes what was reached beside its target in one phrase. */
  of: (actual: string | undefined, target: string) => string
  /** Source, date, the state of the record, licence: a line each, under the plot. */
  lines: readonly string[]
}

/** As wide as makes the plane of `PlotSvg` exactly its own size, so that nothing is stretched. */
const PLANE = 1000
const PAD = 28
const LINE = 18

interface Block {
  height: number
  content: ReactNode
}

/** A chart as a file that stands alone: SVG with its own style, title, unit, plot, signs, sources. */
export function chartImage(model: ChartModel, texts: ImageTexts): string {
  const inner = innerWidth(model)
  const width = inner + 2 * PAD
  const blocks: Block[] = [
    textBlock([model.title], { size: 20, className: 'title', inner, rtl: texts.rtl }),
    textBlock([model.unit], { size: 14, className: 'unit', inner, rtl: texts.rtl }),
    { height: 14, content: null },
    plotBlock(model, texts, inner),
    { height: 14, content: null },
    textBlock([signLine(model, texts), ...texts.lines], {
      size: 12,
      className: 'small',
      inner,
      rtl: texts.rtl,
    }),
  ]
  const height = blocks.reduce((sum, block) => sum + block.height, 2 * PAD)
  let top = PAD
  const placed = blocks.map(({ height: own, content }) => {
    const y = top
    top += own
    return (
      <g key={y} transform={`translate(${PAD} ${y})`}>
        {content}
      </g>
    )
  })
  const image = (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      lang={texts.language}
      role="img"
    >
      <title>{model.title}</title>
      <desc>{model.summary}</desc>
      <style>{imageStyle}</style>
      <rect width={width} height={height} fill={imageColours.bg} />
      {placed}
    </svg>
  )
  return `<?xml version="1.0" encoding="utf-8"?>\n${svgMarkup(image)}\n`
}

function innerWidth(model: ChartModel): number {
  if (model.kind !== 'series' && model.kind !== 'columns' && model.kind !== 'groups') return PLANE
  const { margin } = plotLayout(model)
  return PLANE + margin.left + margin.wideRight
}

type TextOptions = { size: number; className: string; inner: number; rtl: boolean }

/** Lines of text at the start of the reading direction, broken where they are too long. */
function textBlock(texts: readonly string[], { size, className, inner, rtl }: TextOptions): Block {
  const lines = texts.filter(Boolean).flatMap((text) => wrapText(text, inner, size))
  const height = Math.round(size * 1.5)
  return {
    height: lines.length * height,
    content: lines.map((line, n) => (
      <Words
        key={line}
        className={className}
        side={{ rtl, inner }}
        x={0}
        y={n * height + size}
        text={line}
      />
    )),
  }
}

/** How a mark's own shape says it, as a character. */
const shapes: Partial<Record<Flag, string>> = { provisional: '▨ ', over: '↑ ' }

/** The signs of the chart in words, as on the page beneath it. */
function signLine(model: ChartModel, { words, target }: ImageTexts): string {
  const references = model.kind === 'columns' || model.kind === 'series' ? model.references : []
  return [
    ...(references ?? []).map((mark) => `◇ ${mark.label}: ${signed(mark)}`),
    ...flagsIn(model).map(
      (flag) => `${shapes[flag] ?? ''}${flagSymbols[flag]} ${words.flags[flag]}`,
    ),
    ...(model.kind === 'bullets' ? [`| ${target}`] : []),
  ].join('   ')
}

function plotBlock(model: ChartModel, texts: ImageTexts, inner: number): Block {
  switch (model.kind) {
    case 'series':
    case 'columns':
      return planeBlock(model, texts)
    case 'groups':
      return groupsBlock(model, texts)
    case 'slopes':
      return slopeBlock(model, inner)
    case 'multiples':
      return multiplesBlock(model, texts, inner)
    case 'bars':
      return barBlock(model, texts, inner)
    case 'dots':
      return dotBlock(model, texts, inner)
    case 'bullets':
      return bulletBlock(model, texts, inner)
    case 'tiles':
      return tileBlock(model, texts, inner)
  }
}

function planeBlock(given: PlotModel, { words }: ImageTexts, plane = PLANE): Block {
  // A file has no range to select.
  const model = given.kind === 'series' ? { ...given, brush: false } : given
  const { margin, height } = plotLayout(model)
  return {
    height: margin.top + height + margin.bottom,
    content: (
      <g transform={`translate(${margin.left} ${margin.top})`}>
        <svg width={plane} height={height} overflow="visible" aria-hidden="true">
          <PlotSvg model={model} noFigure={words.noFigure} plane={plane} />
        </svg>
        {model.kind !== 'columns' && hasKeysBeside(model) && (
          <KeysBeside model={model} x={plane + 12} width={margin.wideRight - 14} />
        )}
      </g>
    ),
  }
}

function KeysBeside({
  model,
  x,
  width,
}: {
  model: Exclude<PlotModel, { kind: 'columns' }>
  x: number
  width: number
}) {
  return seriesKeys(model).map(({ id, label, value, colour, y }) => {
    const lines = wrapText(label, width, 13)
    return (
      <g key={id} transform={`translate(${x} ${y - (lines.length * LINE) / 2 + 4})`}>
        {lines.map((line, n) => (
          <text key={line} className={`key${colour}`} y={n * LINE}>
            {line}
          </text>
        ))}
        <text y={LINE * lines.length}>{value}</text>
      </g>
    )
  })
}

/** Columns side by side have their names in a line above them. */
function groupsBlock(model: GroupsModel, texts: ImageTexts): Block {
  const block = planeBlock(model, texts)
  if (model.arrangement === 'stacked') return block
  let x = 0
  return {
    height: block.height + LINE,
    content: (
      <g>
        {model.series.map(({ id, label, colour }) => {
          const place = x
          x += textWidth(label, 13) + 44
          return (
            <g key={id} className={`chart-c${colour}`} transform={`translate(${place} 0)`}>
              <rect className="chart-bar" width={12} height={12} />
              <text x={18} y={11}>
                {label}
              </text>
            </g>
          )
        })}
        <g transform={`translate(0 ${LINE})`}>{block.content}</g>
      </g>
    ),
  }
}

function slopeBlock(model: SlopesModel, inner: number): Block {
  const { rows, height, startWidth } = slopeLayout(model)
  const plane = inner - startWidth - NAMES
  const right = startWidth + plane + 12
  return {
    height: height + 54,
    content: (
      <g transform="translate(0 36)">
        <text className="chart-tick" x={startWidth} y={-16} textAnchor="middle">
          {model.periods[0]}
        </text>
        <text className="chart-tick" x={startWidth + plane} y={-16} textAnchor="middle">
          {model.periods[1]}
        </text>
        <svg x={startWidth} width={plane} height={height} overflow="visible" aria-hidden="true">
          <SlopePlane rows={rows} height={height} plane={plane} />
        </svg>
        {rows.map(({ row, startAt, endAt }) => (
          <g key={`${row.name} ${row.end.href}`}>
            <text x={startWidth - 12} y={startAt + 5} textAnchor="end">
              {signed(row.start)}
            </text>
            <SlopeName row={row} x={right} y={endAt} />
          </g>
        ))}
      </g>
    ),
  }
}

/** A name in its lines, and the figure of the later period under it. */
function SlopeName({ row, x, y }: { row: SlopesModel['rows'][number]; x: number; y: number }) {
  const lines = wrapText(row.name, NAMES - 20, 13)
  const top = y - (lines.length * LINE) / 2 + 4
  return (
    <>
      {lines.map((line, n) => (
        <text key={line} className={`key${row.colour}`} x={x} y={top + n * LINE}>
          {line}
        </text>
      ))}
      <text x={x} y={top + lines.length * LINE}>
        {signed(row.end)}
      </text>
    </>
  )
}

const MULTIPLES_PER_ROW = 2
const MULTIPLES_GAP = 32

function multiplesBlock(model: MultiplesModel, texts: ImageTexts, inner: number): Block {
  const width = (inner - MULTIPLES_GAP * (MULTIPLES_PER_ROW - 1)) / MULTIPLES_PER_ROW
  const blocks = model.plots.map((plot) => {
    const { margin } = plotLayout(plot)
    return planeBlock(plot, texts, width - margin.left - margin.right)
  })
  const height = Math.max(0, ...blocks.map((block) => block.height)) + 28
  return {
    height: Math.ceil(blocks.length / MULTIPLES_PER_ROW) * height,
    content: model.plots.map(({ id, title }, n) => {
      const x = (n % MULTIPLES_PER_ROW) * (width + MULTIPLES_GAP)
      const y = Math.floor(n / MULTIPLES_PER_ROW) * height
      return (
        <g key={id} className="narrow" transform={`translate(${x} ${y})`}>
          <text className="name" y={13}>
            {title}
          </text>
          <g transform="translate(0 18)">{blocks[n]?.content}</g>
        </g>
      )
    }),
  }
}

const NAMES = 320
const ROW_GAP = 14

type Side = { rtl: boolean; inner: number }

/** A place measured from the start of the reading direction. */
const at = ({ rtl, inner }: Side, x: number): number => (rtl ? inner - x : x)

/**
 * Text that begins at a place. Right to left it is isolated by characters and ends there, because
 * painters of images (resvg among them) do not know `direction`.
 */
function Words({
  className,
  side,
  x,
  y,
  text,
}: {
  className?: string
  side: Side
  x: number
  y: number
  text: string
}) {
  return (
    <text className={className} x={at(side, x)} y={y} textAnchor={side.rtl ? 'end' : undefined}>
      {side.rtl ? `\u2067${text}\u2069` : text}
    </text>
  )
}

function RowName({ name, detail, side }: { name: readonly string[]; detail: string; side: Side }) {
  return (
    <g>
      {name.map((line, n) => (
        <Words key={line} className="name" side={side} x={0} y={n * LINE + 13} text={line} />
      ))}
      <Words className="small" side={side} x={0} y={name.length * LINE + 13} text={detail} />
    </g>
  )
}

/** A number reads from left to right in every language; it stands beside the end of its bar. */
function ValueText({ text, x, y, side }: { text: string; x: number; y: number; side: Side }) {
  return (
    <text x={at(side, x)} y={y} textAnchor={side.rtl ? 'end' : 'start'} direction="ltr">
      {text}
    </text>
  )
}

interface RowText {
  name: string
  detail?: string
}

/** Rows under each other, each with its name and what `draw` puts beside it. */
function rowsBlock<R extends RowText>(
  rows: readonly R[],
  side: Side,
  period: (row: R) => string,
  draw: (row: R, height: number, n: number) => ReactNode,
): Block {
  let top = 0
  const content = rows.map((row, n) => {
    const name = wrapText(row.name, NAMES - 20, 14)
    const height = (name.length + 1) * LINE
    const y = top
    top += height + ROW_GAP
    return (
      <g key={`${row.name} ${period(row)}`} transform={`translate(0 ${y})`}>
        <RowName
          name={name}
          detail={[row.detail, period(row)].filter(Boolean).join(' · ')}
          side={side}
        />
        {draw(row, height, n)}
      </g>
    )
  })
  return { height: Math.max(0, top - ROW_GAP), content }
}

function Bar({
  id,
  mark,
  colour,
  x,
  y,
  width,
  height,
  side,
}: {
  id: string
  mark: Mark
  colour: Colour
  x: number
  y: number
  width: number
  height: number
  side: Side
}) {
  const style = barStyle(mark)
  return (
    <g className={`chart-c${colour}`}>
      {style === 'provisional' && <Hatch id={id} />}
      <rect
        className={`chart-bar chart-bar-${style}`}
        fill={style === 'provisional' ? `url(#${id})` : undefined}
        x={side.rtl ? at(side, x + width) : x}
        y={y}
        width={width}
        height={height}
      />
    </g>
  )
}

function barBlock(model: BarsModel, { rtl }: ImageTexts, inner: number): Block {
  const side = { rtl, inner }
  const widest = Math.max(0, ...model.rows.map(({ mark }) => textWidth(signed(mark), 13)))
  const room = inner - NAMES - widest - 12
  return rowsBlock(
    model.rows,
    side,
    ({ mark }) => mark.period,
    ({ mark, colour }, height, n) => {
      const width = Math.max(2, model.to > 0 ? Math.round((mark.y / model.to) * room) : 0)
      const y = height / 2 - 9
      return (
        <>
          <Bar
            id={`${model.id}-${n}`}
            mark={mark}
            colour={colour}
            x={NAMES}
            y={y}
            width={width}
            height={18}
            side={side}
          />
          {mark.flags?.includes('over') && (
            <path
              className="chart-whisker"
              d={`M${at(side, NAMES + width)} ${height / 2}H${at(side, NAMES + width + 7)}`}
            />
          )}
          <ValueText text={signed(mark)} x={NAMES + width + 8} y={height / 2 + 5} side={side} />
        </>
      )
    },
  )
}

function dotBlock(model: DotsModel, { rtl }: ImageTexts, inner: number): Block {
  const side = { rtl, inner }
  const room = inner - NAMES - 70
  const place = (value: number) => at(side, NAMES + fraction(model.axis, value) * room)
  const rows = rowsBlock(
    model.rows,
    side,
    ({ mark }) => mark.period,
    ({ mark, colour }, height) => {
      const x = place(mark.y)
      return (
        <g className={`chart-c${colour} chart-dots`}>
          <path className="chart-stem" d={`M${place(model.axis.from)} ${height / 2}H${x}`} />
          {dotLayers
            .filter(({ has }) => has(mark))
            .map(({ className }) => (
              <path key={className} className={className} d={`M${x} ${height / 2}h0`} />
            ))}
          <ValueText
            text={signed(mark)}
            x={NAMES + fraction(model.axis, mark.y) * room + 12}
            y={height / 2 + 5}
            side={side}
          />
        </g>
      )
    },
  )
  return {
    height: rows.height + 26,
    content: (
      <g>
        {model.axis.ticks.map(({ at: value, label }) => (
          <g key={value}>
            <path className="chart-grid" d={`M${place(value)} 0V${rows.height}`} />
            <text
              className="chart-tick"
              x={place(value)}
              y={rows.height + 20}
              textAnchor="middle"
              direction="ltr"
            >
              {label}
            </text>
          </g>
        ))}
        {(model.thresholds ?? []).map(({ y }) => (
          <path key={y} className="chart-parity" d={`M${place(y)} 0V${rows.height}`} />
        ))}
        {rows.content}
      </g>
    ),
  }
}

function bulletBlock(model: BulletsModel, { rtl, of }: ImageTexts, inner: number): Block {
  const side = { rtl, inner }
  const most = Math.max(1, ...model.rows.map(({ share }) => share ?? 0))
  const room = inner - NAMES
  const unit = Math.round(room / most)
  return rowsBlock(
    model.rows,
    side,
    ({ target }) => target.period,
    ({ actual, target, share, shareText, colour }, _, n) => (
      <>
        <Words
          side={side}
          x={NAMES}
          y={13}
          text={[of(actual?.text, target.text), shareText].filter(Boolean).join(' · ')}
        />
        <rect
          className="track"
          x={rtl ? at(side, NAMES + unit) : NAMES}
          y={20}
          width={unit}
          height={16}
        />
        {actual && (
          <Bar
            id={`${model.id}-${n}`}
            mark={actual}
            colour={colour}
            x={NAMES}
            y={23}
            width={Math.max(2, Math.round((share ?? 0) * unit))}
            height={10}
            side={side}
          />
        )}
        <path className="chart-target" d={`M${at(side, NAMES + unit)} 17V39`} />
      </>
    ),
  )
}

const TILE = { width: 190, height: 84, gap: 6 }

function tileBlock(model: TilesModel, { rtl, words }: ImageTexts, inner: number): Block {
  const left = Math.min(...model.tiles.map(({ column }) => column))
  const top = Math.min(...model.tiles.map(({ row }) => row))
  const rows = Math.max(...model.tiles.map(({ row }) => row)) - top + 1
  const columns = Math.max(...model.tiles.map(({ column }) => column)) - left + 1
  const indent = rtl ? inner - columns * (TILE.width + TILE.gap) : 0
  const height = rows * (TILE.height + TILE.gap)
  return {
    height: height + 30,
    content: (
      <g>
        {model.tiles.map(({ code, name, column, row, step, mark }) => {
          const ink = { fill: (step ?? 0) > 2 ? imageColours.bg : imageColours.text }
          const x = indent + (column - left) * (TILE.width + TILE.gap)
          return (
            <g key={code} transform={`translate(${x} ${(row - top) * (TILE.height + TILE.gap)})`}>
              <rect
                width={TILE.width}
                height={TILE.height}
                fill={step === undefined ? imageColours.bg : imageColours.step[step]}
                stroke={imageColours.axis}
              />
              {wrapText(name, TILE.width - 20, 13).map((line, n) => (
                <text key={line} x={TILE.width / 2} y={20 + n * 16} textAnchor="middle" style={ink}>
                  {line}
                </text>
              ))}
              <text x={TILE.width / 2} y={TILE.height - 12} textAnchor="middle" style={ink}>
                {mark ? signed(mark) : words.noFigure}
              </text>
            </g>
          )
        })}
        {model.classes.map(({ step, label }, n) => (
          <g key={step} transform={`translate(${indent + n * 150} ${height + 8})`}>
            <rect
              width={14}
              height={14}
              fill={imageColours.step[step]}
              stroke={imageColours.axis}
            />
            <text className="small" x={20} y={12} direction="ltr">
              {label}
            </text>
          </g>
        ))}
      </g>
    ),
  }
}
