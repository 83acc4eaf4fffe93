import { useSyncExternalStore } from 'react'
import type { PasskeyAsked } from '../schema'

const never = () => () => {}

/** Whether this browser can do passkeys; false until it is known, so also without JavaScript. */
export const usePasskeysHere = (): boolean =>
  useSyncExternalStore(
    never,
    () => typeof window.PublicKeyCredential === 'function',
    () => false,
  )

export type Ceremony =
  | { response: string }
  | { response?: undefined; because: 'declined' | 'known' }

/** What the device answers, as JSON, or why it does not. The code for it is loaded only now. */
export async function askDevice(
  asked: Extract<PasskeyAsked, { problem?: undefined }>,
): Promise<Ceremony> {
  const { startAuthentication, startRegistration } = await import('@simplewebauthn/browser')
  try {
    const response =
      asked.purpose === 'add'
        ? await startRegistration({ optionsJSON: asked.options })
        : await startAuthentication({ optionsJSON: asked.options })
    return { response: JSON.stringify(response) }
  } catch (error) {
    const isKnown = error instanceof Error && error.name === 'InvalidStateError'
    return { because: isKnown ? 'known' : 'declined' }
  }
}
