-- The revisions that readers had before there was a word of it: apart from the migration before, so that no table waits.
-- Whoever saves a briefing takes this turn too, and waits.
SELECT pg_advisory_xact_lock(hashtext('dossier.import'));

INSERT INTO "published_revisions" ("briefing_id", "number", "published_at", "ended_at", "early_tier_slug", "early_until")
SELECT r.briefing_id, r.number, r.published_at, r.ended_at, r.tier, r.until
FROM (
  SELECT briefing_id, number, content ->> 'state' AS state, content #>> '{early,tier}' AS tier, (content #>> '{early,until}')::timestamptz AS until,
    greatest(created_at, coalesce((content ->> 'published')::timestamptz, created_at)) AS published_at,
    lead(created_at) OVER (PARTITION BY briefing_id ORDER BY number) AS ended_at
  FROM "revisions") r
WHERE r.state = 'published' AND (r.ended_at IS NULL OR r.ended_at > r.published_at)
ON CONFLICT DO NOTHING;

-- Their covers; and the pictures in the texts of those that readers have now, where it is known which these are.
INSERT INTO "revision_pictures" ("briefing_id", "number", "name", "picture_id")
SELECT r.briefing_id, r.number, 'cover.' || p.format, p.id
FROM "revisions" r
JOIN "published_revisions" USING (briefing_id, number)
JOIN "pictures" p ON p.id = r.content #>> '{cover,id}'
ON CONFLICT DO NOTHING;
INSERT INTO "revision_pictures" ("briefing_id", "number", "name", "picture_id")
SELECT DISTINCT b.id, b.revision, e.name, e.picture_id
FROM "briefings" b
JOIN "published_revisions" r ON r.briefing_id = b.id AND r.number = b.revision
JOIN "edition_placements" e ON e.briefing_id = b.id
ON CONFLICT DO NOTHING;
