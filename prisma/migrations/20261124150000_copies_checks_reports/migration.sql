-- CreateEnum
CREATE TYPE "link_outcome" AS ENUM ('alive', 'moved', 'dead', 'unsure');

-- CreateEnum
CREATE TYPE "report_state" AS ENUM ('received', 'in_hand', 'accepted', 'declined');

-- CreateTable
CREATE TABLE "source_copies" (
    "id" SERIAL NOT NULL,
    "source_id" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,
    "captured_on" DATE NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "stored_by_id" TEXT NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "source_copies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_checks" (
    "id" SERIAL NOT NULL,
    "source_id" INTEGER NOT NULL,
    "outcome" "link_outcome" NOT NULL,
    "status" INTEGER,
    "error" TEXT NOT NULL DEFAULT '',
    "final_url" TEXT NOT NULL DEFAULT '',
    "checked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "source_checks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "error_reports" (
    "id" TEXT NOT NULL,
    "observation_id" INTEGER NOT NULL,
    "state" "report_state" NOT NULL DEFAULT 'received',
    "version" INTEGER NOT NULL DEFAULT 1,
    "wrong" TEXT NOT NULL,
    "instead" TEXT NOT NULL DEFAULT '',
    "shown_at" TEXT NOT NULL DEFAULT '',
    "is_shared" BOOLEAN NOT NULL DEFAULT false,
    "answer" TEXT NOT NULL DEFAULT '',
    "revision_id" INTEGER,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "error_reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "error_report_events" (
    "id" SERIAL NOT NULL,
    "report_id" TEXT NOT NULL,
    "from_state" "report_state",
    "to_state" "report_state" NOT NULL,
    "actor_id" TEXT,
    "answer" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "error_report_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "report_counts" (
    "bucket" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "report_counts_pkey" PRIMARY KEY ("bucket","starts_at")
);

-- CreateIndex
CREATE UNIQUE INDEX "source_copies_source_id_sha256_key" ON "source_copies"("source_id", "sha256");

-- CreateIndex
CREATE INDEX "source_checks_source_id_id_idx" ON "source_checks"("source_id", "id");

-- CreateIndex
CREATE INDEX "error_reports_state_received_at_idx" ON "error_reports"("state", "received_at");

-- CreateIndex
CREATE INDEX "error_reports_observation_id_idx" ON "error_reports"("observation_id");

-- CreateIndex
CREATE INDEX "error_report_events_report_id_id_idx" ON "error_report_events"("report_id", "id");

-- AddForeignKey
ALTER TABLE "source_copies" ADD CONSTRAINT "source_copies_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source_copies" ADD CONSTRAINT "source_copies_stored_by_id_fkey" FOREIGN KEY ("stored_by_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source_checks" ADD CONSTRAINT "source_checks_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "error_reports" ADD CONSTRAINT "error_reports_observation_id_fkey" FOREIGN KEY ("observation_id") REFERENCES "observations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "error_reports" ADD CONSTRAINT "error_reports_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "revisions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "error_report_events" ADD CONSTRAINT "error_report_events_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "error_reports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "error_report_events" ADD CONSTRAINT "error_report_events_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- A copy is what its hash says, and never larger than the form takes.
ALTER TABLE "source_copies"
  ADD CONSTRAINT "source_copies_sha256_check" CHECK (sha256 = encode(sha256(bytes), 'hex')),
  ADD CONSTRAINT "source_copies_size_check" CHECK (
    size = octet_length(bytes) AND size BETWEEN 1 AND 20971520
  ),
  ADD CONSTRAINT "source_copies_captured_on_check" CHECK (
    captured_on BETWEEN DATE '1990-01-01' AND (stored_at AT TIME ZONE 'Asia/Karachi')::date
  );

ALTER TABLE "error_reports"
  ADD CONSTRAINT "error_reports_answer_check" CHECK (coalesce(
    (state IN ('accepted', 'declined')) = (answer <> '' AND answered_at IS NOT NULL), false)
  ),
  ADD CONSTRAINT "error_reports_revision_check" CHECK (
    revision_id IS NULL OR state = 'accepted'
  ),
  ADD CONSTRAINT "error_reports_shared_check" CHECK (
    NOT is_shared OR state IN ('accepted', 'declined')
  );

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['source_copies', 'source_checks', 'error_report_events'] LOOP
    EXECUTE format(
      'CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()',
      name || '_append_only', name);
    EXECUTE format(
      'CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
      name || '_no_truncate', name);
  END LOOP;
END $$;

-- A report is never removed, nor about another figure; its reader's words are never reworded. They
-- can be blanked: they may hold what must not be kept.
CREATE FUNCTION refuse_rewording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'error reports are never removed: answer the report instead'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.id, NEW.observation_id, NEW.received_at)
      IS DISTINCT FROM (OLD.id, OLD.observation_id, OLD.received_at)
    OR NEW.wrong NOT IN (OLD.wrong, '') OR NEW.instead NOT IN (OLD.instead, '')
    OR NEW.shown_at NOT IN (OLD.shown_at, '') THEN
    RAISE EXCEPTION 'the words of an error report never change'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "error_reports_words_fixed"
  BEFORE UPDATE OR DELETE ON "error_reports"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewording();
