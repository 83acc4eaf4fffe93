// Reads a file in a thread of its own, as readers are elsewhere, and says what it took.
import { get } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

const begin = performance.now()
get(workerData, { agent: false }, (answer) => {
  let bytes = 0
  let first = 0
  answer.on('data', (chunk) => {
    first ||= performance.now() - begin
    bytes += chunk.length
  })
  answer.once('close', () => {
    const rows = Number(answer.headers['row-count'])
    const seconds = (performance.now() - begin) / 1000
    parentPort.postMessage({ seconds, bytes, first, rows, isWhole: answer.complete })
  })
})
