import './file-list.css'
import type { DownloadFilter, FileSize } from '@/features/downloads/schema'
import type { Vintage } from '@/features/vintages/schema'
import { type Locale, translator } from '@/lib/i18n'
import { fileSize } from '../cached'
import { filePath, forms } from '../schema'
import { aboutBytes, rowsOf, sizeText } from '../series'

/** The figures of a filter in every form, with what each file holds. */
export function FileList({
  filter,
  vintage,
  locale,
  size,
}: {
  filter: DownloadFilter
  vintage: Vintage | null
  locale: Locale
  size: FileSize
}) {
  const t = translator(locale, 'files')
  const isEverything = Object.keys(filter).length === 0
  const offered = forms.filter((form) => form !== 'zip' || isEverything)
  const leftOut = size.rows - size.sdmxRows
  return (
    <div className="file-list">
      <p id="files">{t(size.isMore ? 'titleMore' : 'title', { count: size.rows })}</p>
      <ul aria-labelledby="files">
        {offered.map((form) => (
          <li key={form}>
            <a href={filePath(form, filter, vintage, locale)}>
              {size.isMore
                ? t('rowsMore', { form: t(`forms.${form}`), count: rowsOf(form, size) })
                : t('rows', {
                    form: t(`forms.${form}`),
                    count: rowsOf(form, size),
                    size: sizeText(aboutBytes(form, size), locale),
                  })}
            </a>
          </li>
        ))}
      </ul>
      {leftOut > 0 && <p className="file-list-note">{t('leftOut', { count: leftOut })}</p>}
    </div>
  )
}

/** The same where the page has not counted the figures itself. */
export async function Files(props: {
  filter: DownloadFilter
  vintage: Vintage | null
  locale: Locale
}) {
  return <FileList {...props} size={await fileSize(props.filter, props.vintage)} />
}
