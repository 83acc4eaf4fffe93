import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from './operator-problem'

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function ps(pid: number, column: string): string | null {
  try {
    return execFileSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return null
  }
}

/** The fields of /proc/<pid>/stat after the command name, which may itself hold spaces and brackets. */
function statFields(pid: number): string[] | null {
  const stat = readProc(`/proc/${pid}/stat`)
  return stat ? stat.slice(stat.lastIndexOf(')') + 2).split(' ') : null
}

/** A dead child whose parent has not asked for it yet still answers signals; it counts as dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false
  }
  const state = process.platform === 'linux' ? statFields(pid)?.[0] : ps(pid, 'stat')?.[0]
  return state !== 'Z' && state !== 'X'
}

/**
 * When a process began, as text to compare: together with the process id it names one process even
 * after the system has used the id again or was restarted. Null where nothing runs under `pid`.
 */
export function processStart(pid: number): string | null {
  if (!isAlive(pid)) return null
  if (process.platform !== 'linux') return ps(pid, 'lstart')
  const boot = readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? ''
  return `${boot}:${statFields(pid)?.[19] ?? ''}`
}

/** The command line of a process, its arguments parted by spaces; empty where it cannot be read. */
export function processCommand(pid: number): string {
  if (process.platform !== 'linux') return ps(pid, 'command') ?? ''
  return (readProc(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim()
}

/** The process that `pid` is a child of; 0 where that cannot be told. */
export function parentOf(pid: number): number {
  return Number((process.platform === 'linux' ? statFields(pid)?.[1] : ps(pid, 'ppid')) ?? 0)
}

/** True once `pid` is gone, false when it still runs after `milliseconds`. */
export async function waitForExit(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false
    await sleep(50)
  }
  return true
}
