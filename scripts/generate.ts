import { runCommand } from './checkout'
import { clientIsFresh, generateClient } from './prisma-client'

await runCommand(async () => {
  if (!clientIsFresh()) await generateClient()
  return 0
})
