import { createReadStream } from 'node:fs'
import { systemActor } from '../features/accounts/data'
import { keepUpload, startCheck, startCommit } from '../features/uploads/mutations'
import { connect } from '../lib/db/client'

// One import, in a process that does nothing else: what it says of its memory is the import's own.
const [file = '', url = ''] = process.argv.slice(2)
process.env.DATABASE_URL = url

const tell = (part: string) =>
  process.send?.({ part, processor: process.cpuUsage(), memory: process.memoryUsage().rss })

const database = connect(url)
const actor = await systemActor(database)
tell('ready')
const kept = await keepUpload(database, actor, { name: 'bench.csv', bytes: createReadStream(file) })
if (!kept.ok) throw new Error(JSON.stringify(kept.problem))
const id = kept.value
tell('kept')

async function run(begun: Awaited<ReturnType<typeof startCheck>>, state: string): Promise<void> {
  if (!begun.ok) throw new Error(JSON.stringify(begun.problem))
  await begun.value.finished
  const upload = await database.upload.findUniqueOrThrow({ where: { id } })
  if (upload.state !== state) throw new Error(JSON.stringify(upload))
}

await run(await startCheck(database, actor, id), 'checked')
tell('checked')
await run(await startCommit(database, actor, id, 'Bench.'), 'committed')
tell('published')
await database.$disconnect()
process.send?.({
  part: 'end',
  processor: process.cpuUsage(),
  memory: process.resourceUsage().maxRSS * 1024,
})
process.disconnect?.()
