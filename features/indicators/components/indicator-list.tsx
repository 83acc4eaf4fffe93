import './indicators.css'
import { Sparkline } from '@/components/charts/sparkline'
import { Button, ButtonLink } from '@/components/ui/button'
import { InputField } from '@/components/ui/field'
import type { Catalogue } from '@/features/catalogue/schema'
import { type ChartContext, chartContext } from '@/features/charts/series'
import { withComputed } from '@/features/computed/rules'
import type { RecordExtent } from '@/features/extents/schema'
import { NoRecord } from '@/features/figures/components/no-record'
import type { Figure } from '@/features/figures/schema'
import type { FigureWriter } from '@/features/figures/series'
import { SettingFields } from '@/features/reading/components/setting-fields'
import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { type Locale, localePath, translator } from '@/lib/i18n'
import {
  indicatorsByTheme,
  newestLine,
  searchThemes,
  type ThemeGroup,
  type ThemeRow,
} from '../series'

/** Everything that is counted, by theme, each with its newest figure; of a search, what it finds. */
export function IndicatorList({
  locale,
  catalogue,
  figures,
  extent,
  search = '',
  vintage = null,
}: {
  locale: Locale
  catalogue: Catalogue
  /** The newest of each series. */
  figures: readonly Figure[]
  /** What the record covers; null where that was not counted. */
  extent: RecordExtent | null
  /** As typed; empty shows everything. */
  search?: string
  vintage?: Vintage | null
}) {
  const t = translator(locale, 'indicator')
  const context = chartContext(catalogue, locale, vintage)
  const all = indicatorsByTheme(catalogue, figures, extent)
  const groups = searchThemes(all, search)
  const withRates = withComputed(catalogue, figures)
  const found = groups.reduce((sum, { rows }) => sum + rows.length, 0)
  return (
    <>
      <h1>{t('listTitle')}</h1>
      <p className="lead">{t('listLead')}</p>
      {figures.length === 0 && <NoRecord locale={locale} vintage={vintage} />}
      <SearchForm locale={locale} search={search} vintage={vintage} />
      {search ? (
        <p className="indicator-found">
          {t('found', { count: found, search })}{' '}
          <a href={localePath(locale, `/indicators${vintageQuery(vintage)}`)}>{t('showAll')}</a>
        </p>
      ) : (
        <ThemeLinks groups={groups} locale={locale} />
      )}
      {found === 0 && search && <NothingFound locale={locale} search={search} />}
      {groups.map((group) => (
        <ThemeSection key={group.theme} group={group} context={context} figures={withRates} />
      ))}
    </>
  )
}

function SearchForm({
  locale,
  search,
  vintage,
}: {
  locale: Locale
  search: string
  vintage: Vintage | null
}) {
  const t = translator(locale, 'indicator')
  return (
    <search>
      <form
        action={localePath(locale, '/indicators')}
        method="get"
        className="indicator-search screen-only"
      >
        <SettingFields locale={locale} />
        {[...new URLSearchParams(vintageQuery(vintage))].map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <InputField
          id="indicator-q"
          type="search"
          name="q"
          label={t('search')}
          hint={t('searchHint')}
          maxLength={100}
          defaultValue={search}
        />
        <Button type="submit" rank="secondary">
          {t('searchButton')}
        </Button>
      </form>
    </search>
  )
}

function ThemeLinks({ groups, locale }: { groups: readonly ThemeGroup[]; locale: Locale }) {
  const t = translator(locale, 'indicator')
  return (
    <nav className="theme-links screen-only" aria-label={t('themes')}>
      <ul>
        {groups.map(({ theme, rows }) => (
          <li key={theme}>
            <a href={`#theme-${theme}`}>
              {t('themeCount', { theme: t(`theme.${theme}`), count: rows.length })}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function NothingFound({ locale, search }: { locale: Locale; search: string }) {
  const t = translator(locale, 'indicator')
  const query = new URLSearchParams({ q: search })
  return (
    <div className="message">
      <p className="lead">{t('nothingFound')}</p>
      <p className="message-actions">
        <ButtonLink rank="secondary" href={localePath(locale, `/data?${query}`)}>
          {t('searchFigures')}
        </ButtonLink>
      </p>
    </div>
  )
}

function ThemeSection({
  group,
  context,
  figures,
}: {
  group: ThemeGroup
  context: ChartContext
  figures: readonly Figure[]
}) {
  const t = translator(context.locale, 'indicator')
  return (
    <section aria-labelledby={`theme-${group.theme}`} className="theme">
      <h2 id={`theme-${group.theme}`}>{t(`theme.${group.theme}`)}</h2>
      <ul className="indicator-list">
        {group.rows.map((row) => (
          <li key={row.indicator.code}>
            <IndicatorRow row={row} context={context} figures={figures} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function IndicatorRow({
  row: { indicator, count, newest },
  context,
  figures,
}: {
  row: ThemeRow
  context: ChartContext
  figures: readonly Figure[]
}) {
  const { locale, writer } = context
  const t = translator(locale, 'indicator')
  const line = newestLine(context, figures, newest)
  return (
    <>
      <h3>
        <a href={writer.indicatorPath(indicator.code)}>{writer.names.indicator(indicator.code)}</a>
      </h3>
      <p className="indicator-newest">
        {newest ? (
          <>
            <a href={writer.figurePath(newest)}>{writer.value(newest)}</a>{' '}
            <span className="eyebrow">{placeOf(newest, writer, locale)}</span>
          </>
        ) : (
          <span className="eyebrow">{t(count === 0 ? 'noFigures' : 'noDate')}</span>
        )}
      </p>
      <div className="indicator-line">{line && <Sparkline model={line} />}</div>
      <p className="eyebrow">
        {count !== null && `${t('count', { count })} · `}
        {writer.names.unit(indicator.defaultUnit)}
      </p>
    </>
  )
}

/** Whose figure it is, where not the whole country's, and of when. */
function placeOf(figure: Figure, writer: FigureWriter, locale: Locale): string {
  const parts = [
    figure.programme !== '_Z' && writer.names.programme(figure.programme),
    figure.area !== 'PK' && writer.names.area(figure.area),
    (figure.sex === 'F' || figure.sex === 'M') &&
      translator(locale, 'figures')(`sex.${figure.sex}`),
    writer.period(figure),
  ]
  return parts.filter(Boolean).join(' · ')
}
