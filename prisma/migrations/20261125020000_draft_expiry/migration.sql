-- Drafts that nobody has touched for long are announced to their author with a day, and removed on
-- it. A draft without a day was never announced, and so is never removed.
ALTER TABLE "sheet_cells" ADD COLUMN "kept_at" TIMESTAMPTZ(3);
ALTER TABLE "sheet_cells" ADD COLUMN "expires_on" DATE;

-- CreateIndex
CREATE INDEX "sheet_cells_expires_on_idx" ON "sheet_cells"("expires_on");

-- What was removed, as its author is told: never what stood in it, which was private.
CREATE TABLE "draft_removals" (
    "id" SERIAL NOT NULL,
    "author_id" TEXT NOT NULL,
    "programme_code" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "touched_on" DATE NOT NULL,
    "removed_on" DATE NOT NULL,

    CONSTRAINT "draft_removals_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "draft_removals_count_check" CHECK ("count" > 0),
    CONSTRAINT "draft_removals_days_check" CHECK ("touched_on" < "removed_on")
);

-- CreateIndex
CREATE INDEX "draft_removals_author_id_removed_on_idx" ON "draft_removals"("author_id", "removed_on");

-- AddForeignKey
ALTER TABLE "draft_removals" ADD CONSTRAINT "draft_removals_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TRIGGER "draft_removals_append_only" BEFORE UPDATE OR DELETE ON "draft_removals"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "draft_removals_no_truncate" BEFORE TRUNCATE ON "draft_removals"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$
BEGIN
  PERFORM audit_watch('draft_removals', '{id}');
END $$;
