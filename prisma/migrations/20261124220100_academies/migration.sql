-- The registry of academies: who runs one, what became of it, and a contact that nobody outside sees.
-- AlterTable
ALTER TABLE "academies"
  ADD COLUMN "host" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "merged_into_code" TEXT,
  ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "academy_contacts" (
    "academy_code" TEXT NOT NULL,
    "contact" TEXT NOT NULL,

    CONSTRAINT "academy_contacts_pkey" PRIMARY KEY ("academy_code")
);

-- AddForeignKey
ALTER TABLE "academies" ADD CONSTRAINT "academies_merged_into_code_fkey" FOREIGN KEY ("merged_into_code") REFERENCES "academies"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "academy_contacts" ADD CONSTRAINT "academy_contacts_academy_code_fkey" FOREIGN KEY ("academy_code") REFERENCES "academies"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema language cannot say. Prisma's diff does not look at these.
ALTER TABLE "academies"
  ADD CONSTRAINT "academies_days_check" CHECK (opened_on <= closed_on),
  ADD CONSTRAINT "academies_merged_check" CHECK (
    merged_into_code IS NULL OR (merged_into_code <> code AND merged_into_code <> '_T' AND code <> '_T')
  );

-- The log tells that a contact changed, and not what it is.
DO $$
BEGIN
  PERFORM audit_watch('academy_contacts', '{academy_code}', '{contact}', '{contact}');
END $$;
