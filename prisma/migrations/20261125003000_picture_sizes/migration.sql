-- A picture in smaller sizes (docs/decisions/0015-pictures-are-drawn-anew.md).

-- CreateTable
CREATE TABLE "picture_sizes" (
    "picture_id" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "picture_sizes_pkey" PRIMARY KEY ("picture_id","width")
);

-- AddForeignKey
ALTER TABLE "picture_sizes" ADD CONSTRAINT "picture_sizes_picture_id_fkey" FOREIGN KEY ("picture_id") REFERENCES "pictures"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "picture_sizes"
  ADD CONSTRAINT "picture_sizes_size" CHECK ("width" BETWEEN 1 AND 10000 AND "height" BETWEEN 1 AND 10000 AND octet_length("bytes") <= 2097152);

-- A size is seen by whoever sees the picture.
ALTER TABLE "picture_sizes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "with_its_picture" ON "picture_sizes" FOR SELECT USING (EXISTS (SELECT FROM "pictures" p WHERE p."id" = "picture_id"));
CREATE POLICY "desk_inserts" ON "picture_sizes" FOR INSERT WITH CHECK ((SELECT wall.writes()));

-- A picture goes when nothing shows it: no briefing (the foreign key sees to that), and no revision that can be restored.
CREATE POLICY "desk_deletes" ON "pictures" FOR DELETE USING (
  (SELECT wall.writes())
  AND NOT EXISTS (SELECT FROM "briefings" b WHERE b."cover_id" = "pictures"."id")
  AND NOT EXISTS (SELECT FROM "revisions" r WHERE r."content" -> 'cover' ->> 'id' = "pictures"."id"));
