-- One that is published for a tier first is there for whom it is given to, while the giver's rank is that of the tier.
ALTER POLICY "published_or_desk" ON "briefings" USING (
  ("state" = 'published' AND "published_at" <= now() AND ("early_tier_slug" IS NULL OR "early_until" <= now()
    OR wall.rank_at((SELECT wall.rank()), (SELECT wall.gift()), "id") >= wall.rank_of("early_tier_slug")))
  OR (SELECT wall.sees_drafts()));
