-- What the explorer of a past day needs to find figures without reading those of other days.

-- Figures that are not met on the way back from a day through the periods that had ended by then:
-- those that some revision told before their period ended (targets, claims), those without an end, and
-- those that were withdrawn.
-- CreateTable
CREATE TABLE "figures_apart" (
    "observation_id" INTEGER NOT NULL,

    CONSTRAINT "figures_apart_pkey" PRIMARY KEY ("observation_id")
);

-- AddForeignKey
ALTER TABLE "figures_apart" ADD CONSTRAINT "figures_apart_observation_id_fkey"
  FOREIGN KEY ("observation_id") REFERENCES "observations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What the table holds, told by the figures themselves.
CREATE VIEW figures_apart_now AS
  SELECT DISTINCT r.observation_id FROM revisions r JOIN observations o ON o.id = r.observation_id
  WHERE r.value IS NULL OR o.period_end IS NULL OR r.known_on < o.period_end;

CREATE FUNCTION keep_figures_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO figures_apart
  SELECT DISTINCT r.observation_id FROM revisions r JOIN observations o ON o.id = r.observation_id
  WHERE r.commit_no = NEW.no AND (r.value IS NULL OR o.period_end IS NULL OR r.known_on < o.period_end)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER "commits_series_apart" AFTER INSERT ON "commits"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_figures_apart();

INSERT INTO figures_apart SELECT * FROM figures_apart_now;

-- Few figures are not normal ones. Partial, which the schema of Prisma cannot name.
CREATE INDEX "revisions_unusual_idx" ON "revisions" ("status", "known_on") WHERE "status" <> 'A';
