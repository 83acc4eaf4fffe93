import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { TextAreaField } from '@/components/ui/field'
import { Follow, type Followed, FollowedForm } from '@/components/ui/follow'
import { Notice } from '@/components/ui/notice'
import { Gate } from '@/features/accounts/components/gate'
import { scopesOf } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import { catalogue } from '@/features/catalogue/cached'
import { DeskPage } from '@/features/desk/components/desk-page'
import { figureWriter } from '@/features/figures/series'
import { decideChosen } from '@/features/proposals/actions'
import { chosenForm, Decision, ReviewItem } from '@/features/proposals/components/review-list'
import { figureName } from '@/features/proposals/components/words'
import { countInReview, proposalsInReview, readProposals } from '@/features/proposals/data'
import type { DecisionState } from '@/features/proposals/schema'
import { SetList } from '@/features/sets/components/set-links'
import { setsInReview } from '@/features/sets/data'
import { readSettings } from '@/features/settings/data'
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
    <DeskPage locale={locale} path="/review">
      <Follow goTo={answer?.goTo ?? chosen?.goTo ?? null} />
      <div className="stack" style={{ '--stack': '2rem' } as object}>
        {answer?.isSignedOut ? (
          <>
            <h1>{translator(locale, 'review')('title')}</h1>
            <Decision
              locale={locale}
              ticket={answer.ticket}
              answer={answer}
              act={answer.ticket.seen === '' ? 'approve' : 'approveOver'}
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
    </DeskPage>
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
  const left = leftIn(query)
  const scopes = await scopesOf(actor.userId)
  const [names, items, count, settings, leftProposals, waiting] = await Promise.all([
    catalogue(),
    proposalsInReview(shown, scopes),
    countInReview(scopes),
    readSettings(),
    readProposals([...left.keys()]),
    setsInReview(shown, scopes),
  ])
  const t = translator(locale, 'review')
  const writer = figureWriter(names, locale)
  const isDecidable = (authorId: string) => authorId !== actor.userId || settings.fourEyes === 'off'
  const isChoosable = items.filter(({ proposal }) => isDecidable(proposal.author.id)).length > 1
  const chosen = new Set(String(query.chosen ?? '').split(' '))
  const isUncommented = query.uncommented === '1'
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="lead">{settings.fourEyes === 'off' ? t('leadOff') : t('lead')}</p>
      <Outcome locale={locale} query={query}>
        {leftProposals.map((proposal) => (
          <li key={proposal.id}>
            {t('outcome.leftOne', {
              figure: [figureName(locale, writer, proposal), writer.period(proposal)].join(
                translator(locale, 'entry')('comma'),
              ),
              reason: leftText(locale, left.get(proposal.id) ?? ''),
            })}
          </li>
        ))}
      </Outcome>
      {scopes.length > 0 && <p className="text-muted">{t('limited')}</p>}
      <SetList
        id="sets"
        title={translator(locale, 'sets.list')('waiting')}
        locale={locale}
        sets={waiting.sets}
      />
      {waiting.sets.length < waiting.count && (
        <p>{t('moreSets', { shown: waiting.sets.length, count: waiting.count })}</p>
      )}
      {waiting.hidden > 0 && (
        <p className="text-muted">{t('hiddenSets', { count: waiting.hidden })}</p>
      )}
      {items.length + waiting.sets.length === 0 && <p className="text-muted">{t('none')}</p>}
      {items.map((item) => (
        <ReviewItem
          key={item.proposal.id}
          locale={locale}
          writer={writer}
          item={item}
          isDecidable={isDecidable(item.proposal.author.id)}
          isChoosable={isChoosable}
          isChosen={chosen.has(item.proposal.id)}
          answer={answer}
        />
      ))}
      {items.length < count && <p>{t('more', { shown: items.length, count })}</p>}
      {isChoosable && (
        <FollowedForm id={chosenForm} action={decideChosen} className="card stack">
          {/* Enter in a box would approve: with this, only the buttons below do something. */}
          <button type="submit" disabled hidden />
          <input type="hidden" name="locale" value={locale} />
          <h2 className="text-h3">{t('manyTitle')}</h2>
          <p>{t('manyHint')}</p>
          <TextAreaField
            id="comment-chosen"
            name="comment"
            label={t('comment')}
            hint={t('commentHint')}
            error={isUncommented ? t('problems.commentMissing') : undefined}
            errorPrefix={t('errorPrefix')}
            rows={2}
            dir="auto"
          />
          <p className="flex flex-wrap gap-3">
            <Button name="step" value="approve">
              {t('many')}
            </Button>
            <Button rank="secondary" name="step" value="return">
              {t('manyReturn')}
            </Button>
          </p>
        </FollowedForm>
      )}
    </>
  )
}

type Query = Record<string, string | string[] | undefined>

/** Which proposals were not decided, and why: `id.code` with spaces between. Anybody can write it. */
function leftIn(query: Query): Map<string, string> {
  const pairs = String(query.left ?? '').matchAll(/([0-9a-f-]{36})\.([a-zA-Z]{1,40})/g)
  return new Map([...pairs].slice(0, shown).map(([, id = '', code = '']) => [id, code]))
}

function leftText(locale: Locale, code: string): string {
  const t = translator(locale, 'review.left')
  const known = code as Parameters<typeof t>[0]
  return t(t.has(known) ? known : 'moved')
}

/** What the decision that led back here did. Anybody can write the address: only known words. */
function Outcome({
  locale,
  query,
  children,
}: {
  locale: Locale
  query: Query
  /** Those that were left, one list item each. */
  children: ReactNode[]
}) {
  const t = translator(locale, 'review.outcome')
  const number = (name: string) => Number(/^\d{1,3}$/.exec(String(query[name]))?.[0] ?? 0)
  const good = [
    number('approved') > 0 && t('approved', { count: number('approved') }),
    number('scheduled') > 0 && t('scheduled', { count: number('scheduled') }),
    number('returned') > 0 && t('returned', { count: number('returned') }),
  ].filter(Boolean)
  const bad = [
    children.length > 0 && t('left', { count: children.length }),
    query.moved === '1' && t('moved'),
    query.none === '1' && t('chooseSome'),
    query.uncommented === '1' && translator(locale, 'review.problems')('commentMissing'),
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
          {children.length > 0 && <ul className="list-disc ps-5">{children}</ul>}
        </Notice>
      )}
    </>
  )
}
