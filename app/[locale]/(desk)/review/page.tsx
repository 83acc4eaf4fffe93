import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Button } from '@/components/ui/button'
import { Follow, type Followed, FollowedForm } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { figureWriter } from '@/features/figures/series'
import { approveChosen } from '@/features/proposals/actions'
import { chosenForm, Decision, ReviewItem } from '@/features/proposals/components/review-list'
import { countInReview, proposalsInReview } from '@/features/proposals/data'
import type { DecisionState } from '@/features/proposals/schema'
import { SitePage } from '@/features/shell/components/site-page'
import { keptAnswer } from '@/lib/form-answer'
import { isLocale, type Locale, localePath, translator } from '@/lib/i18n'

type Props = PageProps<'/[locale]/review'>

const shown = 50

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale } = await params
  return isLocale(locale) ? { title: translator(locale, 'review')('title') } : {}
}

export default async function ReviewPage({ params, searchParams }: Props) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  const answer = await keptAnswer<DecisionState>('decision')
  const chosen = await keptAnswer<Followed>('chosen')
  return (
    <SitePage locale={locale} path="/review">
      <Follow goTo={answer?.goTo ?? chosen?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '2rem' } as object}>
        {answer?.isSignedOut ? (
          <>
            <h1>{translator(locale, 'review')('title')}</h1>
            <Decision
              locale={locale}
              ticket={answer.ticket}
              answer={answer}
              isRevision={answer.ticket.seen !== ''}
              figure=""
            />
          </>
        ) : (
          <Gate permission="proposals.review" locale={locale} path={localePath(locale, '/review')}>
            {async (actor) => (
              <Review locale={locale} actor={actor} query={await searchParams} answer={answer} />
            )}
          </Gate>
        )}
      </div>
    </SitePage>
  )
}

async function Review({
  locale,
  actor,
  query,
  answer,
}: {
  locale: Locale
  actor: Actor
  query: Query
  answer: DecisionState | undefined
}) {
  const [names, items, count] = await Promise.all([
    catalogue(),
    proposalsInReview(shown),
    countInReview(),
  ])
  const t = translator(locale, 'review')
  const writer = figureWriter(names, locale)
  const others = items.filter(({ proposal }) => proposal.author.id !== actor.userId)
  const isChoosable = others.length > 1
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      <Outcome locale={locale} query={query} />
      {items.length === 0 && <p className="text-muted">{t('none')}</p>}
      {items.map((item) => (
        <ReviewItem
          key={item.proposal.id}
          locale={locale}
          writer={writer}
          item={item}
          reviewerId={actor.userId}
          isChoosable={isChoosable}
          answer={answer}
        />
      ))}
      {items.length < count && <p>{t('more', { shown: items.length, count })}</p>}
      {isChoosable && (
        <FollowedForm id={chosenForm} action={approveChosen} className="card stack">
          {/* Enter in a box would approve: with this, only the button below does. */}
          <button type="submit" disabled hidden />
          <input type="hidden" name="locale" value={locale} />
          <p>{t('manyHint')}</p>
          <p>
            <Button>{t('many')}</Button>
          </p>
        </FollowedForm>
      )}
    </>
  )
}

type Query = Record<string, string | string[] | undefined>

/** What the decision that led back here did. Anybody can write the address: only known words. */
function Outcome({ locale, query }: { locale: Locale; query: Query }) {
  const t = translator(locale, 'review.outcome')
  const number = (name: string) => Number(/^\d{1,3}$/.exec(String(query[name]))?.[0] ?? 0)
  const good = [
    number('approved') > 0 && t('approved', { count: number('approved') }),
    query.returned === '1' && t('returned'),
  ].filter(Boolean)
  const bad = [
    number('left') > 0 && t('left', { count: number('left') }),
    query.moved === '1' && t('moved'),
    query.none === '1' && t('chooseSome'),
  ].filter(Boolean)
  return (
    <>
      {good.length > 0 && (
        <Notice tone="success">
          <p>{good.join(' ')}</p>
        </Notice>
      )}
      {bad.length > 0 && (
        <Notice tone="warning">
          <p>{bad.join(' ')}</p>
        </Notice>
      )}
    </>
  )
}
