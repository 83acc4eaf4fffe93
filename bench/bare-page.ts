/**
 * The page that ours are measured against: six charts of sixty points with their tables, in the
 * typeface of the system, no script. The same every time.
 */
export function barePage(): string {
  const charts = Array.from({ length: 6 }, (_, n) => chart(n)).join('')
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Bare</title><style>${style}</style></head><body><h1>Figures</h1><p>What a bare page costs.</p>${charts}</body></html>`
}

const style =
  'body{font:16px/1.5 sans-serif;max-width:70rem;margin:auto;padding:1rem}td{text-align:right}svg{font-size:12px}path{fill:none;stroke:#1b62c4;stroke-width:2}line{stroke:#ddd}'

/** A number from 0 to 1 that looks like chance. */
const chance = (n: number) => ((n * 7919 + 104_729) % 1009) / 1009

const range = <Value>(length: number, value: (n: number) => Value): Value[] =>
  Array.from({ length }, (_, n) => value(n))

function chart(n: number): string {
  const points = range(60, (i) => `${i * 12} ${(10 + chance(n * 60 + i) * 180).toFixed(1)}`)
  const ticks = range(
    11,
    (i) =>
      `<line x2="700" y1="${i * 20}" y2="${i * 20}"/><text x="${i * 60}" y="215">${2012 + i}</text>`,
  )
  const rows = range(
    140,
    (i) =>
      `<tr><th scope="row">${2012 + Math.floor(i / 12)}-${(i % 12) + 1}</th><td>${Math.round(chance(i * 31 + n) * 1e6)}</td><td><a href="/figures/${n * 1000 + i}">figure</a></td></tr>`,
  )
  return `<figure><figcaption><h2>Chart ${n + 1}</h2><p>million US dollars</p></figcaption><svg class="chart-svg" viewBox="0 0 720 220" width="100%">${ticks.join('')}<path d="M${points.join('L')}"/></svg><details><summary>Table</summary><table>${rows.join('')}</table></details></figure>`
}
