/** Where a chart stands: the overview, or the page of an indicator, a programme or an area. */
export interface ChartPlace {
  page: 'overview' | 'indicators' | 'programmes' | 'areas'
  /** Empty for the overview. */
  code: string
  /** The chart's id on its page. */
  chart: string
}

const pages = ['indicators', 'programmes', 'areas'] as const

/** Reads `indicators/ICT_EXPORTS/chart-0.svg`, `overview/exports-by-year.svg`; null for all else. */
export function readChartPlace(path: readonly string[]): ChartPlace | null {
  const [page, ...rest] = path
  const code = page === 'overview' ? '' : rest.shift()
  const [file = ''] = rest
  const chart = file.match(/^([a-z0-9-]{1,60})\.svg$/)?.[1]
  const known = page === 'overview' ? page : pages.find((one) => one === page)
  if (!known || code === undefined || !chart || rest.length !== 1) return null
  return { page: known, code, chart }
}
