import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { figureWriter } from '@/features/figures/series'
import { FigureTable, mostRows } from '@/features/indicators/components/figure-table'
import { catalogue, figure } from '../support/figures'

const days = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    figure({ period: new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10) }),
  )

const table = (count: number) =>
  renderToStaticMarkup(
    <FigureTable
      locale="en"
      writer={figureWriter(catalogue, 'en')}
      name="Exports"
      figures={days(count)}
      download={{ indicator: ['ICT_EXPORTS'] }}
      vintage={{ asOf: '2024-06-30', commit: 7, isFrozen: true }}
    />,
  )

describe('the table of all figures', () => {
  it('shows all of them while a reader can look through them', () => {
    const html = table(mostRows)
    expect(html.match(/class="figure-row"/g)).toHaveLength(mostRows)
    expect(html).not.toContain('/data?')
  })

  it('shows the newest of more, and leads to where all of them are, in the same state', () => {
    const html = table(mostRows + 40)
    expect(html.match(/class="figure-row"/g)).toHaveLength(mostRows)
    expect(html).toContain('>16 Oct 2020<')
    expect(html).not.toContain('>9 Feb 2020<')
    expect(html.replaceAll('&amp;', '&')).toMatch(
      /href="\/data\?asOf=2024-06-30&v=7&indicator=ICT_EXPORTS"/,
    )
  })
})
