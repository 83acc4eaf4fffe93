import { type Database, database as sharedDatabase } from '@/lib/db/client'
import { type Settings, settings } from './schema'

export async function readSettings(database: Database = sharedDatabase()): Promise<Settings> {
  const rows = await database.setting.findMany()
  return settings.parse(Object.fromEntries(rows.map(({ key, value }) => [key, value])))
}
