import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { DevelopersPage } from '@/features/developers/components/developers-page'
import { locales } from '@/lib/i18n'
import messages from '@/messages/en.json'

describe('the page for developers', () => {
  it.each(locales)('explains every refusal under the address that is its type: %s', (locale) => {
    const page = renderToStaticMarkup(
      <DevelopersPage locale={locale} origin="https://shumar.example" />,
    )
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const codes = [
      ...Object.keys(messages.api.problems),
      ...Object.keys(messages.batches.problems),
      ...Object.keys(messages.batches.csv).map((code) => `csv.${code}`),
    ]
    expect(ids).toEqual(expect.arrayContaining(codes.map((code) => `problem-${code}`)))
    expect(page).not.toMatch(/\{\w+\}|undefined/)
  })
})
