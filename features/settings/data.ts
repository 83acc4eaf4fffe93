import { type Database, database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { type FourEyes, type Settings, settings } from './schema'

export async function readSettings(
  database: Database | Transaction = sharedDatabase(),
): Promise<Settings> {
  const rows = await database.setting.findMany()
  return settings.parse(Object.fromEntries(rows.map(({ key, value }) => [key, value])))
}

const heldFourEyes = new WeakMap<Transaction, FourEyes>()

/** The setting of four eyes, which stays as it is until the transaction ends. */
export async function holdFourEyes(tx: Transaction): Promise<FourEyes> {
  const held = heldFourEyes.get(tx)
  if (held) return held
  const [row] = await tx.$queryRaw<{ value: unknown }[]>`
    SELECT value FROM settings WHERE key = 'fourEyes' FOR SHARE`
  const setting = settings.shape.fourEyes.parse(row?.value)
  // Without a row, nothing is locked.
  if (row) heldFourEyes.set(tx, setting)
  return setting
}
