import { parseArgs } from 'node:util'
import type { AuditProblem, AuditReport } from '../features/audit/schema'
import { OperatorProblem } from '../lib/operator-problem'
import { runCommand } from './checkout'
import { withOperatorDatabase } from './operator-database'

const sentences: Record<AuditProblem['code'], (problem: AuditProblem) => string> = {
  gap: ({ entry }) =>
    `entry ${entry} does not come right after the one before it: some are missing`,
  unchained: ({ entry }) => `entry ${entry} does not carry the hash of the entry before it`,
  entryChanged: ({ entry, subject }) => `entry ${entry} (${subject}) was changed`,
  digest: ({ entry, subject }) => `the list of rows in entry ${entry} (${subject}) was changed`,
  rowChanged: ({ entry, subject }) => `${subject} is not what entry ${entry} tells: it was changed`,
  rowMissing: ({ entry, subject }) => `${subject}, which entry ${entry} tells of, was removed`,
  rowUnrecorded: ({ subject }) => `${subject} is in no entry: it was slipped in`,
  notCurrent: ({ subject }) => `${subject} does not show its current revision`,
  headMissing: ({ entry }) =>
    `entry ${entry} is not in the log with the hash that was published: the log was cut or rewritten`,
}

function print(report: AuditReport): void {
  const { entries, rows, head, problems, problemCount } = report
  if (problemCount === 0) {
    console.log(`The record holds: ${entries} entries, ${rows} rows, nothing changed or removed.`)
    if (head) console.log(`Head: ${head.no}:${head.hash}`)
    return
  }
  const [first] = problems
  if (first)
    console.error(`The record does not hold. The first fault: ${sentences[first.code](first)}.`)
  for (const problem of problems.slice(1)) console.error(`  ${sentences[problem.code](problem)}`)
  if (problemCount > problems.length) {
    console.error(`  and ${problemCount - problems.length} more`)
  }
}

await runCommand(async () => {
  const { values } = parseArgs({ options: { head: { type: 'string', multiple: true } } })
  return withOperatorDatabase(async (url) => {
    const { connect } = await import('../lib/db/client')
    const { verifyAudit } = await import('../features/audit/data')
    const { parseHead } = await import('../features/audit/rules')
    const heads = (values.head ?? []).map((text) => {
      const head = parseHead(text)
      if (head) return head
      throw new OperatorProblem(
        `--head ${text} is not a published head: write it as the feed does, number:hash.`,
      )
    })
    const database = connect(url)
    try {
      const report = await verifyAudit(database, heads)
      print(report)
      return report.problemCount === 0 ? 0 : 1
    } finally {
      await database.$disconnect()
    }
  })
})
