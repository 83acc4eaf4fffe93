-- What is held for a release is not in the record before its time: nothing there needs hiding.
ALTER TABLE "revisions" DROP COLUMN "release_at";
