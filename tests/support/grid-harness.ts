import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { resolve } from 'node:path'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '../..')

/** The product's tokens and typography, without what Tailwind would add. */
function styles(): string {
  return readFileSync(resolve(root, 'app/[locale]/globals.css'), 'utf8')
    .replace('@import "tailwindcss" source("../..");', '')
    .replace('@theme static {', ':root {')
    .replace(/\s*--[\w-]+-\*: initial;/g, '')
    .concat(
      '@layer base { *, ::before, ::after { box-sizing: border-box; margin: 0; padding: 0; list-style: none; } button, input { font: inherit; } }',
    )
    .replace(/@font-face \{[^}]*\}/g, '')
}

/** Serves a page with nothing but a grid, built as for production. Returns its address and its end. */
export async function serveGrid(): Promise<{ address: string; stop(): void }> {
  const { outputFiles } = await build({
    entryPoints: [resolve(root, 'tests/support/grid-page.tsx')],
    bundle: true,
    minify: true,
    write: false,
    outdir: root,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  })
  const fileOf = (ending: string) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? ''
  const files: Record<string, [type: string, text: string]> = {
    '/page.js': ['text/javascript', fileOf('.js')],
    '/page.css': ['text/css', `${styles()}\n${fileOf('.css')}`],
  }
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const language = searchParams.get('locale') ?? 'en'
    const [type, text] = files[pathname] ?? [
      'text/html',
      `<!doctype html><html lang="${language}" dir="${language === 'ur' ? 'rtl' : 'ltr'}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>Grid</title><link rel="stylesheet" href="/page.css"><body><div id="root"></div><script src="/page.js"></script>`,
    ]
    response.setHeader('Content-Type', `${type}; charset=utf-8`)
    response.end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const place = server.address()
  const port = typeof place === 'object' ? place?.port : 0
  return { address: `http://127.0.0.1:${port}`, stop: () => server.close() }
}
