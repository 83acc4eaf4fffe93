import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { DefinitionList } from '@/components/ui/definition-list'
import { TextAreaField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import type { FigureWriter } from '@/features/figures/series'
import { isolated, sexName } from '@/features/proposals/components/words'
import {
  type Outcome,
  outcomes,
  type StagedProblem,
  type StagedRow,
} from '@/features/staging/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import type { Tallies, Upload } from '../schema'
import { StepForm } from './step-form'
import { rowProblemText } from './words'

const counted = (locale: Locale, count: number) => formatDecimal(String(count), { locale })

/** What the check found, in numbers. */
export function CheckTallies({
  locale,
  upload,
  tallies,
}: {
  locale: Locale
  upload: Upload
  tallies: Tallies
}) {
  const t = translator(locale, 'imports.report')
  const count = (name: 'rows' | Outcome | 'refused' | 'warnings') => ({
    term: t(name),
    detail: counted(locale, tallies[name]),
  })
  const hidden = counted(locale, tallies.hidden)
  return (
    <>
      {upload.reading.sheet && <p>{t('sheet', { name: isolated(upload.reading.sheet) })}</p>}
      <DefinitionList
        definitions={[
          count('rows'),
          count('new'),
          count('changed'),
          count('same'),
          count('refused'),
          count('warnings'),
        ]}
      />
      {tallies.hidden > 0 && (
        <p>
          {upload.reading.withHidden
            ? t('hiddenIn', { count: hidden })
            : t('hiddenOut', { count: hidden })}
        </p>
      )}
      {tallies.formulas > 0 && <p>{t('formulas', { count: counted(locale, tallies.formulas) })}</p>}
      {tallies.hasLinks && <p>{t('links')}</p>}
      {tallies.problems > 0 && (
        <Notice tone="warning" title={t('refusedTitle')}>
          <p>{t('refusedText')}</p>
        </Notice>
      )}
      {tallies.problems === 0 && tallies.new + tallies.changed === 0 && (
        <Notice>
          <p>{t('nothingNew')}</p>
        </Notice>
      )}
      {tallies.problems + tallies.warnings > 0 && (
        <p>
          <a href={localePath(locale, `/entry/import/${upload.id}/report`)} download>
            {t('download')}
          </a>
        </p>
      )}
    </>
  )
}

type Numbered<Row> = Row & { no: number }

/** A page of what is wrong, or of what should be looked at once more. */
export function ProblemTable({
  locale,
  writer,
  upload,
  severity,
  problems,
  next,
}: {
  locale: Locale
  writer: FigureWriter
  upload: Upload
  severity: 'error' | 'warning'
  problems: readonly Numbered<StagedProblem>[]
  /** Where the next page begins; null where there is none. */
  next: number | null
}) {
  const t = translator(locale, 'imports.report')
  if (problems.length === 0) return null
  const word = severity === 'error' ? 'problems' : 'warningsTitle'
  return (
    <section className="stack pt-4">
      <h2>{t(word)}</h2>
      <div className="import-problems">
        <DataTable id={severity} caption={t(word)} captionHidden>
          <thead>
            <tr>
              <th scope="col">{t('line')}</th>
              <th scope="col">{t('column')}</th>
              <th scope="col">{t('value')}</th>
              <th scope="col">{t('remedy')}</th>
            </tr>
          </thead>
          <tbody>
            {problems.map((problem) => (
              <tr key={problem.no}>
                <th scope="row">{counted(locale, problem.line)}</th>
                <td>
                  <bdi>{problem.column}</bdi>
                </td>
                <td>
                  <bdi>{problem.value.slice(0, 80)}</bdi>
                </td>
                <td>{rowProblemText(locale, writer, problem)}</td>
              </tr>
            ))}
          </tbody>
        </DataTable>
      </div>
      <NextRows locale={locale} upload={upload} word={severity} next={next} />
    </section>
  )
}

function NextRows({
  locale,
  upload,
  word,
  next,
  show,
}: {
  locale: Locale
  upload: Upload
  word: string
  next: number | null
  show?: Outcome
}) {
  const t = translator(locale, 'imports.report')
  if (next === null) return null
  const query = new URLSearchParams({ [word]: String(next), ...(show && { show }) })
  return (
    <p>
      <a href={localePath(locale, `/entry/import/${upload.id}?${query}`)}>{t('next')}</a>
    </p>
  )
}

/** A page of what publishing would do. */
export function Preview({
  locale,
  writer,
  upload,
  tallies,
  show,
  rows,
  next,
}: {
  locale: Locale
  writer: FigureWriter
  upload: Upload
  tallies: Tallies
  show: Outcome
  rows: readonly Numbered<StagedRow>[]
  next: number | null
}) {
  const t = translator(locale, 'imports.report')
  const path = `/entry/import/${upload.id}`
  return (
    <section className="stack pt-8" aria-labelledby="preview">
      <h2 id="preview">{t('preview')}</h2>
      <nav aria-labelledby="preview">
        <ul className="import-tabs">
          {outcomes.map((outcome) => (
            <li key={outcome}>
              <a
                href={localePath(locale, `${path}?show=${outcome}#preview`)}
                aria-current={outcome === show ? 'true' : undefined}
              >
                {t(outcome)} ({counted(locale, tallies[outcome])})
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {rows.length === 0 ? (
        <p className="text-muted">{t('none')}</p>
      ) : (
        <PreviewTable locale={locale} writer={writer} caption={t(show)} rows={rows} />
      )}
      <NextRows locale={locale} upload={upload} word="row" next={next} show={show} />
    </section>
  )
}

function PreviewTable({
  locale,
  writer,
  caption,
  rows,
}: {
  locale: Locale
  writer: FigureWriter
  caption: string
  rows: readonly Numbered<StagedRow>[]
}) {
  const t = translator(locale, 'imports.report')
  return (
    <DataTable id="changes" caption={caption} captionHidden>
      <thead>
        <tr>
          <th scope="col">{t('line')}</th>
          <th scope="col">{t('figure')}</th>
          <th scope="col" className="numeric">
            {t('before')}
          </th>
          <th scope="col" className="numeric">
            {t('after')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ no, line, figure, before }) => (
          <tr key={no}>
            <th scope="row">{counted(locale, line)}</th>
            <td>{placeText(locale, writer, figure)}</td>
            <td className="numeric">
              {before ? writer.value({ ...before, status: 'A', precision: 'exact' }) : t('nothing')}
            </td>
            <td className="numeric">{writer.value(figure)}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

function placeText(locale: Locale, { names, period }: FigureWriter, figure: StagedRow['figure']) {
  const { indicator, programme, area, academy, sex, role } = figure
  const role_ = role === 'actual' ? null : translator(locale, 'figures.role')(role)
  return [
    names.indicator(indicator),
    role_,
    names.programme(programme),
    names.area(area),
    academy === '_T' ? null : academy,
    sex === '_T' ? null : sexName(locale, sex),
    period(figure),
  ]
    .filter(Boolean)
    .join(' · ')
}

/** The last step, and the ways back. `step` is what somebody may do with the file. */
export function PublishForm({
  locale,
  upload,
  tallies,
  step,
  isOwn,
}: {
  locale: Locale
  upload: Upload
  tallies: Tallies
  step: 'publish' | 'send' | null
  isOwn: boolean
}) {
  const t = translator(locale, 'imports.publish')
  const report = translator(locale, 'imports.report')
  const count = tallies.new + tallies.changed
  const isReady = tallies.problems === 0 && count > 0
  const isWaiting = upload.state === 'waiting'
  return (
    <section className="stack pt-8" aria-labelledby="publish">
      <h2 id="publish">{t('title')}</h2>
      {isWaiting && <p>{isOwn ? t('sent') : t('byOther', { name: isolated(upload.ownerName) })}</p>}
      {isWaiting && upload.reason && <p>{t('reasonGiven', { reason: isolated(upload.reason) })}</p>}
      <StepForm locale={locale} id={upload.id}>
        {isReady && step && (
          <>
            {tallies.warnings > 0 && !isWaiting && (
              <TextAreaField
                id="reason"
                name="reason"
                rows={3}
                dir="auto"
                maxLength={1000}
                label={t('reason')}
                hint={t('reasonHint')}
              />
            )}
            <p className="prose text-muted">{step === 'send' ? t('sendNote') : t('note')}</p>
          </>
        )}
        <div className="import-actions">
          {isReady && step && (
            <Button name="intent" value={step}>
              {step === 'send' ? t('send') : t('submit', { count: counted(locale, count) })}
            </Button>
          )}
          {isWaiting && (
            <Button rank="secondary" name="intent" value="giveBack">
              {t('giveBack')}
            </Button>
          )}
          {isOwn && (
            <>
              <Button rank="secondary" name="intent" value="again">
                {report('again')}
              </Button>
              <Button rank="secondary" name="intent" value="discard">
                {report('discard')}
              </Button>
            </>
          )}
        </div>
      </StepForm>
      {isOwn && (
        <p>
          <a href={localePath(locale, `/entry/import/${upload.id}?step=columns`)}>
            {report('columns')}
          </a>
        </p>
      )}
    </section>
  )
}
