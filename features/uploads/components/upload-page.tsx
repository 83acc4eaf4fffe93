import { Button, ButtonLink } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { type FigureWriter, figureWriter } from '@/features/figures/series'
import { isolated } from '@/features/proposals/components/words'
import { entryStep } from '@/features/proposals/rules'
import { readSettings } from '@/features/settings/data'
import { type Outcome, outcomes } from '@/features/staging/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import { problemPage, sampleOf, stagedPage } from '../data'
import { type Tallies, type Target, targets, type Upload } from '../schema'
import { CheckTallies, Preview, ProblemTable, PublishForm } from './check-step'
import { MappingForm, ReadingForm } from './columns-step'
import { StepForm } from './step-form'
import { importProblemText } from './words'
import './imports.css'

export type Query = Record<string, string | string[] | undefined>

const refreshSeconds = 3

/** A file at the step where it is. */
export async function UploadPage({
  locale,
  actor,
  upload,
  query,
}: {
  locale: Locale
  actor: Actor
  upload: Upload
  query: Query
}) {
  const isOwn = upload.ownerId === actor.userId
  const isAtWork = upload.state === 'checking' || upload.state === 'committing'
  const isChecked = upload.tallies && (upload.state === 'checked' || upload.state === 'waiting')
  const step =
    upload.state === 'committed'
      ? 'publish'
      : isAtWork || (isChecked && !(query.step === 'columns' && isOwn))
        ? 'check'
        : 'columns'
  return (
    <>
      <h1>{translator(locale, 'imports')('title')}</h1>
      <p className="lead">
        <bdi>{upload.fileName}</bdi>
      </p>
      <Steps locale={locale} current={step} />
      <Problems locale={locale} upload={upload} query={query} />
      {step === 'publish' && <Done locale={locale} upload={upload} />}
      {step === 'columns' && <ColumnsStep locale={locale} upload={upload} query={query} />}
      {step === 'check' && isAtWork && <Progress locale={locale} upload={upload} />}
      {step === 'check' && !isAtWork && upload.tallies && (
        <CheckStep
          locale={locale}
          actor={actor}
          upload={upload}
          tallies={upload.tallies}
          query={query}
        />
      )}
    </>
  )
}

function Steps({ locale, current }: { locale: Locale; current: string }) {
  const t = translator(locale, 'imports.steps')
  return (
    <nav aria-label={t('title')}>
      <ol className="import-steps">
        {(['columns', 'check', 'publish'] as const).map((step, at) => (
          <li key={step} aria-current={step === current ? 'step' : undefined}>
            {at + 1}. {t(step)}
          </li>
        ))}
      </ol>
    </nav>
  )
}

const textIn = (query: Query, name: string) => {
  const text = query[name]
  return typeof text === 'string' ? text : ''
}

const missingIn = (query: Query): Target[] =>
  targets.filter((target) => textIn(query, 'on').split(' ').includes(target))

/** Of a publication that was cut off nobody knows how it ended before the record is looked at. */
const interruptedAs = ({ state }: Upload) =>
  state === 'committing' ? 'interruptedCommit' : 'interrupted'

function Problems({ locale, upload, query }: { locale: Locale; upload: Upload; query: Query }) {
  const t = translator(locale, 'imports')
  const name = translator(locale, 'imports.targets')
  const isStale = !upload.isAlive && (upload.state === 'checking' || upload.state === 'committing')
  const asked = textIn(query, 'problem')
  const params = Object.fromEntries(Object.keys(query).map((key) => [key, textIn(query, key)]))
  const found = asked
    ? { code: asked, params }
    : isStale
      ? { code: interruptedAs(upload) }
      : upload.problem
  const missing = missingIn(query).map((target) => ({
    fieldId: `column.${target}`,
    message: t('problems.targetMissing', { target: name(target) }),
  }))
  const fieldId = found?.code === 'reasonMissing' ? { fieldId: 'reason' } : {}
  const problems =
    missing.length > 0
      ? missing
      : found
        ? [{ ...fieldId, message: importProblemText(locale, found) }]
        : []
  return <ErrorSummary title={t('errorTitle')} problems={problems} />
}

