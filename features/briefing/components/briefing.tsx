import './briefing.css'
import { ChartFigure } from '@/components/charts/chart-figure'
import type { Catalogue } from '@/features/catalogue/schema'
import { chartContext } from '@/features/charts/series'
import { ChangeText } from '@/features/figures/components/change-text'
import { FigureValue } from '@/features/figures/components/figure-value'
import { FlagMarks } from '@/features/figures/components/flag-marks'
import type { Figure } from '@/features/figures/schema'
import type { CardModel } from '@/features/overview/series'
import { formatDay } from '@/features/periods/rules'
import type { TargetChange } from '@/features/targets/schema'
import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { type Locale, listed, localePath, translator } from '@/lib/i18n'
import { briefing, publishersOf } from '../series'

const namedPublishers = 8

/** The overview on one page of A4: for a meeting, a file, a wall. */
export function Briefing({
  locale,
  catalogue,
  figures,
  today,
  changes,
  vintage = null,
}: {
  locale: Locale
  catalogue: Catalogue
  figures: readonly Figure[]
  /** The day that ages are counted to. */
  today: string
  /** The changes of targets by their revisions. */
  changes: readonly TargetChange[]
  vintage?: Vintage | null
}) {
  const t = translator(locale, 'briefing')
  const context = chartContext(catalogue, locale, vintage)
  const { headline, latest, charts, rowsLeftOut } = briefing(context, { figures, today, changes })
  const publishers = publishersOf(figures)
  const named = listed(publishers.slice(0, namedPublishers), locale)
  return (
    <article className="briefing">
      <header>
        <h1>{translator(locale, 'overview')('title')}</h1>
        <p className="eyebrow">
          {t('known', { day: formatDay(today, locale, { style: 'long' }) })}
        </p>
        <p className="screen-only">{t('print')}</p>
      </header>
      <section aria-label={t('headline')} className="briefing-headline">
        {headline.map((card) => (
          <Headline key={card.id} card={card} locale={locale} />
        ))}
      </section>
      {latest.length > 0 && <Newest cards={latest} locale={locale} />}
      <section aria-label={t('charts')} className="briefing-charts">
        {charts.map((chart) => (
          <ChartFigure key={chart.id} model={chart} locale={locale} headingLevel={2} />
        ))}
      </section>
      {figures.length === 0 && <p>{translator(locale, 'subject')('noFigures')}</p>}
      <p className="briefing-sources">
        {rowsLeftOut > 0 && `${t('leftOut', { rows: rowsLeftOut })} `}
        {named && `${t('sources', { publishers: named, count: publishers.length })} `}
        <a href={localePath(locale, `/${vintageQuery(vintage)}`)}>{t('whole')}</a>
      </p>
    </article>
  )
}

function Headline({ card, locale }: { card: CardModel; locale: Locale }) {
  return (
    <div className="briefing-figure">
      <h2>
        <a href={card.indicatorHref}>{card.label}</a>
      </h2>
      <div className="briefing-value">
        <a className="figure-link" href={card.href}>
          <FigureValue parts={card.value} />
        </a>
      </div>
      <p className="eyebrow">{[card.scope, card.period].filter(Boolean).join(' · ')}</p>
      {card.flags.length > 0 && (
        <p className="card-marks">
          <FlagMarks flags={card.flags} locale={locale} />
        </p>
      )}
    </div>
  )
}

function Newest({ cards, locale }: { cards: readonly CardModel[]; locale: Locale }) {
  const t = translator(locale, 'briefing')
  return (
    <table className="briefing-newest">
      <caption>{t('newest')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('figure')}</th>
          <th scope="col">{t('period')}</th>
          <th scope="col" className="numeric">
            {t('value')}
          </th>
          <th scope="col">{t('change')}</th>
          <th scope="col">{t('source')}</th>
        </tr>
      </thead>
      <tbody>
        {cards.map((card) => (
          <tr key={card.id}>
            <th scope="row">
              <a href={card.indicatorHref}>{card.label}</a>
              {card.scope && <span className="eyebrow"> {card.scope}</span>}
            </th>
            <td>{card.period}</td>
            <td className="numeric">
              <a
                href={card.href}
              >{`${card.value.before}${card.value.number}${card.value.after}`}</a>
            </td>
            <td>{card.change && <ChangeText change={card.change} />}</td>
            <td>{card.source}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
