import type { Scope, ScopeCatalogue } from '@/features/accounts/schema'

/** What somebody with these limits can limit a token to; without limits, everything. */
export function withinLimits(
  catalogue: ScopeCatalogue,
  limits: readonly Scope[],
): Pick<ScopeCatalogue, 'programmes' | 'academies'> {
  if (limits.length === 0) return catalogue
  const isIn = (part: keyof Scope) => (row: { code: string }) =>
    limits.some((scope) => scope[part] === null || scope[part] === row.code)
  return {
    programmes: catalogue.programmes.filter(isIn('programme')),
    academies: catalogue.academies.filter(isIn('academy')),
  }
}
