-- A second step at sign-in (TOTP, RFC 6238). A row: it is on. The secret is sealed, recovery codes
-- are kept as keyed hashes.
CREATE TABLE "second_steps" (
    "user_id" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "last_step" INTEGER NOT NULL,
    "recovery_hashes" TEXT[] NOT NULL,
    "recovery_left" INTEGER NOT NULL,
    "recovery_made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "second_steps_pkey" PRIMARY KEY ("user_id"),
    CONSTRAINT "second_steps_recovery_check" CHECK ("recovery_left" = cardinality("recovery_hashes"))
);

-- AddForeignKey
ALTER TABLE "second_steps" ADD CONSTRAINT "second_steps_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- That a code was used is no change of it; that a recovery code was, is: one less is left.
DO $$
BEGIN
  PERFORM audit_watch('second_steps', '{user_id}', '{secret,last_step,recovery_hashes}');
END $$;

-- Nor does it show on any page that is kept.
CREATE OR REPLACE FUNCTION is_public_change(action text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT split_part(action, '.', 1) NOT IN ('accounts', 'api_tokens', 'draft_removals', 'error_report_events',
    'error_reports', 'figure_set_events', 'figure_sets', 'invitations', 'password_resets',
    'proposal_events', 'proposals', 'second_steps', 'sessions', 'sign_in_failures', 'user_scopes')
$$;
