-- Tells every instance that something which readers may see has changed, as it is committed. Rows of
-- these tables show on no page that is kept; those of a table not named here do.
CREATE FUNCTION is_public_change(action text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT split_part(action, '.', 1) NOT IN ('accounts', 'api_tokens', 'draft_removals', 'error_report_events',
    'error_reports', 'figure_set_events', 'figure_sets', 'invitations', 'password_resets',
    'proposal_events', 'proposals', 'sessions', 'sign_in_failures', 'user_scopes')
$$;

CREATE FUNCTION announce_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Without content, so that one transaction tells once, however much it changes.
  PERFORM pg_notify('shumar_changes', '');
  RETURN NULL;
END $$;

CREATE TRIGGER "audit_entries_announce" AFTER INSERT ON "audit_entries"
  FOR EACH ROW WHEN (is_public_change(NEW.action)) EXECUTE FUNCTION announce_change();
