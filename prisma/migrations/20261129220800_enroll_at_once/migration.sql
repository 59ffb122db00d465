-- Connections that enroll at the same moment leave each other's keys alone.
--
-- Postgres looks at pg_stat_activity once in a transaction and keeps what it saw. A connection that began after that
-- look, and had enrolled by the time keys were cleared away, was taken for one that had ended: it lost its key, and all
-- it asked from then on it asked as a visitor. The look is thrown away now, so that the next one is later than the rows.
CREATE OR REPLACE FUNCTION wall.enroll(inner_key bytea, outer_key bytea, purpose text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  began timestamptz;
BEGIN
  IF octet_length(inner_key) <> 64 OR octet_length(outer_key) <> 64 THEN
    RAISE EXCEPTION 'a wall key has two halves of 64 bytes';
  END IF;
  SELECT a.backend_start INTO began FROM pg_stat_activity a WHERE a.pid = pg_backend_pid();
  IF began IS NULL THEN
    RAISE EXCEPTION 'the owner of the wall may not see when a connection of the application began: run GRANT dossier_app TO dossier_owner (docs/roles.sql)';
  END IF;
  INSERT INTO wall.keys AS k VALUES (pg_backend_pid(), began, inner_key, outer_key, purpose)
    ON CONFLICT (pid) DO UPDATE SET started = excluded.started, inner_key = excluded.inner_key, outer_key = excluded.outer_key, purpose = excluded.purpose
    WHERE k.started <> excluded.started;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this connection is enrolled already';
  END IF;
  PERFORM pg_stat_clear_snapshot();
  DELETE FROM wall.keys WHERE keys.pid IN (
    SELECT gone.pid FROM wall.keys gone WHERE NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = gone.pid) FOR UPDATE SKIP LOCKED);
END $$;
