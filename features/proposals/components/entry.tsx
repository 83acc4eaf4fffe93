import type { Catalogue } from '@/features/catalogue/schema'
import { kinds, precisions, roles, statuses } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { inLocale, type Locale, translator } from '@/lib/i18n'
import type { EntryField, EntryState, HeldFor, TypedEntry } from '../schema'
import { type EntryControl, EntryForm } from './entry-form'
import { momentText, signInBeside } from './words'

const chosenBefore = [
  'indicator',
  'programme',
  'area',
  'academy',
  'sex',
] as const satisfies EntryField[]

/** The form with its texts and choices in one language. */
export function Entry({
  locale,
  catalogue,
  writer,
  step,
  initial,
  publishers,
  releases,
  isDraftable,
}: {
  locale: Locale
  catalogue: Catalogue
  writer: FigureWriter
  /** What sending the form will do. */
  step: 'publish' | 'send'
  initial: EntryState
  publishers: readonly string[]
  /** Those that figures can still join. */
  releases: readonly Omit<HeldFor, 'isOpen'>[]
  isDraftable: boolean
}) {
  const t = translator(locale, 'entry')
  return (
    <EntryForm
      initial={initial}
      locale={locale}
      hidden={chosenBefore}
      controls={{
        ...entryControls(locale, catalogue, writer, initial.values, publishers),
        release: releaseControl(locale, releases),
      }}
      signInPath={signInBeside(locale)}
      texts={{
        source: t('form.source'),
        more: t('form.more'),
        moreNow: chosenNow(locale, writer, initial.values),
        submit: t(`form.${step}`),
        submitAnyway: t(`form.${step}Anyway`),
        submitRevision: t(`form.${step}Revision`),
        submitNote: t(`form.${step}Note`),
        saveDraft: isDraftable ? t('form.saveDraft') : null,
        sending: t('form.sending'),
        errorTitle: t('form.errorTitle'),
        errorPrefix: t('form.errorPrefix'),
        signIn: t('form.signIn'),
        signInThen: t('form.signInThen'),
        warnings: t('question.warnings'),
        existing: t('question.existing'),
        existingText: t('question.existingText'),
        goOn: t('question.goOn'),
        reason: t('fields.reason'),
        reasonHint: t('hints.reason'),
      }}
    />
  )
}

function releaseControl(
  locale: Locale,
  releases: readonly Omit<HeldFor, 'isOpen'>[],
): EntryControl[] {
  if (releases.length === 0) return []
  const t = translator(locale, 'entry')
  return [
    {
      name: 'release',
      type: 'select',
      label: t('fields.release'),
      hint: t('hints.release'),
      isWide: true,
      options: [
        { value: '', text: t('form.noRelease') },
        ...releases.map(({ id, title, announcedAt }) => ({
          value: String(id),
          text: t('form.releaseAt', {
            title: inLocale(title, locale),
            at: momentText(locale, announcedAt),
          }),
        })),
      ],
    },
  ]
}

function choices(locale: Locale, catalogue: Catalogue) {
  const t = translator(locale, 'figures')
  return {
    role: roles.map((value) => ({ value, text: t(`role.${value}`) })),
    kind: kinds.map((value) => ({ value, text: t(`kind.${value}`) })),
    status: statuses.map((value) => ({ value, text: t(`status.${value}`) })),
    precision: precisions.map((value) => ({ value, text: t(`precision.${value}`) })),
    unit: catalogue.units.map(({ code, name }) => ({ value: code, text: inLocale(name, locale) })),
  }
}

function entryControls(
  locale: Locale,
  catalogue: Catalogue,
  writer: FigureWriter,
  values: TypedEntry,
  publishers: readonly string[],
): Record<'figure' | 'source' | 'more', EntryControl[]> {
  const t = translator(locale, 'entry')
  const options = choices(locale, catalogue)
  const select = (name: keyof typeof options): EntryControl => ({
    name,
    type: 'select',
    label: t(`fields.${name}`),
    options: options[name],
  })
  const optional = (name: 'title' | 'sourceDate' | 'url') =>
    t('form.optional', { label: t(`fields.${name}`) })
  return {
    figure: [
      {
        name: 'period',
        type: 'text',
        label: t('fields.period'),
        hint: t('hints.period'),
        isRequired: true,
      },
      {
        name: 'value',
        type: 'decimal',
        label: t('fields.value'),
        hint: t('hints.value', { unit: writer.names.unit(values.unit) }),
        isRequired: true,
      },
    ],
    source: [
      {
        name: 'publisher',
        type: 'text',
        label: t('fields.publisher'),
        hint: t('hints.publisher'),
        suggestions: publishers,
        isRequired: true,
      },
      {
        name: 'sourceDate',
        type: 'text',
        label: optional('sourceDate'),
        hint: t('hints.sourceDate'),
      },
      { name: 'title', type: 'text', label: optional('title'), isWide: true },
      { name: 'url', type: 'url', label: optional('url'), hint: t('hints.url'), isWide: true },
    ],
    more: [
      select('role'),
      select('kind'),
      select('unit'),
      select('status'),
      select('precision'),
      {
        name: 'releasedOn',
        type: 'text',
        label: t('fields.releasedOn'),
        hint: t('hints.releasedOn'),
      },
      {
        name: 'note',
        type: 'textarea',
        label: t('fields.note'),
        hint: t('hints.note'),
        isWide: true,
      },
    ],
  }
}

/** What the folded part of the form holds: `Actual · level on a date · persons · Normal · exact`. */
function chosenNow(locale: Locale, writer: FigureWriter, values: TypedEntry): string {
  const t = translator(locale, 'figures')
  const named = (name: 'role' | 'kind' | 'status' | 'precision') => {
    const key = `${name}.${values[name]}` as Parameters<typeof t.has>[0]
    return t.has(key) ? t(key) : values[name]
  }
  return translator(locale, 'entry.form')('moreNow', {
    role: named('role'),
    kind: named('kind'),
    unit: writer.names.unit(values.unit),
    status: named('status'),
    precision: named('precision'),
  })
}
