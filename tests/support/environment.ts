const ours =
  /^(DATABASE_|OTEL_|SHUMAR_(?!TEST_)|BETTER_AUTH_|NEXT_|PORT$|HOST$|HOSTNAME$|NODE_ENV$|TZ$)/

/**
 * This process's environment without the product's settings: tests bring their own database, port
 * and state, and a developer's must be out of their reach.
 */
export function withoutSettings(more: Record<string, string>) {
  const rest = Object.entries(process.env).filter(([name]) => !ours.test(name))
  const own: Partial<NodeJS.ProcessEnv> = Object.fromEntries(rest)
  return { ...own, NEXT_TELEMETRY_DISABLED: '1', ...more } as NodeJS.ProcessEnv
}
