import { FigureValue } from '@/features/figures/components/figure-value'
import { FlagMarks } from '@/features/figures/components/flag-marks'
import { formatDay } from '@/features/periods/rules'
import { type Locale, translator } from '@/lib/i18n'
import { headlineDay } from '../rules'
import type { CardModel, HeadlineModel } from '../series'

/** The four figures of one article, each with what has become known since. */
export function HeadlineFigures({
  cards,
  locale,
}: {
  cards: readonly HeadlineModel[]
  locale: Locale
}) {
  const t = translator(locale, 'overview.headline')
  const date = formatDay(headlineDay, locale, { style: 'long' })
  return (
    <section aria-labelledby="headline" className="section">
      <div className="overview-section-head">
        <h2 id="headline">{t('title', { date })}</h2>
        <p className="lead">{t('intro', { date })}</p>
      </div>
      <div className="cards headline-cards">
        {cards.map((card) => (
          <HeadlineCard key={card.pinned.id} card={card} locale={locale} />
        ))}
      </div>
    </section>
  )
}

function HeadlineCard({ card, locale }: { card: HeadlineModel; locale: Locale }) {
  const t = translator(locale, 'overview.headline')
  const { pinned, claim, since } = card
  return (
    <article className="card headline-card">
      <h3 className="card-label">
        <a href={pinned.indicatorHref}>{pinned.label}</a>
      </h3>
      {pinned.scope && (
        <p className="eyebrow card-scope">
          <a href={pinned.scopeHref}>{pinned.scope}</a>
        </p>
      )}
      <div className="card-value">
        <a className="figure-link" href={pinned.href}>
          <FigureValue parts={pinned.value} />
        </a>
      </div>
      <p className="card-period">
        {claim ? t('seriesValue', { period: pinned.period }) : pinned.period}
      </p>
      <p className="card-marks">
        <FlagMarks flags={pinned.flags} locale={locale} />
      </p>
      <SourceLine card={pinned} locale={locale} />
      <dl className="headline-more">
        {claim && (
          <div>
            <dt>{t('claim')}</dt>
            <dd>
              <a href={claim.href}>{t('claimPerYear', { value: textOf(claim) })}</a>
              <span className="eyebrow"> {claim.period}</span>
              <SourceLine card={claim} locale={locale} />
            </dd>
          </div>
        )}
        <div>
          <dt>{t('since')}</dt>
          <dd>
            {since ? (
              <>
                <a href={since.href}>{textOf(since)}</a>
                <span className="eyebrow"> {since.period}</span>
                <span className="card-marks">
                  <FlagMarks flags={since.flags} locale={locale} />
                </span>
              </>
            ) : (
              <span className="eyebrow">{t('nothing')}</span>
            )}
          </dd>
        </div>
      </dl>
    </article>
  )
}

const textOf = ({ value }: CardModel) => `${value.before}${value.number}${value.after}`

export function SourceLine({ card, locale }: { card: CardModel; locale: Locale }) {
  const t = translator(locale, 'overview.card')
  return (
    <p className="card-source">
      {card.sourceUrl ? (
        <a href={card.sourceUrl} rel="noopener">
          {t('source', { source: card.source })}
        </a>
      ) : (
        t('source', { source: card.source })
      )}
    </p>
  )
}
