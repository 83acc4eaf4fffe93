import { ActorRefused, recheck } from '@/features/accounts/data'
import { may } from '@/features/accounts/rules'
import type { Actor } from '@/features/accounts/schema'
import type { Database, Transaction } from '@/lib/db/client'
import { fail, ok, type Result } from '@/lib/result'
import type { RuleInput } from './schema'

/**
 * Stores a rule as its next version; a rule is switched off, never removed. Refuses with
 * `forbidden`, `codeTaken` (a new rule under a code that is in use), `moved` (somebody changed it
 * since), `kindFixed`.
 */
export async function saveRule(
  database: Database,
  actor: Actor,
  rule: RuleInput,
): Promise<Result<null>> {
  if (!may(actor.role, 'catalogue.edit')) return fail('forbidden')
  try {
    return await database.$transaction(async (tx) => {
      await recheck(tx, actor)
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`rule:${rule.code}`}, 0))`
      const last = await tx.ruleVersion.findFirst({
        where: { code: rule.code },
        orderBy: { version: 'desc' },
      })
      if (last && rule.version === 0) return fail('codeTaken')
      if ((last?.version ?? 0) !== rule.version) return fail('moved')
      if (last && last.kind !== rule.kind) return fail('kindFixed')
      await tx.ruleVersion.create({
        data: {
          code: rule.code,
          version: rule.version + 1,
          kind: rule.kind,
          indicatorCode: rule.indicator,
          parameters: rule.parameters,
          severity: rule.severity,
          isActive: rule.isActive,
          note: rule.note,
          authorId: actor.userId,
        },
      })
      return ok(null)
    })
  } catch (error) {
    if (error instanceof ActorRefused) return fail('forbidden')
    throw error
  }
}

/**
 * Gives each rate in percent the rule that its numerator is a part of its denominator, unless there
 * has been one: what an admin switched off stays off.
 */
export async function addRulesOfRates(tx: Transaction, actor: Actor): Promise<void> {
  await recheck(tx, actor)
  await tx.$executeRaw`
    INSERT INTO rule_versions (code, version, kind, parameters, severity)
    SELECT DISTINCT left(numerator_code || '_IN_' || denominator_code, 60), 1,
      'part_of'::rule_kind,
      jsonb_build_object('part', numerator_code, 'whole', denominator_code),
      'warning'::rule_severity
    FROM indicators
    WHERE numerator_code <> denominator_code AND default_unit_code = 'PERCENT'
    ON CONFLICT DO NOTHING`
}
