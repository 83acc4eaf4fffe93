import { type Locale, translator } from '@/lib/i18n'
import type { ProposalStep } from '../schema'
import { isolated, momentText } from './words'

/** Every step a proposal, or a set of them, has taken, oldest first: what, by whom, when, with which comment. */
export function Steps({ locale, steps }: { locale: Locale; steps: readonly ProposalStep[] }) {
  const t = translator(locale, 'entry.steps')
  return (
    <ol className="list-decimal ps-5 text-small">
      {steps.map(({ from, to, by, at, comment }) => (
        <li key={`${at} ${to}`}>
          {t('line', {
            step: from === to ? t('released') : t(to),
            name: isolated(by),
            at: momentText(locale, at),
          })}
          {comment && (
            <>
              {' '}
              <q>
                <bdi>{comment}</bdi>
              </q>
            </>
          )}
        </li>
      ))}
    </ol>
  )
}
