import './reporting.css'
import { CopyButton } from '@/components/ui/copy-button'
import { DataTable } from '@/components/ui/data-table'
import { siteOrigin } from '@/features/accounts/data'
import type { Actor } from '@/features/accounts/schema'
import type { FigureWriter } from '@/features/figures/series'
import { isolated } from '@/features/proposals/components/words'
import { type Locale, listed, localePath, translator } from '@/lib/i18n'
import type { Reminders } from '../data'
import { addressIn, mailtoOf } from '../rules'
import type { Asked, Duty } from '../schema'
import { questionWords } from '../series'
import { lineText, periodText } from './words'

/** Who has not reported, longest silent first, with whom to ask and a letter to ask with. */
export function ReminderList({
  locale,
  actor,
  writer,
  asked,
  reminders: { duties, expected, contacts },
}: {
  locale: Locale
  actor: Actor
  writer: FigureWriter
  asked: Asked
  reminders: Reminders
}) {
  const t = translator(locale, 'reporting.reminders')
  const { programme, period, lines } = asked
  const named = { programme: writer.names.programme(programme), period: periodText(locale, period) }
  if (lines.length === 0) return <p>{t('noLines', named)}</p>
  if (duties.length === 0) {
    return <p className="lead">{t(expected === 0 ? 'nobodyExpected' : 'nobody', named)}</p>
  }
  const addresses = duties.flatMap(
    ({ academy }) => addressIn(contacts.get(academy.code) ?? '') ?? [],
  )
  const words = questionWords(asked)
  return (
    <section className="stack" aria-labelledby="reminders-result">
      <h2 id="reminders-result">
        {t('count', { ...named, count: duties.length, total: String(expected) })}
      </h2>
      <DataTable id="reminders" caption={t('caption')} captionHidden>
        <thead>
          <tr>
            <th scope="col">{t('academy')}</th>
            <th scope="col">{t('missing')}</th>
            <th scope="col">{t('last')}</th>
            <th scope="col">{t('contact')}</th>
          </tr>
        </thead>
        <tbody>
          {duties.map((duty) => (
            <tr key={duty.academy.code}>
              <th scope="row">
                <a
                  className="inline-block py-2"
                  href={localePath(locale, academyPath(duty.academy.code, asked))}
                >
                  {writer.names.academy(duty.academy.code)}
                </a>
                <span className="block text-small text-muted">
                  {translator(locale, 'reporting')('place', {
                    code: duty.academy.code,
                    area: writer.names.area(duty.academy.area),
                  })}
                </span>
              </th>
              <td>
                {listed(
                  duty.missing.map((line) => lineText(locale, writer, line)),
                  locale,
                )}
              </td>
              <td>{duty.last ? periodText(locale, duty.last) : t('never')}</td>
              <td>
                <Contact
                  locale={locale}
                  actor={actor}
                  writer={writer}
                  asked={asked}
                  duty={duty}
                  contact={contacts.get(duty.academy.code) ?? ''}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </DataTable>
      <div>
        <a
          className="button-secondary"
          href={localePath(locale, `/reporting/reminders/file?${words}`)}
        >
          {t('download')}
        </a>
      </div>
      {addresses.length > 0 && (
        <section className="stack" aria-labelledby="addresses-title">
          <h3 id="addresses-title">{t('addresses', { count: addresses.length })}</h3>
          <p id="addresses" className="max-w-text break-words" dir="ltr" lang="en">
            {[...new Set(addresses)].join(', ')}
          </p>
          <p>
            <CopyButton of="addresses" text={t('copy')} done={t('copied')} />
          </p>
        </section>
      )}
    </section>
  )
}

const academyPath = (code: string, { lines, period }: Asked): string => {
  const words = new URLSearchParams(questionWords({ programme: '', period, lines }))
  words.delete('programme')
  return `/entry/academy/${code}?${words}`
}

function Contact({
  locale,
  actor,
  writer,
  asked,
  duty: { academy, missing },
  contact,
}: {
  locale: Locale
  actor: Actor
  writer: FigureWriter
  asked: Asked
  duty: Duty
  contact: string
}) {
  const t = translator(locale, 'reporting.reminders')
  if (!contact) return <span className="text-muted">{t('noContact')}</span>
  const address = addressIn(contact)
  const name = writer.names.academy(academy.code)
  const period = periodText(locale, asked.period)
  const letter = () =>
    t('letter', {
      academy: name,
      period,
      missing: missing.map((line) => `- ${lineText(locale, writer, line)}`).join('\n'),
      link: siteOrigin() + localePath(locale, academyPath(academy.code, asked)),
      name: actor.name,
    })
  return (
    <>
      <bdi>{contact}</bdi>
      {address && (
        <a
          className="block py-2"
          href={mailtoOf(address, t('subject', { academy: name, period }), letter())}
          aria-label={t('writeTo', { academy: isolated(name) })}
        >
          {t('write')}
        </a>
      )}
    </>
  )
}
