-- Figures of academies are found without reading those of all of them together.
-- CreateIndex
CREATE INDEX "observations_academy_code_idx" ON "observations"("academy_code");
