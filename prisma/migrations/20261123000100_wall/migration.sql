-- The second wall (docs/decisions/0003-a-wall-with-a-signed-context.md).
--
-- Passages and drafts are read only through a context that says the viewer's rank and role. The context is a
-- setting of the transaction, and a setting can be written by any statement, an injected one too: so it is
-- signed. Each process invents a key, hands it to every connection it opens (wall.enroll, once per connection)
-- and signs each context with it. A statement that does not know the key can write any setting it likes: a
-- context with a wrong signature counts as none, and none means rank 0.

CREATE SCHEMA wall;
REVOKE ALL ON SCHEMA wall FROM PUBLIC;
GRANT USAGE ON SCHEMA wall TO dossier_app;

-- The keys of the connections there are, for the owner's eyes only. Not worth a log: they die with their connections.
CREATE UNLOGGED TABLE wall.keys (
  pid int PRIMARY KEY,
  started timestamptz NOT NULL,
  inner_key bytea NOT NULL,
  outer_key bytea NOT NULL
);
REVOKE ALL ON wall.keys FROM PUBLIC;

-- Takes the two padded halves of an HMAC-SHA-256 key (RFC 2104: key xor ipad, key xor opad, 64 bytes each) for
-- this connection. A second call on one connection fails, whoever makes it. A process id comes back one day, so the
-- connection is known by when it began as well.
CREATE FUNCTION wall.enroll(inner_key bytea, outer_key bytea) RETURNS void
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
  INSERT INTO wall.keys AS k VALUES (pg_backend_pid(), began, inner_key, outer_key)
    ON CONFLICT (pid) DO UPDATE SET started = excluded.started, inner_key = excluded.inner_key, outer_key = excluded.outer_key
    WHERE k.started <> excluded.started;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this connection is enrolled already';
  END IF;
  DELETE FROM wall.keys WHERE keys.pid IN (
    SELECT gone.pid FROM wall.keys gone WHERE NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = gone.pid) FOR UPDATE SKIP LOCKED);
END $$;

-- What the context claims, when its signature holds and it is not stale: {rank, role}; else null.
-- The context reads rank:role:expires:signature, with expires in seconds since 1970.
CREATE FUNCTION wall.claim() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  context text := current_setting('dossier.context', true);
  parts text[];
  held record;
BEGIN
  IF context IS NULL OR context !~ '^\d{1,9}:[a-z]+:\d{1,12}:[0-9a-f]{64}$' THEN
    RETURN NULL;
  END IF;
  parts := string_to_array(context, ':');
  SELECT k.inner_key, k.outer_key INTO held FROM wall.keys k WHERE k.pid = pg_backend_pid();
  IF held.inner_key IS NULL
    OR encode(sha256(held.outer_key || sha256(held.inner_key || convert_to(array_to_string(parts[1:3], ':'), 'UTF8'))), 'hex') <> parts[4]
    OR to_timestamp(parts[3]::bigint) < now() THEN
    RETURN NULL;
  END IF;
  RETURN parts[1:2];
END $$;

-- The viewer's rank; 0 without a context.
CREATE FUNCTION wall.rank() RETURNS int
LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$ SELECT coalesce((wall.claim())[1]::int, 0) $$;

-- May the viewer see what is not published? The desk, and a preview, which reads at a lower rank.
CREATE FUNCTION wall.sees_drafts() RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$ SELECT coalesce((wall.claim())[2] IN ('editor', 'admin', 'preview'), false) $$;

-- May the viewer write?
CREATE FUNCTION wall.writes() RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED AS $$ SELECT coalesce((wall.claim())[2] IN ('editor', 'admin'), false) $$;

-- The rank that opens a passage: its kind's tier, or its own where that is stricter. Without a rule nobody.
CREATE FUNCTION wall.required_rank(of_kind public.passage_kind, own_tier text) RETURNS int
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT greatest(
    coalesce((SELECT t.rank FROM public.gates g JOIN public.tiers t ON t.slug = g.tier_slug WHERE g.kind = of_kind), 2147483647),
    coalesce((SELECT t.rank FROM public.tiers t WHERE t.slug = own_tier), 0))
$$;

