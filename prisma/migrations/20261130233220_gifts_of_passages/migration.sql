-- The passages of the briefing that is given are open as far as its giver reads.
ALTER POLICY "rank_opens" ON "passages" USING (
  wall.opens((SELECT wall.rank()), (SELECT wall.gift()), "briefing_id", "kind", "tier_slug", "tier_until")
  AND ("until_revision" IS NULL OR (SELECT wall.writes()) OR wall.in_open_revision("briefing_id", "from_revision", "until_revision"))
  AND EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id"));
DROP FUNCTION wall.opens(int, public.passage_kind, text, timestamptz);
