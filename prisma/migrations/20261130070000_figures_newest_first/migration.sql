-- Figures without an end come last where the newest come first, which is what most ask for.
CREATE INDEX "observations_newest_first_idx" ON "observations" ((coalesce("period_end", '-infinity'::date)), "id");
DROP INDEX "observations_period_end_id_idx";
