/** Where a chart stands: the overview, the page of an indicator, a programme or an area, a comparison. */
export interface ChartPlace {
  page: 'overview' | 'indicators' | 'programmes' | 'areas' | 'compare'
  /** Empty for the overview; the packed query of a comparison. */
  code: string
  /** The chart's id on its page. */
  chart: string
}

const pages = ['indicators', 'programmes', 'areas'] as const

/** SVG, which scales, or PNG at twice the size, for documents and print. */
export const imageFormats = ['svg', 'png'] as const
export type ImageFormat = (typeof imageFormats)[number]

/** Reads `indicators/ICT_EXPORTS/chart-0`, `overview/exports-by-year`; null for all else. */
export function readChartPlace(path: readonly string[]): ChartPlace | null {
  const [page, ...rest] = path
  const code = page === 'overview' ? '' : rest.shift()
  const [chart = ''] = rest
  const known = page === 'overview' || page === 'compare' ? page : pages.find((one) => one === page)
  const isName = /^[a-z0-9-]{1,60}$/.test(chart)
  if (!known || code === undefined || !isName || rest.length !== 1) return null
  return { page: known, code, chart }
}

/** Reads `indicators/ICT_EXPORTS/chart-0.svg`: the place of a chart and the form of its image. */
export function readImagePlace(
  path: readonly string[],
): { place: ChartPlace; format: ImageFormat } | null {
  const [, name = '', ending] = path.at(-1)?.match(/^(.*)\.(\w+)$/) ?? []
  const format = imageFormats.find((one) => one === ending)
  const place = readChartPlace([...path.slice(0, -1), name])
  return place && format ? { place, format } : null
}

const socialPages = [...pages, 'figures', 'releases'] as const

/** The page that an image for shared links is of; `site` stands for all that have none of their own. */
export interface SocialPlace {
  page: 'overview' | 'site' | (typeof socialPages)[number]
  /** Empty for the overview and the site. */
  code: string
}

/** Reads `overview.png`, `indicators/ICT_EXPORTS.png`; null for all else. */
export function readSocialPlace(path: readonly string[]): SocialPlace | null {
  const [, place = ''] = path.join('/').match(/^([\w/-]{1,120})\.png$/) ?? []
  const [page, code, ...rest] = place.split('/')
  if (rest.length > 0) return null
  if (page === 'overview' || page === 'site') return code === undefined ? { page, code: '' } : null
  const known = socialPages.find((one) => one === page)
  return known && code ? { page: known, code } : null
}
