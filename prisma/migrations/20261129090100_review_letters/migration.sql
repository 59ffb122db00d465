-- Whoever submits a briefing for review tells the others who work at the desk. The desk reads no account: it says what the letter
-- is about, and the owner of the outbox writes it to each of them, in the transaction that submits.
CREATE FUNCTION wall.write_to_desk(of_kind text, cause text, about jsonb, but_not uuid) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  written int;
BEGIN
  IF NOT wall.writes() THEN
    RAISE EXCEPTION 'only the desk writes to the desk';
  END IF;
  INSERT INTO public.letters (key, kind, lang, recipient, account_id, data)
    SELECT of_kind || ' ' || cause || ' ' || a.id, of_kind, a.lang, a.email, a.id, about
    FROM public.accounts a
    WHERE a.role IN ('editor', 'admin') AND a.state = 'active' AND a.verified_at IS NOT NULL AND a.id IS DISTINCT FROM but_not
    ON CONFLICT (key) DO NOTHING;
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN written;
END $$;
REVOKE ALL ON FUNCTION wall.write_to_desk(text, text, jsonb, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.write_to_desk(text, text, jsonb, uuid) TO dossier_app;
