-- What has to be chosen begins unchosen, and what nobody has chosen comes before no reader.

-- AlterTable
ALTER TABLE "briefings" ADD COLUMN     "unchosen" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- The desk used to begin a draft with these. Where one that no reader can have met still says them, nobody knows whether they were
-- chosen: they are asked for once more. A working copy stands where its briefing does.
WITH begun AS (
  SELECT b."id" FROM "briefings" b
  JOIN "revisions" r ON r."briefing_id" = b."id" AND r."number" = 1 AND r."origin" = 'desk'
  WHERE b."copy_of" IS NULL AND b."state" <> 'published' AND b."published_at" IS NULL
)
UPDATE "briefings" b SET "unchosen" = array_remove(ARRAY[
  CASE WHEN b."type" = 'signal' THEN 'type' END,
  CASE WHEN b."domain" = 'technology' THEN 'domain' END,
  CASE WHEN b."impact" = 'medium' THEN 'impact' END,
  CASE WHEN b."confidence" = 0.50 THEN 'confidence' END,
  CASE WHEN b."relevance" = 'medium' THEN 'relevance' END,
  CASE WHEN b."horizon" = 'medium' THEN 'horizon' END], NULL)
WHERE coalesce(b."copy_of", b."id") IN (SELECT "id" FROM begun);

ALTER TABLE "briefings"
  ADD CONSTRAINT "briefings_unchosen_known" CHECK ("unchosen" IS NOT NULL),
  ADD CONSTRAINT "briefings_published_is_chosen" CHECK ("state" <> 'published' OR cardinality("unchosen") = 0);
