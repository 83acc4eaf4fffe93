import './sources.css'
import { randomUUID } from 'node:crypto'
import { Button } from '@/components/ui/button'
import { InputField } from '@/components/ui/field'
import { keptAnswer } from '@/lib/form-answer'
import { type Locale, translator } from '@/lib/i18n'
import type { DeskSource, EditedSource, SourceFormState } from '../schema'
import { SourceForm } from './desk-forms'
import { sourceName } from './led'

async function stateOf(
  form: 'sourceCorrection' | 'sourceMerger' | 'sourceState',
  { seen }: EditedSource,
  values: Record<string, string>,
): Promise<SourceFormState> {
  const kept = await keptAnswer<SourceFormState>(form)
  const ticket = { id: randomUUID(), seen }
  return kept ?? { attempt: 0, values, ticket, problems: [], goTo: null }
}

const formTexts = (locale: Locale, submit: string) => {
  const t = translator(locale, 'catalogue.form')
  return {
    submit,
    sending: t('sending'),
    errorTitle: t('errorTitle'),
    errorPrefix: t('errorPrefix'),
  }
}

/** The wording of a source, to be given another one. */
export async function CorrectionForm({ locale, source }: { locale: Locale; source: EditedSource }) {
  const t = translator(locale, 'sources')
  const desk = translator(locale, 'sources.desk')
  const { publisher, title, publishedLabel, url } = source
  const values = { publisher, title, sourceDate: publishedLabel, url, reason: '' }
  return (
    <SourceForm
      locale={locale}
      does="correct"
      source={source.id}
      initial={await stateOf('sourceCorrection', source, values)}
      controls={[
        { name: 'publisher', label: t('publisher') },
        { name: 'title', label: t('pageTitle'), hint: desk('titleHint') },
        { name: 'sourceDate', label: t('date'), hint: desk('dateHint') },
        { name: 'url', type: 'code', label: t('address'), hint: desk('addressHint') },
        { name: 'reason', label: desk('why'), hint: desk('whyHint') },
      ]}
      texts={formTexts(locale, desk('correct.submit'))}
    />
  )
}

const mostOffered = 50

/** A search for the source that stays, and the form that makes this one lead to it. */
export async function MergerForms({
  locale,
  source,
  search,
  found,
}: {
  locale: Locale
  source: EditedSource
  search: string
  found: readonly DeskSource[]
}) {
  const desk = translator(locale, 'sources.desk')
  const offered = found.filter(({ id, state }) => id !== source.id && !state?.into)
  const options = offered.slice(0, mostOffered).map((one) => ({
    value: String(one.id),
    text: [sourceName(locale, one), one.publishedLabel].filter(Boolean).join(' · '),
  }))
  return (
    <>
      <form className="source-search">
        <InputField
          id="q"
          name="q"
          type="search"
          label={desk('merge.search')}
          hint={desk('merge.searchHint')}
          defaultValue={search}
        />
        <Button rank="secondary">{translator(locale, 'sources')('find')}</Button>
      </form>
      <p className="text-muted">
        {desk('merge.offered', { count: offered.length })}{' '}
        {offered.length > mostOffered && desk('merge.first', { count: mostOffered })}
      </p>
      {options.length > 0 && (
        <SourceForm
          locale={locale}
          does="merge"
          source={source.id}
          initial={await stateOf('sourceMerger', source, { into: '', mergeReason: '' })}
          controls={[
            {
              name: 'into',
              label: desk('merge.into'),
              hint: desk('merge.intoHint'),
              options: [
                { value: '', text: translator(locale, 'catalogue.choices')('choose') },
                ...options,
              ],
            },
            { name: 'mergeReason', label: desk('why'), hint: desk('whyHint') },
          ]}
          texts={formTexts(locale, desk('merge.submit'))}
        />
      )}
    </>
  )
}

/** Archives an open source; of another one, takes back what became of it. */
export async function StateForm({ locale, source }: { locale: Locale; source: EditedSource }) {
  const desk = translator(locale, 'sources.desk')
  const step = source.state ? 'reopened' : 'archived'
  return (
    <SourceForm
      locale={locale}
      does="state"
      source={source.id}
      hidden={{ step }}
      initial={await stateOf('sourceState', source, { stateReason: '' })}
      controls={[{ name: 'stateReason', label: desk('why'), hint: desk('whyHint') }]}
      texts={formTexts(locale, desk(`submit.${source.state?.kind ?? 'open'}`))}
    />
  )
}
