-- Of several commits in one transaction, the last one about a series keeps what is known of it: each
-- would find the same, as the figures of all are there by then.
CREATE OR REPLACE FUNCTION touched_series(no integer) RETURNS TABLE (
    indicator_code text, programme_code text, area_code text, academy_code text, sex text, role "role",
    kind "kind", unit_code text)
  LANGUAGE sql STABLE
  AS $$
  SELECT o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex, o.role, o.kind,
    o.unit_code
  FROM observations o WHERE o.id IN (SELECT observation_id FROM revisions WHERE commit_no = touched_series.no)
  EXCEPT
  SELECT o.indicator_code, o.programme_code, o.area_code, o.academy_code, o.sex, o.role, o.kind,
    o.unit_code
  FROM commits c JOIN revisions r ON r.commit_no = c.no JOIN observations o ON o.id = r.observation_id
  WHERE c.no > touched_series.no AND c.xmin = pg_current_xact_id()::xid
$$;
