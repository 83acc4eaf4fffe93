-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "role" AS ENUM ('actual', 'target', 'claim');

-- CreateEnum
CREATE TYPE "kind" AS ENUM ('stock', 'flow', 'cumulative', 'ratio');

-- CreateEnum
CREATE TYPE "precision" AS ENUM ('exact', 'rounded', 'over', 'about');

-- CreateEnum
CREATE TYPE "direction" AS ENUM ('up_is_good', 'down_is_good', 'neutral');

-- CreateEnum
CREATE TYPE "aggregation" AS ENUM ('sum', 'last', 'none');

-- CreateEnum
CREATE TYPE "commit_kind" AS ENUM ('catalogue', 'import', 'publication', 'withdrawal', 'pin');

-- CreateEnum
CREATE TYPE "revision_kind" AS ENUM ('publication', 'withdrawal', 'pin');

-- CreateEnum
CREATE TYPE "proposal_state" AS ENUM ('draft', 'in_review', 'returned', 'published', 'discarded');

-- CreateEnum
CREATE TYPE "user_role" AS ENUM ('editor', 'reviewer', 'admin');

-- CreateTable
CREATE TABLE "indicators" (
    "code" TEXT NOT NULL,
    "theme" TEXT NOT NULL,
    "decimals" INTEGER NOT NULL DEFAULT 0,
    "direction" "direction" NOT NULL DEFAULT 'neutral',
    "across_areas" "aggregation" NOT NULL DEFAULT 'none',
    "across_periods" "aggregation" NOT NULL DEFAULT 'none',
    "default_kind" "kind" NOT NULL,
    "default_unit_code" TEXT NOT NULL,
    "numerator_code" TEXT,
    "denominator_code" TEXT,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "indicators_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "indicator_versions" (
    "indicator_code" TEXT NOT NULL,
    "commit_no" INTEGER NOT NULL,
    "name" JSONB NOT NULL,
    "definition" JSONB NOT NULL,

    CONSTRAINT "indicator_versions_pkey" PRIMARY KEY ("indicator_code","commit_no")
);

-- CreateTable
CREATE TABLE "indicator_aliases" (
    "alias" TEXT NOT NULL,
    "indicator_code" TEXT NOT NULL,
    "role" "role" NOT NULL,

    CONSTRAINT "indicator_aliases_pkey" PRIMARY KEY ("alias")
);

-- CreateTable
CREATE TABLE "programmes" (
    "code" TEXT NOT NULL,
    "parent_code" TEXT,
    "colour" INTEGER NOT NULL DEFAULT 0,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "programmes_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "programme_versions" (
    "programme_code" TEXT NOT NULL,
    "commit_no" INTEGER NOT NULL,
    "name" JSONB NOT NULL,
    "description" JSONB NOT NULL,

    CONSTRAINT "programme_versions_pkey" PRIMARY KEY ("programme_code","commit_no")
);

-- CreateTable
CREATE TABLE "areas" (
    "code" TEXT NOT NULL,
    "parent_code" TEXT,
    "ended_on" DATE,
    "tile_column" INTEGER,
    "tile_row" INTEGER,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "areas_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "area_versions" (
    "area_code" TEXT NOT NULL,
    "commit_no" INTEGER NOT NULL,
    "name" JSONB NOT NULL,

    CONSTRAINT "area_versions_pkey" PRIMARY KEY ("area_code","commit_no")
);

-- CreateTable
CREATE TABLE "academies" (
    "code" TEXT NOT NULL,
    "programme_code" TEXT NOT NULL,
    "area_code" TEXT NOT NULL,
    "city" TEXT NOT NULL DEFAULT '',
    "opened_on" DATE,
    "closed_on" DATE,

    CONSTRAINT "academies_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "academy_versions" (
    "academy_code" TEXT NOT NULL,
    "commit_no" INTEGER NOT NULL,
    "name" JSONB NOT NULL,

    CONSTRAINT "academy_versions_pkey" PRIMARY KEY ("academy_code","commit_no")
);

-- CreateTable
CREATE TABLE "units" (
    "code" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "units_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "unit_versions" (
    "unit_code" TEXT NOT NULL,
    "commit_no" INTEGER NOT NULL,
    "name" JSONB NOT NULL,
    "pattern" JSONB NOT NULL,

    CONSTRAINT "unit_versions_pkey" PRIMARY KEY ("unit_code","commit_no")
);

