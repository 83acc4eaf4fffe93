import { OperatorProblem } from '../lib/operator-problem'
import { runCommand } from './checkout'
import { withOperatorDatabase } from './operator-database'

/** Takes the second step away from the account of one address, for when nobody else can. */
await runCommand(async () => {
  const [email = '', ...more] = process.argv.slice(2)
  if (!email.includes('@') || more.length > 0) {
    throw new OperatorProblem(
      'Whose second step? Write the address: npm run second-step:take -- name@example.org',
    )
  }
  return withOperatorDatabase(async (url) => {
    const { connect } = await import('../lib/db/client')
    const { takeSecondStepByHand } = await import('../features/accounts/mutations')
    const database = connect(url)
    try {
      if (!(await takeSecondStepByHand(database, email.trim().toLowerCase()))) {
        throw new OperatorProblem(`Nobody with the address ${email} has a second step.`)
      }
      console.log(`${email} signs in by the password alone now, and is signed out everywhere.`)
      return 0
    } finally {
      await database.$disconnect()
    }
  })
})
