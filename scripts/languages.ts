import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { inCheckout } from './checkout'

const registry = inCheckout('lib/languages.ts')

/** The languages of a folder of messages, English first: `ur.json` is Urdu. */
const languagesIn = (files: readonly string[]): string[] =>
  files
    .flatMap((file) => /^([a-z]{2,3})\.json$/.exec(file)?.[1] ?? [])
    .sort((a, b) => Number(b === 'en') - Number(a === 'en') || a.localeCompare(b))

/** The module that names every language, out of the files in messages/. */
export function languagesModule(files: readonly string[]): string {
  const languages = languagesIn(files)
  return [
    '// Written by `npm run generate` from the files in messages/: another language is another file.',
    ...languages.map((language) => `import ${language} from '@/messages/${language}.json'`),
    '',
    `export const messages = { ${languages.join(', ')} } as const`,
    '',
  ].join('\n')
}

const wanted = () => languagesModule(readdirSync(inCheckout('messages')))

export function languagesAreFresh(): boolean {
  return readFileSync(registry, 'utf8') === wanted()
}

export function writeLanguages(): void {
  if (!languagesAreFresh()) writeFileSync(registry, wanted())
}
