import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { markRolledBack, migrate, schemaDifference } from '../lib/db/migrate'
import { migrationsFolder } from '../lib/db/schema-engine'
import { OperatorProblem } from '../lib/operator-problem'
import { inCheckout, runCommand } from './checkout'
import { withThrowawayDatabase } from './throwaway-database'

function difference(): Promise<string> {
  return withThrowawayDatabase((url) => schemaDifference(url, inCheckout('prisma/schema.prisma')))
}

function databaseUrl(): string {
  const url = process.env.DATABASE_DIRECT_URL ?? process.env.DATABASE_URL
  if (url) return url
  throw new OperatorProblem(
    'DATABASE_URL is not set, and npm start migrates the embedded database by itself: set DATABASE_URL to migrate another.',
  )
}

/** Prisma's form: the UTC time to the second, then the name. */
function migrationName(title: string): string {
  const slug = title.toLowerCase().replace(/[^a-z0-9]+/g, '_')
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  return `${time}_${slug}`
}

async function create(title: string): Promise<number> {
  const sql = await difference()
  if (!sql) {
    console.log('The migrations already lead to prisma/schema.prisma: nothing to create.')
    return 0
  }
  const folder = join(migrationsFolder, migrationName(title))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'migration.sql'), `${sql}\n`)
  console.log(`Created ${folder}/migration.sql.`)
  return 0
}

async function check(): Promise<number> {
  const sql = await difference()
  if (!sql) return 0
  console.error(`${sql}\n`)
  console.error(
    'The migrations do not lead to prisma/schema.prisma: npm run migrate -- --create <name> writes the difference above as a migration.',
  )
  return 1
}

async function apply(): Promise<number> {
  const { applied } = await migrate(databaseUrl())
  console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'Nothing to apply.')
  return 0
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      create: { type: 'string' },
      check: { type: 'boolean' },
      'rolled-back': { type: 'string' },
    },
  })
  if (values.create) return create(values.create)
  if (values.check) return check()
  if (values['rolled-back']) {
    await markRolledBack(databaseUrl(), values['rolled-back'])
    return 0
  }
  return apply()
})
