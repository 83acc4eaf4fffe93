import './take-away.css'
import type { ChartModel } from '@/components/charts/model'
import { CopyButton } from '@/components/ui/copy-button'
import { stateOfNow } from '@/features/catalogue/cached'
import { chartImagePath, type DownloadFilter, downloadQuery } from '@/features/downloads/schema'
import type { Vintage } from '@/features/vintages/schema'
import { type Locale, translator } from '@/lib/i18n'
import { publicOrigin } from '@/lib/public-origin'
import { embedCode, embedPath } from '../schema'
import { chartCitation } from '../series'

/** What a reader can take from under a chart: its data, its image, a frame with it, its citation. */
export async function TakeAway({
  model,
  page,
  download,
  locale,
  vintage,
}: {
  model: ChartModel
  /** `overview`, or `indicators/ICT_EXPORTS`. */
  page: string
  /** The filter of the chart's figures as a file. */
  download: DownloadFilter
  locale: Locale
  vintage: Vintage | null
}) {
  const t = translator(locale, 'take')
  const origin = publicOrigin()
  const state = vintage ?? { ...(await stateOfNow()), isFrozen: true }
  const citation = chartCitation(model, { page, vintage: state, locale, origin })
  const path = embedPath(page, model.id, { locale, vintage })
  const id = (part: string) => `${model.id}-${part}`
  return (
    <>
      <a href={`/download/figures.csv${downloadQuery(download, vintage)}`}>{t('csv')}</a>
      {(['svg', 'png'] as const).map((format) => (
        <a key={format} href={chartImagePath(page, model.id, { locale, vintage, format })}>
          {t(format)}
        </a>
      ))}
      <details className="take-away screen-only">
        <summary>{t('embed')}</summary>
        <p>{t('code', { title: model.title })}</p>
        {/* Not a field: browsers lay the page out once more for each field of it. */}
        <pre id={id('code')} className="take-away-code" dir="ltr">
          {embedCode({ origin, path, title: model.title })}
        </pre>
        <p>{t('codeHint')}</p>
        <p className="copy-actions">
          <CopyButton of={id('code')} text={t('copy')} done={t('copied')} />
          <a href={path}>{t('embedAlone')}</a>
        </p>
      </details>
      <details className="take-away">
        <summary>{t('cite')}</summary>
        <p id={id('citation')} className="take-away-citation">
          {citation.text}
        </p>
        <p className="copy-actions">
          <CopyButton of={id('citation')} text={t('copy')} done={t('copied')} />
          <a href={citation.path}>{t('frozen')}</a>
        </p>
      </details>
    </>
  )
}
