/**
 * What was sent with a form and has no answer yet, kept in the tab: where the answer is a fault, as
 * the connection broke or the product was renewed, the form has it again once the page is back.
 * Passwords, one-time codes and files are never kept.
 */
interface Unanswered {
  page: string
  /** The names of the form's fields: another form is never filled. */
  names: string
  fields: [name: string, value: string][]
  isFaulty: boolean
}

const place = 'unanswered-form'

const page = () => window.location.pathname + window.location.search

/** Fields that an action's own bookkeeping names are of the build that made the page. */
const isOurs = (element: Element): element is HTMLInputElement =>
  'name' in element &&
  typeof element.name === 'string' &&
  element.name !== '' &&
  !element.name.startsWith('$') &&
  !(element instanceof HTMLButtonElement) &&
  !(element instanceof HTMLInputElement && element.autocomplete === 'one-time-code') &&
  !(element instanceof HTMLInputElement && ['password', 'file', 'submit'].includes(element.type))

const fieldsOf = (form: HTMLFormElement) => [...form.elements].filter(isOurs)

const namesOf = (form: HTMLFormElement) =>
  fieldsOf(form)
    .map(({ name }) => name)
    .join(' ')

function read(): Unanswered | null {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? 'null')
  } catch {
    // Forbidden, or written by somebody else: nothing is kept then.
    return null
  }
}

function write(kept: Unanswered | null): void {
  try {
    if (kept) sessionStorage.setItem(place, JSON.stringify(kept))
    else sessionStorage.removeItem(place)
  } catch {
    // Full or forbidden: the form then works as it did without this.
  }
}

export function keepForm(form: HTMLFormElement): void {
  const names = new Set(fieldsOf(form).map(({ name }) => name))
  const fields = [...new FormData(form)].filter(
    (field): field is [string, string] => names.has(field[0]) && typeof field[1] === 'string',
  )
  write({ page: page(), names: namesOf(form), fields, isFaulty: false })
}

/** The answer was a fault. True where a form of this page will have its texts again. */
export function markFaulty(): boolean {
  const kept = read()
  if (kept?.page !== page()) return false
  write({ ...kept, isFaulty: true })
  return true
}

/** Fills the form that had no answer, and forgets it. False where there is none. */
export function takeUp(): boolean {
  const kept = read()
  write(null)
  if (!kept?.isFaulty || kept.page !== page()) return false
  const form = [...document.forms].find((one) => namesOf(one) === kept.names)
  if (!form) return false
  for (const element of fieldsOf(form)) {
    const values = kept.fields.filter(([name]) => name === element.name).map(([, value]) => value)
    if (['checkbox', 'radio'].includes(element.type))
      element.checked = values.includes(element.value)
    else if (values[0] !== undefined) element.value = values[0]
  }
  return true
}
