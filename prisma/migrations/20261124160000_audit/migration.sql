-- The audit log: one entry for each change that is committed, each with the hash of the one before.
-- What is hashed, and how, is told in docs/data-model.md; features/audit checks it on its own.
CREATE TABLE "audit_entries" (
    "no" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" TEXT NOT NULL DEFAULT '',
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "commit_no" INTEGER,
    "row_keys" TEXT[],
    "row_digests" BYTEA[],
    "digest" TEXT NOT NULL,
    "previous" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("no")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_entries_commit_no_key" ON "audit_entries"("commit_no");

-- CreateIndex
CREATE INDEX "audit_entries_subject_no_idx" ON "audit_entries"("subject", "no");

-- CreateIndex
CREATE INDEX "audit_entries_actor_id_no_idx" ON "audit_entries"("actor_id", "no");

-- CreateIndex
CREATE INDEX "audit_entries_at_idx" ON "audit_entries"("at");

-- AddForeignKey
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One text for a list of values: no value holds the separator, and absent is not empty.
CREATE FUNCTION audit_join(VARIADIC parts text[]) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT array_to_string(parts, E'\x1f', E'\x1e') $$;

CREATE FUNCTION audit_instant(at timestamptz) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

CREATE FUNCTION audit_sha256(content text) RETURNS bytea
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT sha256(convert_to(content, 'UTF8')) $$;

-- What a commit stands for: its revisions, the keys and the sources they name, names and definitions.
CREATE FUNCTION audit_rows(commit integer) RETURNS TABLE (key text, digest bytea)
  LANGUAGE sql STABLE AS $$
  SELECT 'commits/' || no, audit_sha256(audit_join(no::text, kind::text, message, actor_id,
    idempotency_key, audit_instant(committed_at)))
  FROM commits WHERE no = commit
  UNION ALL
  SELECT 'revisions/' || id, audit_sha256(audit_join(id::text, observation_id::text,
    commit_no::text, kind::text, value_text, status, "precision"::text, source_id::text, note,
    reason, period_label, author_id, approver_id, proposal_id, to_char(released_on, 'YYYY-MM-DD'),
    to_char(recorded_on, 'YYYY-MM-DD'), to_char(known_on, 'YYYY-MM-DD'),
    audit_instant(recorded_at)))
  FROM revisions WHERE commit_no = commit
  UNION ALL
  SELECT 'observations/' || id, audit_sha256(audit_join(id::text, role::text, indicator_code,
    programme_code, area_code, academy_code, sex, kind::text, unit_code, period, period_source,
    to_char(period_start, 'YYYY-MM-DD'), to_char(period_end, 'YYYY-MM-DD'), frequency))
  FROM observations WHERE id IN (SELECT observation_id FROM revisions WHERE commit_no = commit)
  UNION ALL
  SELECT 'sources/' || id, audit_sha256(audit_join(id::text, publisher, title, published_label,
    to_char(published_on, 'YYYY-MM-DD'), url))
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

-- Adds the next entry. Entries are added one at a time, so that each has exactly one before it; the
-- lock is taken as the last thing of a transaction, when it waits for nothing else any more.
CREATE FUNCTION audit_append(
  actor text, action text, subject text, detail jsonb,
  commit integer DEFAULT NULL, keys text[] DEFAULT NULL, digests bytea[] DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  entry audit_entries;
  before audit_entries;
BEGIN
  entry.digest := CASE WHEN keys IS NULL THEN '' ELSE encode(audit_sha256((
    SELECT string_agg(k || ' ' || encode(d, 'hex'), E'\n' ORDER BY n)
    FROM unnest(keys, digests) WITH ORDINALITY AS row_(k, d, n))), 'hex') END;
  PERFORM pg_advisory_xact_lock(5011);
  SELECT * INTO before FROM audit_entries ORDER BY no DESC LIMIT 1;
  entry.no := coalesce(before.no, 0) + 1;
  entry.previous := coalesce(before.hash, '');
  entry.at := date_trunc('milliseconds', clock_timestamp());
  entry.hash := encode(audit_sha256(audit_join(entry.no::text, audit_instant(entry.at), actor,
    action, subject, detail::text, commit::text, entry.digest, entry.previous)), 'hex');
  INSERT INTO audit_entries VALUES (entry.no, entry.at, actor, action, subject, detail, commit,
    keys, digests, entry.digest, entry.previous, entry.hash);
END $$;

CREATE FUNCTION audit_commit(of commits) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  keys text[];
  digests bytea[];
BEGIN
  SELECT array_agg(key ORDER BY key), array_agg(digest ORDER BY key) INTO keys, digests
  FROM audit_rows(of.no);
  PERFORM audit_append(of.actor_id, 'commits.insert', 'commits/' || of.no,
    jsonb_build_object('kind', of.kind, 'message', of.message, 'rows', cardinality(keys)),
    of.no, keys, digests);
END $$;

CREATE FUNCTION audit_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM audit_commit(NEW);
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER "commits_audit" AFTER INSERT ON "commits"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_commit();

-- Rows that may change, and steps of people: each change is an entry with the row before and after.
-- Arguments: the columns of the key; those to leave out, as they are secret or mere noise; those of
-- them that are named where they change.
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql
  SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
DECLARE
  hidden text[] := TG_ARGV[1]::text[];
  before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  subject text := (SELECT string_agg(coalesce(after, before) ->> column_, '/' ORDER BY n)
    FROM unnest(TG_ARGV[0]::text[]) WITH ORDINALITY AS key_(column_, n));
  secrets jsonb := (SELECT jsonb_agg(column_) FROM unnest(TG_ARGV[2]::text[]) AS told(column_)
    WHERE before ->> column_ IS DISTINCT FROM after ->> column_);
  actor text := coalesce(nullif(current_setting('shumar.actor', true), ''),
    CASE WHEN TG_TABLE_NAME = 'sessions' THEN coalesce(after, before) ->> 'user_id' END, '');
BEGIN
  IF before - hidden IS DISTINCT FROM after - hidden OR secrets IS NOT NULL THEN
    PERFORM audit_append(actor, TG_TABLE_NAME || '.' || lower(TG_OP),
      TG_TABLE_NAME || '/' || subject,
      CASE WHEN before IS NULL THEN '{}' ELSE jsonb_build_object('before', before - hidden) END
      || CASE WHEN after IS NULL THEN '{}' ELSE jsonb_build_object('after', after - hidden) END
      || CASE WHEN secrets IS NULL THEN '{}' ELSE jsonb_build_object('secrets', secrets) END);
  END IF;
  RETURN NULL;
END $$;

-- Watches a table from now on; the rows that it has already are entries of their own.
CREATE FUNCTION audit_watch(
  watched text, key text[], hidden text[] DEFAULT '{}', told text[] DEFAULT '{}'
) RETURNS void LANGUAGE plpgsql SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
DECLARE
  present jsonb;
BEGIN
  EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_change(%L, %L, %L)',
    watched || '_audit', watched, key, hidden, told);
  FOR present IN EXECUTE format('SELECT to_jsonb(t) - %L::text[] FROM %I t ORDER BY %I',
    hidden, watched, key[1])
  LOOP
    PERFORM audit_append('', watched || '.begin', watched || '/' || (
      SELECT string_agg(present ->> column_, '/' ORDER BY n)
      FROM unnest(key) WITH ORDINALITY AS key_(column_, n)), jsonb_build_object('after', present));
  END LOOP;
END $$;

-- What was there before the log began: its commits, in order, then the rows that may change.
DO $$
DECLARE
  past commits;
BEGIN
  FOR past IN SELECT * FROM commits ORDER BY no LOOP
    PERFORM audit_commit(past);
  END LOOP;
  PERFORM audit_watch('indicators', '{code}');
  PERFORM audit_watch('indicator_aliases', '{alias}');
  PERFORM audit_watch('programmes', '{code}');
  PERFORM audit_watch('areas', '{code}');
  PERFORM audit_watch('academies', '{code}');
  PERFORM audit_watch('units', '{code}');
  PERFORM audit_watch('series_breaks', '{id}');
  PERFORM audit_watch('caveats', '{code}');
  PERFORM audit_watch('sources', '{id}');
  PERFORM audit_watch('proposals', '{id}', '{updated_at}');
  PERFORM audit_watch('proposal_events', '{id}');
  PERFORM audit_watch('users', '{id}', '{updated_at}');
  PERFORM audit_watch('accounts', '{id}',
    '{password,access_token,refresh_token,id_token,updated_at}', '{password}');
  PERFORM audit_watch('invitations', '{id}', '{token_hash}');
  PERFORM audit_watch('settings', '{key}');
  PERFORM audit_watch('sessions', '{id}', '{token,ip_address,user_agent,updated_at}');
END $$;

-- Of failed sign-ins the log tells when they lock an address.
CREATE CONSTRAINT TRIGGER "sign_in_failures_audit" AFTER UPDATE ON "sign_in_failures"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.locked_until IS NOT NULL AND NEW.locked_until IS DISTINCT FROM OLD.locked_until)
  EXECUTE FUNCTION audit_change('{email}', '{last_at}', '{}');

CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR DELETE ON "audit_entries"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "audit_entries_no_truncate" BEFORE TRUNCATE ON "audit_entries"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
