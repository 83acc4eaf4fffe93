-- The audit log hears of releases. Their figures are in it as proposals, and as a commit once public.
DO $$
BEGIN
  PERFORM audit_watch('releases', '{id}');
  PERFORM audit_watch('release_events', '{id}');
END $$;