-- What a gate may say of what is behind it: for each kind and rank how many passages, counted once across
-- languages. Reads behind the wall as the owner, and answers only for a briefing the viewer may see.
CREATE FUNCTION wall.gate_counts(of_briefing uuid) RETURNS TABLE (kind public.passage_kind, rank int, passages int)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT one.kind, one.rank, count(*)::int
  FROM (
    SELECT p.kind, p.key, max(wall.required_rank(p.kind, p.tier_slug)) AS rank
    FROM public.passages p
    JOIN public.briefings b ON b.id = p.briefing_id
    WHERE p.briefing_id = of_briefing AND p.until_revision IS NULL
      AND ((b.state = 'published' AND b.published_at <= now()) OR wall.sees_drafts())
    GROUP BY p.kind, p.key
  ) one
  GROUP BY one.kind, one.rank
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA wall FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA wall TO dossier_app;

-- The application's rights: rows of every table, none of its shape.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO dossier_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO dossier_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO dossier_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO dossier_app;
DO $$
BEGIN
  IF to_regclass('public._prisma_migrations') IS NOT NULL THEN
    REVOKE INSERT, UPDATE, DELETE ON public._prisma_migrations FROM dossier_app;
  END IF;
END $$;

-- Briefings: everybody sees what is published by now; the desk sees and writes the rest.
ALTER TABLE "briefings" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "published_or_desk" ON "briefings" FOR SELECT
  USING (("state" = 'published' AND "published_at" <= now()) OR (SELECT wall.sees_drafts()));
CREATE POLICY "desk_inserts" ON "briefings" FOR INSERT WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_updates" ON "briefings" FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_deletes" ON "briefings" FOR DELETE USING ((SELECT wall.writes()));

-- Whatever hangs on a briefing is seen by whoever sees the briefing.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['former_slugs','editions','explanations','facts','list_items','sources','linked_organizations'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "with_its_briefing" ON %I FOR SELECT USING (EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id"))', name);
    EXECUTE format('CREATE POLICY "desk_inserts" ON %I FOR INSERT WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_updates" ON %I FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_deletes" ON %I FOR DELETE USING ((SELECT wall.writes()))', name);
  END LOOP;
END $$;

ALTER TABLE "source_texts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_source" ON "source_texts" FOR SELECT USING (EXISTS (SELECT FROM "sources" s WHERE s."id" = "source_id"));
CREATE POLICY "desk_inserts" ON "source_texts" FOR INSERT WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_updates" ON "source_texts" FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_deletes" ON "source_texts" FOR DELETE USING ((SELECT wall.writes()));

-- Passages: the rank decides, for the desk too (it reads at the highest), so that a preview is a real read.
-- Past and coming revisions are the desk's alone.
ALTER TABLE "passages" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "rank_opens" ON "passages" FOR SELECT USING (
  (SELECT wall.rank()) >= wall.required_rank("kind", "tier_slug")
  AND ("until_revision" IS NULL OR (SELECT wall.writes()))
  AND EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id"));
CREATE POLICY "desk_inserts" ON "passages" FOR INSERT WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_updates" ON "passages" FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_deletes" ON "passages" FOR DELETE USING ((SELECT wall.writes()));

ALTER TABLE "revisions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "desk_reads" ON "revisions" FOR SELECT USING ((SELECT wall.writes()));
CREATE POLICY "desk_inserts" ON "revisions" FOR INSERT WITH CHECK ((SELECT wall.writes()));
-- A revision is history: nobody changes or removes one, except with its briefing.

-- What everybody may read, only the desk may change: names, tiers and the matrix too.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['categories','category_texts','organizations','tiers','tier_texts','gates'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY "everybody_reads" ON %I FOR SELECT USING (true)', name);
    EXECUTE format('CREATE POLICY "desk_inserts" ON %I FOR INSERT WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_updates" ON %I FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_deletes" ON %I FOR DELETE USING ((SELECT wall.writes()))', name);
  END LOOP;
END $$;

-- A process that keeps finished pages hears, after the commit, that they may be false now.
CREATE FUNCTION wall.pages_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('dossier_pages', TG_TABLE_NAME);
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION wall.pages_changed() TO dossier_app;
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['briefings','former_slugs','editions','explanations','facts','list_items','sources','source_texts',
    'linked_organizations','passages','categories','category_texts','organizations','tiers','tier_texts','gates'] LOOP
    EXECUTE format('CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed()', name);
  END LOOP;
END $$;
