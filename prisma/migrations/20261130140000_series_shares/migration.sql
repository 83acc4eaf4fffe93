-- How many figures of each series have a frequency, a status and a publisher, and how large a file of
-- them is: what the explorer offers as choices and says of files, without counting figures.

-- CreateTable
CREATE TABLE "series_shares" (
    "indicator_code" TEXT NOT NULL,
    "programme_code" TEXT NOT NULL,
    "area_code" TEXT NOT NULL,
    "academy_code" TEXT NOT NULL,
    "sex" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "kind" "kind" NOT NULL,
    "unit_code" TEXT NOT NULL,
    "frequency" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "publisher" TEXT NOT NULL,
    "figures" INTEGER NOT NULL,
    "sdmx_figures" INTEGER NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "series_shares_pkey" PRIMARY KEY ("indicator_code","programme_code","area_code","academy_code","sex","role","kind","unit_code","frequency","status","publisher")
);

-- What the table holds, told by the figures themselves. A source never changes. A line of a file is
-- taken for as long as its texts, its codes and two days of ten letters, with a comma after each of
-- the 24 columns.
CREATE VIEW series_shares_now AS
  SELECT o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex, o.role, o.kind,
    o.unit_code, CASE WHEN o.period LIKE '%-A1' THEN 'A1' ELSE o.frequency END AS frequency,
    r.status, coalesce(s.publisher, '') AS publisher,
    count(*)::int AS figures,
    (count(*) FILTER (WHERE o.period_start IS NOT NULL AND o.period_end IS NOT NULL))::int AS sdmx_figures,
    sum(octet_length(r.value_text) + octet_length(o.period) + octet_length(r.note)
      + octet_length(coalesce(s.publisher || s.title || s.published_label || s.url, ''))
      + octet_length(o.indicator_code || o.programme_code || o.area_code || o.academy_code || o.sex
        || o.unit_code || o.frequency || r.status || r.id)
      + octet_length(o.role::text) + octet_length(o.kind::text) + octet_length(r."precision"::text)
      + CASE WHEN o.period_start IS NULL THEN 0 ELSE 10 END
      + CASE WHEN o.period_end IS NULL THEN 0 ELSE 10 END
      + CASE WHEN r.released_on IS NULL THEN 0 ELSE 10 END
      + 33)::bigint AS bytes
  FROM observations o JOIN revisions r ON r.id = o.current_revision_id
    LEFT JOIN sources s ON s.id = r.source_id
  WHERE o.value IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;

-- The series of which a commit changed figures.
CREATE FUNCTION touched_series(no integer) RETURNS TABLE (
    indicator_code text, programme_code text, area_code text, academy_code text, sex text, role "role",
    kind "kind", unit_code text)
  LANGUAGE sql STABLE
  AS $$
  SELECT DISTINCT o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex, o.role, o.kind,
    o.unit_code
  FROM observations o WHERE o.id IN (SELECT observation_id FROM revisions WHERE commit_no = touched_series.no)
$$;

-- One series after the other: asked for together, all figures would be read.
CREATE OR REPLACE FUNCTION keep_series() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT * FROM touched_series(NEW.no) LOOP
    INSERT INTO series SELECT n.* FROM series_now n
      WHERE n.indicator_code = t.indicator_code
        AND n.programme_code = t.programme_code
        AND n.area_code = t.area_code
        AND n.academy_code = t.academy_code
        AND n.sex = t.sex
        AND n.role = t.role
        AND n.kind = t.kind
        AND n.unit_code = t.unit_code
      ON CONFLICT (indicator_code, programme_code, area_code, academy_code, sex, role, kind, unit_code,
        rhythm) DO UPDATE SET figures = excluded.figures, newest_id = excluded.newest_id,
        first_day = excluded.first_day, last_day = excluded.last_day, changed_on = excluded.changed_on;
    DELETE FROM series_shares g
      WHERE g.indicator_code = t.indicator_code
        AND g.programme_code = t.programme_code
        AND g.area_code = t.area_code
        AND g.academy_code = t.academy_code
        AND g.sex = t.sex
        AND g.role = t.role
        AND g.kind = t.kind
        AND g.unit_code = t.unit_code;
    INSERT INTO series_shares SELECT n.* FROM series_shares_now n
      WHERE n.indicator_code = t.indicator_code
        AND n.programme_code = t.programme_code
        AND n.area_code = t.area_code
        AND n.academy_code = t.academy_code
        AND n.sex = t.sex
        AND n.role = t.role
        AND n.kind = t.kind
        AND n.unit_code = t.unit_code;
  END LOOP;
  RETURN NULL;
END $$;

INSERT INTO series_shares SELECT * FROM series_shares_now;

-- The newest figures of an indicator, a programme or an area, and how many lie between two days,
-- without reading the others. Partial and in an order that the schema of Prisma cannot name.
CREATE INDEX "observations_indicator_newest_idx" ON "observations"
  ("indicator_code", "period_end" DESC NULLS LAST) INCLUDE ("role", "period_start") WHERE "value" IS NOT NULL;
CREATE INDEX "observations_programme_newest_idx" ON "observations"
  ("programme_code", "period_end" DESC NULLS LAST) INCLUDE ("period_start") WHERE "value" IS NOT NULL;
CREATE INDEX "observations_area_newest_idx" ON "observations"
  ("area_code", "period_end" DESC NULLS LAST) INCLUDE ("period_start") WHERE "value" IS NOT NULL;
CREATE INDEX "observations_newest_idx" ON "observations"
  ("period_end" DESC NULLS LAST) INCLUDE ("period_start") WHERE "value" IS NOT NULL;
