-- As before, but where a job of the customer waits already, that one is enough: asking for it again would write its row
-- anew and wake every worker for something that is not due. The row is held until the event is kept, so that no worker
-- takes the job in between and misses the event: it passes over a row that is held and finds it at its next look. One
-- that is being worked on, or has failed, is asked for as before.
CREATE OR REPLACE FUNCTION wall.receive_event(event_id text, type text, object_id text, customer_ref text, created_at timestamptz, payload jsonb, wait interval)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE job_key text := coalesce('customer ' || $4, 'event ' || $1);
BEGIN
  INSERT INTO public.inbox (event_id, type, object_id, customer_ref, created_at, payload)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (event_id) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM FROM graphile_worker._private_jobs job WHERE job.key = job_key AND job.is_available AND job.attempts = 0 FOR KEY SHARE;
  IF NOT FOUND THEN
    PERFORM graphile_worker.add_job('event', json_build_object('event', $1), job_key => job_key, job_key_mode => 'preserve_run_at', max_attempts => 12, run_at => now() + $7);
  END IF;
  RETURN true;
END $$;
