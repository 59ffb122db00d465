-- Embargoes (docs/decisions/0016-an-embargo-is-a-tier-with-an-end.md).

-- AlterTable
ALTER TABLE "briefings" ADD COLUMN     "early_tier_slug" TEXT,
ADD COLUMN     "early_until" TIMESTAMPTZ(0);

-- AlterTable
ALTER TABLE "passages" ADD COLUMN     "tier_until" TIMESTAMPTZ(0);

-- AddForeignKey
ALTER TABLE "briefings" ADD CONSTRAINT "briefings_early_tier_slug_fkey" FOREIGN KEY ("early_tier_slug") REFERENCES "tiers"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "briefings" ADD CONSTRAINT "briefings_early_is_whole" CHECK (("early_tier_slug" IS NULL) = ("early_until" IS NULL));
ALTER TABLE "passages" ADD CONSTRAINT "passages_until_has_tier" CHECK ("tier_until" IS NULL OR "tier_slug" IS NOT NULL);

-- The rank of a tier; of one that is not there nobody's.
CREATE FUNCTION wall.rank_of(tier text) RETURNS int
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT coalesce((SELECT t.rank FROM public.tiers t WHERE t.slug = tier), 2147483647) $$;

-- A briefing that is published for a tier first is not there below it before its time. Whatever hangs on a briefing is seen
-- by whoever sees the briefing: those policies ask this one.
ALTER POLICY "published_or_desk" ON "briefings" USING (
  ("state" = 'published' AND "published_at" <= now() AND ("early_tier_slug" IS NULL OR "early_until" <= now() OR (SELECT wall.rank()) >= wall.rank_of("early_tier_slug")))
  OR (SELECT wall.sees_drafts()));

-- The rank that opens a passage now: its kind's tier, or its own where that is stricter and its time has not passed.
-- Without a rule nobody.
CREATE FUNCTION wall.required_rank(of_kind public.passage_kind, own_tier text, own_until timestamptz) RETURNS int
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT greatest(
    coalesce((SELECT t.rank FROM public.gates g JOIN public.tiers t ON t.slug = g.tier_slug WHERE g.kind = of_kind), 2147483647),
    coalesce((SELECT t.rank FROM public.tiers t WHERE t.slug = own_tier AND (own_until IS NULL OR own_until > now())), 0))
$$;

ALTER POLICY "rank_opens" ON "passages" USING (
  (SELECT wall.rank()) >= wall.required_rank("kind", "tier_slug", "tier_until")
  AND ("until_revision" IS NULL OR (SELECT wall.writes()))
  AND EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id"));

-- What a gate may say of what is behind it: as before, and from when on a lower rank opens it; null: no such moment.
DROP FUNCTION wall.gate_counts(uuid);
CREATE FUNCTION wall.gate_counts(of_briefing uuid) RETURNS TABLE (kind public.passage_kind, rank int, opens_at timestamptz, passages int)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT one.kind, one.rank, CASE WHEN one.rank > one.afterwards THEN one.until END, count(*)::int
  FROM (
    SELECT p.kind, p.key, max(wall.required_rank(p.kind, p.tier_slug, p.tier_until)) AS rank,
      max(wall.required_rank(p.kind, CASE WHEN p.tier_until IS NULL THEN p.tier_slug END, NULL)) AS afterwards, max(p.tier_until) AS until
    FROM public.passages p
    JOIN public.briefings b ON b.id = p.briefing_id
    WHERE p.briefing_id = of_briefing AND p.until_revision IS NULL
      AND ((b.state = 'published' AND b.published_at <= now() AND (b.early_tier_slug IS NULL OR b.early_until <= now() OR wall.rank() >= wall.rank_of(b.early_tier_slug)))
        OR wall.sees_drafts())
    GROUP BY p.kind, p.key
  ) one
  GROUP BY 1, 2, 3
$$;

DROP FUNCTION wall.required_rank(public.passage_kind, text);
REVOKE ALL ON FUNCTION wall.rank_of(text), wall.required_rank(public.passage_kind, text, timestamptz), wall.gate_counts(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.rank_of(text), wall.required_rank(public.passage_kind, text, timestamptz), wall.gate_counts(uuid) TO dossier_app;
