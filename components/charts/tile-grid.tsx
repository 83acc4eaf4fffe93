import type { Tile, TilesModel } from './model'
import { signed } from './plot'

/** Areas as tiles where they lie on the map, each the same size: small areas stay readable. */
export function TileGrid({ model, noFigure }: { model: TilesModel; noFigure: string }) {
  const left = Math.min(...model.tiles.map(({ column }) => column))
  const top = Math.min(...model.tiles.map(({ row }) => row))
  return (
    <div className="chart-tiles-box">
      <ul className="chart-tiles">
        {model.tiles.map((tile) => (
          <li
            key={tile.code}
            className={`chart-tile chart-step-${tile.step ?? 'none'}`}
            style={{ gridColumn: tile.column - left + 1, gridRow: tile.row - top + 1 }}
          >
            <TileText tile={tile} noFigure={noFigure} />
          </li>
        ))}
      </ul>
      {model.classes.length > 0 && (
        <ol className="chart-ramp">
          {model.classes.map(({ step, label }) => (
            <li key={step}>
              <span className={`chart-swatch chart-step-${step}`} /> <bdi>{label}</bdi>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

function TileText({ tile, noFigure }: { tile: Tile; noFigure: string }) {
  const { name, code, mark, href } = tile
  const label = (
    <>
      <span className="chart-tile-full">{name}</span>
      <abbr className="chart-tile-code" title={name}>
        {code}
      </abbr>
    </>
  )
  return (
    <>
      <span className="chart-tile-name">{href ? <a href={href}>{label}</a> : label}</span>
      <span className="chart-tile-value">
        {mark?.href ? <a href={mark.href}>{signed(mark)}</a> : mark ? signed(mark) : noFigure}
      </span>
    </>
  )
}
