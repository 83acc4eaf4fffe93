import { parseCookies } from 'better-auth/cookies'
import { cookies, headers } from 'next/headers'

/** A text that a browser keeps for us for a while, out of reach of its scripts. */
export interface KeptCookie {
  keep(text: string): Promise<void>
  /**
   * What the browser had when it sent this request; empty where there is nothing. Next's own store
   * would say what the answer leaves, and change the page under a form just sent.
   */
  kept(): Promise<string>
  forget(): Promise<void>
}

/** @param isSecure asked whenever one is set: whether the site is reached by HTTPS */
export function keptCookie(
  name: string,
  {
    minutes,
    sameSite,
    isSecure,
  }: { minutes: number; sameSite: 'lax' | 'strict'; isSecure: () => boolean },
): KeptCookie {
  return {
    async keep(text) {
      const store = await cookies()
      store.set(name, text, {
        httpOnly: true,
        sameSite,
        secure: isSecure(),
        path: '/',
        maxAge: minutes * 60,
      })
    },
    async kept() {
      return parseCookies((await headers()).get('cookie') ?? '').get(name) ?? ''
    },
    async forget() {
      const store = await cookies()
      store.delete(name)
    },
  }
}
