import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { SelectField } from '@/components/ui/field'
import { type Locale, listed, translator } from '@/lib/i18n'
import { delimiters, encodings, type TableRow } from '@/lib/text-table'
import { type Target, targets, type Upload } from '../schema'
import { StepForm } from './step-form'

/** In the order of `delimiters`. */
const delimiterNames = ['comma', 'semicolon', 'tab'] as const

/** How the file is read, and how it looks so. */
export function ReadingForm({
  locale,
  upload,
  sample: { first, below },
}: {
  locale: Locale
  upload: Upload
  sample: { first: readonly TableRow[]; below: readonly TableRow[] }
}) {
  const t = translator(locale, 'imports.reading')
  const { reading, media, sheets } = upload
  const above = first.filter(({ line }) => line < reading.headerLine).length
  return (
    <section className="stack" aria-labelledby="reading">
      <h2 id="reading">{t('title')}</h2>
      <p className="prose">{t('guessed')}</p>
      <StepForm locale={locale} id={upload.id}>
        <div className="import-choices">
          {media === 'csv' ? (
            <TextChoices locale={locale} reading={reading} />
          ) : (
            <SelectField id="sheet" name="sheet" defaultValue={reading.sheet} label={t('sheet')}>
              {sheets.map(({ name, isHidden }) => (
                <option key={name} value={name}>
                  {isHidden ? t('hiddenSheet', { name }) : name}
                </option>
              ))}
            </SelectField>
          )}
          {first.length > 0 && <HeaderChoice locale={locale} reading={reading} rows={first} />}
        </div>
        {above > 0 && <p className="prose">{t('titles', { count: above })}</p>}
        <HiddenColumns locale={locale} upload={upload} />
        <p className="import-checks">
          <label>
            <input type="checkbox" name="decimalComma" defaultChecked={reading.decimalComma} />{' '}
            {t('decimalComma')}
          </label>
          {media === 'xlsx' && (
            <>
              <input type="hidden" name="media.xlsx" value="1" />
              <label>
                <input type="checkbox" name="withHidden" defaultChecked={reading.withHidden} />{' '}
                {t('withHidden')}
              </label>
            </>
          )}
        </p>
        <p>
          <Button rank="secondary" name="intent" value="read">
            {t('submit')}
          </Button>
        </p>
      </StepForm>
      <Sample locale={locale} header={upload.header} rows={below} />
    </section>
  )
}

/** Which row names the columns: titles stand above it in many files. */
function HeaderChoice({
  locale,
  reading,
  rows,
}: {
  locale: Locale
  reading: Upload['reading']
  rows: readonly TableRow[]
}) {
  const t = translator(locale, 'imports.reading')
  const words = ({ cells }: TableRow) =>
    shortened([...new Set(cells.map((cell) => cell.trim()).filter(Boolean))].join(' | '))
  const isListed = rows.some(({ line }) => line === reading.headerLine)
  return (
    <SelectField
      id="headerLine"
      name="headerLine"
      defaultValue={isListed ? reading.headerLine : rows[0]?.line}
      label={t('headerLine')}
    >
      {rows.map((row) => (
        <option key={row.line} value={row.line}>
          {t('headerRow', { line: row.line, text: words(row) })}
        </option>
      ))}
    </SelectField>
  )
}

function HiddenColumns({
  locale,
  upload: { sheets, reading, header },
}: {
  locale: Locale
  upload: Upload
}) {
  const t = translator(locale, 'imports.reading')
  const hidden = sheets.find(({ name }) => name === reading.sheet)?.hiddenColumns ?? []
  const names = hidden.flatMap((column) => header[column] || [])
  if (names.length === 0) return null
  return <p className="prose">{t('hiddenColumns', { names: listed(names, locale) })}</p>
}

function TextChoices({ locale, reading }: { locale: Locale; reading: Upload['reading'] }) {
  const t = translator(locale, 'imports.reading')
  const encodingName = translator(locale, 'imports.encodings')
  const delimiterName = translator(locale, 'imports.delimiters')
  return (
    <>
      <SelectField
        id="encoding"
        name="encoding"
        defaultValue={reading.encoding}
        label={t('encoding')}
      >
        {encodings.map((encoding) => (
          <option key={encoding} value={encoding}>
            {encodingName(encoding)}
          </option>
        ))}
      </SelectField>
      <SelectField
        id="delimiter"
        name="delimiter"
        defaultValue={reading.delimiter}
        label={t('delimiter')}
      >
        {delimiters.map((delimiter, at) => (
          <option key={delimiter} value={delimiter}>
            {delimiterName(delimiterNames[at] ?? 'comma')}
          </option>
        ))}
      </SelectField>
    </>
  )
}

