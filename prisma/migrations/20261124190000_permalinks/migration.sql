-- Short links to a page in one state of the record. Made by any reader, and never changed.
CREATE TABLE permalinks (
  code TEXT PRIMARY KEY CHECK (code ~ '^[0-9a-hjkmnp-tv-z]{8,26}$'),
  path TEXT NOT NULL CHECK (path ~ '^/' AND length(path) <= 2000),
  as_of DATE NOT NULL,
  commit_no INTEGER NOT NULL REFERENCES commits (no) ON DELETE RESTRICT ON UPDATE CASCADE,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT now()
);

CREATE TRIGGER permalinks_append_only BEFORE UPDATE OR DELETE ON permalinks
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER permalinks_not_emptied BEFORE TRUNCATE ON permalinks
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
