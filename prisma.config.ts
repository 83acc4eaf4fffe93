import { defineConfig } from 'prisma/config'

// The CLI reads the direct address: migrations cannot run through a pooler in transaction mode.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_DIRECT_URL ?? process.env.DATABASE_URL ?? '' },
})
