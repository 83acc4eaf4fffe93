import './accounts.css'

export interface ScopeChoice {
  code: string
  name: string
  /** How deep it stands in a tree. */
  depth: number
}

export interface ScopeTexts {
  limits: string
  limitsHint: string
  programmes: string
  programmesHint: string
  academies: string
  errorPrefix: string
}

/** What somebody may be limited to: nothing, or the programmes and academies ticked. */
export function ScopeFields({
  programmes,
  academies,
  values,
  problem,
  texts,
}: {
  programmes: readonly ScopeChoice[]
  academies: readonly ScopeChoice[]
  /** Codes that are ticked, with spaces between. */
  values: Readonly<Record<string, string>>
  problem: string | undefined
  texts: ScopeTexts
}) {
  return (
    <fieldset
      // React keeps controls as they were; the key makes them follow what came back.
      key={`${values.programmes} ${values.academies}`}
      id="limits"
      tabIndex={-1}
      className="field"
      aria-describedby={problem ? 'limits-hint limits-error' : 'limits-hint'}
    >
      <legend className="font-semibold">{texts.limits}</legend>
      <p id="limits-hint" className="field-hint">
        {texts.limitsHint}
      </p>
      {problem && (
        <p id="limits-error" className="field-error">
          <span className="visually-hidden">{texts.errorPrefix} </span>
          {problem}
        </p>
      )}
      <Boxes
        name="programmes"
        label={texts.programmes}
        hint={texts.programmesHint}
        choices={programmes}
        chosen={values.programmes}
      />
      {academies.length > 0 && (
        <Boxes
          name="academies"
          label={texts.academies}
          choices={academies}
          chosen={values.academies}
        />
      )}
    </fieldset>
  )
}

function Boxes({
  name,
  label,
  hint,
  choices,
  chosen = '',
}: {
  name: string
  label: string
  hint?: string
  choices: readonly ScopeChoice[]
  chosen: string | undefined
}) {
  const ticked = new Set(chosen.split(' '))
  const isOpen = choices.some(({ code }) => ticked.has(code))
  return (
    <details open={isOpen}>
      <summary className="py-2">{label}</summary>
      {hint && <p className="field-hint">{hint}</p>}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset of its own would be read out twice */}
      <div className="scope-list" role="group" aria-label={label}>
        {choices.map(({ code, name: text, depth }) => (
          <div key={code} style={{ paddingInlineStart: `${depth * 1.5}rem` }}>
            <input
              type="checkbox"
              className="shrink-0"
              id={`${name}-${code}`}
              name={name}
              value={code}
              defaultChecked={ticked.has(code)}
            />
            <label htmlFor={`${name}-${code}`}>{text}</label>
          </div>
        ))}
      </div>
    </details>
  )
}
