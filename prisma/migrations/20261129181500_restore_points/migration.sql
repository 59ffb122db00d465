-- Restore points of a working copy (docs/decisions/0012-a-working-copy-is-a-briefing.md).

-- AlterTable
ALTER TABLE "passages" ADD COLUMN     "restore_point_id" UUID;

-- CreateTable
CREATE TABLE "restore_points" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "briefing_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "reason" TEXT NOT NULL,
    "author_id" UUID,
    "content" JSONB NOT NULL,
    "unfinished" JSONB NOT NULL,

    CONSTRAINT "restore_points_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "restore_points_briefing_id_created_at_idx" ON "restore_points"("briefing_id", "created_at");

-- CreateIndex
CREATE INDEX "passages_restore_point_id_idx" ON "passages"("restore_point_id");

-- AddForeignKey
ALTER TABLE "passages" ADD CONSTRAINT "passages_restore_point_id_fkey" FOREIGN KEY ("restore_point_id") REFERENCES "restore_points"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "restore_points" ADD CONSTRAINT "restore_points_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "restore_points" ADD CONSTRAINT "restore_points_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "restore_points" ADD CONSTRAINT "restore_points_reason_known" CHECK ("reason" IN ('time', 'removal', 'discard', 'restore'));

-- A passage of a restore point belongs to no revision: it ends where it begins. So the policy of passages shows it to the desk
-- alone, and whatever asks for the passages of a revision, or of now, does not find it. What it is about may be gone: its key names it.
ALTER TABLE "passages"
  DROP CONSTRAINT "passages_revisions_in_order",
  DROP CONSTRAINT "passages_subject_of_organization",
  ADD CONSTRAINT "passages_revisions_in_order" CHECK (
    CASE WHEN "restore_point_id" IS NOT NULL THEN "until_revision" IS NOT NULL AND "until_revision" = "from_revision"
      ELSE "until_revision" IS NULL OR "until_revision" > "from_revision" END),
  ADD CONSTRAINT "passages_subject_of_organization" CHECK (
    CASE WHEN "restore_point_id" IS NOT NULL THEN "organization_slug" IS NULL ELSE ("kind" = 'organization') = ("organization_slug" IS NOT NULL) END);

-- The desk's alone. A point is never changed: it goes when there are newer ones enough, or with its briefing.
ALTER TABLE "restore_points" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "desk_reads" ON "restore_points" FOR SELECT USING ((SELECT wall.writes()));
CREATE POLICY "desk_inserts" ON "restore_points" FOR INSERT WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_deletes" ON "restore_points" FOR DELETE USING ((SELECT wall.writes()));
REVOKE UPDATE ON "restore_points" FROM dossier_app;

-- A picture stays while a restore point would bring it back.
ALTER POLICY "desk_deletes" ON "pictures" USING (
  (SELECT wall.writes())
  AND NOT EXISTS (SELECT FROM "briefings" b WHERE b."cover_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "figures" f WHERE f."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "edition_placements" e WHERE e."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "passage_placements" p WHERE p."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "revisions" r WHERE r."content" -> 'cover' ->> 'id' = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "revisions" r WHERE jsonb_path_exists(r."content", '$.figures.*.id ? (@ == $id)', jsonb_build_object('id', "pictures"."id")))
  AND NOT EXISTS (SELECT FROM "restore_points" r WHERE r."content" -> 'cover' ->> 'id' = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "restore_points" r WHERE jsonb_path_exists(r."content", '$.figures.*.id ? (@ == $id)', jsonb_build_object('id', "pictures"."id"))));
