-- Pictures of the publisher's own pages (docs/decisions/0079-pages-have-pictures.md): the files that the texts of a page
-- may name, and those that each saved state of it shows.

-- CreateTable
CREATE TABLE "page_pictures" (
    "page_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "picture_id" TEXT NOT NULL,

    CONSTRAINT "page_pictures_pkey" PRIMARY KEY ("page_id","name")
);

-- CreateTable
CREATE TABLE "page_revision_pictures" (
    "page_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "picture_id" TEXT NOT NULL,

    CONSTRAINT "page_revision_pictures_pkey" PRIMARY KEY ("page_id","number","name")
);

-- CreateIndex
CREATE INDEX "page_pictures_picture_id_idx" ON "page_pictures"("picture_id");

-- CreateIndex
CREATE INDEX "page_revision_pictures_picture_id_idx" ON "page_revision_pictures"("picture_id");

-- AddForeignKey
ALTER TABLE "page_pictures" ADD CONSTRAINT "page_pictures_page_id_fkey" FOREIGN KEY ("page_id") REFERENCES "pages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "page_pictures" ADD CONSTRAINT "page_pictures_picture_id_fkey" FOREIGN KEY ("picture_id") REFERENCES "pictures"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "page_revision_pictures" ADD CONSTRAINT "page_revision_pictures_page_id_number_fkey" FOREIGN KEY ("page_id", "number") REFERENCES "page_revisions"("page_id", "number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "page_revision_pictures" ADD CONSTRAINT "page_revision_pictures_picture_id_fkey" FOREIGN KEY ("picture_id") REFERENCES "pictures"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The files of what is typed are the desk's.
ALTER TABLE "page_pictures" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "desk_reads" ON "page_pictures" FOR SELECT USING ((SELECT wall.writes()));
CREATE POLICY "desk_inserts" ON "page_pictures" FOR INSERT WITH CHECK ((SELECT wall.writes()));
CREATE POLICY "desk_deletes" ON "page_pictures" FOR DELETE USING ((SELECT wall.writes()));
REVOKE UPDATE ON "page_pictures" FROM dossier_app;

-- What a saved state shows is seen while readers have that state: it is the last of its page, or of a version that keeps
-- its address, and its page is not archived (the policies of both tables say when these are there).
ALTER TABLE "page_revision_pictures" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_page" ON "page_revision_pictures" FOR SELECT USING ((SELECT wall.writes()) OR EXISTS (
  SELECT FROM "page_revisions" r JOIN "pages" p ON p."id" = r."page_id"
  WHERE r."page_id" = "page_revision_pictures"."page_id" AND r."number" = "page_revision_pictures"."number"
    AND r."published_at" <= now() AND (p."archived_at" IS NULL OR r."version" IS NOT NULL)
    AND NOT EXISTS (SELECT FROM "page_revisions" later WHERE later."page_id" = r."page_id"
      AND later."version" IS NOT DISTINCT FROM r."version" AND later."published_at" <= now()
      AND (later."published_at", later."number") > (r."published_at", r."number"))));
CREATE POLICY "desk_inserts" ON "page_revision_pictures" FOR INSERT WITH CHECK ((SELECT wall.writes()));
REVOKE UPDATE, DELETE ON "page_revision_pictures" FROM dossier_app;

CREATE OR REPLACE FUNCTION wall.stands(picture text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.briefings b WHERE b.cover_id = picture)
    OR EXISTS (SELECT FROM public.edition_placements e WHERE e.picture_id = picture)
    OR EXISTS (SELECT FROM public.passage_placements p WHERE p.picture_id = picture)
    OR EXISTS (SELECT FROM public.authors a WHERE a.picture_id = picture)
    OR EXISTS (SELECT FROM public.revision_pictures r WHERE r.picture_id = picture)
    OR EXISTS (SELECT FROM public.page_revision_pictures p WHERE p.picture_id = picture);
END $$;

ALTER POLICY "desk_deletes" ON "pictures" USING (
  (SELECT wall.writes())
  AND NOT EXISTS (SELECT FROM "briefings" b WHERE b."cover_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "authors" a WHERE a."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "figures" f WHERE f."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "edition_placements" e WHERE e."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "passage_placements" p WHERE p."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "page_pictures" p WHERE p."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "page_revision_pictures" p WHERE p."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "revisions" r WHERE r."content" -> 'cover' ->> 'id' = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "revisions" r WHERE jsonb_path_exists(r."content", '$.figures.*.id ? (@ == $id)', jsonb_build_object('id', "pictures"."id")))
  AND NOT EXISTS (SELECT FROM "restore_points" r WHERE r."content" -> 'cover' ->> 'id' = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "restore_points" r WHERE jsonb_path_exists(r."content", '$.figures.*.id ? (@ == $id)', jsonb_build_object('id', "pictures"."id"))));
