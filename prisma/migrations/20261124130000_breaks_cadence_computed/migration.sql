-- CreateEnum
CREATE TYPE "indicator_method" AS ENUM ('published', 'computed');

-- AlterTable
ALTER TABLE "indicators" ADD COLUMN     "method" "indicator_method" NOT NULL DEFAULT 'published',
ADD COLUMN     "numerator_sex" TEXT,
ADD COLUMN     "release_every" TEXT,
ADD COLUMN     "release_lag_days" INTEGER;

-- AlterTable
ALTER TABLE "caveats" ADD COLUMN     "commit_no" INTEGER;

-- AlterTable
ALTER TABLE "series_breaks" ADD COLUMN     "commit_no" INTEGER;

-- What stands there came with the first content.
UPDATE "caveats" SET "commit_no" = (SELECT min("no") FROM "commits");
UPDATE "series_breaks" SET "commit_no" = (SELECT min("no") FROM "commits");

ALTER TABLE "caveats" ALTER COLUMN "commit_no" SET NOT NULL;
ALTER TABLE "series_breaks" ALTER COLUMN "commit_no" SET NOT NULL;

-- AddForeignKey
ALTER TABLE "series_breaks" ADD CONSTRAINT "series_breaks_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "caveats" ADD CONSTRAINT "caveats_commit_no_fkey" FOREIGN KEY ("commit_no") REFERENCES "commits"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The cadence and the parts of what the first content knows; new codes come with the next start.
UPDATE "indicators" SET "release_every" = 'M', "release_lag_days" = 20
  WHERE "code" = 'ICT_EXPORTS';
UPDATE "indicators" SET "release_every" = 'A1', "release_lag_days" = 20
  WHERE "code" IN ('ICT_EXPORTS_NET', 'ICT_EXPORTS_COMPUTER', 'ICT_EXPORTS_TELECOM',
    'ICT_EXPORTS_INFO', 'FREELANCE_REMIT');
UPDATE "indicators" SET "numerator_code" = 'TRAINED', "denominator_code" = 'TRAINED', "numerator_sex" = 'F'
  WHERE "code" = 'FEMALE_SHARE' AND EXISTS (SELECT FROM "indicators" WHERE "code" = 'TRAINED');

-- What Prisma's schema language cannot say.

ALTER TABLE "indicators"
  ADD CONSTRAINT "indicators_method_check" CHECK (method = 'published' OR numerator_code IS NOT NULL),
  ADD CONSTRAINT "indicators_numerator_sex_check" CHECK (
    numerator_sex IS NULL OR (numerator_sex IN ('F', 'M') AND numerator_code IS NOT NULL)
  ),
  ADD CONSTRAINT "indicators_cadence_check" CHECK (
    (release_every IS NULL) = (release_lag_days IS NULL)
    AND release_every IN ('M', 'Q', 'A', 'A1') AND release_lag_days >= 0
  );

-- What is computed is never stored.
CREATE FUNCTION refuse_computed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM indicators WHERE code = NEW.indicator_code AND method = 'computed') THEN
    RAISE EXCEPTION '% is computed from its parts and has no figures of its own', NEW.indicator_code
      USING ERRCODE = 'integrity_constraint_violation',
            HINT = 'Publish its numerator and its denominator.';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "observations_not_computed"
  BEFORE INSERT ON "observations"
  FOR EACH ROW EXECUTE FUNCTION refuse_computed();
