-- Tells one state of the catalogue and of the rules from another, so that neither is read again until
-- it is another one. A stamp is never the same twice, also not in a restored database, and is
-- committed with what it stands for.
CREATE TABLE "catalogue_stamps" (
    "list" TEXT NOT NULL,
    "stamp" UUID NOT NULL,

    CONSTRAINT "catalogue_stamps_pkey" PRIMARY KEY ("list")
);

CREATE FUNCTION stamp_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalogue_stamps VALUES (TG_TABLE_NAME, gen_random_uuid())
  ON CONFLICT (list) DO UPDATE SET stamp = excluded.stamp;
  RETURN NULL;
END $$;

DO $$
DECLARE
  list text;
BEGIN
  FOREACH list IN ARRAY ARRAY['academies', 'academy_versions', 'area_versions', 'areas', 'caveats',
    'indicator_aliases', 'indicator_versions', 'indicators', 'programme_versions', 'programmes',
    'rule_versions', 'series_breaks', 'unit_versions', 'units']
  LOOP
    INSERT INTO catalogue_stamps VALUES (list, gen_random_uuid());
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION stamp_catalogue()', list || '_stamp', list);
  END LOOP;
END $$;
