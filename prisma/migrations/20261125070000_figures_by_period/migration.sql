-- The API gives figures in the order of their periods, page by page, without reading those before.
-- What has no end comes last. An expression, which the schema of Prisma cannot name.
CREATE INDEX "observations_period_end_id_idx" ON "observations" ((coalesce("period_end", 'infinity'::date)), "id");
