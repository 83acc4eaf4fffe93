-- A check that comes out NULL passes: a year with only one of its days did.
ALTER TABLE "observations"
  DROP CONSTRAINT "observations_period_code_check",
  ADD CONSTRAINT "observations_period_code_check" CHECK (coalesce(
    CASE frequency
      WHEN 'D' THEN period_start = period_end AND period = to_char(period_start, 'YYYY-MM-DD')
      WHEN 'M' THEN period = to_char(period_start, 'YYYY-MM')
        AND period_start = date_trunc('month', period_start)::date
        AND period_end = (date_trunc('month', period_start) + INTERVAL '1 month - 1 day')::date
      WHEN 'Q' THEN period = to_char(period_start, 'YYYY-"Q"Q')
        AND period_start = date_trunc('quarter', period_start)::date
        AND period_end = (date_trunc('quarter', period_start) + INTERVAL '3 months - 1 day')::date
      WHEN 'A' THEN period_end = (period_start + INTERVAL '1 year - 1 day')::date AND (
        (period = to_char(period_start, 'YYYY') AND to_char(period_start, 'MM-DD') = '01-01')
        OR (period = to_char(period_start, 'YYYY') || '-A1' AND to_char(period_start, 'MM-DD') = '07-01')
      )
      WHEN '_O' THEN period = coalesce(to_char(period_start, 'YYYY-MM-DD') || '/', '../')
        || coalesce(to_char(period_end, 'YYYY-MM-DD'), '..')
      ELSE period = '_U'
    END, false)
  );

-- What a revision cites stays as it was cited: a source is added and never reworded.
CREATE TRIGGER "sources_fixed"
  BEFORE UPDATE ON "sources"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
