import { type Database, database as sharedDatabase, type Transaction } from '@/lib/db/client'
import { Prisma } from '@/lib/db/generated/client'
import { type FourEyes, type Settings, settings } from './schema'

export async function readSettings(
  database: Database | Transaction = sharedDatabase(),
): Promise<Settings> {
  const rows = await database.setting.findMany()
  return settings.parse(Object.fromEntries(rows.map(({ key, value }) => [key, value])))
}

const heldFourEyes = new WeakMap<Transaction, FourEyes>()

/** The setting of four eyes, for a question that asks for more; it stays as it is from then on. */
export const fourEyesColumn = Prisma.sql`(
  SELECT value FROM settings WHERE key = 'fourEyes' FOR SHARE)`

/** The setting of four eyes, which stays as it is until the transaction ends. */
export async function holdFourEyes(tx: Transaction): Promise<FourEyes> {
  const held = heldFourEyes.get(tx)
  if (held) return held
  const [row] = await tx.$queryRaw<{ value: unknown }[]>`SELECT ${fourEyesColumn} AS value`
  return noteFourEyes(tx, row?.value)
}

/** Keeps what a question has told in `fourEyesColumn`. */
export function noteFourEyes(tx: Transaction, value: unknown): FourEyes {
  const setting = settings.shape.fourEyes.parse(value ?? undefined)
  // Without a row, nothing is locked.
  if (value !== null && value !== undefined) heldFourEyes.set(tx, setting)
  return setting
}
