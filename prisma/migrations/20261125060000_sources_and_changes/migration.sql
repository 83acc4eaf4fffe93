-- CreateEnum
CREATE TYPE "source_step_kind" AS ENUM ('corrected', 'merged', 'archived', 'reopened');

-- What became of a source. A citation is never reworded: a corrected or doubled one leads to another.
-- The newest step of a source holds.
CREATE TABLE "source_steps" (
    "id" SERIAL NOT NULL,
    "source_id" INTEGER NOT NULL,
    "kind" "source_step_kind" NOT NULL,
    "into_id" INTEGER,
    "commit_no" INTEGER NOT NULL,

    CONSTRAINT "source_steps_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "source_steps_source_id_id_idx" ON "source_steps"("source_id", "id");

-- CreateIndex
CREATE INDEX "source_steps_into_id_idx" ON "source_steps"("into_id");

-- CreateIndex
CREATE INDEX "source_steps_commit_no_idx" ON "source_steps"("commit_no");

-- AddForeignKey
ALTER TABLE "source_steps" ADD CONSTRAINT "source_steps_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source_steps" ADD CONSTRAINT "source_steps_into_id_fkey" FOREIGN KEY ("into_id") REFERENCES "sources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source_steps" ADD CONSTRAINT "source_steps_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What a commit of the desk did to an item of the catalogue, field by field, as its form shows them.
CREATE TABLE "commit_changes" (
    "commit_no" INTEGER NOT NULL,
    "list" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "is_new" BOOLEAN NOT NULL,
    "fields" JSONB NOT NULL,

    CONSTRAINT "commit_changes_pkey" PRIMARY KEY ("commit_no","list","code")
);

-- AddForeignKey
ALTER TABLE "commit_changes" ADD CONSTRAINT "commit_changes_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema language cannot say. Prisma's diff does not look at these.
ALTER TABLE "source_steps"
  ADD CONSTRAINT "source_steps_into_check"
    CHECK ((kind IN ('corrected', 'merged')) = (into_id IS NOT NULL) AND into_id <> source_id);
ALTER TABLE "commit_changes"
  ADD CONSTRAINT "commit_changes_fields_check" CHECK (jsonb_typeof(fields) = 'object');

DO $$
DECLARE
  frozen TEXT;
BEGIN
  FOREACH frozen IN ARRAY ARRAY['source_steps', 'commit_changes'] LOOP
    EXECUTE format(
      'CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()',
      frozen || '_append_only', frozen);
    EXECUTE format(
      'CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
      frozen || '_no_truncate', frozen);
  END LOOP;
  PERFORM audit_watch('source_steps', '{id}');
  PERFORM audit_watch('commit_changes', '{commit_no,list,code}');
END $$;
