-- What a page needs to know of the record without reading all of it: for each series how many figures
-- it has, its newest one, and the days between which it lies. Kept true by every commit.

-- What comes in one history: as `rhythmOf` in features/figures/series.ts.
CREATE FUNCTION rhythm_of(period text, frequency text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE WHEN period LIKE '%-A1' THEN 'fiscal' WHEN frequency = 'A' THEN 'calendar'
    WHEN frequency IN ('Q', 'M') THEN frequency ELSE 'dated' END
$$;

-- CreateTable
CREATE TABLE "series" (
    "indicator_code" TEXT NOT NULL,
    "programme_code" TEXT NOT NULL,
    "area_code" TEXT NOT NULL,
    "academy_code" TEXT NOT NULL,
    "sex" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "kind" "kind" NOT NULL,
    "unit_code" TEXT NOT NULL,
    "rhythm" TEXT NOT NULL,
    "figures" INTEGER NOT NULL,
    "newest_id" INTEGER,
    "first_day" DATE,
    "last_day" DATE,
    "changed_on" DATE,

    CONSTRAINT "series_pkey" PRIMARY KEY ("indicator_code","programme_code","area_code","academy_code","sex","role","kind","unit_code","rhythm")
);

-- What the table holds, told by the figures themselves. A withdrawn figure is none, but a change.
CREATE VIEW series_now AS
  SELECT o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex, o.role, o.kind,
    o.unit_code, rhythm_of(o.period, o.frequency) AS rhythm,
    count(o.value)::int AS figures,
    (array_agg(o.id ORDER BY o.period_end DESC, r.known_on DESC, o.period_start, o.id)
      FILTER (WHERE o.value IS NOT NULL AND o.period_end IS NOT NULL))[1] AS newest_id,
    min(coalesce(o.period_start, o.period_end))
      FILTER (WHERE o.value IS NOT NULL AND o.period_end IS NOT NULL) AS first_day,
    max(o.period_end) FILTER (WHERE o.value IS NOT NULL) AS last_day,
    max(r.known_on) AS changed_on
  FROM observations o LEFT JOIN revisions r ON r.id = o.current_revision_id
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;

-- Runs when the commit is written down, the last thing of a transaction, one at a time: see
-- audit_append. So no two wait for each other's rows, and none counts what another is adding.
CREATE FUNCTION keep_series() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO series
  SELECT s.* FROM (
    SELECT DISTINCT indicator_code, programme_code, area_code, academy_code, sex, role, kind, unit_code
    FROM observations WHERE id IN (SELECT observation_id FROM revisions WHERE commit_no = NEW.no)
  ) t CROSS JOIN LATERAL (
    SELECT * FROM series_now n
    WHERE (n.indicator_code, n.programme_code, n.area_code, n.academy_code, n.sex, n.role, n.kind,
        n.unit_code)
      = (t.indicator_code, t.programme_code, t.area_code, t.academy_code, t.sex, t.role, t.kind,
        t.unit_code)
  ) s
  ON CONFLICT (indicator_code, programme_code, area_code, academy_code, sex, role, kind, unit_code,
    rhythm) DO UPDATE SET figures = excluded.figures, newest_id = excluded.newest_id,
    first_day = excluded.first_day, last_day = excluded.last_day, changed_on = excluded.changed_on;
  RETURN NULL;
END $$;

-- Its name puts it after the one that takes the lock.
CREATE CONSTRAINT TRIGGER "commits_series" AFTER INSERT ON "commits"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_series();

INSERT INTO series SELECT * FROM series_now;
