-- Targets are few among many figures, and asked for by every page that lists some. Partial, which the
-- schema of Prisma cannot name.
CREATE INDEX "observations_targets_idx" ON "observations" ("id") WHERE "role" = 'target';
