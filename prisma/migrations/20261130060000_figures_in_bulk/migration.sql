-- What is asked of each figure by a trigger of its own is asked once of all that a statement adds,
-- and the log writes a commit of a million figures down in one pass. What is refused, and what is
-- hashed, stays the same.

-- The current revision is one of the observation's own.
CREATE FUNCTION check_current_revisions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong record;
BEGIN
  SELECT n.id, n.current_revision_id INTO wrong FROM new_rows n
  WHERE n.current_revision_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM revisions r WHERE r.id = n.current_revision_id AND r.observation_id = n.id)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'revision % does not belong to observation %',
      wrong.current_revision_id, wrong.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER "observations_current_revision_inserted"
  AFTER INSERT ON "observations" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION check_current_revisions();
CREATE TRIGGER "observations_current_revision_updated"
  AFTER UPDATE ON "observations" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION check_current_revisions();
DROP TRIGGER "observations_current_revision" ON "observations";
DROP FUNCTION check_current_revision();

-- What is computed is never stored.
CREATE OR REPLACE FUNCTION refuse_computed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  computed text;
BEGIN
  SELECT i.code INTO computed FROM indicators i
  WHERE i.method = 'computed' AND EXISTS (SELECT FROM new_rows n WHERE n.indicator_code = i.code)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% is computed from its parts and has no figures of its own', computed
      USING ERRCODE = 'integrity_constraint_violation',
            HINT = 'Publish its numerator and its denominator.';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER "observations_not_computed" ON "observations";
CREATE TRIGGER "observations_not_computed"
  AFTER INSERT ON "observations" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_computed();

-- As before, without a function called for each row, which PostgreSQL would not write into the query.
CREATE OR REPLACE FUNCTION audit_rows(commit integer) RETURNS TABLE (key text, digest bytea)
  LANGUAGE sql STABLE AS $$
  SELECT 'commits/' || no, sha256(convert_to(array_to_string(ARRAY[no::text, kind::text, message,
    actor_id, idempotency_key, audit_instant(committed_at)], E'\x1f', E'\x1e'), 'UTF8'))
  FROM commits WHERE no = commit
  UNION ALL
  SELECT 'revisions/' || id, sha256(convert_to(array_to_string(ARRAY[id::text, observation_id::text,
    commit_no::text, kind::text, value_text, status, "precision"::text, source_id::text, note,
    reason, period_label, author_id, approver_id, proposal_id, to_char(released_on, 'YYYY-MM-DD'),
    to_char(recorded_on, 'YYYY-MM-DD'), to_char(known_on, 'YYYY-MM-DD'),
    to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')],
    E'\x1f', E'\x1e'), 'UTF8'))
  FROM revisions WHERE commit_no = commit
  UNION ALL
  SELECT 'observations/' || id, sha256(convert_to(array_to_string(ARRAY[id::text, role::text,
    indicator_code, programme_code, area_code, academy_code, sex, kind::text, unit_code, period,
    period_source, to_char(period_start, 'YYYY-MM-DD'), to_char(period_end, 'YYYY-MM-DD'),
    frequency], E'\x1f', E'\x1e'), 'UTF8'))
  FROM observations WHERE id IN (SELECT observation_id FROM revisions WHERE commit_no = commit)
  UNION ALL
  SELECT 'sources/' || id, sha256(convert_to(array_to_string(ARRAY[id::text, publisher, title,
    published_label, to_char(published_on, 'YYYY-MM-DD'), url], E'\x1f', E'\x1e'), 'UTF8'))
  FROM sources WHERE id IN (SELECT source_id FROM revisions WHERE commit_no = commit)
  UNION ALL
  SELECT 'indicator_versions/' || indicator_code || '/' || commit_no,
    audit_sha256(audit_join(indicator_code, commit_no::text, name::text, definition::text))
  FROM indicator_versions WHERE commit_no = commit
  UNION ALL
  SELECT 'programme_versions/' || programme_code || '/' || commit_no,
    audit_sha256(audit_join(programme_code, commit_no::text, name::text, description::text))
  FROM programme_versions WHERE commit_no = commit
  UNION ALL
  SELECT 'area_versions/' || area_code || '/' || commit_no,
    audit_sha256(audit_join(area_code, commit_no::text, name::text))
  FROM area_versions WHERE commit_no = commit
  UNION ALL
  SELECT 'academy_versions/' || academy_code || '/' || commit_no,
    audit_sha256(audit_join(academy_code, commit_no::text, name::text))
  FROM academy_versions WHERE commit_no = commit
  UNION ALL
  SELECT 'unit_versions/' || unit_code || '/' || commit_no,
    audit_sha256(audit_join(unit_code, commit_no::text, name::text, pattern::text))
  FROM unit_versions WHERE commit_no = commit
$$;
