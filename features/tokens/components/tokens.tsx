import { scopeParts } from '@/features/accounts/components/person-desk'
import type { Person, Scope, ScopeCatalogue } from '@/features/accounts/schema'
import { keptAnswer } from '@/lib/form-answer'
import { type Locale, translator } from '@/lib/i18n'
import { withinLimits } from '../rules'
import { lifetimes, type Token, type TokenFormState } from '../schema'
import { TokenForm } from './token-form'
import { TokenList } from './token-list'

/** One's own tokens, and the form that makes another. */
export async function OwnTokens({
  locale,
  person,
  tokens,
  catalogue,
  limits,
}: {
  locale: Locale
  person: Person
  tokens: readonly Token[]
  catalogue: ScopeCatalogue
  /** What the person is limited to, programmes under programmes spelled out. */
  limits: readonly Scope[]
}) {
  const t = translator(locale, 'tokens')
  const accounts = translator(locale, 'accounts')
  const { texts, ...choices } = scopeParts(locale, withinLimits(catalogue, limits))
  return (
    <section className="stack pt-8" aria-labelledby="tokens-title">
      <h2 id="tokens-title">{t('title')}</h2>
      <p className="max-w-text">{t('about')}</p>
      <TokenList locale={locale} tokens={tokens} catalogue={catalogue} from="" />
      <h3 className="pt-4">{t('form.title')}</h3>
      <TokenForm
        locale={locale}
        answer={await keptAnswer<TokenFormState>('makeToken')}
        lifetimes={lifetimes.map((value) => ({
          value,
          text: t('form.days', { count: Number(value) }),
        }))}
        {...choices}
        texts={{
          ...texts,
          limits: t('form.limits'),
          limitsHint: t('form.limitsHint'),
          name: t('form.name'),
          nameHint: t('form.nameHint'),
          lifetime: t('form.lifetime'),
          step: t('form.step'),
          propose: t('form.propose'),
          proposeHint: t('form.proposeHint'),
          publish: t('form.publish'),
          publishHint: person.role === 'admin' ? t('form.publishAdmin') : t('form.publishHint'),
          password: accounts('own.current'),
          passwordHint: t('form.passwordHint'),
          submit: t('form.submit'),
          done: t('form.done'),
          doneText: t('form.doneText'),
          secret: t('form.secret'),
          errorTitle: accounts('errors.title'),
        }}
      />
    </section>
  )
}

/** Somebody else's tokens, for an administrator to end. */
export function TokensOfPerson({
  locale,
  person,
  tokens,
  catalogue,
}: {
  locale: Locale
  person: Person
  tokens: readonly Token[]
  catalogue: ScopeCatalogue
}) {
  const t = translator(locale, 'tokens')
  return (
    <section className="stack pt-8" aria-labelledby="tokens-title">
      <h2 id="tokens-title">{t('title')}</h2>
      <p className="max-w-text">{t('aboutPerson')}</p>
      <TokenList locale={locale} tokens={tokens} catalogue={catalogue} from={person.id} />
    </section>
  )
}
