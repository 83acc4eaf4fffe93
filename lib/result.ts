/**
 * An expected failure is returned, not thrown: `code` names a message under the feature's
 * `problems` messages, `params` fill it in. Anything thrown is a fault of ours.
 */
export type Problem = { code: string; params?: Record<string, string | number> }
export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

export const fail = <T = never>(code: string, params?: Problem['params']): Result<T> => ({
  ok: false,
  problem: params ? { code, params } : { code },
})
