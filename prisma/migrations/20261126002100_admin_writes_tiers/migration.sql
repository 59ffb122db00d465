-- Who may read what is an admin's to change, at the wall too: the tiers, what they say and the gate matrix. The desk reads them.

-- Is it an admin who writes?
CREATE FUNCTION wall.writes_tiers() RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$ SELECT coalesce((wall.claim())[2] = 'admin', false) $$;
REVOKE ALL ON FUNCTION wall.writes_tiers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.writes_tiers() TO dossier_app;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tiers','tier_texts','gates'] LOOP
    EXECUTE format('DROP POLICY "desk_inserts" ON %I', name);
    EXECUTE format('DROP POLICY "desk_updates" ON %I', name);
    EXECUTE format('DROP POLICY "desk_deletes" ON %I', name);
    EXECUTE format('CREATE POLICY "admin_inserts" ON %I FOR INSERT WITH CHECK ((SELECT wall.writes_tiers()))', name);
    EXECUTE format('CREATE POLICY "admin_updates" ON %I FOR UPDATE USING ((SELECT wall.writes_tiers())) WITH CHECK ((SELECT wall.writes_tiers()))', name);
    EXECUTE format('CREATE POLICY "admin_deletes" ON %I FOR DELETE USING ((SELECT wall.writes_tiers()))', name);
  END LOOP;
END $$;
