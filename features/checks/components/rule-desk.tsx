import { DataTable } from '@/components/ui/data-table'
import { catalogueNames } from '@/features/catalogue/rules'
import type { Catalogue } from '@/features/catalogue/schema'
import { dayAt, formatDay } from '@/features/periods/rules'
import { inLocale, type Locale, localePath, translator } from '@/lib/i18n'
import { formatDecimal } from '@/lib/number'
import {
  parameterNames,
  type Rule,
  type RuleFormState,
  type RuleKind,
  type RuleVersion,
  severities,
  sourceNeeds,
} from '../schema'
import { type RuleControl, RuleForm } from './rule-form'

type Names = { locale: Locale; catalogue: Catalogue }

/** What a rule asks of figures, in a sentence. */
export function ruleSentence(
  locale: Locale,
  catalogue: Catalogue,
  { kind, parameters }: Pick<Rule, 'kind' | 'parameters'>,
): string {
  const t = translator(locale, 'checks.sentences')
  const names = catalogueNames(catalogue, locale)
  const number = (text: string | undefined) => (text ? formatDecimal(text, { locale }) : '')
  const { min, max, unit, factor, part = '', whole = '', tolerance = '0', needs } = parameters
  switch (kind) {
    case 'range': {
      const limits = { min: number(min), max: number(max) }
      const sentence = min && max ? t('between', limits) : t(min ? 'atLeast' : 'atMost', limits)
      return unit ? t('ofUnit', { sentence, unit: names.unit(unit) }) : sentence
    }
    case 'jump':
      return t('jump', { factor: number(factor) })
    case 'never_falls':
      return t('neverFalls')
    case 'part_of':
      return t('partOf', { part: names.indicator(part), whole: names.indicator(whole) })
    case 'areas_sum':
      return t('areasSum', { tolerance: number(tolerance) })
    case 'sexes_sum':
      return t('sexesSum', { tolerance: number(tolerance) })
    case 'source':
      return t(needs === 'link' ? 'sourceLink' : 'source')
  }
}

export function RuleTable({ locale, catalogue, rules }: Names & { rules: readonly Rule[] }) {
  const t = translator(locale, 'checks')
  const names = catalogueNames(catalogue, locale)
  return (
    <DataTable id="rules" caption={t('caption')}>
      <thead>
        <tr>
          <th scope="col">{t('asks')}</th>
          <th scope="col">{t('fields.indicator')}</th>
          <th scope="col">{t('fields.severity')}</th>
          <th scope="col">{t('fields.active')}</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule) => (
          <tr key={rule.code}>
            <th scope="row" className="min-w-48">
              <a className="inline-block py-2" href={localePath(locale, `/rules/${rule.code}`)}>
                {ruleSentence(locale, catalogue, rule)}
              </a>
              <span className="block text-small break-all text-muted">
                <code dir="ltr">{rule.code}</code>
              </span>
            </th>
            <td>{rule.kind === 'part_of' ? '' : scopeName(locale, names, rule.indicator)}</td>
            <td>{t(`severities.${rule.severity}`)}</td>
            <td>{t(rule.isActive ? 'active.yes' : 'active.no')}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

const scopeName = (
  locale: Locale,
  names: ReturnType<typeof catalogueNames>,
  indicator: string | null,
) =>
  indicator === null ? translator(locale, 'checks')('everyIndicator') : names.indicator(indicator)

/** All versions of a rule, the newest first. */
export function RuleHistory({
  locale,
  catalogue,
  versions,
}: Names & { versions: readonly RuleVersion[] }) {
  const t = translator(locale, 'checks')
  return (
    <DataTable id="versions" caption={t('history')}>
      <thead>
        <tr>
          <th scope="col">{t('version')}</th>
          <th scope="col">{t('asks')}</th>
          <th scope="col">{t('fields.severity')}</th>
          <th scope="col">{t('fields.active')}</th>
          <th scope="col">{t('fields.note')}</th>
          <th scope="col">{t('by')}</th>
        </tr>
      </thead>
      <tbody>
        {versions.map((version) => (
          <tr key={version.version}>
            <th scope="row" className="numeric">
              {formatDecimal(String(version.version), { locale })}
            </th>
            <td className="min-w-64">{ruleSentence(locale, catalogue, version)}</td>
            <td>{t(`severities.${version.severity}`)}</td>
            <td>{t(version.isActive ? 'active.yes' : 'active.no')}</td>
            <td>
              <bdi>{version.note}</bdi>
            </td>
            <td>
              <bdi>{version.author ?? t('product')}</bdi>
              <br />
              {formatDay(dayAt(new Date(version.at)), locale)}
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

/** The form with the fields of its kind. */
export function RuleEditor({
  locale,
  catalogue,
  kind,
  isNew,
  initial,
}: Names & { kind: RuleKind; isNew: boolean; initial: RuleFormState }) {
  const t = translator(locale, 'checks')
  const choices = {
    indicator: [{ value: '', text: t('everyIndicator') }, ...listed(locale, catalogue.indicators)],
    unit: [{ value: '', text: t('everyUnit') }, ...listed(locale, catalogue.units)],
    part: listed(locale, catalogue.indicators),
    whole: listed(locale, catalogue.indicators),
    needs: sourceNeeds.map((value) => ({ value, text: t(`needs.${value}`) })),
  }
  const parameters = parameterNames[kind].map(
    (name): RuleControl =>
      name in choices
        ? { name, label: t(`fields.${name}`), options: choices[name as keyof typeof choices] }
        : { name, label: t(`fields.${name}`), hint: t(`hints.${name as 'min'}`), type: 'decimal' },
  )
  const controls: RuleControl[] = [
    ...(isNew
      ? [
          {
            name: 'code' as const,
            label: t('fields.code'),
            hint: t('hints.code'),
            type: 'code' as const,
          },
        ]
      : []),
    ...(kind === 'part_of'
      ? []
      : [
          {
            name: 'indicator' as const,
            label: t('fields.indicator'),
            options: choices.indicator,
          },
        ]),
    ...parameters,
    {
      name: 'severity',
      label: t('fields.severity'),
      hint: t('hints.severity'),
      options: severities.map((value) => ({ value, text: t(`severities.${value}`) })),
    },
    {
      name: 'active',
      label: t('fields.active'),
      options: (['yes', 'no'] as const).map((value) => ({ value, text: t(`active.${value}`) })),
    },
    { name: 'note', label: t('fields.note'), hint: t('hints.note') },
  ]
  return (
    <RuleForm
      locale={locale}
      initial={initial}
      hidden={isNew ? ['kind'] : ['kind', 'code']}
      controls={controls}
      texts={{
        submit: t('submit'),
        sending: t('sending'),
        errorTitle: t('errorTitle'),
        errorPrefix: t('errorPrefix'),
      }}
    />
  )
}

const listed = (
  locale: Locale,
  rows: readonly { code: string; name: Parameters<typeof inLocale>[0] }[],
) => rows.map(({ code, name }) => ({ value: code, text: inLocale(name, locale) }))
