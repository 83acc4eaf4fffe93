import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { keptText } from '../lib/kept-file'
import { OperatorProblem } from '../lib/operator-problem'

export type Secrets = { SHUMAR_SECRET: string; NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: string }

const newSecret = () => randomBytes(32).toString('base64')

/** The secrets of this installation: from the environment, else made once and kept. */
export function readSecrets(stateFolder: string, env: NodeJS.ProcessEnv): Secrets {
  const session = env.SHUMAR_SECRET || keptText(join(stateFolder, 'session-secret'), newSecret)
  if (session.length < 32) {
    throw new OperatorProblem('SHUMAR_SECRET is too short: give it 32 characters or more.')
  }
  const form =
    env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY || keptText(join(stateFolder, 'form-key'), newSecret)
  if (![16, 24, 32].includes(Buffer.from(form, 'base64').length)) {
    throw new OperatorProblem(
      'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY is not a key: set it to 32 random bytes in base64, as openssl rand -base64 32 prints them.',
    )
  }
  return { SHUMAR_SECRET: session, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: form }
}
