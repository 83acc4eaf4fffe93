-- The figures of a unit by size, and all figures by the day of their release, in the order in which
-- the explorer shows them; and the few revisions that have a note, which a search reads. Writers wait
-- while they are made, readers do not. Partial and in an order that the schema of Prisma cannot name.
CREATE INDEX "observations_unit_value_idx" ON "observations" ("unit_code", "value") WHERE "value" IS NOT NULL;
CREATE INDEX "revisions_released_idx" ON "revisions" ("released_on");
CREATE INDEX "revisions_released_last_idx" ON "revisions" ("released_on" DESC NULLS LAST);
CREATE INDEX "revisions_noted_idx" ON "revisions" ("id") WHERE "note" <> '';
