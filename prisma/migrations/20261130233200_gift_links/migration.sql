-- One briefing as a gift (docs/decisions/0065-a-gift-opens-one-briefing.md).
--
-- A context opens a rank, never one briefing. So whoever reads by a gift has a context of another form, which names the
-- briefing: `gift:rank:briefing:signature`. `wall.claim` and all that asks it take it for none, as they always did: rank 0,
-- no role. Only the policies that say so ask `wall.gift`, and only for the rows of that briefing. Contexts as they were go
-- on being valid.
--
-- The two policies follow in migrations of their own: each waits for the readers of one table, and none for those of both,
-- who would be waiting for it.

-- CreateTable
CREATE TABLE "gift_links" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "account_id" UUID NOT NULL,
    "briefing_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "named" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "opens" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3),

    CONSTRAINT "gift_links_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "gift_links_hash_key" ON "gift_links"("hash");

-- CreateIndex
CREATE INDEX "gift_links_account_id_created_at_idx" ON "gift_links"("account_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "gift_links_briefing_id_idx" ON "gift_links"("briefing_id");

-- AddForeignKey
ALTER TABLE "gift_links" ADD CONSTRAINT "gift_links_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "gift_links" ADD CONSTRAINT "gift_links_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

GRANT SELECT, INSERT, UPDATE, DELETE ON "gift_links" TO dossier_app;
ALTER TABLE "gift_links" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "registrar" ON "gift_links" USING ((SELECT wall.keeps_accounts())) WITH CHECK ((SELECT wall.keeps_accounts()));

-- What the context of a gift opens, when its signature holds for this transaction of this connection: {rank, briefing};
-- else null. What is signed is gift:rank:briefing:begun; no context of another form is signed so.
CREATE FUNCTION wall.gift() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  context text := current_setting('dossier.context', true);
  parts text[];
  held record;
  signed text;
BEGIN
  IF context IS NULL OR NOT starts_with(context, 'gift:') THEN
    RETURN NULL;
  END IF;
  IF context !~ '^gift:\d{1,4}:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}:[0-9a-f]{64}$' OR pg_is_in_recovery() THEN
    RETURN NULL;
  END IF;
  parts := string_to_array(context, ':');
  SELECT k.inner_key, k.outer_key, k.purpose INTO held FROM wall.keys k WHERE k.pid = pg_backend_pid();
  IF held.inner_key IS NULL OR held.purpose IS DISTINCT FROM 'pages' THEN
    RETURN NULL;
  END IF;
  signed := concat_ws(':', parts[1], parts[2], parts[3], (extract(epoch FROM now()) * 1000000)::bigint);
  IF encode(sha256(held.outer_key || sha256(held.inner_key || convert_to(signed, 'UTF8'))), 'hex') <> parts[4] THEN
    RETURN NULL;
  END IF;
  RETURN parts[2:3];
END $$;

-- How far a viewer of this rank and this gift reads of a briefing.
CREATE FUNCTION wall.rank_at(viewer_rank int, gift text[], briefing uuid) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN gift IS NOT NULL AND briefing = gift[2]::uuid THEN greatest(viewer_rank, gift[1]::int) ELSE viewer_rank END
$$;

-- As before, and of a row of the briefing that is given. It is asked of a row before any comparison of the statement's, and
-- so it must cost least by its own account (docs/decisions/0003-a-wall-with-a-signed-context.md): nothing stands around it.
CREATE FUNCTION wall.opens(viewer_rank int, gift text[], of_briefing uuid, of_kind public.passage_kind, own_tier text, own_until timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED COST 0.0001 AS $$
BEGIN
  IF gift IS NOT NULL THEN viewer_rank := wall.rank_at(viewer_rank, gift, of_briefing); END IF;
  IF viewer_rank >= wall.required_rank(of_kind, own_tier, own_until) THEN RETURN true; END IF;
  IF viewer_rank < 1000 THEN RETURN false; END IF;
  RETURN wall.writes();
END $$;

REVOKE ALL ON FUNCTION wall.gift(), wall.rank_at(int, text[], uuid), wall.opens(int, text[], uuid, public.passage_kind, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.gift(), wall.rank_at(int, text[], uuid), wall.opens(int, text[], uuid, public.passage_kind, text, timestamptz) TO dossier_app;

-- What gates say of a briefing goes by the same as its policy (the next migration).
CREATE OR REPLACE FUNCTION wall.gate_counts(of_briefing uuid) RETURNS TABLE (kind public.passage_kind, rank int, opens_at timestamptz, passages int)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT one.kind, one.rank, CASE WHEN one.rank > one.afterwards THEN one.until END, count(*)::int
  FROM (
    SELECT p.kind, p.key, max(wall.required_rank(p.kind, p.tier_slug, p.tier_until)) AS rank,
      max(wall.required_rank(p.kind, CASE WHEN p.tier_until IS NULL THEN p.tier_slug END, NULL)) AS afterwards, max(p.tier_until) AS until
    FROM public.passages p
    JOIN public.briefings b ON b.id = p.briefing_id
    WHERE p.briefing_id = of_briefing AND p.until_revision IS NULL
      AND ((b.state = 'published' AND b.published_at <= now() AND (b.early_tier_slug IS NULL OR b.early_until <= now()
          OR wall.rank_at(wall.rank(), wall.gift(), b.id) >= wall.rank_of(b.early_tier_slug)))
        OR wall.sees_drafts())
    GROUP BY p.kind, p.key
  ) one
  GROUP BY 1, 2, 3
$$;
