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

type File = [type: string, text: string]

const pageOf = (language: string) =>
  `<!doctype html><html lang="${language}" dir="${language === 'ur' ? 'rtl' : 'ltr'}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>Grid</title><link rel="stylesheet" href="page.css"><body><div id="root"></div><script src="page.js"></script>`

/**
 * A page with nothing but a grid, built as for production: the answer to every address. What can be
 * asked for stands in grid-page.tsx.
 */
export async function buildGrid(): Promise<(address: string) => File> {
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
  const script: File = ['text/javascript; charset=utf-8', fileOf('.js')]
  const style: File = ['text/css; charset=utf-8', `${styles()}\n${fileOf('.css')}`]
  return (address) => {
    const { pathname, searchParams } = new URL(address)
    if (pathname.endsWith('/page.js')) return script
    if (pathname.endsWith('/page.css')) return style
    return ['text/html; charset=utf-8', pageOf(searchParams.get('locale') ?? 'en')]
  }
}

/** Serves that page on a port of its own. Returns its address and its end. */
export async function serveGrid(): Promise<{ address: string; stop(): void }> {
  const answer = await buildGrid()
  const server = createServer((request, response) => {
    const [type, text] = answer(`http://localhost${request.url ?? '/'}`)
    response.setHeader('Content-Type', type)
    response.end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const place = server.address()
  const port = typeof place === 'object' ? place?.port : 0
  return { address: `http://127.0.0.1:${port}`, stop: () => server.close() }
}
