/**
 * The origin under which people reach the product: `https://statistics.example.org`. The build knows
 * none; a starting server makes every page anew.
 */
export function publicOrigin(): string {
  return new URL(process.env.SHUMAR_URL ?? 'http://localhost:3000').origin
}
