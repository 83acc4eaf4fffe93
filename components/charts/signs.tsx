import { Hatch, inexact } from './marks'
import { type ChartModel, type Flag, flagSymbols } from './model'
import { columnsOf, signed } from './plot'
import { whiskerPath } from './plot-frame'
import { type ChartWords, flagsIn } from './words'

/** Explains the shapes and signs that a chart uses, in words beside each. */
export function Signs({
  model,
  words,
  target,
}: {
  model: ChartModel
  words: ChartWords
  target: string
}) {
  const flags = flagsIn(model)
  const missing = hasMissing(model)
  const bullets = model.kind === 'bullets'
  const references = model.kind === 'columns' ? (model.references ?? []) : []
  const thresholds = model.kind === 'dots' ? (model.thresholds ?? []) : []
  if (flags.length + references.length + thresholds.length === 0 && !missing && !bullets)
    return null
  return (
    <ul className="chart-signs">
      {references.map((reference) => (
        <li key={`${reference.x} ${reference.label}`}>
          <svg width="1rem" height="0.875rem" viewBox="-8 -7 16 14" aria-hidden="true">
            <path className="chart-diamond" d="M0-6L6 0L0 6L-6 0Z" />
          </svg>{' '}
          {reference.label}:{' '}
          <bdi>
            {reference.href ? <a href={reference.href}>{signed(reference)}</a> : signed(reference)}
          </bdi>
        </li>
      ))}
      {thresholds.map(({ y, label }) => (
        <li key={y}>
          <svg width="0.625rem" height="0.875rem" viewBox="0 0 10 14" aria-hidden="true">
            <path className="chart-parity" d="M5 0V14" />
          </svg>{' '}
          {label}
        </li>
      ))}
      {flags.map((flag) => (
        <li key={flag}>
          <Sign flag={flag} model={model} /> {words.flags[flag]}
        </li>
      ))}
      {missing && (
        <li>
          <svg width="0.875rem" height="0.75rem" viewBox="0 0 14 12" aria-hidden="true">
            <path className="chart-missing" d="M1 6H13" />
          </svg>{' '}
          {words.noFigure}
        </li>
      )}
      {bullets && (
        <li>
          <svg width="0.875rem" height="0.875rem" viewBox="0 0 14 14" aria-hidden="true">
            <path className="chart-target" d="M7 1V13" />
          </svg>{' '}
          {target}
        </li>
      )}
    </ul>
  )
}

/** Whether the plot says somewhere that there is no figure. */
function hasMissing(model: ChartModel): boolean {
  if (model.kind === 'columns') return model.slots.some(({ mark }) => !mark)
  return (
    model.kind === 'groups' && columnsOf(model).length < model.slots.length * model.series.length
  )
}

const dotted: readonly ChartModel['kind'][] = ['series', 'dots', 'slopes', 'multiples']
/** Kinds that draw a stroke over a least value. */
const whiskered: readonly ChartModel['kind'][] = [
  'series',
  'columns',
  'groups',
  'multiples',
  'bars',
]

function Sign({ flag, model }: { flag: Flag; model: ChartModel }) {
  const isProvisional = flag === 'provisional'
  const isDrawn = model.kind !== 'tiles' && (isProvisional || inexact.includes(flag))
  return (
    <>
      {isDrawn &&
        (dotted.includes(model.kind) ? (
          <DotSign layer="chart-dot-hollow" tint={!isProvisional} />
        ) : (
          <BarSign {...(isProvisional && { id: `${model.id}-sign` })} />
        ))}
      {flag === 'over' && whiskered.includes(model.kind) && (
        <svg width="0.75rem" height="0.875rem" viewBox="-6 -12.5 12 14" aria-hidden="true">
          <path className="chart-whisker" d={whiskerPath} />
        </svg>
      )}
      <span className="chart-sign" aria-hidden="true">
        {isDrawn && ' '}
        {flagSymbols[flag]}
      </span>
    </>
  )
}

function DotSign({ layer, tint = false }: { layer: string; tint?: boolean }) {
  return (
    <svg
      className="chart-c0 chart-dots"
      width="0.75rem"
      height="0.75rem"
      viewBox="0 0 12 12"
      aria-hidden="true"
    >
      <path className="chart-dot" d="M6 6h0" />
      <path className={layer} d="M6 6h0" />
      {tint && <path className="chart-dot-tint" d="M6 6h0" />}
    </svg>
  )
}

/** With an id: hatched, provisional. Without: tinted, estimated. */
function BarSign({ id }: { id?: string }) {
  return (
    <svg
      className="chart-c0"
      width="0.875rem"
      height="0.75rem"
      viewBox="0 0 14 12"
      aria-hidden="true"
    >
      {id && <Hatch id={id} />}
      <rect
        className={`chart-bar chart-bar-${id ? 'provisional' : 'estimated'}`}
        fill={id ? `url(#${id})` : undefined}
        x="1"
        y="1"
        width="12"
        height="10"
      />
    </svg>
  )
}
