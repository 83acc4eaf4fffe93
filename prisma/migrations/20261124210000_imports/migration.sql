-- CreateEnum
CREATE TYPE "upload_state" AS ENUM ('kept', 'checking', 'checked', 'waiting', 'committing', 'committed', 'failed');

-- CreateEnum
CREATE TYPE "staged_outcome" AS ENUM ('new', 'changed', 'same');

-- CreateTable
CREATE TABLE "uploads" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "media" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "state" "upload_state" NOT NULL DEFAULT 'kept',
    "sheets" JSONB NOT NULL DEFAULT '[]',
    "reading" JSONB NOT NULL,
    "header" TEXT[],
    "shape" TEXT NOT NULL DEFAULT '',
    "mapping" JSONB NOT NULL DEFAULT '{}',
    "run" TEXT,
    "stop_asked" BOOLEAN NOT NULL DEFAULT false,
    "rows_done" INTEGER NOT NULL DEFAULT 0,
    "tallies" JSONB NOT NULL DEFAULT '{}',
    "problem" JSONB,
    "reason" TEXT NOT NULL DEFAULT '',
    "commit_no" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "beat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "uploads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upload_chunks" (
    "upload_id" TEXT NOT NULL,
    "no" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "upload_chunks_pkey" PRIMARY KEY ("upload_id","no")
);

-- CreateTable
CREATE TABLE "upload_mappings" (
    "owner_id" TEXT NOT NULL,
    "shape" TEXT NOT NULL,
    "mapping" JSONB NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "upload_mappings_pkey" PRIMARY KEY ("owner_id","shape")
);

-- CreateTable
-- What a check finds lives until it is committed or made anew: nothing that a crash may not take.
CREATE UNLOGGED TABLE "staged_sources" (
    "upload_id" TEXT NOT NULL,
    "no" INTEGER NOT NULL,
    "publisher" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "published_label" TEXT NOT NULL,
    "url" TEXT NOT NULL,

    CONSTRAINT "staged_sources_pkey" PRIMARY KEY ("upload_id","no")
);

-- CreateTable
CREATE UNLOGGED TABLE "staged_figures" (
    "upload_id" TEXT NOT NULL,
    "no" INTEGER NOT NULL,
    "line" INTEGER NOT NULL,
    "role" "role" NOT NULL,
    "indicator_code" TEXT NOT NULL,
    "programme_code" TEXT NOT NULL,
    "area_code" TEXT NOT NULL,
    "academy_code" TEXT NOT NULL,
    "sex" TEXT NOT NULL,
    "kind" "kind" NOT NULL,
    "unit_code" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "period_start" DATE,
    "period_end" DATE,
    "frequency" TEXT NOT NULL,
    "value_text" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "precision" "precision" NOT NULL,
    "released_on" DATE,
    "source_no" INTEGER NOT NULL,
    "note" TEXT NOT NULL,
    "period_label" TEXT NOT NULL,

    CONSTRAINT "staged_figures_pkey" PRIMARY KEY ("upload_id","no")
);

-- CreateTable
CREATE UNLOGGED TABLE "staged_outcomes" (
    "upload_id" TEXT NOT NULL,
    "outcome" "staged_outcome" NOT NULL,
    "no" INTEGER NOT NULL,
    "observation_id" INTEGER,

    CONSTRAINT "staged_outcomes_pkey" PRIMARY KEY ("upload_id","outcome","no")
);

-- CreateTable
CREATE UNLOGGED TABLE "staged_problems" (
    "upload_id" TEXT NOT NULL,
    "no" INTEGER NOT NULL,
    "line" INTEGER NOT NULL,
    "column_name" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "severity" TEXT NOT NULL DEFAULT 'error',
    "code" TEXT NOT NULL,
    "params" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "staged_problems_pkey" PRIMARY KEY ("upload_id","no")
);

-- CreateIndex
CREATE INDEX "uploads_owner_id_created_at_idx" ON "uploads"("owner_id", "created_at");

-- AddForeignKey
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upload_chunks" ADD CONSTRAINT "upload_chunks_upload_id_fkey" FOREIGN KEY ("upload_id") REFERENCES "uploads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upload_mappings" ADD CONSTRAINT "upload_mappings_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "uploads"
  ADD CONSTRAINT "uploads_media_check" CHECK (media IN ('csv', 'xlsx')),
  ADD CONSTRAINT "uploads_committed_check" CHECK ((state = 'committed') = (commit_no IS NOT NULL));

ALTER TABLE "staged_problems"
  ADD CONSTRAINT "staged_problems_severity_check" CHECK (severity IN ('error', 'warning'));

-- Written once, read a few times: compressing costs more than it saves.
ALTER TABLE "upload_chunks" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
