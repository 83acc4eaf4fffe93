import { runCommand } from './checkout'
import { writeLanguages } from './languages'
import { clientIsFresh, generateClient } from './prisma-client'

await runCommand(async () => {
  writeLanguages()
  if (!clientIsFresh()) await generateClient()
  return 0
})
