/** A query as one part of a path, in base64url: `view=index` is `dmlldz1pbmRleA`. */
export function packQuery(query: string): string {
  return Buffer.from(query.replace(/^\?/, ''), 'utf8').toString('base64url')
}

/** The query that was packed; what is none is an empty one. */
export function unpackQuery(packed: string): URLSearchParams {
  const isPacked = /^[\w-]{1,4000}$/.test(packed)
  return new URLSearchParams(isPacked ? Buffer.from(packed, 'base64url').toString('utf8') : '')
}