function Sample({
  locale,
  header,
  rows,
}: {
  locale: Locale
  header: readonly string[]
  rows: readonly TableRow[]
}) {
  const t = translator(locale, 'imports.reading')
  return (
    <DataTable id="sample" caption={t('sample')}>
      <thead>
        <tr>
          <th scope="col">{t('line')}</th>
          {header.map((name, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns may have no name, and keep their order
            <th key={at} scope="col">
              <bdi>{name || t('unnamed', { number: at + 1 })}</bdi>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ line, cells }) => (
          <tr key={line}>
            <th scope="row">{line}</th>
            {header.map((_, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns may have no name, and keep their order
              <td key={at}>
                <bdi>{shortened(cells[at] ?? '')}</bdi>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

const neededTargets: readonly Target[] = [
  'indicator',
  'programme',
  'area',
  'period',
  'value',
  'publisher',
]

/** What the columns hold; `missing` are the parts that were left out when it was sent. */
export function MappingForm({
  locale,
  upload,
  missing,
}: {
  locale: Locale
  upload: Upload
  missing: readonly Target[]
}) {
  const t = translator(locale, 'imports.mapping')
  const used = Object.values(upload.mapping).map((origin) => 'column' in origin && origin.column)
  const unused = upload.header.filter((name, at) => name !== '' && !used.includes(at))
  const field = (target: Target) => (
    <TargetField
      key={target}
      locale={locale}
      upload={upload}
      target={target}
      isMissing={missing.includes(target)}
    />
  )
  return (
    <section className="stack pt-8" aria-labelledby="mapping">
      <h2 id="mapping">{t('title')}</h2>
      <p className="prose">{t('lead')}</p>
      <StepForm locale={locale} id={upload.id}>
        <div className="import-targets">{neededTargets.map(field)}</div>
        <details open={missing.length > 0 || undefined}>
          <summary>{t('more')}</summary>
          <div className="import-targets">
            {targets.filter((target) => !neededTargets.includes(target)).map(field)}
          </div>
        </details>
        {unused.length > 0 && (
          <p className="prose text-muted">{t('unused', { names: listed(unused, locale) })}</p>
        )}
        <p>
          <Button name="intent" value="check">
            {t('submit')}
          </Button>
        </p>
      </StepForm>
    </section>
  )
}

function TargetField({
  locale,
  upload,
  target,
  isMissing,
}: {
  locale: Locale
  upload: Upload
  target: Target
  isMissing: boolean
}) {
  const t = translator(locale, 'imports.mapping')
  const otherwise = translator(locale, 'imports.otherwise')
  const name = translator(locale, 'imports.targets')(target)
  const problem = translator(locale, 'imports.problems')
  const origin = upload.mapping[target]
  const hint = neededTargets.includes(target)
    ? t('required')
    : otherwise(target as Parameters<typeof otherwise>[0])
  const id = `column.${target}`
  return (
    <fieldset className="import-target">
      <legend>{name}</legend>
      <p id={`${id}-hint`} className="field-hint">
        {hint}
      </p>
      {isMissing && (
        <p id={`${id}-error`} className="field-error">
          {problem('targetMissing', { target: name })}
        </p>
      )}
      <div className="field">
        <label htmlFor={id}>{t('column')}</label>
        <select
          id={id}
          name={id}
          defaultValue={origin && 'column' in origin ? origin.column : ''}
          aria-describedby={isMissing ? `${id}-error ${id}-hint` : `${id}-hint`}
          aria-invalid={isMissing || undefined}
        >
          <option value="">{t('none')}</option>
          {upload.header.map((column, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns may have no name, and keep their order
            <option key={at} value={at}>
              {column || `${at + 1}`}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`text.${target}`}>{t('text')}</label>
        <input
          id={`text.${target}`}
          name={`text.${target}`}
          dir="auto"
          defaultValue={origin && 'text' in origin ? origin.text : ''}
        />
      </div>
    </fieldset>
  )
}
