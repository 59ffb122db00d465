-- Pictures in texts (docs/decisions/0017-a-figure-is-as-gated-as-its-text.md).

-- CreateTable
CREATE TABLE "figures" (
    "briefing_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "picture_id" TEXT NOT NULL,

    CONSTRAINT "figures_pkey" PRIMARY KEY ("briefing_id","name")
);

-- CreateTable
CREATE TABLE "edition_placements" (
    "briefing_id" UUID NOT NULL,
    "lang" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "picture_id" TEXT NOT NULL,

    CONSTRAINT "edition_placements_pkey" PRIMARY KEY ("briefing_id","lang","name")
);

-- CreateTable
CREATE TABLE "passage_placements" (
    "passage_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "picture_id" TEXT NOT NULL,

    CONSTRAINT "passage_placements_pkey" PRIMARY KEY ("passage_id","name")
);

-- CreateIndex
CREATE INDEX "figures_picture_id_idx" ON "figures"("picture_id");

-- CreateIndex
CREATE INDEX "edition_placements_picture_id_idx" ON "edition_placements"("picture_id");

-- CreateIndex
CREATE INDEX "passage_placements_picture_id_idx" ON "passage_placements"("picture_id");

-- AddForeignKey
ALTER TABLE "figures" ADD CONSTRAINT "figures_briefing_id_fkey" FOREIGN KEY ("briefing_id") REFERENCES "briefings"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "figures" ADD CONSTRAINT "figures_picture_id_fkey" FOREIGN KEY ("picture_id") REFERENCES "pictures"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edition_placements" ADD CONSTRAINT "edition_placements_briefing_id_lang_fkey" FOREIGN KEY ("briefing_id", "lang") REFERENCES "editions"("briefing_id", "lang") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edition_placements" ADD CONSTRAINT "edition_placements_picture_id_fkey" FOREIGN KEY ("picture_id") REFERENCES "pictures"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "passage_placements" ADD CONSTRAINT "passage_placements_passage_id_fkey" FOREIGN KEY ("passage_id") REFERENCES "passages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "passage_placements" ADD CONSTRAINT "passage_placements_picture_id_fkey" FOREIGN KEY ("picture_id") REFERENCES "pictures"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The names of a briefing's pictures say what its passages are about: they are the desk's.
ALTER TABLE "figures" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "desk_reads" ON "figures" FOR SELECT USING ((SELECT wall.writes()));

-- Where a picture stands is seen by whoever sees what it stands in; the policies of that table say who does.
ALTER TABLE "edition_placements" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_edition" ON "edition_placements" FOR SELECT USING (EXISTS (SELECT FROM "briefings" b WHERE b."id" = "briefing_id"));
ALTER TABLE "passage_placements" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_passage" ON "passage_placements" FOR SELECT USING (EXISTS (SELECT FROM "passages" p WHERE p."id" = "passage_id"));

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['figures','edition_placements','passage_placements'] LOOP
    EXECUTE format('CREATE POLICY "desk_inserts" ON %I FOR INSERT WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_updates" ON %I FOR UPDATE USING ((SELECT wall.writes())) WITH CHECK ((SELECT wall.writes()))', name);
    EXECUTE format('CREATE POLICY "desk_deletes" ON %I FOR DELETE USING ((SELECT wall.writes()))', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['edition_placements','passage_placements'] LOOP
    EXECUTE format('CREATE TRIGGER "pages_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION wall.pages_changed()', name);
  END LOOP;
END $$;

-- A picture is seen by whoever sees a briefing with it as its cover, or reads a text that it stands in. A function of its own,
-- which runs as whoever asks: its plan is kept, where the policies of four tables would be planned into every query that
-- mentions a picture.
CREATE FUNCTION wall.stands(picture text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.briefings b WHERE b.cover_id = picture)
    OR EXISTS (SELECT FROM public.edition_placements e WHERE e.picture_id = picture)
    OR EXISTS (SELECT FROM public.passage_placements p WHERE p.picture_id = picture);
END $$;
REVOKE ALL ON FUNCTION wall.stands(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wall.stands(text) TO dossier_app;

DROP POLICY "with_a_briefing" ON "pictures";
CREATE POLICY "where_it_stands" ON "pictures" FOR SELECT USING ((SELECT wall.writes()) OR wall.stands("id"));

-- It goes when nothing shows it any more, and no revision that can be restored would.
ALTER POLICY "desk_deletes" ON "pictures" USING (
  (SELECT wall.writes())
  AND NOT EXISTS (SELECT FROM "briefings" b WHERE b."cover_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "figures" f WHERE f."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "edition_placements" e WHERE e."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "passage_placements" p WHERE p."picture_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "revisions" r WHERE r."content" -> 'cover' ->> 'id' = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "revisions" r WHERE jsonb_path_exists(r."content", '$.figures.*.id ? (@ == $id)', jsonb_build_object('id', "pictures"."id"))));
