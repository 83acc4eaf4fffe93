import type { ComponentProps } from 'react'

type Rank = 'primary' | 'secondary'

const classNames: Record<Rank, string> = { primary: 'button', secondary: 'button-secondary' }

/** Submits its form unless `type` says otherwise, as in HTML. */
export function Button({ rank = 'primary', ...rest }: ComponentProps<'button'> & { rank?: Rank }) {
  return <button className={classNames[rank]} {...rest} />
}

/** A link that looks like a button: for the one next step of a page, never for an action. */
export function ButtonLink({ rank = 'primary', ...rest }: ComponentProps<'a'> & { rank?: Rank }) {
  return <a className={classNames[rank]} {...rest} />
}
