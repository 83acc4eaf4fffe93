/** What `probeLink` itself answers for a server. */
export const probeErrors = {
  timeout: 'TIMEOUT',
  privateAddress: 'PRIVATE_ADDRESS',
  tooManyRedirects: 'TOO_MANY_REDIRECTS',
  notWeb: 'NOT_A_WEB_ADDRESS',
} as const