-- CreateTable
CREATE TABLE "sources" (
    "id" SERIAL NOT NULL,
    "publisher" TEXT NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "published_label" TEXT NOT NULL DEFAULT '',
    "published_on" DATE,
    "url" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "commits" (
    "no" SERIAL NOT NULL,
    "kind" "commit_kind" NOT NULL,
    "message" TEXT NOT NULL DEFAULT '',
    "actor_id" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "committed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "commits_pkey" PRIMARY KEY ("no")
);

-- CreateTable
CREATE TABLE "observations" (
    "id" SERIAL NOT NULL,
    "role" "role" NOT NULL,
    "indicator_code" TEXT NOT NULL,
    "programme_code" TEXT NOT NULL,
    "area_code" TEXT NOT NULL,
    "academy_code" TEXT NOT NULL DEFAULT '_T',
    "sex" TEXT NOT NULL DEFAULT '_T',
    "kind" "kind" NOT NULL,
    "unit_code" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "period_source" TEXT NOT NULL DEFAULT '_Z',
    "period_start" DATE,
    "period_end" DATE,
    "frequency" TEXT NOT NULL,
    "current_revision_id" INTEGER,
    "value" DECIMAL,
    "status" TEXT NOT NULL DEFAULT 'A',
    "precision" "precision" NOT NULL DEFAULT 'exact',
    "publishers_differ" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "observations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "revisions" (
    "id" SERIAL NOT NULL,
    "observation_id" INTEGER NOT NULL,
    "commit_no" INTEGER NOT NULL,
    "kind" "revision_kind" NOT NULL DEFAULT 'publication',
    "value" DECIMAL,
    "value_text" TEXT,
    "status" TEXT NOT NULL DEFAULT 'A',
    "precision" "precision" NOT NULL DEFAULT 'exact',
    "source_id" INTEGER,
    "note" TEXT NOT NULL DEFAULT '',
    "reason" TEXT NOT NULL DEFAULT '',
    "period_label" TEXT NOT NULL DEFAULT '',
    "author_id" TEXT NOT NULL,
    "approver_id" TEXT NOT NULL,
    "proposal_id" TEXT,
    "released_on" DATE,
    "recorded_on" DATE NOT NULL,
    "known_on" DATE NOT NULL,
    "release_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "revisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "series_breaks" (
    "id" SERIAL NOT NULL,
    "indicator_code" TEXT NOT NULL,
    "programme_code" TEXT NOT NULL,
    "area_code" TEXT NOT NULL,
    "starts_on" DATE NOT NULL,
    "note" JSONB NOT NULL,

    CONSTRAINT "series_breaks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "caveats" (
    "code" TEXT NOT NULL,
    "indicator_code" TEXT,
    "programme_code" TEXT,
    "text" JSONB NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "caveats_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "proposals" (
    "id" TEXT NOT NULL,
    "state" "proposal_state" NOT NULL DEFAULT 'draft',
    "version" INTEGER NOT NULL DEFAULT 1,
    "role" "role" NOT NULL DEFAULT 'actual',
    "indicator_code" TEXT NOT NULL,
    "programme_code" TEXT NOT NULL,
    "area_code" TEXT NOT NULL,
    "academy_code" TEXT NOT NULL DEFAULT '_T',
    "sex" TEXT NOT NULL DEFAULT '_T',
    "kind" "kind" NOT NULL,
    "unit_code" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "period_label" TEXT NOT NULL DEFAULT '',
    "value_text" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'A',
    "precision" "precision" NOT NULL DEFAULT 'exact',
    "source_id" INTEGER NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "warnings" TEXT[],
    "reason" TEXT NOT NULL DEFAULT '',
    "released_on" DATE,
    "base_revision_id" INTEGER,
    "author_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "proposals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "proposal_events" (
    "id" SERIAL NOT NULL,
    "proposal_id" TEXT NOT NULL,
    "from_state" "proposal_state",
    "to_state" "proposal_state" NOT NULL,
    "actor_id" TEXT NOT NULL,
    "comment" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "proposal_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "role" "user_role" NOT NULL DEFAULT 'editor',
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "token" TEXT NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verifications" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "last_request" BIGINT NOT NULL,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_failures" (
    "email" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sign_in_failures_pkey" PRIMARY KEY ("email")
);

-- CreateTable
CREATE TABLE "invitations" (
    "id" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "role" "user_role" NOT NULL,
    "email" TEXT NOT NULL DEFAULT '',
    "invited_by_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "accepted_by_id" TEXT,

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "sources_publisher_title_published_label_url_key" ON "sources"("publisher", "title", "published_label", "url");

-- CreateIndex
CREATE UNIQUE INDEX "commits_idempotency_key_key" ON "commits"("idempotency_key");

-- CreateIndex
CREATE UNIQUE INDEX "observations_current_revision_id_key" ON "observations"("current_revision_id");

-- CreateIndex
CREATE INDEX "observations_programme_code_idx" ON "observations"("programme_code");

-- CreateIndex
CREATE INDEX "observations_area_code_idx" ON "observations"("area_code");

-- CreateIndex
CREATE UNIQUE INDEX "observations_key" ON "observations"("indicator_code", "programme_code", "area_code", "academy_code", "sex", "role", "kind", "unit_code", "period", "period_source");

-- CreateIndex
CREATE INDEX "revisions_observation_id_known_on_id_idx" ON "revisions"("observation_id", "known_on", "id");

-- CreateIndex
CREATE INDEX "revisions_commit_no_idx" ON "revisions"("commit_no");

-- CreateIndex
CREATE INDEX "revisions_source_id_idx" ON "revisions"("source_id");

-- CreateIndex
CREATE UNIQUE INDEX "series_breaks_indicator_code_programme_code_area_code_start_key" ON "series_breaks"("indicator_code", "programme_code", "area_code", "starts_on");

-- CreateIndex
CREATE INDEX "proposals_state_created_at_idx" ON "proposals"("state", "created_at");

-- CreateIndex
CREATE INDEX "proposal_events_proposal_id_id_idx" ON "proposal_events"("proposal_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_token_key" ON "sessions"("token");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE INDEX "accounts_user_id_idx" ON "accounts"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_provider_id_account_id_key" ON "accounts"("provider_id", "account_id");

-- CreateIndex
CREATE INDEX "verifications_identifier_idx" ON "verifications"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "rate_limits_key_key" ON "rate_limits"("key");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "invitations"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_accepted_by_id_key" ON "invitations"("accepted_by_id");

-- AddForeignKey
ALTER TABLE "indicators" ADD CONSTRAINT "indicators_default_unit_code_fkey" FOREIGN KEY ("default_unit_code") REFERENCES "units"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "indicators" ADD CONSTRAINT "indicators_numerator_code_fkey" FOREIGN KEY ("numerator_code") REFERENCES "indicators"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "indicators" ADD CONSTRAINT "indicators_denominator_code_fkey" FOREIGN KEY ("denominator_code") REFERENCES "indicators"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "indicator_versions" ADD CONSTRAINT "indicator_versions_indicator_code_fkey" FOREIGN KEY ("indicator_code") REFERENCES "indicators"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "indicator_versions" ADD CONSTRAINT "indicator_versions_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "indicator_aliases" ADD CONSTRAINT "indicator_aliases_indicator_code_fkey" FOREIGN KEY ("indicator_code") REFERENCES "indicators"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "programmes" ADD CONSTRAINT "programmes_parent_code_fkey" FOREIGN KEY ("parent_code") REFERENCES "programmes"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "programme_versions" ADD CONSTRAINT "programme_versions_programme_code_fkey" FOREIGN KEY ("programme_code") REFERENCES "programmes"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "programme_versions" ADD CONSTRAINT "programme_versions_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "areas" ADD CONSTRAINT "areas_parent_code_fkey" FOREIGN KEY ("parent_code") REFERENCES "areas"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "area_versions" ADD CONSTRAINT "area_versions_area_code_fkey" FOREIGN KEY ("area_code") REFERENCES "areas"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "area_versions" ADD CONSTRAINT "area_versions_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "academies" ADD CONSTRAINT "academies_programme_code_fkey" FOREIGN KEY ("programme_code") REFERENCES "programmes"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "academies" ADD CONSTRAINT "academies_area_code_fkey" FOREIGN KEY ("area_code") REFERENCES "areas"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "academy_versions" ADD CONSTRAINT "academy_versions_academy_code_fkey" FOREIGN KEY ("academy_code") REFERENCES "academies"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "academy_versions" ADD CONSTRAINT "academy_versions_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit_versions" ADD CONSTRAINT "unit_versions_unit_code_fkey" FOREIGN KEY ("unit_code") REFERENCES "units"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit_versions" ADD CONSTRAINT "unit_versions_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "commits" ADD CONSTRAINT "commits_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observations" ADD CONSTRAINT "observations_indicator_code_fkey" FOREIGN KEY ("indicator_code") REFERENCES "indicators"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observations" ADD CONSTRAINT "observations_programme_code_fkey" FOREIGN KEY ("programme_code") REFERENCES "programmes"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observations" ADD CONSTRAINT "observations_area_code_fkey" FOREIGN KEY ("area_code") REFERENCES "areas"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observations" ADD CONSTRAINT "observations_academy_code_fkey" FOREIGN KEY ("academy_code") REFERENCES "academies"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observations" ADD CONSTRAINT "observations_unit_code_fkey" FOREIGN KEY ("unit_code") REFERENCES "units"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observations" ADD CONSTRAINT "observations_current_revision_id_fkey" FOREIGN KEY ("current_revision_id") REFERENCES "revisions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_observation_id_fkey" FOREIGN KEY ("observation_id") REFERENCES "observations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_approver_id_fkey" FOREIGN KEY ("approver_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_proposal_id_fkey" FOREIGN KEY ("proposal_id") REFERENCES "proposals"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "series_breaks" ADD CONSTRAINT "series_breaks_indicator_code_fkey" FOREIGN KEY ("indicator_code") REFERENCES "indicators"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "series_breaks" ADD CONSTRAINT "series_breaks_programme_code_fkey" FOREIGN KEY ("programme_code") REFERENCES "programmes"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "series_breaks" ADD CONSTRAINT "series_breaks_area_code_fkey" FOREIGN KEY ("area_code") REFERENCES "areas"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caveats" ADD CONSTRAINT "caveats_indicator_code_fkey" FOREIGN KEY ("indicator_code") REFERENCES "indicators"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caveats" ADD CONSTRAINT "caveats_programme_code_fkey" FOREIGN KEY ("programme_code") REFERENCES "programmes"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_indicator_code_fkey" FOREIGN KEY ("indicator_code") REFERENCES "indicators"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_programme_code_fkey" FOREIGN KEY ("programme_code") REFERENCES "programmes"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_area_code_fkey" FOREIGN KEY ("area_code") REFERENCES "areas"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_academy_code_fkey" FOREIGN KEY ("academy_code") REFERENCES "academies"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_unit_code_fkey" FOREIGN KEY ("unit_code") REFERENCES "units"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal_events" ADD CONSTRAINT "proposal_events_proposal_id_fkey" FOREIGN KEY ("proposal_id") REFERENCES "proposals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal_events" ADD CONSTRAINT "proposal_events_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_id_fkey" FOREIGN KEY ("invited_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_accepted_by_id_fkey" FOREIGN KEY ("accepted_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma's schema language cannot say. Prisma's diff does not look at these.

-- Keys: SDMX codes, periods that fit their dates, a source named only where the period is unknown.
ALTER TABLE "observations"
  ADD CONSTRAINT "observations_sex_check" CHECK (sex IN ('_T', 'F', 'M', '_N', '_O', '_U', '_Z')),
  ADD CONSTRAINT "observations_frequency_check" CHECK (frequency IN ('A', 'Q', 'M', 'D', '_O', '_U')),
  ADD CONSTRAINT "observations_period_order_check" CHECK (period_start <= period_end),
  ADD CONSTRAINT "observations_period_range_check" CHECK (
    (period_start IS NULL OR period_start BETWEEN DATE '1900-01-01' AND DATE '2100-12-31')
    AND (period_end IS NULL OR period_end BETWEEN DATE '1900-01-01' AND DATE '2100-12-31')
  ),
  ADD CONSTRAINT "observations_period_unknown_check" CHECK (
    (period = '_U') = (period_start IS NULL AND period_end IS NULL)
    AND (period = '_U') = (frequency = '_U')
    AND (period = '_U') = (period_source <> '_Z')
  ),
  ADD CONSTRAINT "observations_period_code_check" CHECK (
    CASE frequency
      WHEN 'D' THEN period_start = period_end AND period = to_char(period_start, 'YYYY-MM-DD')
      WHEN 'M' THEN period = to_char(period_start, 'YYYY-MM')
        AND period_start = date_trunc('month', period_start)::date
        AND period_end = (date_trunc('month', period_start) + INTERVAL '1 month - 1 day')::date
      WHEN 'Q' THEN period = to_char(period_start, 'YYYY-"Q"Q')
        AND period_start = date_trunc('quarter', period_start)::date
        AND period_end = (date_trunc('quarter', period_start) + INTERVAL '3 months - 1 day')::date
      WHEN 'A' THEN period_end = (period_start + INTERVAL '1 year - 1 day')::date AND (
        (period = to_char(period_start, 'YYYY') AND to_char(period_start, 'MM-DD') = '01-01')
        OR (period = to_char(period_start, 'YYYY') || '-A1' AND to_char(period_start, 'MM-DD') = '07-01')
      )
      WHEN '_O' THEN period = coalesce(to_char(period_start, 'YYYY-MM-DD') || '/', '../')
        || coalesce(to_char(period_end, 'YYYY-MM-DD'), '..')
      ELSE period = '_U'
    END
  ),
  ADD CONSTRAINT "observations_status_check" CHECK (status ~ '^[A-Z]$'),
  ADD CONSTRAINT "observations_value_check" CHECK (
    value NOT IN ('NaN', 'Infinity', '-Infinity') AND abs(value) < 1e30 AND scale(value) <= 20
  );

-- Values: finite, exact, with the digits as typed; a publication has a value and a source.
ALTER TABLE "revisions"
  ADD CONSTRAINT "revisions_value_check" CHECK (
    value NOT IN ('NaN', 'Infinity', '-Infinity') AND abs(value) < 1e30 AND scale(value) <= 20
  ),
  ADD CONSTRAINT "revisions_value_text_check" CHECK (
    (value IS NULL) = (value_text IS NULL)
    AND (value_text IS NULL OR (value_text ~ '^-?[0-9]+(\.[0-9]+)?$' AND value_text::numeric = value))
  ),
  ADD CONSTRAINT "revisions_kind_check" CHECK (
    CASE WHEN kind = 'withdrawal' THEN value IS NULL AND reason <> ''
         ELSE value IS NOT NULL AND source_id IS NOT NULL END
    AND (kind <> 'pin' OR reason <> '')
  ),
  ADD CONSTRAINT "revisions_status_check" CHECK (status ~ '^[A-Z]$'),
  ADD CONSTRAINT "revisions_known_on_check" CHECK (known_on = coalesce(released_on, recorded_on)),
  ADD CONSTRAINT "revisions_released_on_check" CHECK (released_on <= recorded_on);

ALTER TABLE "sources"
  ADD CONSTRAINT "sources_publisher_check" CHECK (btrim(publisher) <> ''),
  ADD CONSTRAINT "sources_url_check" CHECK (url = '' OR url ~ '^https?://'),
  ADD CONSTRAINT "sources_published_check" CHECK ((published_label = '') = (published_on IS NULL));

ALTER TABLE "proposals"
  ADD CONSTRAINT "proposals_sex_check" CHECK (sex IN ('_T', 'F', 'M', '_N', '_O', '_U', '_Z')),
  ADD CONSTRAINT "proposals_status_check" CHECK (status ~ '^[A-Z]$'),
  ADD CONSTRAINT "proposals_value_text_check" CHECK (value_text ~ '^-?[0-9]+(\.[0-9]+)?$');

ALTER TABLE "indicators"
  ADD CONSTRAINT "indicators_rate_check" CHECK ((numerator_code IS NULL) = (denominator_code IS NULL));

ALTER TABLE "users" ADD CONSTRAINT "users_email_check" CHECK (email = lower(email));

-- The current revision is one of the observation's own.
CREATE FUNCTION check_current_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.current_revision_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM revisions WHERE id = NEW.current_revision_id AND observation_id = NEW.id
  ) THEN
    RAISE EXCEPTION 'revision % does not belong to observation %', NEW.current_revision_id, NEW.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "observations_current_revision"
  BEFORE INSERT OR UPDATE OF current_revision_id ON "observations"
  FOR EACH ROW EXECUTE FUNCTION check_current_revision();

-- What was published stays: rows of these tables are inserted and never changed or removed.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation',
          HINT = 'Publish a correction or a withdrawal as a new revision.';
END $$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'revisions', 'commits', 'proposal_events', 'indicator_versions', 'programme_versions',
    'area_versions', 'academy_versions', 'unit_versions'
  ] LOOP
    EXECUTE format(
      'CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()',
      name || '_append_only', name);
    EXECUTE format(
      'CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
      name || '_no_truncate', name);
  END LOOP;
END $$;

-- A key never changes once it holds a figure, and an observation is never removed.
CREATE FUNCTION refuse_key_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'observations are never removed: withdraw the figure instead'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.id, NEW.role, NEW.indicator_code, NEW.programme_code, NEW.area_code, NEW.academy_code,
      NEW.sex, NEW.kind, NEW.unit_code, NEW.period, NEW.period_source)
    IS DISTINCT FROM
     (OLD.id, OLD.role, OLD.indicator_code, OLD.programme_code, OLD.area_code, OLD.academy_code,
      OLD.sex, OLD.kind, OLD.unit_code, OLD.period, OLD.period_source) THEN
    RAISE EXCEPTION 'the key of an observation never changes'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "observations_key_fixed"
  BEFORE UPDATE OR DELETE ON "observations"
  FOR EACH ROW EXECUTE FUNCTION refuse_key_change();
