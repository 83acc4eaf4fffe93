import './second-step.css'
import { ButtonLink } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'

export interface RecoveryTexts {
  codes: string
  codesText: string
  codesDone: string
}

/** New recovery codes, the one time that they are shown. */
export function RecoveryCodes({
  codes,
  account,
  texts,
}: {
  codes: readonly string[]
  /** Where to go on once they are written down. */
  account: string
  texts: RecoveryTexts
}) {
  return (
    <div className="stack" style={{ '--stack': '1.5rem' } as object}>
      <Notice tone="success" title={texts.codes} live>
        <div className="stack">
          <p>{texts.codesText}</p>
          <ul className="recovery-codes" dir="ltr">
            {codes.map((code) => (
              <li key={code}>
                <code>{code}</code>
              </li>
            ))}
          </ul>
        </div>
      </Notice>
      <p>
        <ButtonLink href={account}>{texts.codesDone}</ButtonLink>
      </p>
    </div>
  )
}
