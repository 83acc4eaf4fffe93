import { headers } from 'next/headers'
import { redirect } from 'next/navigation'

const answers = new WeakMap<object, { form: string; state: unknown }>()

/**
 * Leaves an action's answer for the page of the same request. React would do so, but Next 16.4
 * answers a form that was posted without JavaScript by resuming the page's prerendered shell, and
 * a resumed rendering gets no form state (vercel/next.js#97784).
 */
export async function keepAnswer<State>(form: string, state: State): Promise<State> {
  answers.set(await headers(), { form, state })
  return state
}

/** What the action of a form has answered, if it was what this request called. */
export async function keptAnswer<State>(form: string): Promise<State | undefined> {
  const answer = answers.get(await headers())
  return answer?.form === form ? (answer.state as State) : undefined
}

/**
 * Leads to another page. A page that the router changes to keeps the one before it in the document,
 * with the same ids in it; so where there is JavaScript, the form itself loads the new page.
 */
export async function leaveFor(address: string): Promise<string> {
  const isFollowed = (await headers()).has('next-action')
  return isFollowed ? address : redirect(address)
}
