-- A context is good for one transaction of one connection (docs/decisions/0003-a-wall-with-a-signed-context.md).
--
-- Each connection has a key of its own, and signs who asks together with the moment at which the transaction began. So a
-- context that is read, wherever, is worth nothing in any other transaction. A connection that says what it is for when
-- it enrolls does nothing else without a context; one of a version before this says nothing, and does what it did.

ALTER TABLE wall.keys ADD COLUMN purpose text CHECK (purpose IN ('pages', 'sessions'));

-- As before, and for one purpose. A second call on one connection fails, whoever makes it.
CREATE FUNCTION wall.enroll(inner_key bytea, outer_key bytea, purpose text) RETURNS void
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
  DELETE FROM wall.keys WHERE keys.pid IN (
    SELECT gone.pid FROM wall.keys gone WHERE NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = gone.pid) FOR UPDATE SKIP LOCKED);
END $$;

-- For processes of a version before this.
CREATE OR REPLACE FUNCTION wall.enroll(inner_key bytea, outer_key bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT wall.enroll(inner_key, outer_key, NULL) $$;

-- What the context claims, when its signature holds for this transaction of this connection: {rank, role}; else null. The
-- context reads rank:role:signature; what is signed is rank:role:begun, with the moment the transaction began in
-- microseconds since 1970. A standby has no keys, and answers nobody above rank 0.
-- The form with an end in the middle is that of a connection of a version before this.
CREATE OR REPLACE FUNCTION wall.claim() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  context text := current_setting('dossier.context', true);
  parts text[];
  held record;
  signed text;
BEGIN
  IF context IS NULL OR context !~ '^\d{1,9}:[a-z]+:(\d{1,12}:)?[0-9a-f]{64}$' OR pg_is_in_recovery() THEN
    RETURN NULL;
  END IF;
  parts := string_to_array(context, ':');
  SELECT k.inner_key, k.outer_key, k.purpose INTO held FROM wall.keys k WHERE k.pid = pg_backend_pid();
  IF held.purpose = 'pages' AND cardinality(parts) = 3 THEN
    signed := concat_ws(':', parts[1], parts[2], (extract(epoch FROM now()) * 1000000)::bigint);
  ELSIF held.purpose IS NULL AND cardinality(parts) = 4 THEN
    IF to_timestamp(parts[3]::bigint) >= now() THEN
      signed := array_to_string(parts[1:3], ':');
    END IF;
  END IF;
  IF signed IS NULL OR held.inner_key IS NULL
    OR encode(sha256(held.outer_key || sha256(held.inner_key || convert_to(signed, 'UTF8'))), 'hex') <> parts[cardinality(parts)] THEN
    RETURN NULL;
  END IF;
  RETURN parts[1:2];
END $$;

-- Is this a connection of the session store, or one of a version before this?
CREATE FUNCTION wall.keeps_sessions() RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT k.purpose IS NULL OR k.purpose = 'sessions' FROM wall.keys k WHERE k.pid = pg_backend_pid()), false)
$$;

-- Whoever could write a session would be whoever they write. What runs in a transaction of a page cannot.
ALTER POLICY "session_store" ON "sessions" USING ((SELECT wall.keeps_sessions())) WITH CHECK ((SELECT wall.keeps_sessions()));

REVOKE ALL ON FUNCTION wall.enroll(bytea, bytea, text), wall.keeps_sessions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.enroll(bytea, bytea, text), wall.keeps_sessions() TO dossier_app;

-- Is the viewer's rank enough for a passage? It is asked of a row before any comparison that a statement makes: a
-- comparison that Postgres holds to be leakproof may otherwise come first, and then the time it took and the counters of
-- Postgres say what stands in rows that are never returned. What comes first is what costs least by its own account.
CREATE FUNCTION wall.opens(viewer_rank int, of_kind public.passage_kind, own_tier text, own_until timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 0.0001 AS $$
BEGIN
  RETURN viewer_rank >= wall.required_rank(of_kind, own_tier, own_until);
END $$;
REVOKE ALL ON FUNCTION wall.opens(int, public.passage_kind, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.opens(int, public.passage_kind, text, timestamptz) TO dossier_app;

ALTER POLICY "rank_opens" ON "passages" USING (
  wall.opens((SELECT wall.rank()), "kind", "tier_slug", "tier_until")
  AND ("until_revision" IS NULL OR (SELECT wall.writes()))
  AND EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id"));

-- A temporary table comes before all others of its name, for whoever uses the connection next. docs/roles.sql lets nobody
-- make one; this is for a database that was made in another way.
DO $$
BEGIN
  IF pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') THEN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, dossier_app', current_database());
  END IF;
END $$;
