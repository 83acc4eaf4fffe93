import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { InputField } from '@/components/ui/field'
import { FollowedForm } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import type { FigureWriter } from '@/features/figures/series'
import { returnScheduled } from '@/features/proposals/actions'
import {
  figureName,
  isolated,
  proposedText,
  warningText,
} from '@/features/proposals/components/words'
import type { Proposal } from '@/features/proposals/schema'
import { inLocale, type Locale, translator } from '@/lib/i18n'
import { cancelRelease, publishRelease } from '../actions'
import type { CheckItem, HeldFigure, Release } from '../schema'

type Part = { locale: Locale; writer: FigureWriter; release: Release }

/** What stands in the way of a release and what deserves a second look, each with its figure. */
export function Checklist({
  locale,
  writer,
  items,
}: {
  locale: Locale
  writer: FigureWriter
  items: readonly CheckItem[]
}) {
  const t = translator(locale, 'releases.checklist')
  const of = (level: CheckItem['level']) => items.filter((item) => item.level === level)
  if (items.length === 0) {
    return (
      <Notice tone="success">
        <p>{t('clear')}</p>
      </Notice>
    )
  }
  return (
    <>
      {(['error', 'warning'] as const).map(
        (level) =>
          of(level).length > 0 && (
            <Notice
              key={level}
              tone={level === 'error' ? 'warning' : 'info'}
              title={t(level === 'error' ? 'errors' : 'warnings', { count: of(level).length })}
            >
              <ul className="list-disc ps-5">
                {of(level).map((item) => {
                  const text = itemText(locale, writer, item)
                  return <li key={`${item.proposal?.id} ${text}`}>{text}</li>
                })}
              </ul>
            </Notice>
          ),
      )}
    </>
  )
}

function itemText(
  locale: Locale,
  writer: FigureWriter,
  { code, proposal, other, warning }: CheckItem,
): string {
  const t = translator(locale, 'releases.checklist')
  if (!proposal) return t('empty')
  const figure = isolated(nameOf(locale, writer, proposal))
  if (code === 'figure') {
    const text = warning ? warningText(locale, writer, proposal.unit, warning) : ''
    return t('figure', { figure, text })
  }
  return t(code, { figure, release: isolated(other ? inLocale(other, locale) : '') })
}

function nameOf(locale: Locale, writer: FigureWriter, proposal: Proposal): string {
  const comma = translator(locale, 'entry')('comma')
  return [figureName(locale, writer, proposal), writer.period(proposal)].join(comma)
}

/** The figures in a release; a reviewer can take an approved one out again. */
export function ReleaseFigures({
  locale,
  writer,
  release,
  figures,
  userId,
}: Part & { figures: readonly HeldFigure[]; userId: string }) {
  const t = translator(locale, 'releases.desk')
  const stateName = translator(locale, 'entry.state')
  if (figures.length === 0) return <p className="text-muted">{t('none')}</p>
  return (
    <DataTable id="release-figures" caption={t('figures')} captionHidden>
      <thead>
        <tr>
          <th scope="col">{t('figure')}</th>
          <th scope="col" className="numeric">
            {t('value')}
          </th>
          <th scope="col">{t('state')}</th>
          <th scope="col">{t('takeOut')}</th>
        </tr>
      </thead>
      <tbody>
        {figures.map(({ proposal }) => (
          <tr key={proposal.id}>
            <th scope="row">
              {figureName(locale, writer, proposal)}
              <span className="block text-muted">{writer.period(proposal)}</span>
            </th>
            <td className="numeric">{proposedText(locale, writer, proposal)}</td>
            <td>
              {stateName(proposal.state)}
              <span className="block text-small text-muted">
                {t('by', {
                  author: isolated(proposal.author.name),
                  approver: proposal.approver ? isolated(proposal.approver.name) : '–',
                })}
              </span>
            </td>
            <td>
              {proposal.state === 'scheduled' && proposal.author.id !== userId && (
                <FollowedForm action={returnScheduled} className="stack">
                  <input type="hidden" name="locale" value={locale} />
                  <input type="hidden" name="back" value={release.slug} />
                  <input type="hidden" name="id" value={proposal.id} />
                  <input type="hidden" name="version" value={proposal.version} />
                  <InputField
                    id={`comment-${proposal.id}`}
                    name="comment"
                    type="text"
                    dir="auto"
                    label={t('comment')}
                    autoComplete="off"
                  />
                  <Button
                    rank="secondary"
                    aria-label={t('returnOf', { figure: nameOf(locale, writer, proposal) })}
                  >
                    {t('return')}
                  </Button>
                </FollowedForm>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

export function PublishNow({
  locale,
  release,
  isReady,
}: Omit<Part, 'writer'> & { isReady: boolean }) {
  const t = translator(locale, 'releases.desk')
  if (!isReady) return <p className="text-muted">{t('notReady')}</p>
  return (
    <FollowedForm action={publishRelease} className="stack">
      <Which locale={locale} release={release} />
      <p>{t('publishHint')}</p>
      <p>
        <Button>{t('publish')}</Button>
      </p>
    </FollowedForm>
  )
}

export function CancelRelease({
  locale,
  release,
  problem,
}: Omit<Part, 'writer'> & {
  /** What was wrong with the reason. */
  problem: string | undefined
}) {
  const t = translator(locale, 'releases.desk')
  return (
    <FollowedForm action={cancelRelease} className="stack max-w-text">
      <Which locale={locale} release={release} />
      <p>{t('cancelHint')}</p>
      <InputField
        id="reason"
        name="reason"
        type="text"
        dir="auto"
        label={t('reason')}
        error={problem}
        errorPrefix={translator(locale, 'releases.form')('errorPrefix')}
        autoComplete="off"
        required
      />
      <p>
        <Button rank="secondary">{t('cancel')}</Button>
      </p>
    </FollowedForm>
  )
}

function Which({ locale, release }: Omit<Part, 'writer'>) {
  return (
    <>
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="id" value={release.id} />
      <input type="hidden" name="slug" value={release.slug} />
    </>
  )
}
