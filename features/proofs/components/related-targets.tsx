import type { Figure } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import type { FigureProof } from '@/features/record/data'
import { type Locale, translator } from '@/lib/i18n'

/** Targets and claims about the same subject, so that a figure is read beside them. */
export function RelatedTargets({
  locale,
  writer,
  proof,
}: {
  locale: Locale
  writer: FigureWriter
  proof: FigureProof
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
  if (others.length === 0) return null
  return (
    <section aria-labelledby="targets" className="section">
      <h2 id="targets">{t(key.role === 'actual' ? 'targets' : 'actuals')}</h2>
      <ul className="prose">
        {others.map((other) => (
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
