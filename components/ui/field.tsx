import type { ComponentProps, ReactNode } from 'react'

interface FieldTexts {
  id: string
  label: ReactNode
  hint?: ReactNode
  /** What is wrong and how to put it right. Its presence marks the control invalid. */
  error?: ReactNode
  /** Read out before the error, for example "Error:". */
  errorPrefix?: string
}

/** What ties a control to its label, hint and error. */
export interface ControlAttributes {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

export interface FieldProps extends FieldTexts {
  children: (control: ControlAttributes) => ReactNode
}

/** Label, hint, error and any control: spread what `children` is given over the control. */
export function Field({ id, label, hint, error, errorPrefix, children }: FieldProps) {
  const hintId = hint ? `${id}-hint` : undefined
  const errorId = error ? `${id}-error` : undefined
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p id={hintId} className="field-hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={errorId} className="field-error">
          {errorPrefix && <span className="visually-hidden">{errorPrefix} </span>}
          {error}
        </p>
      )}
      {children({
        id,
        'aria-describedby': [hintId, errorId].filter(Boolean).join(' ') || undefined,
        'aria-invalid': error ? true : undefined,
      })}
    </div>
  )
}

type Control<Tag extends 'input' | 'select' | 'textarea'> = Omit<ComponentProps<Tag>, 'id'> &
  FieldTexts

export function InputField({ id, label, hint, error, errorPrefix, ...rest }: Control<'input'>) {
  return (
    <Field {...{ id, label, hint, error, errorPrefix }}>
      {(control) => <input {...rest} {...control} />}
    </Field>
  )
}

/** `children` are the options. */
export function SelectField({ id, label, hint, error, errorPrefix, ...rest }: Control<'select'>) {
  return (
    <Field {...{ id, label, hint, error, errorPrefix }}>
      {(control) => <select {...rest} {...control} />}
    </Field>
  )
}

export function TextAreaField({
  id,
  label,
  hint,
  error,
  errorPrefix,
  ...rest
}: Control<'textarea'>) {
  return (
    <Field {...{ id, label, hint, error, errorPrefix }}>
      {(control) => <textarea {...rest} {...control} />}
    </Field>
  )
}
