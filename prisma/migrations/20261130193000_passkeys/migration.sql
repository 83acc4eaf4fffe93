-- Passkeys (WebAuthn) as means of the second step. A row of second_steps still says that it is on, and
-- keeps the recovery codes; one without an app's codes has an empty secret, which no code is right for,
-- also for a version from before this one: that asks for a recovery code.
ALTER TABLE "second_steps" ADD COLUMN "has_app" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "second_steps" ADD CONSTRAINT "second_steps_app_check" CHECK ("has_app" = ("secret" <> ''));

CREATE TABLE "passkeys" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "credential_id" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL,
    "transports" TEXT[] NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "passkeys_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "passkeys_credential_id_key" ON "passkeys"("credential_id");

-- CreateIndex
CREATE INDEX "passkeys_user_id_created_at_idx" ON "passkeys"("user_id", "created_at");

-- Whatever ends somebody's second step ends their passkeys with it.
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "second_steps"("user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Challenges that were answered, until they would have ended anyway.
CREATE TABLE "spent_challenges" (
    "challenge" TEXT NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "spent_challenges_pkey" PRIMARY KEY ("challenge")
);

-- What people call their devices is nobody's business; that they call one otherwise is told.
DO $$
BEGIN
  PERFORM audit_watch('passkeys', '{id}',
    '{name,credential_id,public_key,counter,transports,last_used_at}', '{name,public_key}');
END $$;

-- Nor does any of this show on a page that is kept.
CREATE OR REPLACE FUNCTION is_public_change(action text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT split_part(action, '.', 1) NOT IN ('accounts', 'api_tokens', 'draft_removals', 'error_report_events',
    'error_reports', 'figure_set_events', 'figure_sets', 'invitations', 'passkeys', 'password_resets',
    'proposal_events', 'proposals', 'second_steps', 'sessions', 'sign_in_failures', 'user_scopes')
$$;
