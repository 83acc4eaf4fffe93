-- What is held for a release is not in the record before its time: nothing there needs hiding.
ALTER TABLE "revisions" DROP COLUMN "release_at";

-- AlterEnum
ALTER TYPE "proposal_state" ADD VALUE 'scheduled';

-- CreateEnum
CREATE TYPE "release_state" AS ENUM ('planned', 'late', 'published', 'cancelled');

-- CreateEnum
CREATE TYPE "release_event_kind" AS ENUM ('created', 'moved', 'reworded', 'late', 'cancelled', 'published');

-- CreateTable
CREATE TABLE "releases" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "title" JSONB NOT NULL,
    "note" JSONB NOT NULL,
    "announced_at" TIMESTAMPTZ(3) NOT NULL,
    "state" "release_state" NOT NULL DEFAULT 'planned',
    "created_by_id" TEXT NOT NULL,
    "published_commit_no" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "releases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "release_events" (
    "id" SERIAL NOT NULL,
    "release_id" INTEGER NOT NULL,
    "kind" "release_event_kind" NOT NULL,
    "from_at" TIMESTAMPTZ(3),
    "to_at" TIMESTAMPTZ(3),
    "title" JSONB,
    "reason" TEXT NOT NULL DEFAULT '',
    "actor_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "release_events_pkey" PRIMARY KEY ("id")
);

-- AlterTable
ALTER TABLE "proposals"
  ADD COLUMN "purpose" "revision_kind" NOT NULL DEFAULT 'publication',
  ADD COLUMN "observation_id" INTEGER,
  ADD COLUMN "typed" JSONB,
  ADD COLUMN "release_id" INTEGER,
  ADD COLUMN "approver_id" TEXT,
  ADD COLUMN "approved_at" TIMESTAMPTZ(3),
  ALTER COLUMN "value_text" DROP NOT NULL,
  ALTER COLUMN "source_id" DROP NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "releases_slug_key" ON "releases"("slug");

-- CreateIndex
CREATE INDEX "releases_state_announced_at_idx" ON "releases"("state", "announced_at");

-- CreateIndex
CREATE INDEX "release_events_release_id_id_idx" ON "release_events"("release_id", "id");

-- CreateIndex
CREATE INDEX "release_events_kind_id_idx" ON "release_events"("kind", "id");

-- CreateIndex
CREATE INDEX "proposals_release_id_state_idx" ON "proposals"("release_id", "state");

-- AddForeignKey
ALTER TABLE "releases" ADD CONSTRAINT "releases_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "releases" ADD CONSTRAINT "releases_published_commit_no_fkey" FOREIGN KEY ("published_commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release_events" ADD CONSTRAINT "release_events_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "releases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release_events" ADD CONSTRAINT "release_events_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_observation_id_fkey" FOREIGN KEY ("observation_id") REFERENCES "observations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "releases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_approver_id_fkey" FOREIGN KEY ("approver_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema language cannot say. Prisma's diff does not look at these.

-- Only a draft, sent or thrown away, may lack its value or its source; a withdrawal needs no source.
ALTER TABLE "proposals"
  ADD CONSTRAINT "proposals_said_check" CHECK (
    state IN ('draft', 'discarded')
    OR (value_text IS NOT NULL AND (source_id IS NOT NULL OR purpose = 'withdrawal'))
  ),
  ADD CONSTRAINT "proposals_withdrawal_check" CHECK (
    (purpose = 'withdrawal') = (observation_id IS NOT NULL)
    AND (purpose <> 'withdrawal' OR (reason <> '' AND release_id IS NULL))
  ),
  -- As text: a new value of a type cannot be used in the transaction that adds it.
  ADD CONSTRAINT "proposals_scheduled_check" CHECK (
    state::text <> 'scheduled'
    OR (release_id IS NOT NULL AND approver_id IS NOT NULL AND approved_at IS NOT NULL)
  );

ALTER TABLE "releases"
  ADD CONSTRAINT "releases_slug_check" CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ADD CONSTRAINT "releases_title_check" CHECK (coalesce(btrim(title ->> 'en'), '') <> ''),
  ADD CONSTRAINT "releases_commit_check" CHECK (state = 'published' OR published_commit_no IS NULL);

ALTER TABLE "release_events"
  ADD CONSTRAINT "release_events_reason_check" CHECK (kind <> 'cancelled' OR reason <> '');

CREATE TRIGGER "release_events_append_only"
  BEFORE UPDATE OR DELETE ON "release_events"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "release_events_no_truncate"
  BEFORE TRUNCATE ON "release_events"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A row to lock, so that a change of the setting and an approval wait for each other.
INSERT INTO "settings" ("key", "value") VALUES ('fourEyes', '"editors"') ON CONFLICT DO NOTHING;
