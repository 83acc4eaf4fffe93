import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { keptText } from '../lib/kept-file'

export type Secrets = { SHUMAR_SECRET: string; NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: string }

/** The secrets of this installation: from the environment, else made once and kept. */
export function readSecrets(stateFolder: string, env: NodeJS.ProcessEnv): Secrets {
  const secret = (name: keyof Secrets, file: string) =>
    env[name] || keptText(join(stateFolder, file), () => randomBytes(32).toString('base64'))
  return {
    SHUMAR_SECRET: secret('SHUMAR_SECRET', 'session-secret'),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: secret('NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', 'form-key'),
  }
}
