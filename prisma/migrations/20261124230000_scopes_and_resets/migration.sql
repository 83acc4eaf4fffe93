-- What people are limited to. No row: everything.
CREATE TABLE "user_scopes" (
    "id" SERIAL NOT NULL,
    "user_id" TEXT NOT NULL,
    "programme_code" TEXT,
    "academy_code" TEXT,

    CONSTRAINT "user_scopes_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "user_scopes_names_one" CHECK ("programme_code" IS NOT NULL OR "academy_code" IS NOT NULL)
);

-- CreateIndex
CREATE UNIQUE INDEX "user_scopes_user_id_programme_code_academy_code_key"
  ON "user_scopes"("user_id", "programme_code", "academy_code") NULLS NOT DISTINCT;

-- AddForeignKey
ALTER TABLE "user_scopes" ADD CONSTRAINT "user_scopes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_scopes" ADD CONSTRAINT "user_scopes_programme_code_fkey" FOREIGN KEY ("programme_code") REFERENCES "programmes"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_scopes" ADD CONSTRAINT "user_scopes_academy_code_fkey" FOREIGN KEY ("academy_code") REFERENCES "academies"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What somebody invited will be limited to: a list like [{"programme": "NAVTTC", "academy": null}].
ALTER TABLE "invitations" ADD COLUMN "scopes" JSONB NOT NULL DEFAULT '[]';

-- One-time links to a new password. Only a hash is kept; a used link goes with its row.
CREATE TABLE "password_resets" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "made_by_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "password_resets_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "password_resets_user_id_key" ON "password_resets"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "password_resets_token_hash_key" ON "password_resets"("token_hash");

-- AddForeignKey
ALTER TABLE "password_resets" ADD CONSTRAINT "password_resets_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "password_resets" ADD CONSTRAINT "password_resets_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

DO $$
BEGIN
  PERFORM audit_watch('user_scopes', '{id}');
  PERFORM audit_watch('password_resets', '{id}', '{token_hash}');
END $$;
