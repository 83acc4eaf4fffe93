import { accessSync, constants } from 'node:fs'

/**
 * A fault that the person who runs the server can put right. The message is one sentence that says
 * what is wrong and what to do; it is shown without a stack trace.
 */
export class OperatorProblem extends Error {
  override name = 'OperatorProblem'
}

/** The `code` of a Node.js, libuv or PostgreSQL error, or an empty text. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

const refusals: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of its path is a file',
}

/** A failed write to `folder` as a problem to show; any other error as it is. */
export function writeProblem(error: unknown, folder: string, remedy: string): unknown {
  const reason = refusals[errorCode(error)]
  return reason ? new OperatorProblem(`Cannot write to ${folder}: ${reason}; ${remedy}.`) : error
}

export function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
