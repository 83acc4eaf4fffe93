-- The audit log hears of copies, checks and reports. Of a copy it keeps the hash, not the bytes; a
-- reader's words may have to be blanked, so the log only names them where they change.
DO $$
BEGIN
  PERFORM audit_watch('source_copies', '{id}', '{bytes}');
  PERFORM audit_watch('source_checks', '{id}');
  PERFORM audit_watch('error_reports', '{id}', '{wrong,instead,shown_at}', '{wrong,instead,shown_at}');
  PERFORM audit_watch('error_report_events', '{id}');
END $$;
