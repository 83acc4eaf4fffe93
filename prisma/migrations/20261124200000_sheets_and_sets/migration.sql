-- Sheets: what somebody types into a grid of figures, private until it is submitted. Neither sheets
-- nor their cells are audited: they change with every keystroke and are nobody's statement yet. What
-- they name is checked when it leaves them.
CREATE TABLE "sheets" (
    "author_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "programme_code" TEXT NOT NULL,
    "indicators" TEXT[],
    "periods" TEXT[],
    "rows" TEXT NOT NULL,
    "block" JSONB NOT NULL DEFAULT '{}',
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sheets_pkey" PRIMARY KEY ("author_id","address"),
    CONSTRAINT "sheets_address_check" CHECK (length("address") BETWEEN 1 AND 2000),
    CONSTRAINT "sheets_rows_check" CHECK ("rows" IN ('areas', 'academies'))
);

-- CreateIndex
CREATE INDEX "sheets_programme_code_seen_at_idx" ON "sheets"("programme_code", "seen_at");

-- AddForeignKey
ALTER TABLE "sheets" ADD CONSTRAINT "sheets_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "sheet_cells" (
    "id" SERIAL NOT NULL,
    "author_id" TEXT NOT NULL,
    "role" "role" NOT NULL DEFAULT 'actual',
    "indicator_code" TEXT NOT NULL,
    "programme_code" TEXT NOT NULL,
    "area_code" TEXT NOT NULL,
    "academy_code" TEXT NOT NULL DEFAULT '_T',
    "sex" TEXT NOT NULL DEFAULT '_T',
    "kind" "kind" NOT NULL,
    "unit_code" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "typed" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "source" JSONB,
    "base_revision_id" INTEGER,
    "seen_draft" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sheet_cells_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "sheet_cells_typed_check" CHECK (length("typed") <= 200),
    CONSTRAINT "sheet_cells_note_check" CHECK (length("note") <= 2000)
);

-- CreateIndex
CREATE UNIQUE INDEX "sheet_cells_key" ON "sheet_cells"("author_id", "indicator_code", "programme_code", "area_code", "academy_code", "sex", "role", "kind", "unit_code", "period");

-- CreateIndex
CREATE INDEX "sheet_cells_programme_code_indicator_code_period_idx" ON "sheet_cells"("programme_code", "indicator_code", "period");

-- AddForeignKey
ALTER TABLE "sheet_cells" ADD CONSTRAINT "sheet_cells_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Sets: many changes that are submitted, reviewed and published as one. A set has one state; what it
-- holds never changes.
CREATE TYPE "figure_set_purpose" AS ENUM ('entry', 'undo');

CREATE TABLE "figure_sets" (
    "id" TEXT NOT NULL,
    "purpose" "figure_set_purpose" NOT NULL DEFAULT 'entry',
    "state" "proposal_state" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "author_id" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "address" TEXT NOT NULL DEFAULT '',
    "count" INTEGER NOT NULL,
    "commit_no" INTEGER,
    "undoes_no" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "figure_sets_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "figure_sets_state_check" CHECK ("state" IN ('in_review', 'returned', 'published', 'discarded')),
    CONSTRAINT "figure_sets_commit_check" CHECK (("state" = 'published') = ("commit_no" IS NOT NULL)),
    CONSTRAINT "figure_sets_undo_check" CHECK (("purpose" = 'undo') = ("undoes_no" IS NOT NULL)),
    CONSTRAINT "figure_sets_count_check" CHECK ("count" > 0)
);

-- CreateIndex
CREATE INDEX "figure_sets_state_created_at_idx" ON "figure_sets"("state", "created_at");

-- CreateIndex
CREATE INDEX "figure_sets_author_id_updated_at_idx" ON "figure_sets"("author_id", "updated_at");

-- CreateIndex
CREATE INDEX "figure_sets_commit_no_idx" ON "figure_sets"("commit_no");

-- AddForeignKey
ALTER TABLE "figure_sets" ADD CONSTRAINT "figure_sets_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure_sets" ADD CONSTRAINT "figure_sets_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure_sets" ADD CONSTRAINT "figure_sets_undoes_no_fkey" FOREIGN KEY ("undoes_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "figure_set_events" (
    "id" SERIAL NOT NULL,
    "set_id" TEXT NOT NULL,
    "from_state" "proposal_state",
    "to_state" "proposal_state" NOT NULL,
    "actor_id" TEXT NOT NULL,
    "comment" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "figure_set_events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "figure_set_events_set_id_id_idx" ON "figure_set_events"("set_id", "id");

-- AddForeignKey
ALTER TABLE "figure_set_events" ADD CONSTRAINT "figure_set_events_set_id_fkey" FOREIGN KEY ("set_id") REFERENCES "figure_sets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure_set_events" ADD CONSTRAINT "figure_set_events_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "figure_set_members" (
    "set_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "purpose" "revision_kind" NOT NULL DEFAULT 'publication',
    "observation_id" INTEGER,
    "role" "role" NOT NULL DEFAULT 'actual',
    "indicator_code" TEXT NOT NULL,
    "programme_code" TEXT NOT NULL,
    "area_code" TEXT NOT NULL,
    "academy_code" TEXT NOT NULL DEFAULT '_T',
    "sex" TEXT NOT NULL DEFAULT '_T',
    "kind" "kind" NOT NULL,
    "unit_code" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "value_text" TEXT,
    "status" TEXT NOT NULL DEFAULT 'A',
    "precision" "precision" NOT NULL DEFAULT 'exact',
    "source_id" INTEGER,
    "note" TEXT NOT NULL DEFAULT '',
    "warnings" TEXT[],
    "released_on" DATE,
    "base_revision_id" INTEGER,

    CONSTRAINT "figure_set_members_pkey" PRIMARY KEY ("set_id","position"),
    CONSTRAINT "figure_set_members_purpose_check" CHECK (CASE "purpose"
      WHEN 'publication' THEN "value_text" IS NOT NULL AND "source_id" IS NOT NULL
      WHEN 'withdrawal' THEN "value_text" IS NULL AND "observation_id" IS NOT NULL
      ELSE false END)
);

-- AddForeignKey
ALTER TABLE "figure_set_members" ADD CONSTRAINT "figure_set_members_set_id_fkey" FOREIGN KEY ("set_id") REFERENCES "figure_sets"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure_set_members" ADD CONSTRAINT "figure_set_members_observation_id_fkey" FOREIGN KEY ("observation_id") REFERENCES "observations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure_set_members" ADD CONSTRAINT "figure_set_members_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figure_set_members" ADD CONSTRAINT "figure_set_members_base_revision_id_fkey" FOREIGN KEY ("base_revision_id") REFERENCES "revisions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TRIGGER "figure_set_events_append_only" BEFORE UPDATE OR DELETE ON "figure_set_events"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "figure_set_events_no_truncate" BEFORE TRUNCATE ON "figure_set_events"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "figure_set_members_append_only" BEFORE UPDATE OR DELETE ON "figure_set_members"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "figure_set_members_no_truncate" BEFORE TRUNCATE ON "figure_set_members"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Members need no entries of their own: they never change, and a commit answers for what it published.
DO $$
BEGIN
  PERFORM audit_watch('figure_sets', '{id}', '{updated_at}');
  PERFORM audit_watch('figure_set_events', '{id}');
END $$;
