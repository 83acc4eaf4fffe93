import { type SpawnOptions, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const patience = 20

/** A command and all that it started and left behind. */
export interface ProcessGroup {
  /** Its exit code; null when a signal ended it or it could not be started. */
  exited: Promise<number | null>
  /** Asks all of it to end, so that databases and servers close properly, and insists after 20 s. */
  stop(): Promise<void>
}

function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, name)
  } catch {
    return false
  }
}

/** Ends the group when this process is killed: the shell then reads the end of its input. */
function guard(group: number): () => void {
  const script = `read -r _; kill -TERM -$0; sleep ${patience}; kill -KILL -$0`
  const shell = spawn('sh', ['-c', script, String(group)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  return () => shell.kill('SIGKILL')
}

/** Starts a command as the leader of a process group of its own (POSIX). */
export function startGroup(command: string, args: string[], options: SpawnOptions): ProcessGroup {
  const leader = spawn(command, args, { ...options, detached: true })
  const exited = new Promise<number | null>((resolve) => {
    leader.once('exit', resolve)
    leader.once('error', (error) => {
      console.log(error.message)
      resolve(null)
    })
  })
  const group = leader.pid
  if (group === undefined) return { exited, stop: async () => {} }

  const dismiss = guard(group)
  const onExit = () => signal(group, 'SIGKILL')
  process.once('exit', onExit)
  const end = async () => {
    signal(group, 'SIGTERM')
    for (let tenth = 0; tenth < patience * 10 && signal(group, 0); tenth++) await sleep(100)
    signal(group, 'SIGKILL')
    dismiss()
    process.off('exit', onExit)
  }
  // Asked twice, a server takes it for impatience and drops what it is doing.
  let ending: Promise<void> | undefined
  const stop = () => {
    ending ??= end()
    return ending
  }
  return { exited, stop }
}
