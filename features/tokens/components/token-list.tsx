import { Button } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { FollowedForm } from '@/components/ui/follow'
import { scopeNames } from '@/features/accounts/components/person-desk'
import type { ScopeCatalogue } from '@/features/accounts/schema'
import { dayAt, formatDay } from '@/features/periods/rules'
import { type Locale, listed, translator } from '@/lib/i18n'
import { revoke } from '../actions'
import type { Token } from '../schema'

/** Somebody's tokens, each that works with a button that ends it. */
export function TokenList({
  locale,
  tokens,
  catalogue,
  from,
}: {
  locale: Locale
  tokens: readonly Token[]
  catalogue: ScopeCatalogue
  /** The person whose page it stands on; empty on one's own. */
  from: string
}) {
  const t = translator(locale, 'tokens')
  if (tokens.length === 0) return <p>{t('list.none')}</p>
  return (
    <DataTable id="tokens" caption={t('list.caption')} captionHidden>
      <thead>
        <tr>
          <th scope="col">{t('list.name')}</th>
          <th scope="col">{t('list.may')}</th>
          <th scope="col">{t('list.expires')}</th>
          <th scope="col">{t('list.lastUsed')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('list.revoke')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id}>
            <th scope="row">
              <bdi>{token.name}</bdi>
            </th>
            <td>
              {token.mayPublish ? t('list.publish') : t('list.propose')}
              {token.scopes.length > 0 && (
                <p className="text-muted">
                  {listed(scopeNames(locale, catalogue, token.scopes), locale)}
                </p>
              )}
            </td>
            <td>{endText(locale, token)}</td>
            <td>{token.lastUsedOn ? formatDay(token.lastUsedOn, locale) : t('list.never')}</td>
            <td>
              {token.state === 'active' && (
                <FollowedForm action={revoke}>
                  <input type="hidden" name="locale" value={locale} />
                  <input type="hidden" name="tokenId" value={token.id} />
                  <input type="hidden" name="from" value={from} />
                  <Button rank="secondary" aria-label={t('list.revokeThat', { name: token.name })}>
                    {t('list.revoke')}
                  </Button>
                </FollowedForm>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

function endText(locale: Locale, { state, expiresAt, revokedAt }: Token): string {
  const t = translator(locale, 'tokens.list')
  const day = (at: string) => formatDay(dayAt(new Date(at)), locale)
  if (state === 'revoked' && revokedAt) return t('revokedOn', { day: day(revokedAt) })
  return state === 'expired' ? t('expiredOn', { day: day(expiresAt) }) : day(expiresAt)
}
