import { notFound } from 'next/navigation'
import { connection } from 'next/server'

// Per request and never stored, or anyone could fill the disk with pages that do not exist.
export const instant = false

export default async function Missing() {
  await connection()
  notFound()
}
