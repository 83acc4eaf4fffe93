import './targets.css'
import type { ChartContext } from '@/features/charts/series'
import { subjectText } from '@/features/figures/series'
import type { TargetProgress } from '../rules'
import { targetWords } from '../series'
import { TargetBar } from './target-bar'

/** Targets with what was reached of each, what is missing, and the pace that it takes. */
export function TargetList({
  context,
  targets,
}: {
  context: Pick<ChartContext, 'locale' | 'writer'>
  targets: readonly TargetProgress[]
}) {
  const { locale, writer } = context
  return (
    <ul className="target-list">
      {targets.map((progress) => {
        const { target, actual, share } = progress
        const words = targetWords(context, progress)
        return (
          <li key={target.id} className="target-progress">
            <p className="target-subject">{subjectText(target, writer, locale)}</p>
            {share && <TargetBar share={Number(share) / 100} />}
            <p>
              <a href={writer.figurePath(target)}>{words.share}</a>
              {actual && (
                <>
                  {' · '}
                  <a href={writer.figurePath(actual)}>{writer.value(actual)}</a>{' '}
                  <span className="eyebrow">{writer.period(actual)}</span>
                </>
              )}
            </p>
            {[words.rest, words.course, words.changed].filter(Boolean).map((text) => (
              <p key={text}>{text}</p>
            ))}
          </li>
        )
      })}
    </ul>
  )
}
