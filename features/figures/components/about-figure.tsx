import type { ReactNode } from 'react'
import { type Locale, translator } from '@/lib/i18n'
import type { FigureKey } from '../schema'
import type { FigureWriter } from '../series'

/** Role, programme, area, sex and kind of a figure; programme and area lead to their pages. */
export function AboutFigure({
  figure,
  writer,
  locale,
}: {
  figure: FigureKey
  writer: FigureWriter
  locale: Locale
}) {
  const t = translator(locale, 'figures')
  const parts: [string, ReactNode][] = [
    ['role', figure.role !== 'actual' && t(`role.${figure.role}`)],
    [
      'programme',
      figure.programme !== '_Z' && (
        <a key="programme" href={writer.programmePath(figure.programme)}>
          {writer.names.programme(figure.programme)}
        </a>
      ),
    ],
    [
      'area',
      <a key="area" href={writer.areaPath(figure.area)}>
        {writer.names.area(figure.area)}
      </a>,
    ],
    ['sex', (figure.sex === 'F' || figure.sex === 'M') && t(`sex.${figure.sex}`)],
    ['kind', t(`kind.${figure.kind}`)],
  ]
  return parts
    .filter(([, part]) => part)
    .map(([name, part], n) => (
      <span key={name}>
        {n > 0 && ' · '}
        {part}
      </span>
    ))
}
