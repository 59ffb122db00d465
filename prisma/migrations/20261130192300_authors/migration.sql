-- Who writes: name, picture, links, and a line in each language; on briefings in an order. As public as the briefings they
-- stand on, and the desk's to change. No account belongs to them.

-- CreateTable
CREATE TABLE "authors" (
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "links" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "picture_id" TEXT,

    CONSTRAINT "authors_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "author_texts" (
    "author_slug" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "line" TEXT NOT NULL,

    CONSTRAINT "author_texts_pkey" PRIMARY KEY ("author_slug","lang")
);

-- CreateTable
CREATE TABLE "former_author_slugs" (
    "slug" TEXT NOT NULL,
    "author_slug" TEXT NOT NULL,

    CONSTRAINT "former_author_slugs_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "briefing_authors" (
    "briefing_id" UUID NOT NULL,
    "author_slug" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "briefing_authors_pkey" PRIMARY KEY ("briefing_id","author_slug")
);

-- CreateIndex
CREATE INDEX "authors_picture_id_idx" ON "authors"("picture_id");

-- CreateIndex
CREATE INDEX "former_author_slugs_author_slug_idx" ON "former_author_slugs"("author_slug");

-- CreateIndex
CREATE INDEX "briefing_authors_author_slug_idx" ON "briefing_authors"("author_slug");

-- AddForeignKey
ALTER TABLE "authors" ADD CONSTRAINT "authors_picture_id_fkey" FOREIGN KEY ("picture_id") REFERENCES "pictures"("id")
  ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "author_texts" ADD CONSTRAINT "author_texts_author_slug_fkey" FOREIGN KEY ("author_slug") REFERENCES "authors"("slug")
  ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "former_author_slugs" ADD CONSTRAINT "former_author_slugs_author_slug_fkey" FOREIGN KEY ("author_slug")
  REFERENCES "authors"("slug") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "briefing_authors" ADD CONSTRAINT "briefing_authors_briefing_id_fkey" FOREIGN KEY ("briefing_id")
  REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "briefing_authors" ADD CONSTRAINT "briefing_authors_author_slug_fkey" FOREIGN KEY ("author_slug")
  REFERENCES "authors"("slug") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "authors"
  ADD CONSTRAINT "authors_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 80),
  ADD CONSTRAINT "authors_name_length" CHECK (length("name") BETWEEN 1 AND 200),
  ADD CONSTRAINT "authors_links_number" CHECK (cardinality("links") <= 10);
ALTER TABLE "former_author_slugs"
  ADD CONSTRAINT "former_author_slugs_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length("slug") <= 80);

ALTER TABLE "authors" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_reads" ON "authors" FOR SELECT USING (true);
ALTER TABLE "author_texts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_reads" ON "author_texts" FOR SELECT USING (true);
ALTER TABLE "former_author_slugs" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "everybody_reads" ON "former_author_slugs" FOR SELECT USING (true);
ALTER TABLE "briefing_authors" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_briefing" ON "briefing_authors" FOR SELECT
  USING (EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id"));

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['authors','author_texts','former_author_slugs','briefing_authors'] LOOP
    EXECUTE format('CREATE POLICY "desk_inserts" ON %I FOR INSERT WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_updates" ON %I FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_deletes" ON %I FOR DELETE USING ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed()', name);
  END LOOP;
END $$;

-- The picture of an author is seen by everybody, and stays while it is one.
CREATE OR REPLACE FUNCTION wall.stands(picture text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.briefings b WHERE b.cover_id = picture)
    OR EXISTS (SELECT FROM public.edition_placements e WHERE e.picture_id = picture)
    OR EXISTS (SELECT FROM public.passage_placements p WHERE p.picture_id = picture)
    OR EXISTS (SELECT FROM public.authors a WHERE a.picture_id = picture);
END $$;

ALTER POLICY "desk_deletes" ON "pictures" USING (
  (SELECT wall.writes())
  AND NOT EXISTS (SELECT FROM "briefings" b WHERE b."cover_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "authors" a WHERE a."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "figures" f WHERE f."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "edition_placements" e WHERE e."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "passage_placements" p WHERE p."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "revisions" r WHERE r."content" -> 'cover' ->> 'id' = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "revisions" r WHERE jsonb_path_exists(r."content", '$.figures.*.id ? (@ == $id)', jsonb_build_object('id', "pictures"."id")))
  AND NOT EXISTS (SELECT FROM "restore_points" r WHERE r."content" -> 'cover' ->> 'id' = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "restore_points" r WHERE jsonb_path_exists(r."content", '$.figures.*.id ? (@ == $id)', jsonb_build_object('id', "pictures"."id"))));
