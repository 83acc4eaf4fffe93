import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { FollowedForm } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import type { FigureWriter } from '@/features/figures/series'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { discard } from '../actions'
import type { Proposal } from '../schema'
import { Steps } from './steps'
import { figureName, isolated, momentText, proposedText } from './words'

type Props = { locale: Locale; writer: FigureWriter; proposals: readonly Proposal[] }

/** The author's proposals that are not public yet; `list` tells drafts from what was sent. */
export function OpenProposals({
  locale,
  writer,
  proposals,
  list,
}: Props & { list: 'open' | 'drafts' }) {
  const t = translator(locale, 'entry.mine')
  const stateName = translator(locale, 'entry.state')
  return (
    <DataTable id={`${list}-proposals`} caption={t(list)} captionHidden>
      <Head locale={locale} last="state" />
      <tbody>
        {proposals.map((proposal) => (
          <tr key={proposal.id}>
            <Cells locale={locale} writer={writer} proposal={proposal} />
            <td>
              {stateName(proposal.state)}
              {proposal.release && (
                <span className="block text-small text-muted">
                  {t('heldFor', { title: inLocale(proposal.release.title, locale) })}
                </span>
              )}
              {proposal.state === 'returned' && proposal.comment && (
                <Notice tone="warning">
                  {t('returnedBy', {
                    name: isolated(proposal.comment.by),
                    comment: isolated(proposal.comment.text),
                  })}
                </Notice>
              )}
              <details>
                <summary className="text-small">{t('steps')}</summary>
                <Steps locale={locale} steps={proposal.steps} />
              </details>
            </td>
            <td>
              <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
                {proposal.state === 'returned' && (
                  <a
                    href={editPath(locale, proposal)}
                    aria-label={t('editOf', { figure: nameOf(locale, writer, proposal) })}
                  >
                    {t('edit')}
                  </a>
                )}
                {proposal.state === 'draft' && (
                  <a
                    href={editPath(locale, proposal)}
                    aria-label={t('continueOf', { figure: nameOf(locale, writer, proposal) })}
                  >
                    {t('continue')}
                  </a>
                )}
                {proposal.state !== 'scheduled' && (
                  <FollowedForm action={discard}>
                    <input type="hidden" name="locale" value={locale} />
                    <input type="hidden" name="id" value={proposal.id} />
                    <input type="hidden" name="version" value={proposal.version} />
                    <Button
                      rank="secondary"
                      aria-label={t('discardOf', { figure: nameOf(locale, writer, proposal) })}
                    >
                      {t('discard')}
                    </Button>
                  </FollowedForm>
                )}
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

/** What the author has entered and what is public by now, the latest first. */
export function RecentFigures({ locale, writer, proposals }: Props) {
  const t = translator(locale, 'entry')
  return (
    <DataTable id="recent-figures" caption={t('mine.recent')} captionHidden>
      <Head locale={locale} last="when" />
      <tbody>
        {proposals.map((proposal) => (
          <tr key={proposal.id}>
            <Cells locale={locale} writer={writer} proposal={proposal} />
            <td>
              <time dateTime={proposal.updatedAt}>{momentText(locale, proposal.updatedAt)}</time>
            </td>
            <td>
              {proposal.purpose === 'publication' && (
                <a
                  href={likePath(locale, proposal)}
                  aria-label={t('mine.againOf', { figure: nameOf(locale, writer, proposal) })}
                >
                  {t('mine.again')}
                </a>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

function Head({ locale, last }: { locale: Locale; last: 'state' | 'when' }) {
  const t = translator(locale, 'entry.mine')
  return (
    <thead>
      <tr>
        <th scope="col">{t('figure')}</th>
        <th scope="col">{t('period')}</th>
        <th scope="col" className="numeric">
          {t('value')}
        </th>
        <th scope="col">{t(last)}</th>
        <th scope="col">
          <span className="visually-hidden">{t('action')}</span>
        </th>
      </tr>
    </thead>
  )
}

function Cells({
  locale,
  writer,
  proposal,
}: {
  locale: Locale
  writer: FigureWriter
  proposal: Proposal
}) {
  return (
    <>
      <th scope="row">
        <a href={writer.indicatorPath(proposal.indicator)}>
          {figureName(locale, writer, proposal)}
        </a>
      </th>
      <td>{writer.period(proposal)}</td>
      <td className="numeric">{proposedText(locale, writer, proposal)}</td>
    </>
  )
}

function nameOf(locale: Locale, writer: FigureWriter, proposal: Proposal): string {
  const comma = translator(locale, 'entry')('comma')
  return [figureName(locale, writer, proposal), writer.period(proposal)].join(comma)
}

/** Names the place as well: the form is shown again to somebody whose session ended meanwhile. */
function editPath(locale: Locale, proposal: Proposal): string {
  const { indicator, programme, area, academy, sex, id, observation } = proposal
  if (observation !== null) return withdrawPath(locale, observation, id)
  const query = new URLSearchParams({ indicator, programme, area, academy, sex, proposal: id })
  return localePath(locale, `/entry/new?${query}`)
}

/** The form to withdraw a figure; with a returned proposal to do so, that one. */
export function withdrawPath(locale: Locale, figure: number, proposal?: string): string {
  const query = new URLSearchParams({ figure: String(figure), ...(proposal && { proposal }) })
  return localePath(locale, `/entry/withdraw?${query}`)
}

/** A new form for the next figure of the same series, with the same source. */
export function likePath(locale: Locale, proposal: Proposal): string {
  const { indicator, programme, area, academy, sex, id } = proposal
  const query = new URLSearchParams({ indicator, programme, area, academy, sex, like: id })
  return localePath(locale, `/entry/new?${query}`)
}
