import type { Figure } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import type { FigureProof } from '@/features/record/data'
import { TargetList } from '@/features/targets/components/target-list'
import { progressOf, progressOfAll } from '@/features/targets/rules'
import type { TargetChange } from '@/features/targets/schema'
import { type Locale, translator } from '@/lib/i18n'

/** Targets and claims about the same subject, so that a figure is read beside them. */
export function RelatedTargets({
  locale,
  writer,
  proof,
  changes,
}: {
  locale: Locale
  writer: FigureWriter
  proof: FigureProof
  changes: readonly TargetChange[]
}) {
  const t = translator(locale, 'proof')
  const { key } = proof.history
  const sameSubject = (other: Figure) =>
    other.id !== proof.history.id &&
    other.role !== key.role &&
    other.programme === key.programme &&
    other.area === key.area &&
    other.sex === key.sex
  const others = proof.related.filter(
    (other) => sameSubject(other) && (key.role !== 'actual' ? other.role === 'actual' : true),
  )
  const own = figureTargets(proof, changes)
  const listed = others.filter(({ id }) => !own.some(({ target }) => target.id === id))
  if (own.length + listed.length === 0) return null
  return (
    <section aria-labelledby="targets" className="section">
      <h2 id="targets">{t(key.role === 'actual' ? 'targets' : 'actuals')}</h2>
      {own.length > 0 && <TargetList context={{ locale, writer }} targets={own} />}
      <ul className="prose">
        {listed.map((other) => (
          <li key={other.id}>
            {other.role !== 'actual' && `${translator(locale, 'figures')(`role.${other.role}`)}: `}
            <a href={writer.figurePath(other)}>{writer.value(other)}</a>{' '}
            <span className="eyebrow">{writer.period(other)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** How the targets of the same subject stand; on a target's own page, how it stands itself. */
function figureTargets({ related, day, history }: FigureProof, changes: readonly TargetChange[]) {
  const { key } = history
  const own = related.find(({ id }) => id === history.id)
  if (own?.role === 'target' && own.area !== '001') {
    return [progressOf(related, own, day, changes)]
  }
  if (key.role !== 'actual') return []
  return progressOfAll(related, day, changes).filter(
    ({ target }) =>
      target.programme === key.programme && target.area === key.area && target.sex === key.sex,
  )
}
