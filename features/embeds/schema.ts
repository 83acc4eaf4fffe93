import { type Vintage, vintageQuery } from '@/features/vintages/schema'
import { type Locale, localePath } from '@/lib/i18n'

export const embedThemes = ['light', 'dark'] as const
/** Of the page around an embedded chart; `system` is what the reader's system prefers. */
export type EmbedTheme = 'system' | (typeof embedThemes)[number]

/** The theme that a word of an address names; what it does not know is passed over. */
export function readEmbedTheme(word: string | string[] | undefined): EmbedTheme {
  return embedThemes.find((theme) => theme === word) ?? 'system'
}

/**
 * The address of a chart as a small page of its own, for a frame in somebody else's page.
 *
 * @param page `overview`, or `indicators/ICT_EXPORTS`
 */
export function embedPath(
  page: string,
  chart: string,
  { locale, vintage }: { locale: Locale; vintage: Vintage | null },
): string {
  return localePath(locale, `/embed/${page}/${chart}${vintageQuery(vintage)}`)
}

/** A height that most charts fit in, for pages that leave the script out. */
const usualHeight = 560

/** What somebody pastes into a page of their own to show a chart there. */
export function embedCode({
  origin,
  path,
  title,
}: {
  origin: string
  path: string
  title: string
}): string {
  return [
    `<iframe src="${attribute(origin + path)}" title="${attribute(title)}"`,
    ` width="100%" height="${usualHeight}" style="border: 0" loading="lazy"></iframe>\n`,
    `<script src="${origin}/embed.js" async></script>`,
  ].join('')
}

const attribute = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;')
