-- What figures are checked against, as data. A change is a new version; the last one of a code holds.
-- CreateEnum
CREATE TYPE "rule_kind" AS ENUM ('range', 'jump', 'never_falls', 'part_of', 'areas_sum', 'sexes_sum', 'source');

-- CreateEnum
CREATE TYPE "rule_severity" AS ENUM ('error', 'warning');

-- CreateTable
CREATE TABLE "rule_versions" (
    "code" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "kind" "rule_kind" NOT NULL,
    "indicator_code" TEXT,
    "parameters" JSONB NOT NULL DEFAULT '{}',
    "severity" "rule_severity" NOT NULL,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "note" TEXT NOT NULL DEFAULT '',
    "author_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rule_versions_pkey" PRIMARY KEY ("code","version")
);

-- AddForeignKey
ALTER TABLE "rule_versions" ADD CONSTRAINT "rule_versions_indicator_code_fkey" FOREIGN KEY ("indicator_code") REFERENCES "indicators"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rule_versions" ADD CONSTRAINT "rule_versions_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema language cannot say. Prisma's diff does not look at these.
ALTER TABLE "rule_versions"
  ADD CONSTRAINT "rule_versions_code_check" CHECK (code ~ '^[A-Z0-9_]{1,60}$'),
  ADD CONSTRAINT "rule_versions_version_check" CHECK (version > 0),
  ADD CONSTRAINT "rule_versions_parameters_check" CHECK (jsonb_typeof(parameters) = 'object');

CREATE TRIGGER "rule_versions_append_only" BEFORE UPDATE OR DELETE ON "rule_versions"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "rule_versions_no_truncate" BEFORE TRUNCATE ON "rule_versions"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the product has warned of before rules were data, and the sums.
INSERT INTO "rule_versions" ("code", "version", "kind", "parameters", "severity") VALUES
  ('NEGATIVE', 1, 'range', '{"min": "0"}', 'warning'),
  ('PERCENT_OVER_100', 1, 'range', '{"max": "100", "unit": "PERCENT"}', 'warning'),
  ('TENFOLD', 1, 'jump', '{"factor": "10"}', 'warning'),
  ('STOCK_FALLS', 1, 'never_falls', '{}', 'warning'),
  ('AREAS_SUM', 1, 'areas_sum', '{"tolerance": "0"}', 'warning'),
  ('SEXES_SUM', 1, 'sexes_sum', '{"tolerance": "0"}', 'warning'),
  ('SOURCE', 1, 'source', '{"needs": "publisher"}', 'error');

DO $$
BEGIN
  PERFORM audit_watch('rule_versions', '{code,version}');
END $$;
