-- As before, and a customer who was looked at a moment ago rests before the next look that an event asks for: many events
-- of one customer then cost one look in so long, and what Stripe lets itself be asked is kept for the others. Whoever
-- calls it without `rest` gets what it was before.
DROP FUNCTION wall.receive_event(text, text, text, text, timestamptz, jsonb, interval);
CREATE FUNCTION wall.receive_event(event_id text, type text, object_id text, customer_ref text, created_at timestamptz, payload jsonb, wait interval, rest interval DEFAULT '0')
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE job_key text := coalesce('customer ' || $4, 'event ' || $1);
BEGIN
  INSERT INTO public.inbox (event_id, type, object_id, customer_ref, created_at, payload)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (event_id) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM FROM graphile_worker._private_jobs job WHERE job.key = job_key AND job.is_available AND job.attempts = 0 FOR KEY SHARE;
  IF NOT FOUND THEN
    PERFORM graphile_worker.add_job('event', json_build_object('event', $1), job_key => job_key, job_key_mode => 'preserve_run_at', max_attempts => 12,
      run_at => greatest(now() + $7, (SELECT known.synced_at + $8 FROM public.customers known WHERE known.stripe_id = $4)));
  END IF;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION wall.receive_event(text, text, text, text, timestamptz, jsonb, interval, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.receive_event(text, text, text, text, timestamptz, jsonb, interval, interval) TO dossier_app;
