// The thread of lib/raster.ts: paints one image after the other.
import { parentPort, workerData } from 'node:worker_threads'
import { renderAsync } from '@resvg/resvg-js'

const font = {
  loadSystemFonts: false,
  fontFiles: workerData.fontFiles,
  defaultFontFamily: workerData.family,
}

parentPort.on('message', async ({ id, svg, zoom }) => {
  try {
    const image = await renderAsync(svg, { font, fitTo: { mode: 'zoom', value: zoom } })
    parentPort.postMessage({ id, png: image.asPng() })
  } catch (error) {
    parentPort.postMessage({ id, problem: String(error) })
  }
})
