-- Who did what to whom, with what it was before and after. Entries are written in the transaction of what they tell of,
-- and stay: they name no row by a foreign key, so that an account that is gone takes none of them along.
CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" UUID,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target_kind" TEXT,
    "target_id" TEXT,
    "target" TEXT,
    "before" JSONB,
    "after" JSONB,
    "reason" TEXT,
    "from_address" TEXT,
    "request_id" UUID,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "audit_entries_at_id_idx" ON "audit_entries"("at", "id");
CREATE INDEX "audit_entries_actor_at_idx" ON "audit_entries"("actor", "at");
CREATE INDEX "audit_entries_target_id_at_idx" ON "audit_entries"("target_id", "at");
CREATE INDEX "audit_entries_target_at_idx" ON "audit_entries"("target", "at");
CREATE INDEX "audit_entries_action_at_idx" ON "audit_entries"("action", "at");

-- The application adds entries and reads them. What it was once given by default is taken back: it can change none.
REVOKE ALL ON "audit_entries" FROM dossier_app;
GRANT SELECT, INSERT ON "audit_entries" TO dossier_app;
ALTER TABLE "audit_entries" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar_reads" ON "audit_entries" FOR SELECT USING ((SELECT wall.keeps_accounts()));
CREATE POLICY "whoever_writes_adds" ON "audit_entries" FOR INSERT WITH CHECK ((SELECT wall.keeps_accounts()) OR (SELECT wall.writes()));

-- The list of members, whichever way it is ordered.
CREATE INDEX "accounts_created_at_id_idx" ON "accounts"("created_at", "id");
CREATE INDEX "accounts_role_created_at_id_idx" ON "accounts"("role", "created_at", "id");
CREATE INDEX "accounts_state_created_at_id_idx" ON "accounts"("state", "created_at", "id");
CREATE INDEX "grants_tier_slug_source_idx" ON "grants"("tier_slug", "source");
CREATE INDEX "accounts_by_name" ON "accounts" (lower("name"), "id");

-- The words of a text as they are looked for: small letters without accents.
CREATE FUNCTION wall.words_of(given text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT word), '{}')
  FROM regexp_split_to_table(regexp_replace(normalize(lower(given), NFD), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+') AS word
  WHERE word <> ''
$$;
CREATE INDEX "accounts_by_words" ON "accounts" USING gin (array_to_tsvector(wall.words_of("name" || ' ' || "email")));

-- The accounts whose name and address have, for each word asked for, one that begins with it; none when none is asked
-- for; at most so many where that is said. Through the owner, because row-level security keeps an index of this kind
-- from being used; for the registrar alone.
CREATE FUNCTION wall.find_members(asked text, most int DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.id FROM public.accounts a
  WHERE (SELECT wall.keeps_accounts())
    AND array_to_tsvector(wall.words_of(a.name || ' ' || a.email)) @@ (SELECT string_agg(format('''%s'':*', word), ' & ')::tsquery FROM unnest(wall.words_of(asked)) AS word)
  LIMIT most
$$;
REVOKE ALL ON FUNCTION wall.words_of(text), wall.find_members(text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.words_of(text), wall.find_members(text, int) TO dossier_app;
