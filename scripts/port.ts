import { createServer } from 'node:net'
import { errorCode, OperatorProblem } from '../lib/operator-problem'
import type { Settings } from './settings'

const faults: Record<string, (port: number, host: string | null, command: string) => string> = {
  EADDRINUSE: (port, _, command) =>
    `Port ${port} is taken by another program: stop that program, or choose another port, as in PORT=${port + 1} ${command}.`,
  EACCES: (port, _, command) =>
    `Port ${port} may only be opened by root: choose one from 1024 up, as in PORT=3000 ${command}.`,
  EADDRNOTAVAIL: (_, host) => `HOST is "${host}", which is not an address of this machine.`,
  ENOTFOUND: (_, host) => `HOST is "${host}", which is not an address of this machine.`,
}

/** Fails with an `OperatorProblem` where the server could not listen. */
export function checkPort(
  { port, host }: Pick<Settings, 'port' | 'host'>,
  command = 'npm start',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => {
      const fault = faults[errorCode(error)]
      reject(fault ? new OperatorProblem(fault(port, host, command)) : error)
    })
    probe.listen({ port, host: host ?? undefined }, () => probe.close(() => resolve()))
  })
}