async function ColumnsStep({
  locale,
  upload,
  query,
}: {
  locale: Locale
  upload: Upload
  query: Query
}) {
  return (
    <>
      <ReadingForm locale={locale} upload={upload} sample={await sampleOf(upload)} />
      <MappingForm locale={locale} upload={upload} missing={missingIn(query)} />
    </>
  )
}

/** Looks again by itself, with and without JavaScript. */
function Progress({ locale, upload }: { locale: Locale; upload: Upload }) {
  const t = translator(locale, 'imports.progress')
  const report = translator(locale, 'imports.report')
  return (
    <section className="stack">
      {upload.isAlive && <meta httpEquiv="refresh" content={String(refreshSeconds)} />}
      <h2>{upload.state === 'checking' ? t('checking') : t('committing')}</h2>
      <p role="status">
        {t('rows', { count: formatDecimal(String(upload.rowsDone), { locale }) })}
      </p>
      <p className="prose text-muted">{t('stopNote')}</p>
      <StepForm locale={locale} id={upload.id}>
        <div className="import-actions">
          {upload.isAlive ? (
            <Button rank="secondary" name="intent" value="stop">
              {t('stop')}
            </Button>
          ) : (
            <Button name="intent" value="again">
              {report('again')}
            </Button>
          )}
        </div>
      </StepForm>
    </section>
  )
}

async function CheckStep({
  locale,
  actor,
  upload,
  tallies,
  query,
}: {
  locale: Locale
  actor: Actor
  upload: Upload
  tallies: Tallies
  query: Query
}) {
  const asked = outcomes.find((outcome) => outcome === query.show)
  const show = asked ?? outcomes.find((outcome) => tallies[outcome] > 0) ?? 'new'
  const [names, settings, errors, warnings, rows] = await Promise.all([
    catalogue(),
    readSettings(),
    problemPage(upload.id, 'error', placeIn(query, 'error')),
    problemPage(upload.id, 'warning', placeIn(query, 'warning')),
    stagedPage(upload.id, show, placeIn(query, 'row')),
  ])
  const writer: FigureWriter = figureWriter(names, locale)
  const isOwn = upload.ownerId === actor.userId
  const words = { locale, writer, upload }
  return (
    <>
      <CheckTallies locale={locale} upload={upload} tallies={tallies} />
      <ProblemTable {...words} severity="error" problems={errors.rows} next={errors.next} />
      <ProblemTable {...words} severity="warning" problems={warnings.rows} next={warnings.next} />
      <Preview {...words} tallies={tallies} show={show satisfies Outcome} {...rows} />
      <PublishForm
        locale={locale}
        upload={upload}
        tallies={tallies}
        step={stepOf(actor, upload, settings.fourEyes)}
        isOwn={isOwn}
      />
    </>
  )
}

/** What somebody may do with a checked file. */
function stepOf(
  actor: Actor,
  upload: Upload,
  fourEyes: Parameters<typeof entryStep>[1],
): 'publish' | 'send' | null {
  if (upload.ownerId !== actor.userId) return 'publish'
  const step = entryStep(actor, fourEyes)
  return step === 'send' && upload.state === 'waiting' ? null : step
}

function placeIn(query: Query, name: string): number {
  const text = textIn(query, name)
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

function Done({ locale, upload }: { locale: Locale; upload: Upload }) {
  const t = translator(locale, 'imports.done')
  const count = upload.tallies?.new ?? 0
  return (
    <section className="stack">
      <h2>{t('title')}</h2>
      <p>
        {count > 0
          ? t('text', {
              count: formatDecimal(String(count), { locale }),
              commit: isolated(String(upload.commitNo)),
            })
          : t('none')}
      </p>
      <p>
        <a href={localePath(locale, '/revisions')}>{t('see')}</a>
      </p>
      <p>
        <ButtonLink rank="secondary" href={localePath(locale, '/entry/import')}>
          {t('another')}
        </ButtonLink>
      </p>
    </section>
  )
}
