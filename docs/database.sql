-- What anybody may do in a database of Postgres, and Dossier's application need not. Run it once as a superuser, in the
-- database itself, after docs/roles.sql and after an upgrade that says so; again does no harm:
--
--   psql "postgresql://administrator@host/dossier" -v ON_ERROR_STOP=1 -f docs/database.sql
--
-- The wall holds without it. With it, a statement that somebody smuggles in can do less
-- (docs/decisions/0003-a-wall-with-a-signed-context.md). Where there is no superuser (a hosted Postgres), Dossier says at
-- every start what stays open. The embedded Postgres of `npm start` does this by itself.

-- Code of one's own: DO.
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql TO dossier_owner;

-- Large objects, which no policy holds.
REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC;

-- An end to the connections of others.
REVOKE EXECUTE ON FUNCTION pg_cancel_backend(integer), pg_terminate_backend(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_cancel_backend(integer), pg_terminate_backend(integer, bigint) TO dossier_owner;

-- Counters of what was read, which count the rows that a policy keeps back as well.
DO $$
DECLARE one regprocedure;
BEGIN
  FOR one IN SELECT oid FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^pg_stat_get_' AND proname <> 'pg_stat_get_activity'
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', one);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO pg_monitor, dossier_owner', one);
  END LOOP;
END $$;
