import './overview.css'
import { Sparkline } from '@/components/charts/sparkline'
import { DueText } from '@/features/cadence/components/due-text'
import { ChangeText } from '@/features/figures/components/change-text'
import { FigureValue } from '@/features/figures/components/figure-value'
import { FlagMarks } from '@/features/figures/components/flag-marks'
import { TargetBar } from '@/features/targets/components/target-bar'
import { type Locale, translator } from '@/lib/i18n'
import type { CardModel } from '../series'
import { SourceLine } from './headline-figures'

/** The newest value of each series: how old it is, how it changed, how near its target. */
export function LatestFigures({ cards, locale }: { cards: readonly CardModel[]; locale: Locale }) {
  const t = translator(locale, 'overview.latest')
  return (
    <section aria-labelledby="latest" className="section">
      <div className="overview-section-head">
        <h2 id="latest">{t('title')}</h2>
        <p className="lead">{t('intro')}</p>
      </div>
      <div className="cards">
        {cards.map((card) => (
          <LatestCard key={card.id} card={card} locale={locale} />
        ))}
      </div>
    </section>
  )
}

export function LatestCard({ card, locale }: { card: CardModel; locale: Locale }) {
  const t = translator(locale, 'overview.card')
  return (
    <article className="card latest-card">
      <h3 className="card-label">
        <a href={card.indicatorHref}>{card.label}</a>
      </h3>
      {card.scope && (
        <p className="eyebrow card-scope">
          <a href={card.scopeHref}>{card.scope}</a>
        </p>
      )}
      <div className="card-value">
        <a className="figure-link" href={card.href}>
          <FigureValue parts={card.value} />
        </a>
      </div>
      <p className="card-period">
        {t('age', { period: card.period, age: card.age })} ·{' '}
        <DueText due={card.due} locale={locale} />
      </p>
      {card.sparkline && <Sparkline model={card.sparkline} />}
      {card.change && (
        <p>
          <ChangeText change={card.change} />
        </p>
      )}
      {card.target && <TargetProgress target={card.target} />}
      {card.flags.length > 0 && (
        <p className="card-marks">
          <FlagMarks flags={card.flags} locale={locale} />
        </p>
      )}
      <SourceLine card={card} locale={locale} />
    </article>
  )
}

function TargetProgress({ target }: { target: NonNullable<CardModel['target']> }) {
  return (
    <div className="target-progress">
      <TargetBar share={target.share} />
      {target.texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  )
}
