/** Loads the first content into an empty database; the number of figures, or null if it had some. */
export async function loadContent(databaseUrl: string): Promise<number | null> {
  // Their imports lead to the generated client, which may not have existed when we started.
  const { connect } = await import('../lib/db/client')
  const { loadFirstContent } = await import('../features/imports/mutations')
  const database = connect(databaseUrl)
  try {
    const { loaded, figures } = await loadFirstContent(database)
    return loaded ? figures : null
  } finally {
    await database.$disconnect()
  }
}
